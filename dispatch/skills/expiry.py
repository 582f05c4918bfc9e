"""What follows when a ticket begins or ends to count, and when an order needs a lost skill."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from typing_extensions import override

from dispatch.access.permissions import SYSTEM
from dispatch.assignments.models import Assignment
from dispatch.crews.models import Crew
from dispatch.deadlines.handlers import Due
from dispatch.deadlines.handlers import PlainHandler
from dispatch.events.followers import Happened
from dispatch.events.kinds import EventKind
from dispatch.incidents.models import Incident
from dispatch.skills import upkeep
from dispatch.skills.upkeep import SkillUpkeep
from dispatch.writes import row_locks


class TicketsChange(PlainHandler):
    """Works out what a crew can do from this day on, and warns of what expires soon."""

    def __init__(self, skills: SkillUpkeep) -> None:
        self._skills = skills

    @override
    def lock(self, session: Session, due: Due) -> row_locks.Scope:
        """Lock the crew, and the incidents whose orders may be told of."""
        return row_locks.lock_crews(session, [due.crew_id or 0])

    def act(
        self,
        session: Session,
        due: Due,  # noqa: ARG002  (its crew is locked)
        held: row_locks.Scope,
        prepared: Any,  # noqa: ANN401, ARG002  (nothing is)
        now: datetime,
    ) -> None:
        """Do it; orders go on."""
        for tell in self._skills.refresh(session, held.crews.values(), SYSTEM, now):
            tell()


class SkillFollower:
    """Says of a new order that its crew's ticket has ended, whoever was faster: send or end."""

    kinds = frozenset({EventKind.ASSIGNMENT_OFFERED})

    def follow(self, session: Session, happened: Happened) -> None:
        """Leave an event for each skill that the work needs and that has lapsed."""
        crew = session.get(Crew, happened.crew_id) if happened.crew_id else None
        order = session.get(Assignment, happened.assignment_id) if crew else None
        if crew is None or order is None or not crew.lapsed_skills:
            return
        incident = session.get_one(Incident, order.incident_id)
        needed = upkeep.needed_by(session, order, incident.kind, incident.level)
        lapsed = needed & crew.lapsed_skills.keys()
        for tell in upkeep.lost_by_order(session, crew, order, lapsed, happened.at):
            tell()
