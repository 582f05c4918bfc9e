"""Rules of check-ins, and the kinds of help that a crew can ask for. Pure.

A crew on scene says every so often that it is all right. Its own clock counts: what a phone without
signal sends late proves that the crew was well *then*, and no later.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from enum import StrEnum

from dispatch.core.errors import N_


class WorkPlace(StrEnum):
    """Where a crew works; None where nobody has said it yet."""

    INDOORS = "indoors"
    OUTDOORS = "outdoors"


WORK_PLACE_LABELS = {
    WorkPlace.INDOORS: N_("Indoors"),
    WorkPlace.OUTDOORS: N_("Outdoors"),
}


class WatchState(StrEnum):
    """How far a check-in has gone that nobody has made yet."""

    WELL = "well"
    DUE = "due"
    """The phone rings."""
    MISSED = "missed"
    """The desk is alarmed."""
    ESCALATED = "escalated"
    """The supervisor is told."""


class HelpKind(StrEnum):
    """What a crew that asks for help needs."""

    SECOND_CREW = "second_crew"
    CORDON = "cordon"
    EXCAVATOR = "excavator"
    OTHER_SKILL = "other_skill"
    FIRE_BRIGADE = "fire_brigade"
    POLICE = "police"


HELP_LABELS = {
    HelpKind.SECOND_CREW: N_("A second crew"),
    HelpKind.CORDON: N_("A crew to close off the place"),
    HelpKind.EXCAVATOR: N_("An excavator"),
    HelpKind.OTHER_SKILL: N_("Somebody with another skill"),
    HelpKind.FIRE_BRIGADE: N_("Fire brigade or ambulance"),
    HelpKind.POLICE: N_("Police"),
}


@dataclass(frozen=True, slots=True)
class Intervals:
    """How often a crew reports, and how long each step of a missed check-in takes; seconds.

    Attributes
    ----------
    every_s
        From one sign of life to the next; then the phone rings.
    grace_s
        For how long it rings before the desk is alarmed.
    supervisor_s
        How long after the desk the supervisor is told.
    """

    every_s: float
    grace_s: float
    supervisor_s: float


def strictest(choices: Iterable[Intervals]) -> Intervals | None:
    """Return the most frequent of some intervals: what holds while nobody said where; None of none.

    Where it is not known whether a crew stands in a cellar, it is taken to.
    """
    return min(choices, key=lambda each: (each.every_s, each.grace_s), default=None)


@dataclass(frozen=True, slots=True)
class SignOfLife:
    """What one check-in shows.

    Attributes
    ----------
    well_at
        The latest instant at which the crew is known to have been well.
    due_at
        When the next is due.
    clears
        Whether that lies ahead: what is known is recent enough for a watch to be quiet.
    news
        Whether anything was not known before.
    """

    well_at: datetime
    due_at: datetime
    clears: bool
    news: bool


def sign_of_life(
    known_at: datetime, said_at: datetime, now: datetime, every_s: float
) -> SignOfLife:
    """Return what a check-in shows, made when the crew's clock said ``said_at``.

    One of 02:13 that comes at 02:40, where 15 minutes are allowed, says that the crew was well at
    02:13 and leaves it overdue since 02:28. An older one than what is known says nothing new, and
    none is from the future, whatever a phone's clock says.

    Parameters
    ----------
    known_at
        Until when the crew is known to have been well.
    said_at
        The sender's own time.
    now
        The server's.
    every_s
        How often a sign of life is due.
    """
    said_at = min(said_at, now)
    well_at = max(known_at, said_at)
    due_at = well_at + timedelta(seconds=every_s)
    return SignOfLife(well_at, due_at, clears=due_at > now, news=said_at > known_at)


def answers_roll_call(said_at: datetime, asked_at: datetime, now: datetime) -> bool:
    """Return whether a sign of life answers a question to all crews: made after it was asked.

    A phone's clock may be some seconds behind the server's.
    """
    return min(said_at, now) >= asked_at - timedelta(seconds=CLOCK_DIFFERENCE_S)


CLOCK_DIFFERENCE_S = 5.0
LATE_S = 60.0
"""From this delay on it is said that a sign of life came late."""
SOS_TAKE_S = 60.0
"""How long an SOS may wait for a desk before the supervisor is told."""
ANSWER_WITHIN_S = 120.0
"""How long crews have to report when all are asked, unless it is said."""
