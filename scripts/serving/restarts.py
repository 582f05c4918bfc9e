"""When a child process that ended is started again. Pure: the time is told, nothing waits."""

from dataclasses import dataclass
from dataclasses import field


@dataclass(frozen=True, slots=True)
class BackOff:
    """How long to wait before a child is started again.

    Attributes
    ----------
    stable_after_s
        Whoever has lived for so long has started well; ending later, it is started again at once.
    pauses_s
        The pause after one, two, three … quick ends in a row; the last one for all that follow.
    troubled_after
        So many quick ends in a row are a trouble that somebody has to look at.
    """

    stable_after_s: float = 10.0
    pauses_s: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
    troubled_after: int = 3

    def pause_s(self, quick_ends: int) -> float:
        """Return how long to wait after so many quick ends in a row."""
        if quick_ends == 0:
            return 0.0
        return self.pauses_s[min(quick_ends, len(self.pauses_s)) - 1]


@dataclass(slots=True)
class ChildState:
    """What is known of one child: whether it runs, and how often it has ended too soon.

    Times are seconds of any clock that does not go back.
    """

    back_off: BackOff = field(default_factory=BackOff)
    running_since_s: float | None = None
    due_at_s: float = float("-inf")
    quick_ends: int = 0

    @property
    def is_troubled(self) -> bool:
        """Whether it ends again and again, soon after each start."""
        return self.quick_ends >= self.back_off.troubled_after

    def is_due(self, now_s: float) -> bool:
        """Return whether it is to be started now."""
        return self.running_since_s is None and now_s >= self.due_at_s

    def started(self, now_s: float) -> None:
        """Take note that it was started."""
        self.running_since_s = now_s

    def ended(self, now_s: float) -> bool:
        """Take note that it has ended, or could not be started; return whether trouble begins."""
        since_s = now_s if self.running_since_s is None else self.running_since_s
        was_troubled = self.is_troubled
        quick = now_s - since_s < self.back_off.stable_after_s
        self.quick_ends = self.quick_ends + 1 if quick else 0
        self.running_since_s = None
        self.due_at_s = now_s + self.back_off.pause_s(self.quick_ends)
        return self.is_troubled and not was_troubled

    def runs(self, now_s: float) -> bool:
        """Take note that it runs; return whether a trouble is over."""
        since_s = self.running_since_s
        if since_s is None or now_s - since_s < self.back_off.stable_after_s:
            return False
        was_troubled = self.is_troubled
        self.quick_ends = 0
        return was_troubled
