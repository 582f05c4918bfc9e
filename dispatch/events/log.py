"""The append-only event log, in commit order.

It is at once the audit trail, the source of the live stream and what reports are computed from.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy import Text
from sqlalchemy import bindparam
from sqlalchemy import cast
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.access import privacy
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.tables import Event
from dispatch.views import Views
from dispatch.views import instant

CHANNEL = "nearcrew_event"
_ORDER_LOCK = 0x65_76_65_6E_74
_IN_ORDER = text("SELECT pg_advisory_xact_lock(:key)")
# One statement, because everybody else who has an event waits until the transaction is over.
_WRITTEN = (
    insert(Event)
    .values({each.name: bindparam(each.name) for each in Event.__table__.c if each.name != "id"})
    .returning(Event.id)
    .cte("written")
)
_WRITE_AND_TELL = select(_WRITTEN.c.id, func.pg_notify(CHANNEL, cast(_WRITTEN.c.id, Text)))


def append(
    session: Session,
    kind: str,
    actor: Actor,
    *,
    at: datetime,
    occurred_at: datetime | None = None,
    incident_id: int | None = None,
    assignment_id: int | None = None,
    crew_id: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> int:
    """Write one event and announce it; both become visible when the transaction commits.

    Serial numbers are taken before commit, so without a lock a slow transaction's event would
    appear *behind* readers that already passed its number. The advisory lock is held from here
    to commit: take every row lock first, and append last.

    Returns
    -------
    event_id
        Rising in commit order; may have gaps.
    """
    session.execute(_IN_ORDER, {"key": _ORDER_LOCK})
    values = {
        "kind": kind,
        "at": at,
        "occurred_at": occurred_at or at,
        "actor_id": actor.account_id,
        "actor": actor.display_name,
        "incident_id": incident_id,
        "assignment_id": assignment_id,
        "crew_id": crew_id,
        "data": dict(data or {}),
    }
    return int(session.connection().execute(_WRITE_AND_TELL, values).scalar_one())


class EventLog:
    """Reads the log back, for streams and timelines."""

    def __init__(self, unit_of_work: UnitOfWork, views: Views) -> None:
        self._work = unit_of_work
        self._views = views

    def head_id(self) -> int:
        """Return the number of the newest committed event; 0 when there is none."""
        with self._work.reading() as session:
            return session.scalar(select(func.max(Event.id))) or 0

    def read_after(self, last_id: int, limit: int = 1000) -> list[dict[str, Any]]:
        """Return events behind ``last_id`` in commit order, each with what it concerns as it is.

        The incident and the crew are attached in their *present* state, so that a reader needs
        no second question; versions tell which of two is newer.
        """
        with self._work.reading() as session:
            rows = session.execute(
                select(*Event.__table__.columns)
                .where(Event.id > last_id)
                .order_by(Event.id)
                .limit(limit)
            ).all()
            return self._attach(session, rows)

    def for_incident(self, session: Session, incident_id: int) -> list[dict[str, Any]]:
        """Return the timeline of one incident, oldest first."""
        rows = session.execute(
            select(*Event.__table__.columns)
            .where(Event.incident_id == incident_id)
            .order_by(Event.id)
        ).all()
        return [event_view(row) for row in rows]

    @staticmethod
    def for_actor(actor: Actor, event: Mapping[str, Any]) -> bool:
        """Tell whether an actor may see an event: the desk sees all, a crew its own.

        Everybody looks at the ground, so everybody hears of a new one; and of closures, because
        whoever drives has to know.
        """
        if event["kind"] == "ground.imported":
            return True
        if str(event["kind"]).startswith("closure."):
            return actor.may(Permission.CLOSURE_READ)
        if actor.may(Permission.INCIDENT_READ):
            return not str(event["kind"]).startswith("account.") or actor.may(
                Permission.ACCOUNT_WRITE
            )
        if actor.crew_id is None:
            return False
        return event["crew_id"] == actor.crew_id or actor.crew_id in event.get("crew_ids", ())

    @staticmethod
    def seen_by(actor: Actor, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return an event, which the actor may see, with what it may see of it."""
        return privacy.event_for(actor, event)

    def _attach(self, session: Session, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
        incident_ids = {row.incident_id for row in rows if row.incident_id is not None}
        crew_ids = {row.crew_id for row in rows if row.crew_id is not None}
        incidents = self._views.incidents(session, incident_ids)
        crews = self._views.crews(session, crew_ids)
        events = []
        for row in rows:
            event = event_view(row)
            if row.incident_id is not None:
                incident = incidents[row.incident_id]
                event["incident"] = incident
                # Crews whose order is alive hear of every change of their incident.
                event["crew_ids"] = [
                    each["crew_id"] for each in incident["assignments"] if not each["ended_at"]
                ]
            if row.crew_id is not None:
                event["crew"] = crews[row.crew_id]
            events.append(event)
        return events


def event_view(row: Row[Any]) -> dict[str, Any]:
    """Return an event as the log has it."""
    return {
        "id": row.id,
        "kind": row.kind,
        "at": instant(row.at),
        "occurred_at": instant(row.occurred_at),
        "actor": row.actor,
        "incident_id": row.incident_id,
        "assignment_id": row.assignment_id,
        "crew_id": row.crew_id,
        "data": row.data,
    }
