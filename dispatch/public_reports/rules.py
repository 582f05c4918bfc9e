"""What an installation decided about reports from the public. Pure."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class ReportRules:
    """How reports from the public are taken.

    Parameters
    ----------
    on
        Whether they are taken at all.
    key
        Signs challenges and codes.
    bits
        How much a browser has to calculate: each bit doubles it.
    unit
        Code of the unit that they go to; None for the whole installation's.
    emergency_phone
        Whom to call where it is a matter of life.
    most_waiting
        How many may wait for the desk before no more are taken.
    """

    on: bool
    key: bytes
    bits: int = 17
    unit: str | None = None
    emergency_phone: str = ""
    most_waiting: int = 300
    kept: timedelta = timedelta(days=30)
    """How long what was settled is remembered."""
