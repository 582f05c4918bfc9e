"""Callers' links sent by SMS: the job, which makes each link as it sends it.

A link that waits to be sent is known to nobody, not even to the queue.
"""

from typing import Final

from procrastinate import Blueprint
from procrastinate import RetryStrategy
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.callers.link_rows import ends_at
from dispatch.callers.models import CallerPage
from dispatch.callers.rules import CallerRules
from dispatch.callers.states import SmsState
from dispatch.core.errors import N_
from dispatch.core.errors import DispatchError
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.deliveries.gateway_posts import GatewayPost
from dispatch.deliveries.gateway_posts import post_of_words
from dispatch.deliveries.message_texts import Message
from dispatch.deliveries.states import Failure
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.gateways.models import Gateway
from dispatch.gateways.sms import sms_gateway
from dispatch.incidents.models import IncidentReport
from dispatch.links.service import LinkService
from dispatch.links.states import LinkPurpose
from dispatch.units.belonging import over_incident

PATH: Final = "/t/"
_TRIES = RetryStrategy(max_attempts=2, wait=20)
_WORDS: Final = {
    "en": ("Your report", "Your report no. %(number)s: follow it here %(link)s"),
    "zh": ("您的报修", "您的报修（%(number)s号）处理进度：%(link)s"),
}


class CallerLinkNotSentError(DispatchError):
    """The gateway did not take a caller's link."""

    code = "link_not_sent"


def gateway_for_links(
    session: Session, incident_id: int, *, public_url: str | None
) -> Gateway | None:
    """Return what sends callers their links: of the incident's unit and those above it.

    Where the installation does not say where callers find this console, the gateway must.
    """
    belongs = over_incident(Gateway.unit_id, incident_id)
    return sms_gateway(session, belongs, knows_pages=public_url is None)


def address_of(token: str, base_url: str) -> str:
    """Return the address of the page behind a token."""
    return f"{base_url.rstrip('/')}{PATH}{token}"


class CallerLinkSending:
    """Sends links."""

    def __init__(
        self, unit_of_work: UnitOfWork, clock: Clock, links: LinkService, rules: CallerRules
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._links = links
        self._rules = rules

    async def send(self, report_id: int) -> None:
        """Make a link and send it, if it is still wanted.

        Raises
        ------
        CallerLinkNotSentError
            If the gateway did not take it; why is noted.
        """
        with self._work.writing() as session:
            prepared = self._prepared(session, report_id)
        if prepared is None:
            return
        outcome = await prepared.post()
        with self._work.writing() as session:
            page = session.get(CallerPage, report_id, with_for_update=True)
            if page is None:
                return
            page.sms_at = self._clock()
            if outcome.failure is None:
                page.sms_state, page.sms_failure = SmsState.SENT.value, None
                return
            self._note_failed(session, page, outcome.failure)
        raise CallerLinkNotSentError(N_("The gateway did not take the link."))

    def _prepared(self, session: Session, report_id: int) -> GatewayPost | None:
        page = session.get(CallerPage, report_id, with_for_update=True)
        if page is None or page.sms_state not in {SmsState.QUEUED, SmsState.FAILED}:
            return None
        report = session.get_one(IncidentReport, report_id)
        gateway = gateway_for_links(session, page.incident_id, public_url=self._rules.public_url)
        base_url = self._rules.public_url or (gateway.page_url if gateway else None)
        if gateway is None or base_url is None or not report.caller_phone:
            self._note_failed(session, page, Failure.NO_CHANNEL)
            return None
        token = self._links.make(
            session,
            LinkPurpose.CALLER,
            incident_id=page.incident_id,
            report_id=report_id,
            expires_at=ends_at(session, page.incident_id, self._rules.kept),
            made_by=page.made_by,
        )
        link = address_of(token, base_url)
        title, text = _WORDS[page.language]
        words = Message(title, text % {"number": page.incident_id, "link": link})
        more = {"purpose": "link", "language": page.language, "link": link}
        return post_of_words(session, gateway.id, report.caller_phone, words, more, self._clock())

    def _note_failed(self, session: Session, page: CallerPage, failure: Failure) -> None:
        first = page.sms_state != SmsState.FAILED
        page.sms_state, page.sms_failure = SmsState.FAILED.value, failure.value
        page.sms_at = self._clock()
        session.flush()
        if first:
            events.append(
                session,
                EventKind.CALLER_LINK_FAILED,
                SYSTEM,
                at=self._clock(),
                incident_id=page.incident_id,
                data={"report_id": page.report_id, "failure": failure.value},
            )


def caller_link_tasks(sending: CallerLinkSending) -> Blueprint:
    """Return the job, to be added to one app under `link_rows.CALLERS`."""
    tasks = Blueprint()

    @tasks.task(name="send_link", retry=_TRIES)
    async def send_link(report_id: int) -> None:
        await sending.send(report_id)

    return tasks
