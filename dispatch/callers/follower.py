"""What follows for callers: a link when a report comes with a number, its end with the case."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.callers import link_rows
from dispatch.callers.rules import CallerRules
from dispatch.callers.sending import gateway_for_links
from dispatch.events.followers import Happened
from dispatch.events.kinds import EventKind
from dispatch.incidents.models import IncidentReport
from dispatch.jobs.queue import JobQueue
from dispatch.links.service import LinkService
from dispatch.links.states import LinkPurpose

_TOLD: Final = frozenset({EventKind.INCIDENT_CREATED, EventKind.INCIDENT_REPORTED})
_ENDED: Final = frozenset({EventKind.INCIDENT_CLOSED, EventKind.INCIDENT_CANCELLED})
_GOES_ON: Final = frozenset({EventKind.INCIDENT_REOPENED})


class CallerFollower:
    """Sends links by itself, if the installation wants that, and gives them an end."""

    kinds = _TOLD | _ENDED | _GOES_ON

    def __init__(self, links: LinkService, jobs: JobQueue, rules: CallerRules) -> None:
        self._links = links
        self._jobs = jobs
        self._rules = rules

    def follow(self, session: Session, happened: Happened) -> None:
        """Do what follows from one event."""
        if happened.incident_id is None:
            return
        if happened.kind in _TOLD:
            if self._rules.automatic:
                self._send(session, happened, happened.incident_id)
            return
        ends_at = happened.at + self._rules.kept if happened.kind in _ENDED else None
        family = link_rows.family(session, happened.incident_id)
        self._links.end_at(session, LinkPurpose.CALLER, family, ends_at)

    def _send(self, session: Session, happened: Happened, incident_id: int) -> None:
        query = select(IncidentReport.id, IncidentReport.caller_phone).where(
            IncidentReport.incident_id == incident_id
        )
        if happened.kind is EventKind.INCIDENT_REPORTED:
            query = query.where(IncidentReport.id == happened.data.get("entry_id"))
        report = session.execute(query.order_by(IncidentReport.id).limit(1)).one_or_none()
        if report is None or not report.caller_phone:
            return
        if gateway_for_links(session, incident_id, public_url=self._rules.public_url) is None:
            return
        link_rows.make_page(
            session,
            report_id=report.id,
            incident_id=incident_id,
            language=self._rules.language,
            made_by=happened.actor.display_name,
            now=happened.at,
        )
        link_rows.ask_for_sms(session, self._jobs, report.id, happened.at)
