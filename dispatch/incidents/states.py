"""States of an incident, which follow from its assignments, and their words. Pure rules."""

from collections.abc import Iterable
from enum import StrEnum

from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import AssignmentState
from dispatch.core.errors import N_
from dispatch.events.kinds import EventKind
from dispatch.outcomes.states import Effect


class IncidentState(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    ASSIGNED = "assigned"
    ON_SCENE = "on_scene"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"


INCIDENT_STATE_LABELS = {
    IncidentState.OPEN: N_("Waiting for a crew"),
    IncidentState.ASSIGNED: N_("Assigned"),
    IncidentState.ON_SCENE: N_("On scene"),
    IncidentState.RESOLVED: N_("Resolved"),
    IncidentState.CLOSED: N_("Closed"),
    IncidentState.CANCELLED: N_("Cancelled"),
    IncidentState.MERGED: N_("Merged"),
}
PRIORITY_LABELS = {
    1: N_("Emergency"),
    2: N_("Urgent"),
    3: N_("Normal"),
    4: N_("Can wait"),
}
"""From `MOST_URGENT` to `LEAST_URGENT`."""
ENDED_INCIDENT_STATES = frozenset(
    {IncidentState.CLOSED, IncidentState.CANCELLED, IncidentState.MERGED}
)
UNFINISHED_INCIDENT_STATES = frozenset(IncidentState) - ENDED_INCIDENT_STATES
DECIDED_BY = {
    IncidentState.CLOSED: EventKind.INCIDENT_CLOSED,
    IncidentState.CANCELLED: EventKind.INCIDENT_CANCELLED,
    IncidentState.MERGED: EventKind.INCIDENT_MERGED,
}
"""The states that the desk decides, each with the event that it leaves."""


SHOWN_LABELS = {
    "made_safe": N_("Made safe, repair to follow"),
    "due_later": N_("Repair, due later"),
}
"""How pages show a resolved incident whose repair is to follow, and that repair till it is due."""


def danger_radius_m(own_m: float | None, of_kind_m: float | None) -> float | None:
    """Return how far around an incident people are in danger, in metres; None: no such circle.

    Parameters
    ----------
    own_m
        What the desk set for this incident; 0 for none, None as its kind has it.
    of_kind_m
        What its kind has.
    """
    radius_m = of_kind_m if own_m is None else own_m
    return radius_m or None


def incident_state(assignment_states: Iterable[str], effect: str | None) -> IncidentState:
    """Return the state that an incident's assignments give it.

    Only assignments of the present round count (a reopened incident starts a new one), and only
    for an incident that the desk has not closed, cancelled or merged.

    Parameters
    ----------
    assignment_states
        States of the assignments of the present round, in any order.
    effect
        What the outcomes of those completed mean together
        (`dispatch.outcomes.states.standing_effect`); None without any.
    """
    states = {AssignmentState(state) for state in assignment_states}
    if AssignmentState.ON_SCENE in states:
        return IncidentState.ON_SCENE
    if states & LIVE_STATES:
        return IncidentState.ASSIGNED
    if effect in {Effect.DONE, Effect.FOLLOW_UP}:
        return IncidentState.RESOLVED
    return IncidentState.OPEN
