"""The link to a report, sent to the customer by a gateway: asked for once, made as it is sent.

A link that waits to be sent is known to nobody, not even to the queue. One that could not be sent
is made and sent again, twice; after that it may be asked for once more.
"""

from datetime import timedelta
from typing import Final
from typing import cast

from procrastinate import Blueprint
from procrastinate import RetryStrategy
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.assignments.states import AssignmentState
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import DispatchError
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.deliveries.gateway_posts import GatewayPost
from dispatch.deliveries.gateway_posts import post_of_words
from dispatch.deliveries.message_texts import Message
from dispatch.deliveries.states import Failure
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.gateways.models import Gateway
from dispatch.gateways.sms import sms_gateway
from dispatch.incidents import incident_rows
from dispatch.incidents.models import Incident
from dispatch.jobs.queue import JobQueue
from dispatch.links.models import PublicLink
from dispatch.links.service import LinkService
from dispatch.links.states import LinkPurpose
from dispatch.units.belonging import over_incident
from dispatch.work_reports.models import WorkReportSending
from dispatch.work_reports.service import order_of
from dispatch.work_reports.service import require_completed
from dispatch.work_reports.types import SendWorkReport
from dispatch.work_reports.types import WorkReportStatusAnswer
from dispatch.writes.idempotency import Once

WORK_REPORTS: Final = "work_reports"
SEND_REPORT: Final = f"{WORK_REPORTS}:send_report"
PATH: Final = "/r/"
_TRIES: Final = RetryStrategy(max_attempts=2, wait=20)
_WORDS: Final = {
    "en": ("Your repair report", "The report of the work at your address: %(link)s"),
    "zh": ("抢修报告", "您的报修已处理，抢修报告：%(link)s"),
}


class ReportNotSentError(DispatchError):
    """The gateway did not take a report's link."""

    code = "report_not_sent"


