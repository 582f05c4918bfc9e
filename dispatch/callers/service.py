"""Callers at the desk: links sent, read out and revoked; what callers said; who is to be called."""

from typing import Any
from typing import Final

from sqlalchemy import ColumnElement
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.caller_numbers import may_see_numbers
from dispatch.access.caller_numbers import numbers_hidden
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.callers import link_rows
from dispatch.callers import page_views
from dispatch.callers.models import CallerPage
from dispatch.callers.rules import CallerRules
from dispatch.callers.sending import address_of
from dispatch.callers.sending import gateway_for_links
from dispatch.callers.types import CallBackAskedAnswer
from dispatch.callers.types import CallBackListQuery
from dispatch.callers.types import CallBacksAskedAnswer
from dispatch.callers.types import CallerLinkAnswer
from dispatch.callers.types import CallerPageAnswer
from dispatch.callers.types import CallerPagesAnswer
from dispatch.callers.types import CallerPlacesAnswer
from dispatch.callers.types import SendCallerLink
from dispatch.core import listing
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.listing import Listing
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents import merged_rows
from dispatch.incidents import record_entries
from dispatch.incidents.models import IncidentReport
from dispatch.jobs.queue import JobQueue
from dispatch.links.service import LinkService
from dispatch.links.states import LinkPurpose
from dispatch.merging.models import ReportCallBack

_ALL: Final = CallBackListQuery()
_CALLED: Final = ReportCallBack.called_at >= CallerPage.call_back_asked_at
_LISTING = Listing(
    searched=(IncidentReport.caller_name, IncidentReport.caller_phone, CallerPage.rating_words),
    sorted_by={
        "asked_at": CallerPage.call_back_asked_at,
        "rating": CallerPage.rating,
        "called_at": ReportCallBack.called_at,
    },
    order="asked_at",
    key=CallerPage.report_id,
)


