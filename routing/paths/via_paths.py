"""Ways between two places by way of a third: what alternatives are chosen from."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from routing.closures.endpoint_distances import join_seeds
from routing.closures.local_search import LocalTree
from routing.engine.edge_expansion import Expansion
from routing.engine.edge_weights import EdgeWeights
from routing.engine.hierarchy import ContractionHierarchy
from routing.engine.hierarchy import Seeds
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.paths.local_paths import Drive
from routing.paths.path import Way


@dataclass(frozen=True, eq=False)
class Detour:
    """A way by way of a state.

    Attributes
    ----------
    way
        The whole way.
    arcs
        Of the expanded network; the ``i``-th leads into the ``i + 1``-th edge of the way.
    via
        Which edge of the way begins at the state.
    """

    way: Way
    arcs: IntArray
    via: int


class Detours:
    """The fastest ways between two ends through any state, as long as the search is locked.

    Each half of such a way is a fastest one; only around the state itself it may be none.
    """

    def __init__(
        self,
        engine: ContractionHierarchy,
        expansion: Expansion,
        weights: EdgeWeights,
        ends: tuple[list[LocalTree], list[LocalTree]],
        join: Callable[[IntArray, IntArray], tuple[Drive, int]],
        way: Callable[[Drive], Way],
    ) -> None:
        self._engine, self._expansion, self._weights = engine, expansion, weights
        self._begin, self._end = join_seeds(ends[0]), join_seeds(ends[1])
        self._join, self._to_way = join, way

    def times_ms(self, states: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return the time to the beginning of each state, and on from there; ``inf`` if none."""
        return (
            self._engine.one_to_many([self._begin], states)[0],
            self._engine.many_to_one(states, [self._end])[0],
        )

    def by_way_of(self, state: int) -> Detour | None:
        """Return the fastest way through a state; nothing if there is none."""
        here = Seeds(np.array([state]), np.array([0]))
        _, states_to, arcs_to = self._engine.path(self._begin, here)
        _, states_on, arcs_on = self._engine.path(here, self._end)
        if not len(states_to) or not len(states_on):
            return None
        states = np.concatenate((states_to, states_on[1:]))
        drive, before = self._join(states, np.concatenate((arcs_to, arcs_on)))
        return Detour(self._to_way(drive), drive.arcs, before + len(arcs_to))

    def is_fastest_around(self, detour: Detour, reach_ms: float) -> bool:
        """Tell whether a detour is a fastest way from some time before its state to as long after.

        That makes it locally optimal: every part of it that takes no longer is a fastest way.
        """
        takes_ms = self._weights.arc_ms[detour.arcs].astype(np.float64)
        at_ms = np.concatenate(([0.0], np.cumsum(takes_ms)))
        here_ms = at_ms[detour.via]
        first = int(np.searchsorted(at_ms, here_ms - reach_ms, side="left"))
        last = int(np.searchsorted(at_ms, here_ms + reach_ms, side="right")) - 1
        arcs = detour.arcs
        states = np.append(self._expansion.arc_from[arcs[:1]], self._expansion.arc_to[arcs])
        begin, end = states[first], states[last]
        best_ms, _, _ = self._engine.path(
            Seeds(np.array([begin]), np.array([0])), Seeds(np.array([end]), np.array([0]))
        )
        return bool(best_ms >= at_ms[last] - at_ms[first])
