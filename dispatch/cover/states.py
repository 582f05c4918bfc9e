"""States of a move-up, and how it ends. Pure rules."""

from enum import StrEnum
from typing import Final


class MoveUpState(StrEnum):
    """How far a crew is that was asked to stand elsewhere."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    ENDED = "ended"


class MoveUpEnd(StrEnum):
    """Why a crew no longer has to stand there."""

    DECLINED = "declined"
    CANCELLED = "cancelled"
    SENT = "sent"
    """It was sent to an incident, which is what it stood there for."""
    OFF_DUTY = "off_duty"


LIVE_MOVE_UPS: Final = (MoveUpState.ASKED, MoveUpState.ACCEPTED)
