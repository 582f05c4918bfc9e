"""Reports: the tellings of an incident. The first is what was pinned; more may follow."""

from datetime import datetime
from typing import Final
from typing import cast

from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import MOST_REPORTS
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events.kinds import EventKind
from dispatch.incidents import callers
from dispatch.incidents import record_entries
from dispatch.incidents.models import IncidentReport
from dispatch.incidents.types import AddReport
from dispatch.incidents.types import Channel
from dispatch.incidents.types import CreateIncident
from dispatch.incidents.types import ReportAnswer
from dispatch.incidents.types import ReportsAnswer
from dispatch.merging.models import ReportCallBack
from dispatch.writes.idempotency import Once

_SAID: Final = ("caller_name", "caller_phone", "words", "reference")


class ReportService:
    """What can be done with reports."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(
        self,
        actor: Actor,
        incident_id: int,
        *,
        limit: int = MOST_REPORTS,
        after_id: int = 0,
    ) -> ReportsAnswer:
        """Return the tellings of an incident, the first one first, a page at a time.

        Those of what was merged into it are among them. A crew reads what was said, and by whom,
        only while its own order is alive.
        """
        with self._work.reading() as session:
            place = record_entries.seat(session, actor, incident_id)
            mine = IncidentReport.incident_id.in_(place.incident_ids)
            query = (
                select(IncidentReport, ReportCallBack)
                .outerjoin(ReportCallBack, ReportCallBack.report_id == IncidentReport.id)
                .where(mine, IncidentReport.id > after_id)
                .order_by(IncidentReport.id)
                .limit(limit + 1)
            )
            rows = session.execute(query).all()
            total = session.scalar(select(func.count()).select_from(IncidentReport).where(mine))
            left = callers.count_to_call_back(session, place.incident_ids)
        views = [report_view(*row) for row in rows[:limit]]
        if not place.on_it:
            for view in views:
                for name in _SAID:
                    view[name] = ""
        if place.crew_id is not None:
            left = 0
            for view in views:
                view["call_back"] = None
        return {
            "reports": views,
            "total": total or 0,
            "to_call_back": left,
            "next_after_id": views[-1]["id"] if len(rows) > limit else None,
        }

    def add(self, actor: Actor, incident_id: int, told: AddReport) -> tuple[ReportAnswer, bool]:
        """Add a telling of an incident that is known already.

        Parameters
        ----------
        actor
            The desk.
        incident_id
            Which incident it is about; it may have ended.
        told
            By which way, what and by whom; under a ``client_id`` it may be sent again.

        Returns
        -------
        report, replayed
            The report, and whether it was there already.

        Raises
        ------
        InvalidInput
            If nothing was said by anybody, or only in the future.
        """
        actor.require(Permission.INCIDENT_WRITE)
        now = self._clock()
        said = {name: getattr(told, name) or "" for name in _SAID}
        if told.told_at is not None and told.told_at > now:
            raise InvalidInput.one("told_at", N_("must not be in the future"))
        if not any(said.values()):
            raise InvalidInput.one("words", N_("is required when nothing else is given"))
        once = Once.of(actor, told.client_id, told, incident_id=incident_id)

        def add(session: Session) -> ReportAnswer:
            record_entries.seat(session, actor, incident_id)
            row = record_entries.add(
                session,
                actor,
                IncidentReport,
                incident_id,
                {"channel": told.channel, "told_at": told.told_at or now, **said},
                EventKind.INCIDENT_REPORTED,
                at=now,
                occurred_at=told.told_at,
                client_id=told.client_id,
                told={"channel": told.channel},
                changes_incident=False,  # 300 callers must not keep the desk from sending
            )
            return report_view(row)

        return self._work.run(lambda session: once.run(session, now, lambda: add(session)))


def keep_first(
    session: Session, actor: Actor, incident_id: int, pinned: CreateIncident, at: datetime
) -> None:
    """Keep what was told when an incident was pinned; later changes of it leave this as it was.

    Parameters
    ----------
    session
        Of the unit of work that pins it.
    actor
        Who took the report.
    incident_id
        What was pinned.
    pinned
        What was told; a call unless it says otherwise.
    at
        When.
    """
    session.execute(
        insert(IncidentReport).values(
            incident_id=incident_id,
            actor_id=actor.account_id or 0,
            author=actor.display_name,
            channel=pinned.channel or "call",
            told_at=pinned.told_at or at,
            received_at=at,
            caller_name=pinned.caller_name or "",
            caller_phone=pinned.caller_phone or "",
            words=pinned.description or "",
            reference="",
        )
    )


def report_view(report: IncidentReport, call: ReportCallBack | None = None) -> ReportAnswer:
    """Return a telling as the API shows it."""
    return {
        "id": report.id,
        "incident_id": report.incident_id,
        "channel": cast("Channel", report.channel),
        "told_at": instant(report.told_at),
        "received_at": instant(report.received_at),
        "taken_by": report.author,
        "caller_name": report.caller_name,
        "caller_phone": report.caller_phone,
        "words": report.words,
        "reference": report.reference,
        "call_back": callers.call_back_view(call),
    }
