"""Search outwards from many origins at once, up to a time limit."""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.closures.endpoint_distances import EndpointDistances
from routing.closures.endpoint_distances import join_seeds
from routing.engine.edge_expansion import Expansion
from routing.engine.edge_weights import UNREACHABLE_MS
from routing.engine.edge_weights import EdgeWeights
from routing.locate.endpoints import Endpoints
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.arrays import ranges

_SHIFT_MS = 1.0  # a weight of zero would be no arc to scipy


class ReachedIntervals(NamedTuple):
    """Reached intervals of directed edges, metres along each, with arrival times, milliseconds."""

    edge: IntArray
    from_m: FloatArray
    to_m: FloatArray
    from_ms: FloatArray
    to_ms: FloatArray

    def joined(self, others: "ReachedIntervals") -> "ReachedIntervals":
        """Return these intervals followed by others."""
        return ReachedIntervals(
            np.concatenate((self.edge, others.edge)),
            np.concatenate((self.from_m, others.from_m)),
            np.concatenate((self.to_m, others.to_m)),
            np.concatenate((self.from_ms, others.from_ms)),
            np.concatenate((self.to_ms, others.to_ms)),
        )


class OutwardSearch:
    """Dijkstra with a limit, for one set of weights under the closures in force.

    A contraction hierarchy is for times between given points; for "everything within ten minutes"
    plain Dijkstra is faster (ten minutes of Porto: 5 ms instead of 40).
    """

    def __init__(
        self, expansion: Expansion, length_m: FloatArray, distances: EndpointDistances
    ) -> None:
        self._expansion, self._length_m, self._distances = expansion, length_m, distances
        self._weights: EdgeWeights = distances.weights
        arc_ms = self._weights.arc_ms
        self._ms = np.where(arc_ms < UNREACHABLE_MS, arc_ms, np.inf).astype(np.float64)
        # Up to where each edge can be driven from its beginning, and its whole length.
        self._upto_m = distances.closed.first_closed_m(length_m)
        self._whole_m = np.repeat(length_m, 2)
        self._columns = expansion.arc_to.astype(np.int32)
        self._rows = expansion.leaving_start.astype(np.int32)

    def search(self, starts: Endpoints, limit_ms: float) -> ReachedIntervals:
        """Return all intervals reached within the limit from the nearest origin."""
        begin_ms = self._begin_ms(*self._seeds(starts), limit_ms)
        edge = np.flatnonzero(begin_ms <= limit_ms)
        edge_ms = self._weights.edge_ms[edge]
        onwards = self._cut(
            edge, np.zeros(len(edge)), self._upto_m[edge], begin_ms[edge], edge_ms, limit_ms
        )
        return onwards.joined(self._ahead_of_origins(starts, limit_ms))

    def _seeds(self, starts: Endpoints) -> tuple[IntArray, FloatArray]:
        """Return the states after the first turn of all origins, each once, with the time to it."""
        shut = (starts.edge >= 0) & self._distances.closed.shut[starts.edge]
        row, side = np.nonzero((starts.edge >= 0) & ~shut)
        edge, leaving = starts.edge[row, side], self._expansion.leaving_start
        arcs = ranges(leaving[edge], leaving[edge + 1])
        before_ms = starts.departing_ms[row, side]
        costs_ms = self._ms[arcs] + np.repeat(before_ms, leaving[edge + 1] - leaving[edge])
        local = join_seeds(
            [
                tree.seeds
                for one in np.flatnonzero(shut.any(axis=1)).tolist()
                for tree in self._distances.trees_out(starts.one(one))
                if tree.region is not None
            ]
        )
        nodes = np.concatenate((self._expansion.arc_to[arcs], local.nodes))
        states, slot = np.unique(nodes, return_inverse=True)
        best_ms = np.full(len(states), np.inf)
        np.minimum.at(best_ms, slot, np.concatenate((costs_ms, local.costs_ms)))
        return states, best_ms

    def _begin_ms(self, nodes: IntArray, costs_ms: FloatArray, limit_ms: float) -> FloatArray:
        """Return the time to the beginning of each directed edge, shape ``(2m,)``."""
        states = len(self._expansion.state_edge)
        graph = csr_array(
            (
                np.concatenate((self._ms, costs_ms + _SHIFT_MS)),
                np.concatenate((self._columns, nodes.astype(np.int32))),
                np.concatenate((self._rows, self._rows[-1:] + np.int32(len(nodes)))),
            ),
            shape=(states + 1, states + 1),
        )
        found = dijkstra(graph, indices=np.array(states), limit=limit_ms + _SHIFT_MS)
        reached = np.flatnonzero(np.isfinite(found[:states]))
        begin_ms = np.full(len(self._whole_m), np.inf)
        at_edge = self._expansion.state_edge[reached]
        np.minimum.at(begin_ms, at_edge, found[reached] - _SHIFT_MS)
        return begin_ms

    def _ahead_of_origins(self, starts: Endpoints, limit_ms: float) -> ReachedIntervals:
        """Return the intervals ahead of each origin on its own street."""
        row, side = np.nonzero(starts.edge >= 0)
        edge, from_m = starts.edge[row, side], starts.at_m[row, side]
        upto_m = np.array(
            [
                self._distances.closed.open_upto_m(one, at_m, float(self._whole_m[one]))
                for one, at_m in zip(edge.tolist(), from_m.tolist(), strict=True)
            ]
        )
        begin_ms = (starts.turning_ms + starts.walk_ms)[row, side].astype(np.float64)
        return self._cut(edge, from_m, upto_m, begin_ms, self._weights.edge_ms[edge], limit_ms)

    def _cut(
        self,
        edge: IntArray,
        from_m: FloatArray,
        upto_m: FloatArray,
        begin_ms: FloatArray,
        edge_ms: IntArray,
        limit_ms: float,
    ) -> ReachedIntervals:
        whole_m = self._whole_m[edge]
        ms_per_m = np.divide(edge_ms, whole_m, out=np.zeros(len(edge)), where=whole_m > 0)
        rest_m = np.divide(
            limit_ms - begin_ms, ms_per_m, out=np.zeros(len(edge)), where=ms_per_m > 0
        )
        to_m = np.minimum(upto_m, from_m + np.maximum(rest_m, 0.0))
        in_time = (begin_ms <= limit_ms) & (to_m > from_m)
        to_ms = begin_ms + (to_m - from_m) * ms_per_m
        return ReachedIntervals(
            edge[in_time], from_m[in_time], to_m[in_time], begin_ms[in_time], to_ms[in_time]
        )
