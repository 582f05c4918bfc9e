"""The alarm level of an incident, raised or lowered by the desk, with a reason."""

from typing import cast

from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board import attendance_rows
from dispatch.board.read_model import ReadModel
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.incident_rows import locked
from dispatch.incidents.incident_rows import refuse_ended
from dispatch.incidents.incident_rows import refuse_other_version
from dispatch.incidents.incident_rows import write_change
from dispatch.incidents.models import Incident
from dispatch.incidents.types import IncidentAnswer
from dispatch.plans.states import highest_level
from dispatch.plans.types import ChangeLevel
from dispatch.writes.idempotency import Once


class LevelService:
    """Raises and lowers alarm levels."""

    def __init__(self, unit_of_work: UnitOfWork, read_model: ReadModel, clock: Clock) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._clock = clock

    def change(self, actor: Actor, incident_id: int, wanted: ChangeLevel) -> IncidentAnswer:
        """Set the alarm level: more or fewer crews are needed from now on; none is called back.

        Raises
        ------
        InvalidInput
            On ``level``, if the plan of the incident's kind does not know it.
        Conflict
            ``incident_ended``, ``incident_changed`` or ``idempotency_mismatch``.
        """
        actor.require(Permission.INCIDENT_WRITE)
        once = Once.of(actor, wanted.client_id, wanted, level_of=incident_id)

        def work(session: Session) -> IncidentAnswer:
            now = self._clock()
            known = once.begin(session, now)
            if known is not None:
                return cast("IncidentAnswer", known)
            incident = locked(session, incident_id)
            refuse_ended(incident)
            refuse_other_version(session, self._read_model, incident, wanted.expected_version)
            _refuse_unknown(session, incident, wanted.level)
            before, incident.level = incident.level, wanted.level
            if before != wanted.level:
                write_change(session, incident, now)
            answer = self._read_model.incident(session, incident_id)
            once.finish(session, answer)
            if before != wanted.level:
                events.append(
                    session,
                    EventKind.INCIDENT_LEVEL_CHANGED,
                    actor,
                    at=now,
                    occurred_at=wanted.occurred_at,
                    incident_id=incident_id,
                    data={"from": before, "level": wanted.level, "reason": wanted.reason},
                )
            return answer

        return self._work.run(work)


def _refuse_unknown(session: Session, incident: Incident, level: int) -> None:
    highest = highest_level(attendance_rows.plans(session, [incident.kind])[incident.kind])
    if level > max(highest, incident.level):
        message = N_("must be at most %(highest)s, the highest of this kind's response plan")
        raise InvalidInput.one("level", message, highest=highest)
