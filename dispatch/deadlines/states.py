"""Kinds of deadlines. Pure."""

from enum import StrEnum


class DeadlineKind(StrEnum):
    """What falls due; the stored names."""

    OFFER_ENDS = "offer_ends"


class How(StrEnum):
    """How a deadline was done with."""

    ACTED = "acted"
    CANCELLED = "cancelled"
