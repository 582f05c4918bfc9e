"""Which task of the response plan a crew is sent for, and whether it leads the work."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import CrewRole
from dispatch.board import attendance_rows
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.crews.models import Crew
from dispatch.incidents.models import Incident
from dispatch.plans.states import Order
from dispatch.plans.states import Task
from dispatch.plans.states import fill
from dispatch.plans.states import open_task


@dataclass(frozen=True, slots=True)
class CrewTask:
    """What a crew is sent for; ``task`` is None when it is sent in addition to the plan."""

    task: Task | None
    role: CrewRole

    def write_to(self, order: Assignment) -> None:
        """Write it to an order, under the names of now."""
        order.role = self.role.value
        order.task = self.task.code if self.task else None
        order.task_name_en = self.task.name_en if self.task else None
        order.task_name_zh = self.task.name_zh if self.task else None

    def told(self) -> dict[str, str]:
        """Return what the order's event says of it."""
        return {"role": self.role.value, **({"task": self.task.code} if self.task else {})}


def choose(
    session: Session,
    incident: Incident,
    crew: Crew,
    *,
    task: str | None = None,
    role: CrewRole | None = None,
) -> CrewTask:
    """Return what a crew is sent for: what is named, else the first open task that it can do.

    Parameters
    ----------
    session
        Holds the lock of the incident; orders that are withdrawn in the same step are so already.
    task
        Code of the task that it shall fill.
    role
        Its role; the task's if None. A crew beyond the plan supports, except where one crew is
        enough and none leads.

    Raises
    ------
    Conflict
        ``task_filled`` when other crews are on that task already, ``task_unknown`` when the plan
        does not ask for it (any more), ``lead_taken`` when another crew leads.
    """
    needed = attendance_rows.needed(session, incident)
    orders = attendance_rows.orders(session, incident)
    found = open_task(needed, orders, crew.skills)
    if task is not None:
        found = _named(session, needed, orders, task)
    leads = next((each for each in orders if _leads(each)), None)
    if role is CrewRole.LEAD and leads is not None:
        raise _lead_taken(session, leads)
    if role is None:
        role = found.role if found else CrewRole.SUPPORT
        if found is None and len(needed) == 1:
            role = CrewRole.LEAD
    if leads is not None:
        role = CrewRole.SUPPORT
    return CrewTask(found, role)


def _leads(order: Order) -> bool:
    return order.role is CrewRole.LEAD and order.state in LIVE_STATES


def _named(session: Session, needed: Sequence[Task], orders: Sequence[Order], code: str) -> Task:
    """Return a task by its code if it still misses a crew, or one that is gone again."""
    filled = [
        (task, order)
        for task, order in zip(needed, fill(needed, orders), strict=True)
        if task.code == code
    ]
    if not filled:
        message = N_("The plan does not ask for %(task)s at this level: nobody was sent for it.")
        raise Conflict("task_unknown", message, {"task": code}, extra={"task": code})
    for task, order in filled:
        if order is None or order.state not in LIVE_STATES:
            return task
    task, order = filled[0]
    name = _crew_name(session, order.assignment_id) if order else ""
    message = N_("%(crew)s is on this task already.")
    extra = {"crew": name, "task": code}
    raise Conflict("task_filled", message, {"crew": name}, extra=extra)


def _lead_taken(session: Session, leads: Order) -> Conflict:
    name = _crew_name(session, leads.assignment_id)
    message = N_("%(crew)s leads already: give it another role first.")
    return Conflict("lead_taken", message, {"crew": name}, extra={"crew": name})


def _crew_name(session: Session, assignment_id: int) -> str:
    query = select(Crew.name).join(Assignment, Assignment.crew_id == Crew.id)
    return session.scalars(query.where(Assignment.id == assignment_id)).one()
