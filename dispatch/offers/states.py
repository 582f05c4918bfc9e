"""States of an offer and of each crew that it asks, with their words. Pure rules."""

from collections.abc import Collection
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from dispatch.core.errors import N_


class OfferState(StrEnum):
    """Where an offer stands."""

    OPEN = "open"
    TAKEN = "taken"
    EXPIRED = "expired"
    """Nobody accepted in time."""
    REFUSED = "refused"
    """Every crew that was asked declined."""
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    """The incident got a crew otherwise, or is over."""


UNTAKEN: Final = frozenset({OfferState.EXPIRED, OfferState.REFUSED})
"""Ended without anybody coming of it: the desk is alarmed."""


class EndedBy(StrEnum):
    """Why an offer ended though somebody might still have accepted it."""

    CREW_SENT = "crew_sent"
    INCIDENT_CLOSED = "incident_closed"
    INCIDENT_CANCELLED = "incident_cancelled"
    INCIDENT_MERGED = "incident_merged"


class AskedState(StrEnum):
    """How far one of the crews asked is."""

    ASKED = "asked"
    SEEN = "seen"
    DECLINED = "declined"
    ACCEPTED = "accepted"


OVER_SENTENCES: Final = {
    OfferState.EXPIRED: N_("Nobody accepted in time: this offer is over."),
    OfferState.REFUSED: N_("All crews declined: this offer is over."),
    OfferState.WITHDRAWN: N_("The desk has withdrawn this offer."),
    OfferState.ENDED: N_("This offer is over: the desk decided otherwise."),
}
"""What a crew is told that answers too late, but for one that was taken."""

LEAST_ACCEPT_S: Final = 10.0
MOST_ACCEPT_S: Final = 3_600.0


def is_refused(asked: Iterable[bool]) -> bool:
    """Return whether nobody is left who could accept; ``asked``: whether each crew declined."""
    return all(asked)


def crews_of(event_data: object) -> Collection[int]:
    """Return the crews that an event about an offer is told, by what the event carries."""
    asked = event_data.get("asked") if isinstance(event_data, dict) else None
    return asked if isinstance(asked, list) else ()
