"""What a crew is doing: its duty, its state as the board shows it, and their words. Pure rules."""

from datetime import datetime
from datetime import timedelta
from enum import StrEnum

from dispatch.assignments.states import ASSIGNMENT_STATE_LABELS
from dispatch.assignments.states import AssignmentState
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict


class Duty(StrEnum):
    """Whether a crew can be sent."""

    OFF_DUTY = "off_duty"
    ON_DUTY = "on_duty"
    ON_BREAK = "on_break"


IDLE = "idle"
_CLOCKS_DIFFER_BY = timedelta(seconds=5)
DUTY_LABELS = {
    Duty.ON_DUTY: N_("On duty"),
    Duty.ON_BREAK: N_("On break"),
    Duty.OFF_DUTY: N_("Off duty"),
}
CREW_STATE_LABELS = {
    IDLE: N_("Available"),
    AssignmentState.OFFERED: ASSIGNMENT_STATE_LABELS[AssignmentState.OFFERED],
    AssignmentState.ACCEPTED: ASSIGNMENT_STATE_LABELS[AssignmentState.ACCEPTED],
    AssignmentState.EN_ROUTE: ASSIGNMENT_STATE_LABELS[AssignmentState.EN_ROUTE],
    AssignmentState.ON_SCENE: ASSIGNMENT_STATE_LABELS[AssignmentState.ON_SCENE],
    Duty.ON_BREAK: DUTY_LABELS[Duty.ON_BREAK],
    Duty.OFF_DUTY: DUTY_LABELS[Duty.OFF_DUTY],
}
"""In the order in which the desk lists its crews."""


def crew_state(duty: str, front_assignment_state: str | None) -> str:
    """Return what a crew is doing, as the board shows it.

    An order outranks the duty switch: a crew on its way is on its way even when it is said to be
    on a break.
    """
    if front_assignment_state is not None:
        return front_assignment_state
    return IDLE if duty == Duty.ON_DUTY else duty


def duty_time(occurred_at: datetime | None, changed_at: datetime, now: datetime) -> datetime:
    """Return from when a new duty counts: when it was said, but not in the future.

    Parameters
    ----------
    occurred_at
        When it was said, by the sender's clock; None: just now.
    changed_at
        From when the present duty counts.

    Raises
    ------
    Conflict
        ``duty_overtaken`` when the present duty was said later: the newer word holds. What is said
        just now holds whatever a clock, set back meanwhile, tells.
    """
    if occurred_at is None:
        return max(now, changed_at)
    said_at = min(occurred_at, now)
    if said_at < changed_at - _CLOCKS_DIFFER_BY:
        message = N_("The crew's duty was changed after that: this no longer counts.")
        raise Conflict("duty_overtaken", message)
    return max(said_at, changed_at)
