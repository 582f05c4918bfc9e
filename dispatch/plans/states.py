"""Tasks of a response plan, and which of an incident's crews fill them. Pure rules.

A plan lists tasks: what is to be done, by how many crews with which skills, from which alarm level
on. Levels add up: at level 2 the tasks of levels 1 and 2 are needed. Each crew that a task asks for
is one *opening*; one crew fills one opening.
"""

from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import AssignmentState
from dispatch.assignments.states import CrewRole
from dispatch.core.errors import N_
from dispatch.outcomes.states import Effect

LOWEST_LEVEL, HIGHEST_LEVEL = 1, 5
MOST_CREWS = 20
"""Crews that all tasks of a plan need together, at most."""


class Fill(StrEnum):
    """How far one opening of an incident is filled."""

    MISSING = "missing"
    ASKED = "asked"
    COMING = "coming"
    ON_SCENE = "on_scene"
    DONE = "done"


class Missing(StrEnum):
    """Why no crew can be proposed for an opening."""

    NONE_ON_DUTY = "none_on_duty"
    NONE_CAN_COME = "none_can_come"
    TOO_FEW = "too_few"


MISSING_LABELS = {
    Missing.NONE_ON_DUTY: N_("no crew for it on duty"),
    Missing.NONE_CAN_COME: N_("crews for it are on duty, none can come"),
    Missing.TOO_FEW: N_("all who could do it are needed for another task"),
}


@dataclass(frozen=True, slots=True)
class Task:
    """What a plan asks for: ``crews`` crews with all of ``skills``, from ``level`` on."""

    code: str
    level: int
    crews: int
    role: CrewRole
    skills: tuple[str, ...]
    name_en: str
    name_zh: str


class Order(NamedTuple):
    """An assignment of the present round, as far as it fills an opening."""

    assignment_id: int
    task: str | None
    state: AssignmentState
    effect: Effect | None
    skills: Collection[str]
    role: CrewRole = CrewRole.SUPPORT


def fits(skills: Collection[str], task: Task) -> bool:
    """Return whether a crew that was sent is taken to be able to do a task.

    A crew without any recorded skill is: whether such crews may be sent at all was judged before.
    """
    return not skills or set(task.skills) <= set(skills)


def openings(tasks: Sequence[Task], level: int) -> list[Task]:
    """Return the tasks needed at a level, each as often as it needs a crew; the lead's first."""
    needed = [task for task in tasks if task.level <= level for _ in range(task.crews)]
    return sorted(needed, key=lambda task: (task.level, task.role is not CrewRole.LEAD))


def highest_level(tasks: Sequence[Task]) -> int:
    """Return the level beyond which a plan adds nothing."""
    return max((task.level for task in tasks), default=LOWEST_LEVEL)


def is_filled_by(order: Order) -> bool:
    """Return whether an order does what it was sent for, or did.

    One that was completed as "not done" leaves its opening open again.
    """
    if order.state is AssignmentState.COMPLETED:
        return order.effect is not Effect.NOT_DONE
    return order.state in LIVE_STATES


def fill(needed: Sequence[Task], orders: Sequence[Order]) -> list[Order | None]:
    """Return for each opening the order that fills it, None where it is missing.

    An order with a task fills that, live ones before completed ones. What is open then goes to the
    others by their skills, as many as possible: a crew that was sent for nothing in particular
    counts when the level rises. Where one crew is all that is needed, whoever was sent is it.
    """
    filled: list[Order | None] = [None] * len(needed)
    rest: list[Order] = []
    counted = [order for order in orders if is_filled_by(order)]
    for order in sorted(
        counted, key=lambda each: (each.state not in LIVE_STATES, each.assignment_id)
    ):
        own = (i for i, task in enumerate(needed) if filled[i] is None and task.code == order.task)
        place = next(own, None)
        if place is None:
            rest.append(order)
        else:
            filled[place] = order
    chosen = {index for index, order in enumerate(filled) if order is not None}
    for order in rest:
        _augment(needed, filled, chosen, order)
    return filled


def _augment(
    needed: Sequence[Task], filled: list[Order | None], chosen: Collection[int], order: Order
) -> None:
    """Give an order an opening, moving others on if that helps, but none that was sent for its own.

    One step of bipartite matching by augmenting paths (Kuhn 1955).
    """
    anybody = len(needed) == 1
    tried = set(chosen)

    def place(wanting: Order) -> bool:
        for index, task in enumerate(needed):
            if index in tried or not (anybody or fits(wanting.skills, task)):
                continue
            tried.add(index)
            there = filled[index]
            if there is None or place(there):
                filled[index] = wanting
                return True
        return False

    place(order)


def fill_state(order: Order | None) -> Fill:
    """Return how far an opening is filled by an order."""
    if order is None:
        return Fill.MISSING
    if order.state is AssignmentState.OFFERED:
        return Fill.ASKED
    if order.state in {AssignmentState.ACCEPTED, AssignmentState.EN_ROUTE}:
        return Fill.COMING
    return Fill.ON_SCENE if order.state is AssignmentState.ON_SCENE else Fill.DONE


def open_task(
    needed: Sequence[Task], orders: Sequence[Order], skills: Collection[str]
) -> Task | None:
    """Return the first task that still misses a crew and that a crew's skills fit; None if none."""
    anybody = len(needed) == 1
    for task, order in zip(needed, fill(needed, orders), strict=True):
        if order is None and (anybody or fits(skills, task)):
            return task
    return None


def decisive(role: CrewRole, needed: Sequence[Task]) -> bool:
    """Return whether the end of a crew's order can end its incident.

    Where a plan needs several crews only the lead's can: a cordon that is set up repairs nothing.
    Where one crew is enough, whoever did the work has done it.
    """
    return role is CrewRole.LEAD or len(needed) <= 1
