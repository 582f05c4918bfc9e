"""Branching on sites of a p-median problem, with Lagrangian bounds at every node.

Narula, Ogbu, Samuelsson (1977); fixing by reduced costs as in Beasley (1985), A note on solving
large p-median problems, European Journal of Operational Research 21.
"""

import heapq
import itertools
import math
from collections.abc import Callable
from typing import Final

import numpy as np

from scripts.studies.siting.solving.lagrangian import Relaxed
from scripts.studies.siting.solving.median_search import MedianSearch

_ROUNDS: Final = 60
_STEP: Final = 0.5
_NEAR: Final = 0.05
"""A pick is worth looking at where its bound is so near to the best solution."""


class Branching:
    """Best-first search; its state stands between two calls of `step`.

    Parameters
    ----------
    search
        Holds the best solution, which improves on the way.
    root
        Bound and fixings from which to start.
    least_gain
        How much better than a value a solution has to be: nodes that promise less are dropped.
    """

    def __init__(
        self, search: MedianSearch, root: Relaxed, least_gain: Callable[[float], float]
    ) -> None:
        self._search, self._least_gain = search, least_gain
        self._number = itertools.count()
        self._nodes: list[tuple[float, int, Relaxed]] = []
        self.bound = root.bound
        self.visited = 0
        self._keep(root)

    @property
    def done(self) -> bool:
        """Whether no node is left: the best solution is optimal."""
        return not self._nodes

    def step(self) -> None:
        """Branch at the node of lowest bound."""
        bound, _, node = heapq.heappop(self._nodes)
        if not self._promising(bound):
            self._nodes.clear()
        else:
            self.visited += 1
            site = _branching_site(node)
            for side in (1, -1):
                self._branch(node, site, side)
        lowest = self._nodes[0][0] if self._nodes else self._enough()
        self.bound = max(self.bound, min(lowest, self._enough()))

    def _enough(self) -> float:
        return self._search.value - self._least_gain(self._search.value)

    def _promising(self, bound: float) -> bool:
        return bound < self._enough()

    def _branch(self, node: Relaxed, site: int, side: int) -> None:
        fixed = node.fixed.copy()
        fixed[site] = side
        child = Relaxed(fixed, -math.inf, node.prices.copy(), node.reduced.copy(), node.pick.copy())
        child.inherited = max(node.bound, node.inherited)
        if self._is_leaf(child):
            return
        child.restart(_STEP)
        search = self._search
        child.ascend(search.cost, search.value, search.clock, rounds=_ROUNDS, enough=self._enough())
        self._keep(child)

    def _keep(self, node: Relaxed) -> None:
        bound = max(node.bound, node.inherited)
        if not self._promising(bound):
            return
        if math.isfinite(node.bound):
            if self._search.value - node.bound < _NEAR * self._search.value:
                self._search.look_at(node.pick)
            node.tighten(self._enough() - node.bound)
            if self._is_leaf(node):
                return
        heapq.heappush(self._nodes, (bound, next(self._number), node))

    def _is_leaf(self, node: Relaxed) -> bool:
        """Return whether nothing is left to decide; what is decided is looked at."""
        free, certain = node.fixed == 0, node.fixed == 1
        choose = len(node.pick) - int(certain.sum())
        left = int(free.sum())
        if choose == 0:
            self._search.look_at(np.flatnonzero(certain))
        elif left == choose:
            self._search.look_at(np.flatnonzero(certain | free))
        return choose <= 0 or left <= choose


def _branching_site(node: Relaxed) -> int:
    free = np.flatnonzero(node.fixed == 0)
    return int(free[node.reduced[free].argmin()])