class CallerService:
    """What the desk can ask of callers' pages."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        links: LinkService,
        jobs: JobQueue,
        rules: CallerRules,
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._links = links
        self._jobs = jobs
        self._rules = rules

    def pages(self, actor: Actor, incident_id: int) -> CallerPagesAnswer:
        """Return the pages of an incident's callers, those of incidents merged into it too."""
        actor.require(Permission.INCIDENT_READ)
        with self._work.reading() as session:
            merged_rows.leads_to(session, incident_id)
            family = merged_rows.with_merged(session, incident_id)
            return {"pages": page_views.pages_of(session, self._clock(), family)}

    def places(self, actor: Actor, incident_id: int) -> CallerPlacesAnswer:
        """Return where callers said that they are: for the desk, and a crew with a live order.

        Raises
        ------
        NotFound
            If the actor may not see the incident.
        """
        with self._work.reading() as session:
            seat = record_entries.seat(session, actor, incident_id)
            query = (
                select(CallerPage)
                .where(
                    CallerPage.incident_id.in_(seat.incident_ids), CallerPage.here_at.is_not(None)
                )
                .order_by(CallerPage.here_at.desc())
            )
            pages = session.scalars(query).all() if seat.on_it else []
        views = [page_views.place_view(each) for each in pages]
        return {"places": [each for each in views if each is not None]}

    def send(
        self, actor: Actor, incident_id: int, report_id: int, wanted: SendCallerLink, base_url: str
    ) -> CallerLinkAnswer:
        """Make a link for the caller of a report, and send another by SMS if that is wanted.

        The link that is returned is to be read out; what is sent is a link of its own, which nobody
        but the caller has. Both lead to the same page; earlier ones go on leading there.

        Parameters
        ----------
        base_url
            Where this console was asked for: of the link, if nothing else is said.

        Raises
        ------
        NotFound
            If the incident has no such report.
        InvalidInput
            On ``sms``, if there is no number, or nothing that sends.
        """
        actor.require(Permission.INCIDENT_WRITE)

        def work(session: Session) -> CallerLinkAnswer:
            now = self._clock()
            report = _report(session, incident_id, report_id)
            gateway = gateway_for_links(
                session, report.incident_id, public_url=self._rules.public_url
            )
            if wanted.sms and not report.caller_phone:
                raise InvalidInput.one("sms", N_("is not possible: there is no telephone number"))
            if wanted.sms and gateway is None:
                raise InvalidInput.one(
                    "sms", N_("is not possible: no gateway for SMS is set up with its address")
                )
            link_rows.make_page(
                session,
                report_id=report.id,
                incident_id=report.incident_id,
                language=wanted.language or self._rules.language,
                made_by=actor.display_name,
                now=now,
            )
            token = self._links.make(
                session,
                LinkPurpose.CALLER,
                incident_id=report.incident_id,
                report_id=report.id,
                expires_at=link_rows.ends_at(session, report.incident_id, self._rules.kept),
                made_by=actor.display_name,
            )
            if wanted.sms:
                link_rows.ask_for_sms(session, self._jobs, report.id, now)
            answer = page_views.page_of(session, now, report.id)
            events.append(
                session,
                EventKind.CALLER_LINK_MADE,
                actor,
                at=now,
                incident_id=incident_id,
                data={"report_id": report.id, "sms": wanted.sms},
            )
            base = self._rules.public_url or (gateway.page_url if gateway else None) or base_url
            return {"link": address_of(token, base), "page": answer}

        return self._work.run(work)

    def revoke(self, actor: Actor, incident_id: int, report_id: int) -> CallerPageAnswer:
        """Have all links of a report's caller lead nowhere.

        Raises
        ------
        NotFound
            If the incident has no such report.
        Conflict
            ``no_link`` if there is none.
        """
        actor.require(Permission.INCIDENT_WRITE)

        def work(session: Session) -> CallerPageAnswer:
            now = self._clock()
            report = _report(session, incident_id, report_id)
            if session.get(CallerPage, report.id) is None:
                raise Conflict("no_link", N_("No link was made for this caller."))
            self._links.revoke(session, LinkPurpose.CALLER, report_id=report.id)
            answer = page_views.page_of(session, now, report.id)
            events.append(
                session,
                EventKind.CALLER_LINK_REVOKED,
                actor,
                at=now,
                incident_id=incident_id,
                data={"report_id": report.id},
            )
            return answer

        return self._work.run(work)

    def call_backs(self, actor: Actor, query: CallBackListQuery = _ALL) -> CallBacksAskedAnswer:
        """Return who asked to be called back, the longest waiting first.

        That somebody was called is ticked with the report (`CallBackService.call_back`).
        """
        actor.require(Permission.INCIDENT_READ)
        rows = (
            select(CallerPage, IncidentReport, ReportCallBack)
            .join(IncidentReport, IncidentReport.id == CallerPage.report_id)
            .outerjoin(ReportCallBack, ReportCallBack.report_id == CallerPage.report_id)
            .where(CallerPage.call_back_asked_at.is_not(None))
        )
        if query.open is not None:
            rows = rows.where(_not_called() if query.open else _CALLED)
        with self._work.reading() as session:
            found = listing.find(session, rows, _LISTING, query)
        asked = [_asked(row) for row in found.rows]
        seen = asked if may_see_numbers(actor) else numbers_hidden(asked)
        return {"call_backs": seen, "total": found.total}


def _report(session: Session, incident_id: int, report_id: int) -> IncidentReport:
    merged_rows.leads_to(session, incident_id)
    report = session.get(IncidentReport, min(report_id, LARGEST_ID))
    if report is None or report.incident_id not in merged_rows.with_merged(session, incident_id):
        raise NotFound.thing("report", report_id)
    return report


def _not_called() -> ColumnElement[bool]:
    return or_(
        ReportCallBack.called_at.is_(None),
        ReportCallBack.called_at < CallerPage.call_back_asked_at,
    )


def _asked(row: Any) -> CallBackAskedAnswer:  # noqa: ANN401  (a row of the list)
    page, report, call = row.CallerPage, row.IncidentReport, row.ReportCallBack
    called_at = None if call is None else call.called_at
    if called_at is not None and called_at < page.call_back_asked_at:
        called_at = None
    return {
        "report_id": page.report_id,
        "incident_id": report.incident_id,
        "caller_name": report.caller_name,
        "caller_phone": report.caller_phone,
        "asked_at": instant(page.call_back_asked_at),
        "rating": page.rating,
        "words": page.rating_words,
        "called_at": instant(called_at),
        "called_by": call.called_by if called_at else None,
        "note": call.note if called_at else None,
    }