class WorkReportSendings:
    """Asks for reports to be sent, tells whether they were, and sends them."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        jobs: JobQueue,
        links: LinkService,
        link_kept: timedelta,
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._jobs = jobs
        self._links = links
        self._link_kept = link_kept

    def status(self, actor: Actor, assignment_id: int) -> WorkReportStatusAnswer:
        """Return whether an order has a report, and whether the customer was sent it."""
        with self._work.reading() as session:
            return _status(session, order_of(session, actor, assignment_id))

    def request(
        self, actor: Actor, assignment_id: int, wanted: SendWorkReport
    ) -> tuple[WorkReportStatusAnswer, bool]:
        """Have the customer sent the link to an order's report.

        Returns
        -------
        status, replayed
            How it stands, and whether it was asked for under the same name before.

        Raises
        ------
        Conflict
            ``order_not_completed``; ``already_sent``; ``no_phone`` when the caller left no number;
            ``no_gateway`` when there is none that sends words to it.
        NotAllowed
            When it is neither the actor's own order nor the actor's desk.
        """
        once = Once.of(actor, wanted.client_id, wanted, assignment_id=assignment_id)

        def work(session: Session) -> tuple[WorkReportStatusAnswer, bool]:
            now = self._clock()
            order = order_of(session, actor, assignment_id)
            if actor.crew_id != order.crew_id:
                actor.require(Permission.ASSIGNMENT_ACT_ANY)
            known = once.begin(session, now)
            if known is not None:
                return cast("WorkReportStatusAnswer", known), True
            require_completed(order)
            self._request(session, actor, order, wanted)
            answer = _status(session, order)
            once.finish(session, answer)
            return answer, False

        return self._work.run(work)

    def _request(
        self, session: Session, actor: Actor, order: Assignment, wanted: SendWorkReport
    ) -> None:
        # Locked: two who ask at one moment ask once.
        incident = incident_rows.locked(session, order.incident_id)
        if not incident.caller_phone.strip():
            raise Conflict("no_phone", N_("The caller left no number that it could be sent to."))
        gateway_id = _gateway_for(session, incident.id)
        if gateway_id is None:
            raise Conflict("no_gateway", N_("There is no gateway that sends messages to callers."))
        before = session.get(WorkReportSending, order.id)
        if before is not None and before.failure is None:
            raise Conflict("already_sent", N_("The customer was sent this report already."))
        if before is not None:
            before.failure = None
        else:
            row = WorkReportSending(
                assignment_id=order.id,
                incident_id=incident.id,
                gateway_id=gateway_id,
                language=wanted.language,
                requested_at=self._clock(),
                requested_by=actor.display_name,
            )
            session.add(row)
        session.flush()
        self._jobs.defer(session, SEND_REPORT, assignment_id=order.id)

    async def send(self, assignment_id: int) -> None:
        """Make a link and send it, if it is still wanted.

        Raises
        ------
        ReportNotSentError
            If the gateway did not take it; why is noted.
        """
        with self._work.writing() as session:
            prepared = self._prepared(session, assignment_id)
        if prepared is None:
            return
        outcome = await prepared.post()
        with self._work.writing() as session:
            self._settle(session, assignment_id, outcome.failure)
        if outcome.failure is not None:
            raise ReportNotSentError(N_("The gateway did not take the report."))

    def _prepared(self, session: Session, assignment_id: int) -> GatewayPost | None:
        now = self._clock()
        row = session.get(WorkReportSending, assignment_id, with_for_update=True)
        if row is None or row.sent_at is not None:
            return None
        incident = session.get_one(Incident, row.incident_id)
        gateway = session.get(Gateway, row.gateway_id)
        phone = incident.caller_phone.strip()
        if not phone or gateway is None or gateway.removed_at is not None or not gateway.page_url:
            row.failure = Failure.REMOVED.value
            return None
        if row.link_id is not None:  # sent before, and perhaps taken by nobody
            self._links.revoke(session, LinkPurpose.REPORT, assignment_id=assignment_id)
        row.link_id, token = self._links.make_row(
            session,
            LinkPurpose.REPORT,
            incident_id=row.incident_id,
            assignment_id=assignment_id,
            expires_at=now + self._link_kept,
            made_by=row.requested_by,
        )
        link = f"{gateway.page_url.rstrip('/')}{PATH}{token}"
        title, words = _WORDS[row.language]
        more = {"purpose": "report", "language": row.language, "link": link}
        message = Message(title, words % {"link": link})
        return post_of_words(session, gateway.id, phone, message, more, now)

    def _settle(self, session: Session, assignment_id: int, failure: Failure | None) -> None:
        row = session.get(WorkReportSending, assignment_id, with_for_update=True)
        if row is None:
            return
        now = self._clock()
        row.failure = None if failure is None else failure.value
        row.sent_at = now if failure is None else None
        order = session.get_one(Assignment, assignment_id)
        kind = EventKind.WORK_REPORT_SENT if failure is None else EventKind.WORK_REPORT_NOT_SENT
        session.flush()
        events.append(
            session,
            kind,
            SYSTEM,
            at=now,
            incident_id=row.incident_id,
            assignment_id=assignment_id,
            crew_id=order.crew_id,
            data={} if failure is None else {"failure": failure.value},
        )


def report_tasks(sendings: WorkReportSendings) -> Blueprint:
    """Return the job, to be added to one app under `WORK_REPORTS`."""
    tasks = Blueprint()

    @tasks.task(name="send_report", retry=_TRIES)
    async def send_report(assignment_id: int) -> None:
        await sendings.send(assignment_id)

    return tasks


def _status(session: Session, order: Assignment) -> WorkReportStatusAnswer:
    completed = order.state == AssignmentState.COMPLETED
    row = session.get(WorkReportSending, order.id)
    phone = session.scalar(select(Incident.caller_phone).where(Incident.id == order.incident_id))
    gateway_id = _gateway_for(session, order.incident_id) if completed and phone else None
    link = None if row is None or row.link_id is None else session.get(PublicLink, row.link_id)
    return {
        "assignment_id": order.id,
        "url": f"/api/v1/assignments/{order.id}/work-report" if completed else None,
        "can_be_sent": gateway_id is not None and (row is None or row.failure is not None),
        "requested_at": None if row is None else instant(row.requested_at),
        "requested_by": None if row is None else row.requested_by,
        "sent_at": None if row is None else instant(row.sent_at),
        "failure": Failure(row.failure) if row is not None and row.failure else None,
        "link_opened_count": 0 if link is None else link.opened_count,
    }


def _gateway_for(session: Session, incident_id: int) -> int | None:
    """Return the gateway that sends words to callers: of the incident's unit, or of one above."""
    belongs = over_incident(Gateway.unit_id, incident_id)
    gateway = sms_gateway(session, belongs, knows_pages=True)
    return None if gateway is None else gateway.id
