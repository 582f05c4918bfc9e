"""Where a clock stands, how it ends, and why a pledge was missed. Pure words."""

from enum import StrEnum

from dispatch.core.errors import N_


class ClockState(StrEnum):
    """Where a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    """What was promised has happened, in time or not."""
    ENDED = "ended"
    """It is not needed any more: the incident was cancelled, merged, closed."""


class ClockVerdict(StrEnum):
    """Whether a pledge was kept; a clock that ended in time without being needed has none."""

    KEPT = "kept"
    BREACHED = "breached"


class EndReason(StrEnum):
    """Why a clock ended without being stopped."""

    CANCELLED = "cancelled"
    MERGED = "merged"
    CLOSED = "closed"
    FOLLOW_UP = "follow_up"
    """The repair follows in another incident, and the clock with it."""
    REOPENED = "reopened"
    """There is work again, and the promise begins anew after it."""
    NO_PLEDGE = "no_pledge"
    """The incident changed, and nothing is promised for what it is now."""


class BreachCause(StrEnum):
    """Why a pledge was missed."""

    NOBODY_FREE = "nobody_free"
    SENT_LATE = "sent_late"
    NOT_ANSWERED = "not_answered"
    SET_OUT_LATE = "set_out_late"
    LONG_WAY = "long_way"
    CHANGED_LATE = "changed_late"
    LONG_WORK = "long_work"
    OTHER = "other"
    """Chosen by the desk, which says in words what it was."""


VERDICT_LABELS = {ClockVerdict.KEPT: N_("Kept"), ClockVerdict.BREACHED: N_("Missed")}
CAUSE_LABELS = {
    BreachCause.NOBODY_FREE: N_("Nobody was free"),
    BreachCause.SENT_LATE: N_("Sent late"),
    BreachCause.NOT_ANSWERED: N_("Not answered"),
    BreachCause.SET_OUT_LATE: N_("Set out late"),
    BreachCause.LONG_WAY: N_("Long way"),
    BreachCause.CHANGED_LATE: N_("Report changed late"),
    BreachCause.LONG_WORK: N_("Long work"),
    BreachCause.OTHER: N_("Something else"),
}
