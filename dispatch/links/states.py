"""What a public link is for. Pure."""

from enum import StrEnum


class LinkPurpose(StrEnum):
    """What is behind a link; the stored names. One of another purpose does not open it."""

    CALLER = "caller"
    """How far a case is, for whoever reported it."""
    REPORT = "report"
    """The printable report of a finished order, for the customer."""
