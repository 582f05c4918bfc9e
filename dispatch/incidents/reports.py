"""Reports: the tellings of an incident. The first is what was pinned; more may follow."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.commands.idempotency import mismatch
from dispatch.core.errors import N_
from dispatch.core.fields import FieldReader
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.incidents import record_entries
from dispatch.incidents.models import IncidentReport

CHANNELS = ("call", "web", "hotline", "meter", "crew", "other")
"""By which way it was told: a call, a web form, a hotline's ticket (12345), a meter's alarm, …"""
_SAID = ("caller_name", "caller_phone", "words", "reference")
_REQUEST = ("channel", *_SAID)


class ReportService:
    """What can be done with reports."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor, incident_id: int) -> dict[str, Any]:
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
            views = [{**view, **dict.fromkeys(_SAID, "")} for view in views]
        return {"reports": views}

    def add(
        self, actor: Actor, incident_id: int, fields: Mapping[str, Any]
    ) -> tuple[dict[str, Any], bool]:
        """Add a telling of an incident that is known already.

        Parameters
        ----------
        actor
            The desk.
        incident_id
            Which incident it is about; it may have ended.
        fields
            ``channel``, ``words``, ``caller_name``, ``caller_phone``, ``reference`` (the number
            of a ticket), ``told_at`` if not just now, ``client_id``.

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
        reader = FieldReader(fields)
        channel = reader.choice("channel", CHANNELS, required=True)
        said = {name: reader.text(name) or "" for name in _SAID}
        client_id = reader.text("client_id")
        told_at = reader.instant("told_at")
        if told_at is not None and told_at > now:
            reader.refuse("told_at", N_("must not be in the future"))
        if not reader.errors and not any(said.values()):
            reader.refuse("words", N_("is required when nothing else is given"))
        reader.finish()

        def work(session: Session) -> tuple[dict[str, Any], bool]:
            record_entries.seat(session, actor, incident_id)
            row, replayed = record_entries.add(
                session,
                actor,
                IncidentReport,
                incident_id,
                {"channel": channel, "told_at": told_at or now, **said},
                "incident.reported",
                at=now,
                occurred_at=told_at,
                client_id=client_id,
                told={"channel": channel},
            )
            wanted = {"channel": channel, **said}
            if replayed and {name: getattr(row, name) for name in _REQUEST} != wanted:
                raise mismatch()
            return _view(row), replayed

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


def _view(report: IncidentReport) -> dict[str, Any]:
    return {
        "id": report.id,
        "incident_id": report.incident_id,
        "channel": report.channel,
        "told_at": instant(report.told_at),
        "received_at": instant(report.received_at),
        "taken_by": report.author,
        "caller_name": report.caller_name,
        "caller_phone": report.caller_phone,
        "words": report.words,
        "reference": report.reference,
    }
