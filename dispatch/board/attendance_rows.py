"""Response plans and the orders that fill them, read for incidents, and as the API shows them."""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import AssignmentState
from dispatch.assignments.states import CrewRole
from dispatch.crews.models import Crew
from dispatch.incidents.models import Incident
from dispatch.incidents.models import IncidentKind
from dispatch.incidents.states import ENDED_INCIDENT_STATES
from dispatch.outcomes.states import Effect
from dispatch.plans.models import PlanTask
from dispatch.plans.states import Fill
from dispatch.plans.states import Order
from dispatch.plans.states import Task
from dispatch.plans.states import fill
from dispatch.plans.states import fill_state
from dispatch.plans.states import openings
from dispatch.plans.types import AttendanceAnswer

Sent = tuple[Assignment, Sequence[str]]
"""An order, and the skills of its crew."""
_ANY_CREW = Task("crew", 1, 1, CrewRole.LEAD, (), "Crew", "抢修班组")
"""What a kind needs that has no plan."""


def plans(session: Session, kinds: Collection[str]) -> dict[str, list[Task]]:
    """Return the response plan of each kind, its tasks in the order of the plan."""
    query = (
        select(*PlanTask.__table__.columns)  # plain rows: this is read in every send
        .where(PlanTask.kind.in_(kinds))
        .order_by(PlanTask.kind, PlanTask.level, PlanTask.sort)
    )
    found: dict[str, list[Task]] = {}
    for row in session.execute(query):
        found.setdefault(row.kind, []).append(_task(row))
    without = set(kinds) - found.keys()
    return found | (_single_crews(session, without) if without else {})


def _single_crews(session: Session, kinds: Collection[str]) -> dict[str, list[Task]]:
    """Return what kinds without a plan need: one crew, with the kind's skill."""
    skills = {
        row.code: row.skill
        for row in session.execute(
            select(IncidentKind.code, IncidentKind.skill).where(IncidentKind.code.in_(kinds))
        )
    }
    return {
        kind: [replace(_ANY_CREW, skills=(skill,) if (skill := skills.get(kind)) else ())]
        for kind in kinds
    }


def _task(row: Any) -> Task:  # noqa: ANN401  (a result row)
    """Return a task of a plan from its row."""
    return Task(
        code=row.code,
        level=row.level,
        crews=row.crews,
        role=CrewRole(row.role),
        skills=tuple(row.skills),
        name_en=row.name_en,
        name_zh=row.name_zh,
    )


def needed(session: Session, incident: Incident) -> list[Task]:
    """Return the openings of an incident at its level."""
    return openings(plans(session, [incident.kind])[incident.kind], incident.level)


def needs(
    session: Session, incident_id: int, kind: str, level: int, incident_round: int
) -> tuple[tuple[str, ...], ...]:
    """Return the skills of each opening that misses a crew; of all of them if none does."""
    wanted = openings(plans(session, [kind])[kind], level)
    if len(wanted) > 1:
        given = _orders(session, incident_id, incident_round)
        missing = [
            task for task, order in zip(wanted, fill(wanted, given), strict=True) if order is None
        ]
        wanted = missing or wanted
    return tuple(dict.fromkeys(task.skills for task in wanted))


def orders(session: Session, incident: Incident) -> list[Order]:
    """Return the orders of an incident's present round, whatever became of them."""
    return _orders(session, incident.id, incident.round)


def _orders(session: Session, incident_id: int, incident_round: int) -> list[Order]:
    query = (
        select(
            Assignment.id,
            Assignment.task,
            Assignment.state,
            Assignment.outcome_effect,
            Assignment.role,
            Crew.skills,
        )
        .join(Crew, Crew.id == Assignment.crew_id)
        .where(Assignment.incident_id == incident_id, Assignment.round == incident_round)
        .order_by(Assignment.id)
    )
    return [order_of(row, row.skills) for row in session.execute(query)]


def order_of(assignment: Any, skills: Collection[str]) -> Order:  # noqa: ANN401  (or a result row)
    """Return an assignment as far as it fills an opening."""
    effect = assignment.outcome_effect
    return Order(
        assignment.id,
        assignment.task,
        AssignmentState(assignment.state),
        Effect(effect) if effect else None,
        skills,
        CrewRole(assignment.role),
    )


def of_incidents(
    session: Session, incidents: Iterable[Incident], sent: Mapping[int, Sequence[Sent]]
) -> dict[int, AttendanceAnswer]:
    """Return how far each incident that has not ended is attended, by its id.

    Parameters
    ----------
    sent
        All that was ever sent to each, by its id.
    """
    going_on = [each for each in incidents if each.state not in ENDED_INCIDENT_STATES]
    if not going_on:
        return {}
    by_kind = plans(session, {each.kind for each in going_on})
    answers = {}
    for incident in going_on:
        given = [
            order_of(assignment, skills)
            for assignment, skills in sent.get(incident.id, ())
            if assignment.round == incident.round
        ]
        answers[incident.id] = attendance_view(by_kind[incident.kind], incident.level, given)
    return answers


def attendance_view(tasks: Sequence[Task], level: int, given: Iterable[Order]) -> AttendanceAnswer:
    """Return how far an incident is attended."""
    wanted = openings(tasks, level)
    filled = fill(wanted, list(given))
    states = [fill_state(each) for each in filled]
    missing = [task for task, each in zip(wanted, filled, strict=True) if each is None]
    return {
        "level": level,
        "highest_level": max([level, *(task.level for task in tasks)]),
        "needed": len(wanted),
        "assigned": len(wanted) - len(missing),
        "on_scene": sum(state in {Fill.ON_SCENE, Fill.DONE} for state in states),
        "attended": all(state in {Fill.ON_SCENE, Fill.DONE} for state in states),
        "missing": [
            {"task": task.code, "name_en": task.name_en, "name_zh": task.name_zh}
            for task in missing
        ],
    }


def live_lead(session: Session, incident_id: int) -> Assignment | None:
    """Return the order of the crew that leads an incident's work; None while none does."""
    query = select(Assignment).where(
        Assignment.incident_id == incident_id,
        Assignment.role == CrewRole.LEAD.value,
        Assignment.state.in_([state.value for state in LIVE_STATES]),
    )
    return session.scalars(query).first()
