"""How often something may happen, by whom: counted in the memory of one worker."""

from collections.abc import Callable
from time import monotonic

_MOST_KEPT = 20_000


class Buckets:
    """Lets each key do something so often at once, and then as often as it fills up again.

    Parameters
    ----------
    burst
        How often at once.
    per_s
        How many more each second.
    time_s
        A clock that only goes forward, seconds.
    """

    def __init__(self, burst: float, per_s: float, time_s: Callable[[], float] = monotonic) -> None:
        self._burst = burst
        self._per_s = per_s
        self._time_s = time_s
        self._left: dict[object, tuple[float, float]] = {}

    def take(self, key: object) -> bool:
        """Count one more of a key; return whether it may be."""
        now_s = self._time_s()
        left, then_s = self._left.get(key, (self._burst, now_s))
        left = min(self._burst, left + (now_s - then_s) * self._per_s)
        if left < 1:
            self._left[key] = left, now_s
            return False
        if len(self._left) >= _MOST_KEPT:
            self._forget_full(now_s)
        self._left[key] = left - 1, now_s
        return True

    def _forget_full(self, now_s: float) -> None:
        """Forget keys that have been quiet for so long that they start anew anyway."""
        full_after_s = self._burst / self._per_s
        self._left = {
            key: (left, then_s)
            for key, (left, then_s) in self._left.items()
            if now_s - then_s < full_after_s
        }
