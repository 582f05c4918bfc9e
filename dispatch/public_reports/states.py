"""How far a public report is, and what its sender proved. Pure."""

from enum import StrEnum


class PublicReportState(StrEnum):
    """The stored names."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    """An incident was made of it."""
    ATTACHED = "attached"
    """It tells of an incident that was known."""
    DISMISSED = "dismissed"


class Proof(StrEnum):
    """What was asked of the sender, against floods; the stored names."""

    WORK = "work"
    """The browser had to calculate for a second."""
    CODE = "code"
    """A code came to the telephone by SMS, so the number is real."""
