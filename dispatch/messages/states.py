"""The two sides of a conversation. Pure."""

from datetime import timedelta
from enum import StrEnum


class Side(StrEnum):
    """Who wrote a message, or read it."""

    DESK = "desk"
    CREW = "crew"


AFTERWARDS = timedelta(hours=24)
"""How long after its order ended a crew may still write and read about the incident."""
