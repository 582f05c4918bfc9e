"""Response plans, read and set."""

import re
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.states import CrewRole
from dispatch.board import attendance_rows
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.instants import Clock
from dispatch.core.limits import LONGEST_SKILL
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents import kinds
from dispatch.incidents.models import IncidentKind
from dispatch.plans.models import PlanTask
from dispatch.plans.states import LOWEST_LEVEL
from dispatch.plans.states import MOST_CREWS
from dispatch.plans.states import Task
from dispatch.plans.types import PlanAnswer
from dispatch.plans.types import PlansAnswer
from dispatch.plans.types import SetPlan
from dispatch.plans.types import SetTask
from dispatch.plans.types import TaskAnswer
from dispatch.writes.idempotency import Once

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_STEP = 10
# Two who set one plan at the same time would each delete what the other has not written yet.
_ONE_AT_A_TIME = text("LOCK TABLE plan_task IN SHARE ROW EXCLUSIVE MODE")


class PlanService:
    """Lists response plans, and sets that of a kind."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def all(self, actor: Actor) -> PlansAnswer:
        """Return the plans of all kinds."""
        actor.require(Permission.INCIDENT_READ)
        with self._work.reading() as session:
            codes = session.scalars(select(IncidentKind.code).order_by(IncidentKind.sort)).all()
            found = attendance_rows.plans(session, codes)
        return {"plans": [_plan_view(code, found[code]) for code in codes]}

    def of_kind(self, actor: Actor, kind: str) -> PlanAnswer:
        """Return the plan of a kind.

        Raises
        ------
        InvalidInput
            On ``kind``, if there is none of this code.
        """
        actor.require(Permission.INCIDENT_READ)
        with self._work.reading() as session:
            kinds.known(session, kind)
            return _plan_view(kind, attendance_rows.plans(session, [kind])[kind])

    def set(self, actor: Actor, kind: str, wanted: SetPlan) -> PlanAnswer:
        """Put a plan in place of the present one; it holds for incidents that are open, too.

        Crews that are sent stay sent; those whose task is gone count by their skills.

        Raises
        ------
        InvalidInput
            On ``kind`` or ``tasks``: a code twice or of other letters, no leading crew at level 1
            or more than one, more crews than a plan may need.
        """
        actor.require(Permission.RULES_WRITE)
        _check(wanted.tasks)
        once = Once.of(actor, wanted.client_id, wanted, kind=kind)

        def work(session: Session) -> PlanAnswer:
            kinds.known(session, kind)
            now = self._clock()
            answer, replayed = once.run(session, now, lambda: self._replace(session, kind, wanted))
            if not replayed:
                data = {"kind": kind, "tasks": answer["tasks"]}
                events.append(session, EventKind.PLAN_CHANGED, actor, at=now, data=data)
            return answer

        return self._work.run(work)

    @staticmethod
    def _replace(session: Session, kind: str, wanted: SetPlan) -> PlanAnswer:
        session.execute(_ONE_AT_A_TIME)
        session.execute(delete(PlanTask).where(PlanTask.kind == kind))
        for number, task in enumerate(wanted.tasks, 1):
            fields = task.model_dump(mode="json", exclude={"task"})
            session.add(PlanTask(kind=kind, code=task.task, sort=number * _STEP, **fields))
        session.flush()
        return _plan_view(kind, attendance_rows.plans(session, [kind])[kind])


def _check(tasks: Sequence[SetTask]) -> None:
    """Refuse a plan that cannot be: nobody could be told who leads, or which task is meant."""
    for task in tasks:
        if len(task.task) > LONGEST_SKILL or not _CODE.fullmatch(task.task):
            message = N_("%(task)s must be small letters, digits and _, such as repair")
            raise InvalidInput.one("tasks", message, task=task.task)
    twice = [code for code, count in Counter(each.task for each in tasks).items() if count > 1]
    if twice:
        raise InvalidInput.one("tasks", N_("%(task)s stands there twice"), task=twice[0])
    leads = [each for each in tasks if each.role is CrewRole.LEAD]
    if len(leads) != 1 or leads[0].level != LOWEST_LEVEL or leads[0].crews != 1:
        message = N_("exactly one task is the lead's: of one crew, from level 1 on")
        raise InvalidInput.one("tasks", message)
    if sum(each.crews for each in tasks) > MOST_CREWS:
        message = N_("may need %(most)s crews together at most")
        raise InvalidInput.one("tasks", message, most=MOST_CREWS)


def _plan_view(kind: str, tasks: Sequence[Task]) -> PlanAnswer:
    return {"kind": kind, "tasks": [_task_view(each) for each in tasks]}


def _task_view(task: Task) -> TaskAnswer:
    return {
        "task": task.code,
        "level": task.level,
        "crews": task.crews,
        "role": task.role,
        "skills": list(task.skills),
        "name_en": task.name_en,
        "name_zh": task.name_zh,
    }
