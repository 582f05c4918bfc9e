"""What a crew is doing: its duty, and its state as the board shows it. Pure rules."""

from enum import StrEnum


class Duty(StrEnum):
    """Whether a crew can be sent."""

    OFF_DUTY = "off_duty"
    ON_DUTY = "on_duty"
    ON_BREAK = "on_break"


def crew_state(duty: str, front_assignment_state: str | None) -> str:
    """Return what a crew is doing, as the board shows it.

    An order outranks the duty switch: a crew on its way is on its way even when it has just
    gone off duty.
    """
    if front_assignment_state is not None:
        return front_assignment_state
    return "idle" if duty == Duty.ON_DUTY else duty
