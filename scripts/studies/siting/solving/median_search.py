"""Good solutions of p-median problems by exchange."""

from typing import Final
from typing import Self

import numpy as np

from scripts.studies.siting.problem import FloatArray
from scripts.studies.siting.problem import IntArray
from scripts.studies.siting.solving import median_kernels as kernels
from scripts.studies.siting.solving.clock import Clock

_ONE_CALL: Final = 1e8
"""Entries of the matrix looked at between two looks at the clock: a tenth of a second."""
_SEED: Final = 4_711


class MedianSearch:
    """The best sites so far of one weighted cost matrix.

    Attributes
    ----------
    cost
        Weighted, finite, C-ordered, shape ``(n, m)``.
    value
        Of the best.
    is_open
        1 where a site is open, shape ``(m,)``; None while nothing better than a value from
        outside was found.
    """

    def __init__(self, cost: FloatArray, fixed: IntArray, clock: Clock, value: float) -> None:
        self.cost, self.clock, self.value = cost, clock, value
        self.is_open: IntArray | None = None
        self._fixed = fixed
        self._turn = 0

    @classmethod
    def begin(cls, cost: FloatArray, fixed: IntArray, count: int, clock: Clock) -> Self:
        """Return a search that begins with greedy addition and best exchange.

        Sites stay open where ``fixed`` is 1.
        """
        search = cls(cost, fixed, clock, np.inf)
        trial = (fixed == 1).astype(np.int64)
        kernels.add_greedily(cost, trial, count)
        search.from_mask(trial)
        return search

    def from_sites(self, sites: IntArray) -> None:
        """Improve other sites by exchange, and take them if they become the best."""
        trial = np.zeros(self.cost.shape[1], dtype=np.int64)
        trial[sites] = 1
        self.from_mask(trial)

    def from_mask(self, trial: IntArray) -> None:
        """Improve other sites, given as `is_open`, which is changed."""
        value = self._exchange(trial)
        if value < self.value * (1 - 1e-12):
            self.is_open, self.value = trial, value

    def look_at(self, sites: IntArray) -> None:
        """Improve other sites only if they are better than the best as they are."""
        value = float(self.cost[:, sites].min(axis=1).sum())
        if value < self.value * (1 - 1e-12):
            self.from_sites(sites)

    def restarted(self, tries: int, *, most_s: float = np.inf) -> None:
        """Try again from a few random exchanges off the best."""
        ends_s = self.clock.seconds() + most_s
        for _ in range(tries):
            if self.clock.over() or self.clock.seconds() > ends_s or self.is_open is None:
                return
            self._turn += 1
            trial = self.is_open.copy()
            kernels.shake(trial, self._fixed, 1 + self._turn % 4, _SEED + self._turn)
            self.from_mask(trial)

    def _exchange(self, trial: IntArray) -> float:
        at_once = max(int(_ONE_CALL / self.cost.size), 1)
        value = kernels.exchange_best(self.cost, trial, self._fixed, at_once)
        before = np.inf
        while value < before and not self.clock.over():
            before = value
            value = kernels.exchange_best(self.cost, trial, self._fixed, at_once)
        return value
