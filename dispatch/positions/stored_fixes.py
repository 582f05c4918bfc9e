"""What became of each fix and heartbeat, and who is told of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from typing import Protocol

from sqlalchemy.orm import Session

from dispatch.positions.device_rules import OFF_DUTY
from dispatch.positions.device_rules import Heartbeat
from dispatch.positions.fix_rules import OUTDATED
from dispatch.positions.fix_rules import TOO_NEAR
from dispatch.positions.fix_rules import Fix
from dispatch.positions.types import FixStatus


class Stored(NamedTuple):
    """What became of a fix: ``used``, ``kept`` with a reason, ``duplicate``, or an unknown crew."""

    status: FixStatus
    reason: str | None = None


USED = Stored("used")
DUPLICATE = Stored("duplicate")
NO_SUCH_CREW = Stored("refused", "no_such_crew")
OFF_DUTY_FIX = Stored("refused", OFF_DUTY)
HEARD_ONLY = Stored("kept", "heartbeat")
SAYS_NOTHING_NEW = frozenset({None, OUTDATED, TOO_NEAR, HEARD_ONLY.reason})
"""Reasons that leave a crew where it was; None is that of duplicates."""
Report = Fix | Heartbeat


class Hears(Protocol):
    """Is told what was stored, inside the transaction that stores it."""

    def __call__(
        self, session: Session, reports: Sequence[Report], found: Sequence[Stored], now: datetime
    ) -> None:
        """Take note of reports and of what became of each."""
