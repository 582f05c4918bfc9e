"""The best set of crews for what an incident's response plan still misses, and what is missing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board import attendance_rows
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.incidents.incident_rows import checked_id
from dispatch.incidents.incident_rows import refuse_ended
from dispatch.incidents.models import Incident
from dispatch.plans.best_set import best_set
from dispatch.plans.best_set import cost_matrix
from dispatch.plans.proposal_types import OpeningAnswer
from dispatch.plans.proposal_types import ProposalAnswer
from dispatch.plans.proposal_types import ProposedCrewAnswer
from dispatch.plans.states import Missing
from dispatch.plans.states import Order
from dispatch.plans.states import Task
from dispatch.plans.states import fill
from dispatch.plans.states import fill_state
from dispatch.plans.states import highest_level
from dispatch.plans.states import openings
from dispatch.plans.types import ProposePlan
from dispatch.sending.able_crews import AbleCrew
from dispatch.sending.able_crews import AbleCrews
from dispatch.sending.candidates import CandidateService


@dataclass(frozen=True, slots=True)
class _Needed:
    """The openings of an incident, and who fills each."""

    level: int
    openings: list[Task]
    filled: list[Order | None]
    duty_skills: list[frozenset[str]]
    """The skills of each crew on duty, wherever it is."""

    @property
    def missing(self) -> list[Task]:
        """The openings that nobody fills."""
        return [task for task, order in zip(self.openings, self.filled, strict=True) if not order]


class PlanProposals:
    """Proposes sets of crews."""

    def __init__(self, unit_of_work: UnitOfWork, candidates: CandidateService) -> None:
        self._work = unit_of_work
        self._candidates = candidates

    def propose(self, actor: Actor, incident_id: int, wanted: ProposePlan) -> ProposalAnswer:
        """Return the best crews for what is missing, by road time; nothing is written.

        One opening gets whom the list of candidates recommends. Several are filled together, so
        that all crews together are there soonest. Without road times straight distance decides,
        and the answer says so.

        Raises
        ------
        InvalidInput
            On ``level``, if the plan does not know it.
        Conflict
            ``incident_ended``.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        with self._work.reading() as session:
            needed = _needed(session, incident_id, wanted.level)
        missing = needed.missing
        skill_sets = {task.skills for task in missing if task.skills}
        crews = self._candidates.for_plan(incident_id, sorted(skill_sets), wanted.radius_m)
        chosen = iter(_choose(missing, crews))
        answers = []
        for task, order in zip(needed.openings, needed.filled, strict=True):
            crew = None if order else next(chosen)
            answers.append(_opening(task, order, crew, crews, needed.duty_skills))
        return {
            "incident_id": incident_id,
            "incident_version": crews.incident_version,
            "level": needed.level,
            "computed_at": instant(crews.computed_at),
            "radius_m": crews.radius_m,
            "travel_times": crews.travel_times,
            "openings": answers,
        }


def _needed(session: Session, incident_id: int, level: int | None) -> _Needed:
    incident = session.get(Incident, checked_id(incident_id))
    if incident is None:
        raise NotFound.thing("incident", incident_id)
    refuse_ended(incident)
    tasks = attendance_rows.plans(session, [incident.kind])[incident.kind]
    highest = max(highest_level(tasks), incident.level)
    if level is not None and level > highest:
        message = N_("must be at most %(highest)s, the highest of this kind's response plan")
        raise InvalidInput.one("level", message, highest=highest)
    level = level or incident.level
    wanted = openings(tasks, level)
    on_duty = session.scalars(select(Crew.skills).where(Crew.duty == Duty.ON_DUTY))
    return _Needed(
        level,
        wanted,
        fill(wanted, attendance_rows.orders(session, incident)),
        [frozenset(skills) for skills in on_duty],
    )


def _choose(missing: Sequence[Task], crews: AbleCrews) -> list[AbleCrew | None]:
    if len(missing) == 1:
        recommended = crews.recommended(missing[0].skills)
        if recommended is not None:
            return [recommended]
    # What somebody has to bring, the first one brings.
    bring = crews.bringing()
    costs = [
        [
            crew.cost_s
            if crews.can_do(crew, task.skills) and (number or crew.crew_id in bring)
            else math.inf
            for crew in crews.crews
        ]
        for number, task in enumerate(missing)
    ]
    chosen = best_set(cost_matrix(costs, len(crews.crews)))
    return [None if index is None else crews.crews[index] for index in chosen]


def _opening(
    task: Task,
    order: Order | None,
    crew: AbleCrew | None,
    crews: AbleCrews,
    duty_skills: Sequence[frozenset[str]],
) -> OpeningAnswer:
    return {
        "task": task.code,
        "level": task.level,
        "role": task.role,
        "skills": list(task.skills),
        "name_en": task.name_en,
        "name_zh": task.name_zh,
        "state": fill_state(order),
        "assignment_id": order.assignment_id if order else None,
        "proposed": _proposed(crew, crews) if crew else None,
        "missing": None if order or crew else _why(task, crews, duty_skills),
    }


def _why(task: Task, crews: AbleCrews, duty_skills: Sequence[frozenset[str]]) -> Missing:
    """Return why nobody can be proposed for a task."""
    able = [crew for crew in crews.crews if crews.can_do(crew, task.skills)]
    if any(math.isfinite(crew.cost_s) for crew in able):
        return Missing.TOO_FEW
    if not any(crews.suffice(skills, task.skills) for skills in duty_skills):
        return Missing.NONE_ON_DUTY
    return Missing.NONE_CAN_COME


def _proposed(crew: AbleCrew, crews: AbleCrews) -> ProposedCrewAnswer:
    known = math.isfinite(crew.arrival_s)
    eta_at = crews.computed_at + timedelta(seconds=crew.arrival_s) if known else None
    return {
        "crew_id": crew.crew_id,
        "crew_name": crew.name,
        "distance_m": round(crew.distance_m, 1),
        "travel_time_s": None if crew.travel_time_s is None else round(crew.travel_time_s, 1),
        "free_in_s": round(crew.free_in_s, 1),
        "eta_at": instant(eta_at),
        "busy": crew.busy,
        "reasons": list(crew.reasons),
    }
