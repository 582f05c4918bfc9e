"""States of an assignment, their words, and the steps between them. Pure rules."""

from dataclasses import dataclass
from enum import StrEnum

from dispatch.core.errors import N_
from dispatch.events.kinds import EventKind


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


class CrewRole(StrEnum):
    """A crew's part where several work on one incident."""

    LEAD = "lead"
    """Does the work itself, and says when it is done; one at a time."""
    SUPPORT = "support"


CREW_ROLE_LABELS = {CrewRole.LEAD: N_("Leads the work"), CrewRole.SUPPORT: N_("Supports")}
ASSIGNMENT_STATE_LABELS = {
    AssignmentState.OFFERED: N_("Asked, no answer yet"),
    AssignmentState.ACCEPTED: N_("Accepted, not set out"),
    AssignmentState.EN_ROUTE: N_("On the way"),
    AssignmentState.ON_SCENE: N_("On scene"),
    AssignmentState.COMPLETED: N_("Completed"),
    AssignmentState.DECLINED: N_("Declined"),
    AssignmentState.EXPIRED: N_("Not answered in time"),
    AssignmentState.WITHDRAWN: N_("Withdrawn"),
}


class Mark(StrEnum):
    """How far an order got to its crew, in this order."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    RANG = "rang"
    SEEN = "seen"
    ACCEPTED = "accepted"


MARK_LABELS = {
    Mark.QUEUED: N_("on its way to the crew"),
    Mark.DELIVERED: N_("delivered"),
    Mark.RANG: N_("rang"),
    Mark.SEEN: N_("seen"),
    Mark.ACCEPTED: N_("accepted"),
}


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


@dataclass(frozen=True, slots=True)
class Transition:
    """One permitted change of an assignment.

    ``stamp`` names the assignment's time column that the change fills; ``event`` is the kind of
    the event it leaves; ``front_only`` says that an order still waiting behind another cannot
    do it: a crew drives to one place at a time.
    """

    sources: frozenset[AssignmentState]
    target: AssignmentState
    event: EventKind
    stamp: str | None = None
    front_only: bool = False


_PROGRESS = (
    AssignmentState.OFFERED,
    AssignmentState.ACCEPTED,
    AssignmentState.EN_ROUTE,
    AssignmentState.ON_SCENE,
    AssignmentState.COMPLETED,
)


def is_done(transition: Transition, state: AssignmentState) -> bool:
    """Return whether an order has this step behind it: somebody took it before."""
    if transition.target not in _PROGRESS or state not in _PROGRESS:
        return transition.target is state
    return _PROGRESS.index(transition.target) <= _PROGRESS.index(state)


TRANSITIONS: dict[Action, Transition] = {
    Action.ACCEPT: Transition(
        frozenset({AssignmentState.OFFERED}),
        AssignmentState.ACCEPTED,
        EventKind.ASSIGNMENT_ACCEPTED,
        "accepted_at",
    ),
    Action.DECLINE: Transition(
        frozenset({AssignmentState.OFFERED}),
        AssignmentState.DECLINED,
        EventKind.ASSIGNMENT_DECLINED,
    ),
    Action.DEPART: Transition(
        frozenset({AssignmentState.ACCEPTED}),
        AssignmentState.EN_ROUTE,
        EventKind.ASSIGNMENT_DEPARTED,
        "departed_at",
        front_only=True,
    ),
    Action.ARRIVE: Transition(
        frozenset({AssignmentState.EN_ROUTE}),
        AssignmentState.ON_SCENE,
        EventKind.ASSIGNMENT_ARRIVED,
        "arrived_at",
        front_only=True,
    ),
    Action.COMPLETE: Transition(
        frozenset({AssignmentState.ON_SCENE}),
        AssignmentState.COMPLETED,
        EventKind.ASSIGNMENT_COMPLETED,
        "completed_at",
        front_only=True,
    ),
    Action.WITHDRAW: Transition(
        LIVE_STATES, AssignmentState.WITHDRAWN, EventKind.ASSIGNMENT_WITHDRAWN
    ),
}
