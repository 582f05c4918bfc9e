"""How long a model may work, who looks on, and whether it is still wanted."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from scripts.studies.siting.errors import InvalidLimitError


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a model is.

    Attributes
    ----------
    seconds, time_limit_s
        Time taken and given.
    objective
        Of the best answer so far, or None.
    bound
        As far as it is proven, or None.
    """

    seconds: float
    time_limit_s: float
    objective: float | None
    bound: float | None


Watch = Callable[[Progress], None]


class Clock:
    """Counts the time of one model.

    Parameters
    ----------
    time_limit_s
        Seconds; ``inf`` for no limit.
    progress
        Called now and then.
    cancelled
        Asked now and then; once it answers True, the model ends with its best answer so far.
    """

    def __init__(
        self,
        time_limit_s: float,
        progress: Watch | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        if math.isnan(time_limit_s) or time_limit_s < 0:
            message = f"time_limit_s is {time_limit_s}: it must be at least 0."
            raise InvalidLimitError(message)
        self.time_limit_s = float(time_limit_s)
        self._progress = progress
        self._cancelled = cancelled
        self._started_s = time.perf_counter()
        self.stopped = False
        """Whether it was cancelled."""
        self._objective: float | None = None
        self._bound: float | None = None

    @property
    def watched(self) -> bool:
        """Whether somebody looks on or may cancel."""
        return self._progress is not None or self._cancelled is not None

    def seconds(self) -> float:
        """Return the time taken."""
        return time.perf_counter() - self._started_s

    def left_s(self) -> float:
        """Return the time left, at least 0."""
        return 0.0 if self.stopped else max(self.time_limit_s - self.seconds(), 0.0)

    def over(self) -> bool:
        """Return whether the model has to end."""
        if not self.stopped and self._cancelled is not None and self._cancelled():
            self.stopped = True
        return self.left_s() <= 0.0

    def tell(self, objective: float | None = None, bound: float | None = None) -> None:
        """Tell whoever looks on; None leaves a number as it was."""
        self._objective = self._objective if objective is None else objective
        self._bound = self._bound if bound is None else bound
        if self._progress is not None:
            self._progress(
                Progress(self.seconds(), self.time_limit_s, self._objective, self._bound)
            )
