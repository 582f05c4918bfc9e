"""Branching on the sites of a maximal cover problem, with linear programs and cuts at every node.

HiGHS solves the linear programs. Its own branching, which knows nothing of the cuts' structure,
spends most of its time on looking for cuts and on heuristics that the exchange makes superfluous.
"""

import heapq
import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse import eye_array
from scipy.sparse import hstack
from scipy.sparse import vstack

from scripts.studies.siting.problem import BoolArray
from scripts.studies.siting.problem import FloatArray
from scripts.studies.siting.problem import IntArray
from scripts.studies.siting.solving.clock import Clock
from scripts.studies.siting.solving.cover_cuts import as_rows
from scripts.studies.siting.solving.cover_cuts import violated_triples
from scripts.studies.siting.solving.cover_search import CoverSearch
from scripts.studies.siting.solving.program import scale_to_a_million

_MARGIN: Final = 1e-7
"""Relative: the rounding of sums in a bound is far less."""
_EPSILON: Final = 1e-6
_LEAST_S: Final = 0.01
_ROOT_ROUNDS, _ROUNDS = 6, 2
_WORTH_IT: Final = 0.05
"""Cuts go on while a round closes so much of what is open."""


@dataclass(frozen=True, eq=False)
class _Node:
    least: FloatArray
    most: FloatArray
    site: int


class _NoOptimumError(Exception):
    """A linear program ended without an optimum."""


class CoverBranching:
    """Best-first search over the sites.

    Parameters
    ----------
    reach, weights
        Different rows and their weight.
    search
        Improves what linear programs suggest.
    crews
        The best so far.
    limits
        Least and most crews at each site, 0 or 1.
    whole
        Whether weights are whole numbers, so that a better answer is better by 1.
    """

    def __init__(
        self,
        reach: BoolArray,
        weights: FloatArray,
        search: CoverSearch,
        crews: IntArray,
        limits: tuple[IntArray, IntArray],
        *,
        whole: bool,
        clock: Clock,
    ) -> None:
        self._reach, self._weights, self._search = reach, weights, search
        self._count = int(crews.sum())
        self._whole, self._clock = whole, clock
        self._scale = scale_to_a_million(weights)
        n, m = reach.shape
        self._cover = csr_array(hstack((csr_array(-reach.astype(np.float64)), eye_array(n))))
        self._total = csr_array(np.concatenate((np.ones(m), np.zeros(n)))[None, :])
        self._cuts: IntArray = np.empty((0, 3), dtype=np.int64)
        self._rows = csr_array((0, m + n))
        self._number = itertools.count()
        self._nodes: list[tuple[float, int, _Node]] = []
        self._root = limits[0].astype(np.float64), limits[1].astype(np.float64)
        self.crews, self.value = crews, search.value(crews)
        self._gain = self._least_gain()
        self.bound = float(weights.sum())
        self.visited = 0

    def run(self) -> bool:
        """Return whether the tree was searched to its end; `bound` holds in any case."""
        try:
            self._visit(_Node(*self._root, -1), _ROOT_ROUNDS)
            while self._nodes:
                self.bound = min(self.bound, max(-self._nodes[0][0], self.value))
                self._clock.tell(self.value, self.bound)
                if not self._promising(-self._nodes[0][0]):
                    break
                if self._clock.over():
                    return False
                _, _, node = heapq.heappop(self._nodes)
                for side in (1.0, 0.0):
                    least, most = node.least.copy(), node.most.copy()
                    least[node.site] = most[node.site] = side
                    self._visit(_Node(least, most, -1), _ROUNDS)
        except _NoOptimumError:
            return False
        # What was dropped promises less than the least gain.
        exact = self._whole and self._gain == 1.0
        self.bound = (
            self.value if exact else max((self.value + self._gain) * (1.0 - _MARGIN), self.value)
        )
        return True

    def _promising(self, bound: float) -> bool:
        return bound >= (self.value + self._gain) * (1.0 - _MARGIN)

    def _visit(self, node: _Node, rounds: int) -> None:
        self.visited += 1
        least, most = node.least, node.most
        m = len(least)
        before = np.inf
        for turn in itertools.count():
            if least.sum() > self._count or most.sum() < self._count:
                return
            bound, x, worth = self._relaxed(least, most)
            if not self._promising(bound):
                return
            if self.visited == 1:
                self.bound = min(self.bound, bound)
                self._clock.tell(self.value, self.bound)
            y = x[:m]
            self._look_at(y)
            slack = bound - (self.value + self._gain) * (1.0 - _MARGIN)
            if slack < 0:
                return
            most = np.where(-worth > slack, least, most)
            least = np.where(worth > slack, most, least)
            free = least < most
            if not free.any():
                self._look_at(most)
                return
            halves = np.where(free, np.minimum(y, 1.0 - y), -1.0)
            site = int(np.argmax(halves))
            going_on = turn < rounds and before - bound > _WORTH_IT * slack
            if halves[site] > _EPSILON and going_on and self._cut(y, x[m:]):
                before = bound
                continue
            heapq.heappush(self._nodes, (-bound, next(self._number), _Node(least, most, site)))
            return

    def _cut(self, y: FloatArray, x: FloatArray) -> bool:
        """Add the cuts that a solution violates most; return whether there are any."""
        cuts = violated_triples(self._reach, y, x)
        if len(cuts):
            self._cuts = np.vstack((self._cuts, cuts))
            self._rows = csr_array(vstack((self._rows, as_rows(cuts, self._reach))))
        return len(cuts) > 0

    def _relaxed(self, least: FloatArray, most: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """Return bound, solution, and at most how much a unit more of each y is worth.

        Any prices of the rows give a bound; that of the solver's prices is computed here, so that
        its tolerances do not matter (Neumaier, Shcherbina 2004, Safe bounds in linear and
        mixed-integer linear programming).
        """
        n, m = self._reach.shape
        objective = np.concatenate((np.zeros(m), self._weights * self._scale))
        rows = csr_array(vstack((self._cover, self._rows)))
        at_most = np.concatenate((np.zeros(n), np.ones(len(self._cuts))))
        low, high = np.append(least, np.zeros(n)), np.append(most, np.ones(n))
        found = linprog(  # type: ignore[call-overload] # its stubs know dense matrices only
            -objective,
            A_ub=rows,
            b_ub=at_most,
            A_eq=self._total,
            b_eq=[self._count],
            bounds=np.column_stack((low, high)),
            method="highs-ds",
            options={"time_limit": min(max(self._clock.left_s(), _LEAST_S), 1e9)},
        )
        if found.status != 0:
            raise _NoOptimumError
        prices = np.maximum(-found.ineqlin.marginals, 0.0)
        crew = -float(found.eqlin.marginals[0])
        reduced = objective - rows.T @ prices - np.append(np.full(m, crew), np.zeros(n))
        bound = prices @ at_most + crew * self._count
        bound += float(np.maximum(reduced * low, reduced * high).sum())
        return float(bound) / self._scale, found.x, reduced[:m] / self._scale

    def _look_at(self, y: FloatArray) -> None:
        fixed, most = self._root
        crews = fixed.astype(np.int64)
        order = np.argsort(-np.where(most > fixed, y, -1.0), kind="stable")
        crews[order[: self._count - int(crews.sum())]] += 1
        trial = self._search.improved(crews)
        value = self._search.value(trial)
        if value > self.value:
            self.crews, self.value = trial, value
            self._gain = self._least_gain()

    def _least_gain(self) -> float:
        """Return by how much another answer has to be better to count."""
        return max(float(self._whole), 1.5 * _MARGIN * self.value)
