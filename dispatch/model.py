"""States and their changes: the rules of the job, without a database or a clock.

An incident's state follows from its assignments and is computed here and nowhere else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Duty(StrEnum):
    """Whether a crew can be sent."""

    OFF_DUTY = "off_duty"
    ON_DUTY = "on_duty"
    ON_BREAK = "on_break"


class IncidentState(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    ASSIGNED = "assigned"
    ON_SCENE = "on_scene"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"


class AssignmentState(StrEnum):
    """Where one crew's order stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    COMPLETED = "completed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What a crew or a desk can do with an order."""

    ACCEPT = "accept"
    DECLINE = "decline"
    DEPART = "depart"
    ARRIVE = "arrive"
    COMPLETE = "complete"
    WITHDRAW = "withdraw"


LIVE_STATES = frozenset(
    {
        AssignmentState.OFFERED,
        AssignmentState.ACCEPTED,
        AssignmentState.EN_ROUTE,
        AssignmentState.ON_SCENE,
    }
)
ENDED_INCIDENT_STATES = frozenset(
    {IncidentState.CLOSED, IncidentState.CANCELLED, IncidentState.MERGED}
)


@dataclass(frozen=True, slots=True)
class Transition:
    """One permitted change of an assignment.

    ``stamp`` names the assignment's time column that the change fills; ``event`` is the kind of
    the event it leaves; ``front_only`` says that an order still waiting behind another cannot
    do it: a crew drives to one place at a time.
    """

    sources: frozenset[AssignmentState]
    target: AssignmentState
    event: str
    stamp: str | None = None
    front_only: bool = False


TRANSITIONS: dict[Action, Transition] = {
    Action.ACCEPT: Transition(
        frozenset({AssignmentState.OFFERED}),
        AssignmentState.ACCEPTED,
        "assignment.accepted",
        "accepted_at",
    ),
    Action.DECLINE: Transition(
        frozenset({AssignmentState.OFFERED}), AssignmentState.DECLINED, "assignment.declined"
    ),
    Action.DEPART: Transition(
        frozenset({AssignmentState.ACCEPTED}),
        AssignmentState.EN_ROUTE,
        "assignment.departed",
        "departed_at",
        front_only=True,
    ),
    Action.ARRIVE: Transition(
        frozenset({AssignmentState.EN_ROUTE}),
        AssignmentState.ON_SCENE,
        "assignment.arrived",
        "arrived_at",
        front_only=True,
    ),
    Action.COMPLETE: Transition(
        frozenset({AssignmentState.ON_SCENE}),
        AssignmentState.COMPLETED,
        "assignment.completed",
        "completed_at",
        front_only=True,
    ),
    Action.WITHDRAW: Transition(LIVE_STATES, AssignmentState.WITHDRAWN, "assignment.withdrawn"),
}


def incident_state(assignment_states: Iterable[str]) -> IncidentState:
    """Return the state that an incident's assignments give it.

    Only assignments of the present round count (a reopened incident starts a new one), and only
    for an incident that the desk has not closed, cancelled or merged.

    Parameters
    ----------
    assignment_states
        States of the assignments of the present round, in any order.
    """
    states = {AssignmentState(state) for state in assignment_states}
    if AssignmentState.ON_SCENE in states:
        return IncidentState.ON_SCENE
    if states & LIVE_STATES:
        return IncidentState.ASSIGNED
    if AssignmentState.COMPLETED in states:
        return IncidentState.RESOLVED
    return IncidentState.OPEN


def crew_state(duty: str, front_assignment_state: str | None) -> str:
    """Return what a crew is doing, as the board shows it.

    An order outranks the duty switch: a crew on its way is on its way even when it has just
    gone off duty.
    """
    if front_assignment_state is not None:
        return front_assignment_state
    return "idle" if duty == Duty.ON_DUTY else duty
