"""When commits wait for the standby, and when it is let go. Pure: what was seen is told."""

from dataclasses import dataclass
from enum import Enum
from enum import auto

PATIENCE_S = 2.0
"""A standby that does not keep up for so long, while somebody waits for it, is let go."""
STEADY_S = 3.0
"""One that has kept up for so long is waited for again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at the primary.

    Attributes
    ----------
    is_synchronous
        Whether commits wait for the standby.
    written_bytes
        How far the primary's log is written, from its beginning.
    flushed_bytes
        How far the standby has it on its disk; None if it is not connected.
    waiting
        How many commits wait at this moment.
    """

    is_synchronous: bool
    written_bytes: int
    flushed_bytes: int | None
    waiting: int


class Verdict(Enum):
    """What is to be done."""

    NOTHING = auto()
    LET_GO = auto()
    WAIT_FOR_IT = auto()


class StandbyWatch:
    """Remembers since when the standby has been well, or ill; times are of a steady clock."""

    def __init__(self) -> None:
        self._written_before: int | None = None
        self._since_s: float | None = None
        self._was_well = False

    def judge(self, now_s: float, seen: Seen) -> Verdict:
        """Return what is to be done after a look.

        A standby is well if it has on its disk what the primary had written one look earlier.
        """
        before = self._written_before
        keeps_up = (
            seen.flushed_bytes is not None and before is not None and seen.flushed_bytes >= before
        )
        if seen.flushed_bytes is not None and seen.is_synchronous and not seen.waiting:
            keeps_up = True  # nobody is held up
        self._written_before = seen.written_bytes
        if self._since_s is None or keeps_up is not self._was_well:
            self._since_s, self._was_well = now_s, keeps_up
        lasted_s = now_s - self._since_s
        if seen.is_synchronous and not keeps_up and lasted_s >= PATIENCE_S:
            return Verdict.LET_GO
        if not seen.is_synchronous and keeps_up and lasted_s >= STEADY_S:
            return Verdict.WAIT_FOR_IT
        return Verdict.NOTHING
