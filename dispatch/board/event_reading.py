"""Reading the event log: for streams, timelines and replay."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access import privacy
from dispatch.access.permissions import Actor
from dispatch.board.read_model import ReadModel
from dispatch.board.types import StreamedEventAnswer
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events.kinds import may_see
from dispatch.events.models import Event


class EventLog:
    """Reads events for streams and timelines, and filters them by actor."""

    def __init__(self, unit_of_work: UnitOfWork, read_model: ReadModel) -> None:
        self._work = unit_of_work
        self._read_model = read_model

    def head_id(self) -> int:
        """Return the number of the newest committed event; 0 when there is none."""
        with self._work.reading() as session:
            return session.scalar(select(func.max(Event.id))) or 0

    def read_after(self, last_id: int, limit: int = 1000) -> list[StreamedEventAnswer]:
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

    def for_incident(self, session: Session, incident_id: int) -> list[StreamedEventAnswer]:
        """Return the timeline of one incident, oldest first."""
        rows = session.execute(
            select(*Event.__table__.columns)
            .where(Event.incident_id == incident_id)
            .order_by(Event.id)
        ).all()
        return [event_view(row) for row in rows]

    @staticmethod
    def for_actor(actor: Actor, event: StreamedEventAnswer) -> bool:
        """Return whether an actor may see an event: the desk all of its kinds, a crew its own."""
        concerned = actor.crew_id is not None and (
            event["crew_id"] == actor.crew_id or actor.crew_id in event.get("crew_ids", ())
        )
        return may_see(actor, event["kind"], concerned=concerned)

    @staticmethod
    def seen_by(actor: Actor, event: StreamedEventAnswer) -> StreamedEventAnswer:
        """Return an event, which the actor may see, with what it may see of it."""
        return privacy.event_for(actor, event)

    def _attach(self, session: Session, rows: Sequence[Row[Any]]) -> list[StreamedEventAnswer]:
        incident_ids = {row.incident_id for row in rows if row.incident_id is not None}
        crew_ids = {row.crew_id for row in rows if row.crew_id is not None}
        incidents = self._read_model.incidents(session, incident_ids)
        crews = self._read_model.crews(session, crew_ids)
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


def event_view(row: Row[Any]) -> StreamedEventAnswer:
    """Return an event as the log has it, without what it concerns."""
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
