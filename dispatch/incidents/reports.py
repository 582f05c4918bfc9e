"""Reports: the tellings of an incident. The first is what was pinned; more may follow."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast
from typing import get_args

from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.commands.idempotency import Once
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.incidents import record_entries
from dispatch.incidents.models import IncidentReport
from dispatch.incidents.report_types import AddReport
from dispatch.incidents.report_types import Channel
from dispatch.incidents.report_types import ReportAnswer
from dispatch.incidents.report_types import ReportsAnswer

CHANNELS: tuple[str, ...] = get_args(Channel)


class ReportService:
    """What can be done with reports."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor, incident_id: int) -> ReportsAnswer:
        """Return the tellings of an incident, the first one first.

        A crew reads what was said, and by whom, only while its own order is alive.
        """
        query = (
            select(IncidentReport)
            .where(IncidentReport.incident_id == incident_id)
            .order_by(IncidentReport.id)
        )
        with self._work.reading() as session:
            place = record_entries.seat(session, actor, incident_id)
            rows = session.scalars(query).all()
        views = [_view(row) for row in rows]
        if not place.on_it:
            views = [_without_words(view) for view in views]
        return {"reports": views}

    def add(self, actor: Actor, incident_id: int, report: AddReport) -> tuple[ReportAnswer, bool]:
        """Add a telling of an incident that is known already.

        Parameters
        ----------
        actor
            The desk.
        incident_id
            Which incident it is about; it may have ended.
        report
            What was told; with a ``client_id`` it may be sent again.

        Returns
        -------
        report, replayed
            The report, and whether it was there already.

        Raises
        ------
        InvalidInput
            Naming each field that cannot be taken; something must have been said by somebody.
        """
        actor.require(Permission.INCIDENT_WRITE)
        now = self._clock()
        _check(report, now)
        request = {"incident_id": incident_id, "report": report.given()}
        once = Once(actor, report.client_id, request)

        def work(session: Session) -> tuple[ReportAnswer, bool]:
            record_entries.seat(session, actor, incident_id)
            return once.run(session, now, lambda: add(session))

        def add(session: Session) -> ReportAnswer:
            row = record_entries.add(
                session,
                actor,
                IncidentReport,
                incident_id,
                {"channel": report.channel, "told_at": report.told_at or now, **report.said()},
                "incident.reported",
                at=now,
                occurred_at=report.told_at,
                client_id=report.client_id,
                told={"channel": report.channel},
            )
            return _view(row)

        return self._work.run(work)


def keep_first(
    session: Session, actor: Actor, incident_id: int, pinned: Mapping[str, str], at: datetime
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
        The incident's ``description``, ``caller_name`` and ``caller_phone``; ``channel`` if known.
    at
        When.
    """
    session.execute(
        insert(IncidentReport).values(
            incident_id=incident_id,
            actor_id=actor.account_id or 0,
            author=actor.display_name,
            channel=pinned.get("channel") or "call",
            told_at=at,
            received_at=at,
            caller_name=pinned["caller_name"],
            caller_phone=pinned["caller_phone"],
            words=pinned["description"],
            reference="",
        )
    )


def _check(report: AddReport, now: datetime) -> None:
    if report.told_at is not None and report.told_at > now:
        raise InvalidInput.one("told_at", N_("must not be in the future"))
    if not any(report.said().values()):
        raise InvalidInput.one("words", N_("is required where nothing else is told"))


def _view(report: IncidentReport) -> ReportAnswer:
    return {
        "id": report.id,
        "incident_id": report.incident_id,
        "channel": cast("Channel", report.channel),  # the table's CHECK holds it
        "told_at": instant(report.told_at),
        "received_at": instant(report.received_at),
        "taken_by": report.author,
        "caller_name": report.caller_name,
        "caller_phone": report.caller_phone,
        "words": report.words,
        "reference": report.reference,
    }


def _without_words(report: ReportAnswer) -> ReportAnswer:
    return {**report, "caller_name": "", "caller_phone": "", "words": "", "reference": ""}
