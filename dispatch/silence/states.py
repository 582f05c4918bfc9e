"""When a crew counts as silent, and what happens then. Pure.

A crew is heard by any request of a tracker, with a fix or without, and by its page's positions. One
that drives is missed sooner than one that stands; on a break it may be left alone for longer, and
off duty for ever.
"""

from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from enum import StrEnum
from typing import Final

from dispatch.crews.states import Duty

LATE_S: Final = 30.0
"""Whoever looks so much later than was meant was away: then nobody could be heard, either."""
LOOK_AGAIN_S: Final = 60.0
"""How often it is looked after a silent crew, should it be heard and nobody told."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a crew may be unheard; seconds.

    Attributes
    ----------
    driving_s, parked_s
        On duty, by whether it moved when it was heard last.
    break_s
        On a break.
    supervisor_s
        From the desk's alarm on until the supervisor is told.
    """

    driving_s: float
    parked_s: float
    break_s: float
    supervisor_s: float

    @classmethod
    def of_installation(cls, silent_s: float) -> "Limits":
        """Return the limits of crews for whom no others are set."""
        return cls(silent_s, 3 * silent_s, 10 * silent_s, silent_s)


class SilenceStep(StrEnum):
    """What is done."""

    NOTHING = "nothing"
    END_WATCH = "end_watch"
    """It is off duty."""
    ALARM = "alarm"
    ESCALATE = "escalate"
    HEARD = "heard"


@dataclass(frozen=True, slots=True)
class Silence:
    """What is known of a crew as far as its silence goes.

    Attributes
    ----------
    has_device
        Whether it has a tracker, or ever had a position: a crew with neither is nobody's to miss.
    heard_at
        When anything of it was heard last, or it went on duty, whichever is later.
    at_rest
        Whether it stood when it was heard last.
    escalate_at
        When the supervisor is to be told; None while nobody is alarmed.
    told
        Whether the supervisor was told, or somebody sees to it.
    """

    duty: Duty
    has_device: bool
    heard_at: datetime
    at_rest: bool
    escalate_at: datetime | None = None
    told: bool = False

    def limit_s(self, limits: Limits) -> float:
        """Return how long it may be unheard."""
        if self.duty is Duty.ON_BREAK:
            return limits.break_s
        return limits.parked_s if self.at_rest else limits.driving_s


def next_step(
    known: Silence, limits: Limits, now: datetime, due_at: datetime
) -> tuple[SilenceStep, datetime | None]:
    """Return what is to be done about a crew now, and when to look again; None: not any more.

    Parameters
    ----------
    now, due_at
        What time it is, and when it was meant to be looked.

    Notes
    -----
    A time of hearing that is ahead of the clock, which has been set back, counts as now.
    """
    if known.duty is Duty.OFF_DUTY:
        return SilenceStep.END_WATCH, None
    limit_s = known.limit_s(limits)
    if not known.has_device:
        return SilenceStep.NOTHING, now + timedelta(seconds=limit_s)
    heard_at = min(known.heard_at, now)
    alarmed = known.escalate_at is not None
    if (now - heard_at).total_seconds() < limit_s:
        due = heard_at + timedelta(seconds=limit_s)
        return (SilenceStep.HEARD if alarmed else SilenceStep.NOTHING), due
    if known.escalate_at is not None:
        return _while_silent(known, known.escalate_at, now)
    if (now - due_at).total_seconds() > LATE_S:
        return SilenceStep.NOTHING, now + timedelta(seconds=limit_s)
    return SilenceStep.ALARM, now + timedelta(seconds=min(limits.supervisor_s, LOOK_AGAIN_S))


def _while_silent(
    known: Silence, escalate_at: datetime, now: datetime
) -> tuple[SilenceStep, datetime]:
    again = now + timedelta(seconds=LOOK_AGAIN_S)
    if known.told:
        return SilenceStep.NOTHING, again
    if now >= escalate_at:
        return SilenceStep.ESCALATE, again
    return SilenceStep.NOTHING, min(again, escalate_at)
