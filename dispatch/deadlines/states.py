"""Kinds of deadlines. Pure."""

from enum import StrEnum


class DeadlineKind(StrEnum):
    """What falls due; the stored names."""

    PLEDGE_CLOCKS = "pledge_clocks"
    """The next warning or limit of an incident's clocks."""
    OFFER_ENDS = "offer_ends"
    CHAIN_STEP = "chain_step"
    CHAIN_REOFFER = "chain_reoffer"
    CHECK_IN = "check_in"
    """A crew on scene has to say that it is all right: it is rung, then missed, then escalated."""
    ROLL_CALL = "roll_call"
    SOS_UNTAKEN = "sos_untaken"


class How(StrEnum):
    """How a deadline was done with."""

    ACTED = "acted"
    CANCELLED = "cancelled"
