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
    CREW_SKILLS = "crew_skills"
    """A ticket of a crew's member begins or ends to count, or is to be warned of."""
    ROTA = "rota"
    """Shifts of the next weeks are made, crews whose shift ends soon are told."""
    STAFFING = "staffing"
    """The gaps of tomorrow are told to the desk."""
    CREW_SILENT = "crew_silent"
    """A crew on duty has to have been heard; looked at again and again while it is."""
    LOAN = "loan"
    """A crew's loan begins, or ends."""


class How(StrEnum):
    """How a deadline was done with."""

    ACTED = "acted"
    CANCELLED = "cancelled"
