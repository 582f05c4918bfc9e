"""What is done when a deadline falls due: the shape that the rooms with deadlines fill in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from typing import Protocol

from sqlalchemy.orm import Session

from dispatch.writes import row_locks


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that has fallen due."""

    id: int
    kind: str
    due_at: datetime
    incident_id: int | None
    assignment_id: int | None
    crew_id: int | None
    data: dict[str, Any]


class DeadlineHandler(Protocol):
    """Does what deadlines of a kind are set for."""

    def prepare(self, due: Due) -> Any:  # noqa: ANN401  (its own, handed on to `act`)
        """Find out what is needed and takes time (ways by road), outside any transaction."""

    def lock(self, session: Session, due: Due) -> row_locks.Scope:
        """Lock the incidents and crews that `act` will write about, in everybody's order."""

    def act(
        self,
        session: Session,
        due: Due,
        held: row_locks.Scope,
        prepared: Any,  # noqa: ANN401  (its own)
        now: datetime,
    ) -> None:
        """Do it, if it still holds: a kill or a lost race leaves nothing of it."""


class PlainHandler:
    """Needs nothing prepared, and locks the incident and the crew that the deadline is about."""

    def prepare(self, due: Due) -> None:
        """Prepare nothing."""

    def lock(self, session: Session, due: Due) -> row_locks.Scope:
        """Lock its incident with the queue of its crew, or whichever of the two it has."""
        if due.incident_id is not None and due.crew_id is not None:
            return row_locks.lock_with_queues(session, due.incident_id, [due.crew_id])
        return row_locks.lock(
            session,
            [] if due.incident_id is None else [due.incident_id],
            [] if due.crew_id is None else [due.crew_id],
        )
