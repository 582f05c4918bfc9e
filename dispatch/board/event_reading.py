"""Reading the event log: for streams, timelines and replay.

An entry that cannot be read (a newer release wrote it, or it is broken) never stops the reading: a
stand-in with its number takes its place, so that the desk hears of it and all others follow.
"""

from collections.abc import Collection
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.exc import DataError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from dispatch.access import privacy
from dispatch.access.permissions import Actor
from dispatch.board.read_model import ReadModel
from dispatch.board.types import StreamedEventAnswer
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events.entries import COLUMNS
from dispatch.events.kinds import EventKind
from dispatch.events.kinds import may_see
from dispatch.events.models import Event
from dispatch.events.unreadable import UnreadableEntries
from dispatch.events.unseen_crews import without_unseen_names
from dispatch.offers.states import crews_of

_NEWEST = select(func.newest_event())


class EventLog:
    """Reads events for streams and timelines, and filters them by actor."""

    def __init__(
        self, unit_of_work: UnitOfWork, read_model: ReadModel, unreadable: UnreadableEntries
    ) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self.unreadable = unreadable

    def head_id(self) -> int:
        """Return the number of the newest committed event, seen or not; 0 when there is none."""
        return int(self._work.ask(_NEWEST, {})[0][0])

    def read_after(self, last_id: int, limit: int = 1000) -> list[StreamedEventAnswer]:
        """Return events behind ``last_id`` in commit order, each with what it concerns as it is.

        The incident and the crew are attached in their *present* state, so that a reader needs
        no second question; versions tell which of two is newer.
        """
        query = select(*COLUMNS).where(Event.id > last_id).order_by(Event.id).limit(limit)
        with self._work.reading() as session:
            rows = session.execute(query).all()
        return self._told(rows)

    def for_incidents(
        self, session: Session, incident_ids: Collection[int]
    ) -> list[StreamedEventAnswer]:
        """Return the timeline of incidents that are looked at as one, oldest first."""
        query = select(*COLUMNS).where(Event.incident_id.in_(incident_ids)).order_by(Event.id)
        rows = session.execute(query).all()
        return without_unseen_names(session, [event_view(row, self.unreadable) for row in rows])

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

    def _told(self, rows: Sequence[Row[Any]]) -> list[StreamedEventAnswer]:
        """Return entries with what they concern; stand-ins where that cannot be read."""
        if not rows:
            return []
        try:
            with self._work.reading() as session:
                return self._attach(session, rows)
        except (MemoryError, PoolTimeoutError):
            raise
        except Exception as error:
            if isinstance(error, DBAPIError) and not isinstance(error, DataError):
                raise  # the database is away, not the entry broken
            if len(rows) == 1:
                self.unreadable.report(rows[0].id, f"reading it raised {type(error).__name__}")
                return [stand_in(rows[0].id, instant(rows[0].stored_at))]
        # One of them is to blame: it is found in as many steps as the number can be halved.
        middle = len(rows) // 2
        return self._told(rows[:middle]) + self._told(rows[middle:])

    def _attach(self, session: Session, rows: Sequence[Row[Any]]) -> list[StreamedEventAnswer]:
        incident_ids = {row.incident_id for row in rows if row.incident_id is not None}
        crew_ids = {row.crew_id for row in rows if row.crew_id is not None}
        incidents = self._read_model.incidents(session, incident_ids)
        crews = self._read_model.crews(session, crew_ids)
        events = []
        plain = [event_view(row, self.unreadable) for row in rows]
        for event in without_unseen_names(session, plain):
            # What is not seen any more, for it went to another unit meanwhile, is not attached.
            incident = incidents.get(event["incident_id"] or 0)
            if incident is not None:
                event["incident"] = incident
                # Crews whose order is alive hear of every change of their incident.
                event["crew_ids"] = [
                    each["crew_id"] for each in incident["assignments"] if not each["ended_at"]
                ]
                # So do those that it is, or was, offered to, of what becomes of the offer.
                event["crew_ids"].extend(crews_of(event["data"]))
            crew = crews.get(event["crew_id"] or 0)
            if crew is not None:
                event["crew"] = crew
            events.append(event)
        return events


def event_view(row: Row[Any], unreadable: UnreadableEntries) -> StreamedEventAnswer:
    """Return an entry, fetched with `COLUMNS`, without what it concerns; or its stand-in."""
    if not unreadable.can_read(row):
        return stand_in(row.id, instant(row.stored_at))
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


def stand_in(entry_id: int, stored_at: str) -> StreamedEventAnswer:
    """Return what is shown in the place of an entry that cannot be read: that there is one."""
    return {
        "id": entry_id,
        "kind": EventKind.LOG_UNREADABLE.value,
        "at": stored_at,
        "occurred_at": stored_at,
        "actor": "",
        "incident_id": None,
        "assignment_id": None,
        "crew_id": None,
        "data": {},
    }
