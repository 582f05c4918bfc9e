"""Fastest paths between two endpoints via a given state, the candidates for alternatives."""

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
from routing.paths.local_paths import ArcPath
from routing.paths.path import RoadPath


@dataclass(frozen=True, eq=False)
class ViaPath:
    """A path via a state.

    Attributes
    ----------
    path
        The whole path.
    arcs
        Of the expanded network; the ``i``-th leads into the ``i + 1``-th edge of the path.
    via
        Index of the edge of the path that begins at the state.
    """

    path: RoadPath
    arcs: IntArray
    via: int


class ViaPaths:
    """Searches for via paths between two endpoints; valid while the search is locked.

    Each half of a via path is a fastest path; only around the via state it may not be one.
    """

    def __init__(
        self,
        hierarchy: ContractionHierarchy,
        expansion: Expansion,
        weights: EdgeWeights,
        trees: tuple[list[LocalTree], list[LocalTree]],
        join: Callable[[IntArray, IntArray], tuple[ArcPath, int]],
        path: Callable[[ArcPath], RoadPath],
    ) -> None:
        self._hierarchy, self._expansion, self._weights = hierarchy, expansion, weights
        self._begin, self._end = (join_seeds([tree.seeds for tree in side]) for side in trees)
        self._join, self._to_path = join, path

    def times_ms(self, states: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return the time to the beginning of each state, and from there on; ``inf`` if no path."""
        return (
            self._hierarchy.one_to_many([self._begin], states)[0],
            self._hierarchy.many_to_one(states, [self._end])[0],
        )

    def path_via(self, state: int) -> ViaPath | None:
        """Return the fastest path via a state; ``None`` if there is none."""
        here = Seeds(np.array([state]), np.array([0]))
        _, states_to, arcs_to = self._hierarchy.path(self._begin, here)
        _, states_on, arcs_on = self._hierarchy.path(here, self._end)
        if not len(states_to) or not len(states_on):
            return None
        states = np.concatenate((states_to, states_on[1:]))
        arc_path, before = self._join(states, np.concatenate((arcs_to, arcs_on)))
        return ViaPath(self._to_path(arc_path), arc_path.arcs, before + len(arcs_to))

    def is_fastest_around(self, via_path: ViaPath, reach_ms: float) -> bool:
        """Return whether a via path is a fastest path from some time before to as long after.

        That makes it locally optimal: every part of it that takes no longer is a fastest path.
        """
        takes_ms = self._weights.arc_ms[via_path.arcs].astype(np.float64)
        at_ms = np.concatenate(([0.0], np.cumsum(takes_ms)))
        here_ms = at_ms[via_path.via]
        first = int(np.searchsorted(at_ms, here_ms - reach_ms, side="left"))
        last = int(np.searchsorted(at_ms, here_ms + reach_ms, side="right")) - 1
        arcs = via_path.arcs
        states = np.append(self._expansion.arc_from[arcs[:1]], self._expansion.arc_to[arcs])
        begin, end = states[first], states[last]
        best_ms, _, _ = self._hierarchy.path(
            Seeds(np.array([begin]), np.array([0])), Seeds(np.array([end]), np.array([0]))
        )
        return bool(best_ms >= at_ms[last] - at_ms[first])
