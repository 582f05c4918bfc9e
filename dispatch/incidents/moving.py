"""Giving an incident to another unit of its company."""

from typing import cast

from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board.read_model import ReadModel
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.incident_rows import locked
from dispatch.incidents.incident_rows import write_change
from dispatch.incidents.types import IncidentAnswer
from dispatch.incidents.types import MoveIncident
from dispatch.units.belonging import unit_of_company
from dispatch.writes.idempotency import Once


class IncidentMoves:
    """Moves incidents from unit to unit: a call that came in at the wrong station."""

    def __init__(self, unit_of_work: UnitOfWork, read_model: ReadModel, clock: Clock) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._clock = clock

    def move(self, actor: Actor, incident_id: int, wanted: MoveIncident) -> IncidentAnswer:
        """Give an incident to another unit, with its orders and all that is written down of it.

        Raises
        ------
        InvalidInput
            On ``unit_id``, if it is no unit of the company that the actor sees.
        """
        actor.require(Permission.INCIDENT_WRITE)
        once = Once.of(actor, wanted.client_id, wanted, incident_id=incident_id)

        def work(session: Session) -> IncidentAnswer:
            now = self._clock()
            before = once.begin(session, now)
            if before is not None:
                return cast("IncidentAnswer", before)
            incident = locked(session, incident_id)
            was = incident.unit_id
            there = unit_of_company(session, wanted.unit_id, incident.company_id)
            if there.id == was:
                return self._read_model.incident(session, incident_id)
            incident.unit_id = there.id
            write_change(session, incident, now)
            answer = self._read_model.incident(session, incident_id)
            once.finish(session, answer)
            # First that it left, for those who do not see it any more; then that it is there.
            events.append(
                session,
                EventKind.INCIDENT_LEFT,
                actor,
                at=now,
                unit_id=was,
                also_unit_id=there.id,
                data={"incident_id": incident_id},
            )
            events.append(
                session,
                EventKind.INCIDENT_MOVED,
                actor,
                at=now,
                incident_id=incident_id,
                data={"from": was, "to": there.id, "unit": there.name},
            )
            return answer

        return self._work.run(work)
