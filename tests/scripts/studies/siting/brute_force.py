"""Small siting problems solved by trying everything: slow, and plain enough to be believed."""

import itertools
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scripts.studies.inputs.points import BoolArray
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray

Choice = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Small:
    """A problem of a few rows and sites."""

    cost: FloatArray
    weights: FloatArray
    must: BoolArray
    may: BoolArray
    count: int
    limit: float
    most: IntArray

    @property
    def demand(self) -> BoolArray:
        """Rows that count."""
        return np.asarray(self.weights > 0)

    def choices(self, count: int, *, repeated: bool = False) -> Iterator[Choice]:
        """Give all allowed choices of so many sites, or crews at sites."""
        allowed = np.flatnonzero(self.may).tolist()
        several = itertools.combinations_with_replacement if repeated else itertools.combinations
        for choice in several(allowed, count):
            if not set(np.flatnonzero(self.must).tolist()) <= set(choice):
                continue
            if repeated and any(choice.count(site) > self.most[site] for site in choice):
                continue
            yield choice

    def best(
        self,
        worth: Callable[[Choice], float | None],
        *,
        count: int | None = None,
        repeated: bool = False,
    ) -> float | None:
        """Return the highest worth; None where no choice is allowed or worth anything."""
        number = self.count if count is None else count
        found = (worth(choice) for choice in self.choices(number, repeated=repeated))
        return max((each for each in found if each is not None), default=None)

    def times(self, choice: Choice, limit: float) -> IntArray:
        """Return how often each row is covered."""
        return np.asarray((self.cost[:, list(choice)] <= limit).sum(axis=1))

    def covered(self, choice: Choice) -> float:
        """Return the weight within the limit."""
        return float(self.weights[self.times(choice, self.limit) > 0].sum())

    def nearest(self, choice: Choice) -> FloatArray:
        """Return costs to the nearest site, of rows that count."""
        none = np.full((len(self.cost), 1), np.inf)
        part = np.hstack((self.cost[:, list(choice)], none))
        return np.asarray(part.min(axis=1)[self.demand])

    def minus_median(self, choice: Choice) -> float | None:
        """Return the negative weighted sum; None if a row is not reached."""
        nearest = self.nearest(choice)
        if np.isinf(nearest).any():
            return None
        return -float((self.weights[self.demand] * nearest).sum())

    def minus_center(self, choice: Choice) -> float | None:
        """Return the negative largest cost; None if a row is not reached."""
        largest = float(self.nearest(choice).max(initial=0.0))
        return None if np.isinf(largest) else -largest

    def expected(self, choice: Choice, busy: float) -> float:
        """Return the expected cover."""
        return float(self.weights @ (1.0 - busy ** self.times(choice, self.limit)))

    def doubled(self, choice: Choice, second_limit: float, alpha: float) -> float | None:
        """Return the weight covered twice; None where a standard is broken."""
        if (self.times(choice, second_limit)[self.demand] == 0).any():
            return None
        once = self.covered(choice)
        if once < alpha * self.weights.sum() * (1 - 1e-9):
            return None
        return float(self.weights[self.times(choice, self.limit) > 1].sum())

    def fewest(self) -> tuple[int, float] | None:
        """Return the fewest sites that cover all, and the most backup with so many."""
        for count in range(len(self.may) + 1):
            backup = self.best(self._backup, count=count)
            if backup is not None:
                return count, backup
        return None

    def _backup(self, choice: Choice) -> float | None:
        times = self.times(choice, self.limit)
        if (times[self.demand] == 0).any():
            return None
        return float(self.weights[times > 1].sum())

    def served(self, choice: Choice, capacities: FloatArray) -> float | None:
        """Return the negative weighted sum where sites serve so much, each row from one site."""
        rows = np.flatnonzero(self.demand).tolist()
        best: float | None = None
        for sites in itertools.product(choice, repeat=len(rows)):
            load = np.zeros(len(self.may))
            np.add.at(load, list(sites), self.weights[rows])
            total = float((self.weights[rows] * self.cost[rows, list(sites)]).sum())
            if np.isfinite(total) and (load <= capacities).all():
                best = -total if best is None else max(best, -total)
        return best
