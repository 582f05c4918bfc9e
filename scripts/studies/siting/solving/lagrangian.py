"""The Lagrangian bound of a p-median problem, and what it rules out."""

import math
from dataclasses import dataclass
from dataclasses import field
from typing import Final
from typing import Self

import numpy as np

from scripts.studies.siting.problem import BoolArray
from scripts.studies.siting.problem import FloatArray
from scripts.studies.siting.problem import IntArray
from scripts.studies.siting.solving import median_kernels as kernels
from scripts.studies.siting.solving.clock import Clock

_ONE_CALL: Final = 4e7
"""Entries of the matrix looked at between two looks at the clock: some hundredths of a second."""

_WORTH_COPYING: Final = 0.8
"""Where fewer of the columns are left, steps on a copy of these are faster."""
_LEAST_STEP: Final = 1e-3
"""Of the kernel: it ends there."""


@dataclass(eq=False)
class Relaxed:
    """The best bound found at one place of the search, with its prices.

    Attributes
    ----------
    fixed
        1: open here, -1: closed here, 0: free; shape ``(m,)``.
    prices, reduced, pick
        Of the best bound.
    """

    fixed: IntArray
    bound: float
    prices: FloatArray
    reduced: FloatArray
    pick: IntArray
    inherited: float = -math.inf
    """The bound of a node above."""
    _state: FloatArray = field(default_factory=lambda: np.array([-np.inf, 1.0, 0.0]))

    @classmethod
    def start(cls, prices: FloatArray, fixed: IntArray, count: int) -> Self:
        """Return a place where no bound is known yet."""
        free = np.flatnonzero(fixed != -1)[:count]
        return cls(fixed, -math.inf, prices.copy(), np.zeros(len(fixed)), free.astype(np.int64))

    def restart(self, step: float) -> None:
        """Go on from the best prices with a step of this size."""
        self._state[1], self._state[2] = step, 0.0

    def ascend(
        self,
        cost: FloatArray,
        upper: float,
        clock: Clock,
        *,
        rounds: int,
        enough: float = math.inf,
    ) -> None:
        """Raise the bound by so many steps, fewer when the time is over."""
        kept = np.flatnonzero(self.fixed != -1)
        if len(kept) > _WORTH_COPYING * len(self.fixed) or len(kept) < len(self.pick):
            kept = np.arange(len(self.fixed))
        part = cost if len(kept) == len(self.fixed) else np.ascontiguousarray(cost[:, kept])
        reduced, pick = self.reduced[kept], np.zeros_like(self.pick)
        before = self.bound
        prices, best = self.prices.copy(), self.prices.copy()
        at_once = max(int(_ONE_CALL / max(part.size, 1)), 1)
        while rounds > 0 and not clock.over():
            self.bound = kernels.ascend(
                part,
                prices,
                np.ascontiguousarray(self.fixed[kept]),
                len(self.pick),
                upper,
                min(rounds, at_once),
                best,
                reduced,
                pick,
                self._state,
                enough,
            )
            rounds -= at_once
            if self.bound >= enough or self._state[1] < _LEAST_STEP:
                break
        if self.bound > before:
            self.prices, self.pick = best, kept[pick]
            self.reduced = np.zeros(len(self.fixed))
            self.reduced[kept] = reduced

    def penalties(self) -> FloatArray:
        """Return by how much the bound rises at least if a site is opened; shape ``(m,)``."""
        free = self.fixed == 0
        choose = len(self.pick) - int((self.fixed == 1).sum())
        penalty = np.zeros(len(self.fixed))
        if choose <= 0:
            penalty[free] = np.inf
        elif free.sum() > choose:
            last = np.partition(self.reduced[free], choose - 1)[choose - 1]
            penalty[free] = np.maximum(self.reduced[free] - last, 0.0)
        penalty[self.fixed == -1] = np.inf
        return penalty

    def tighten(self, slack: float) -> None:
        """Close the sites that cannot be in a better solution, open those that are in every one."""
        if not math.isfinite(self.bound):
            return
        self.fixed = self.fixed.copy()
        self.fixed[(self.penalties() > slack) & (self.fixed == 0)] = -1
        free = np.flatnonzero(self.fixed == 0)
        choose = len(self.pick) - int((self.fixed == 1).sum())
        if choose <= 0 or len(free) <= choose:
            return
        ranked = free[np.argsort(self.reduced[free], kind="stable")]
        following = self.reduced[ranked[choose]]
        certain = ranked[:choose][following - self.reduced[ranked[:choose]] > slack]
        self.fixed[certain] = 1

    def pairs(self, cost: FloatArray, slack: float) -> BoolArray:
        """Return which demand may be served by which site in a better solution."""
        above = np.maximum(cost - self.prices[:, None], 0.0) + self.penalties()[None, :]
        return np.asarray(above <= slack)


def prices_between(cost: FloatArray, is_open: IntArray) -> FloatArray:
    """Return prices halfway between the nearest and the second-nearest open site."""
    part = cost[:, is_open > 0]
    if part.shape[1] == 1:
        return np.ascontiguousarray(part[:, 0])
    two = np.partition(part, 1, axis=1)[:, :2]
    return np.ascontiguousarray(two.mean(axis=1))
