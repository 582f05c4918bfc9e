"""Local searches over closed roads, out of a closure and into it.

In the hierarchy a closed edge is a dead end: a path can reach its beginning, but not go on. Crews
are inside closures all the same, often at the incident that caused them. So from an origin on a
closed edge a local search runs outwards over the closed roads of the closures that contain it, to
every state where an open road begins; to a target it runs backwards. The result are seeds for the
hierarchy, as for any other endpoint.

Only closures around the endpoint itself are opened; a bridge with a closure of its own stays
closed.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.engine.edge_expansion import Expansion
from routing.engine.edge_weights import UNREACHABLE_MS
from routing.engine.edge_weights import EdgeWeights
from routing.engine.hierarchy import Seeds
from routing.locate.endpoints import PhantomNode
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.arrays import ranges

# Weights of the sparse graph must not be zero, and an endpoint can be at distance zero.
_SHIFT_MS = 1.0


class ClosedRegion:
    """The closed roads that may be driven from or to positions inside certain closures.

    Attributes
    ----------
    states
        States of those edges, sorted, shape ``(k,)``.
    out_arcs, out_from
        Arcs from them to other states, and the index in ``states`` of their first state.
    """

    def __init__(self, expansion: Expansion, weights: EdgeWeights, edges: IntArray) -> None:
        self._expansion, self._weights = expansion, weights
        edges = edges[weights.edge_ms[edges] < UNREACHABLE_MS]
        first, last = expansion.edge_states_start[edges], expansion.edge_states_start[edges + 1]
        self.states = np.sort(expansion.edge_states[ranges(first, last)])
        leaving = expansion.leaving_start
        arcs = ranges(leaving[self.states], leaving[self.states + 1])
        arcs = arcs[weights.arc_ms[arcs] < UNREACHABLE_MS]
        begin, end = self.index(expansion.arc_from[arcs]), self.index(expansion.arc_to[arcs])
        inner = end >= 0
        size = len(self.states)
        graph = csr_array(
            (weights.arc_ms[arcs[inner]].astype(np.float64), (begin[inner], end[inner])),
            shape=(size, size),
        )
        self._graphs = (graph, csr_array(graph.T))
        self.out_arcs, self.out_from = arcs[~inner], begin[~inner]

    def index(self, states: IntArray) -> IntArray:
        """Return the indices of states in ``states``; -1 for those not in it."""
        if not len(self.states):
            return np.full(len(states), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.states, states), len(self.states) - 1)
        return np.asarray(np.where(self.states[at] == states, at, -1))

    def spread(self, start_ms: FloatArray, *, backwards: bool) -> FloatArray:
        """Return the shortest times within the region, given some known ones.

        Parameters
        ----------
        start_ms
            Known time to the beginning of each state, or from there, shape ``(k,)``; else ``inf``.
        backwards
            Whether times are *from* the states.
        """
        known = np.flatnonzero(np.isfinite(start_ms))
        if not len(known):
            return start_ms
        graph = self._graphs[backwards]
        size = len(self.states)
        rows = np.concatenate((graph.indptr, [graph.indptr[-1] + len(known)]))
        columns = np.concatenate((graph.indices, known))
        ms = np.concatenate((graph.data, start_ms[known] + _SHIFT_MS))
        whole = csr_array((ms, columns, rows), shape=(size + 1, size + 1))
        return np.asarray(dijkstra(whole, indices=np.array(size))[:size] - _SHIFT_MS)


@dataclass(frozen=True, eq=False)
class LocalTree:
    """The shortest-path tree of one phantom node within its closures, and the resulting seeds.

    Attributes
    ----------
    phantom
        The phantom node.
    region, times_ms
        The closed roads around it and the times there; ``None`` and empty outside closures.
    seeds
        First or last states of the search in the hierarchy.
    """

    phantom: PhantomNode
    region: ClosedRegion | None
    times_ms: FloatArray
    seeds: Seeds


class LocalSearch:
    """Local searches with one set of weights."""

    def __init__(self, expansion: Expansion, weights: EdgeWeights) -> None:
        self._expansion, self._weights = expansion, weights

    def search_outwards(self, phantom: PhantomNode, region: ClosedRegion) -> LocalTree:
        """Return the tree of an origin: the states it reaches, and the time to each."""
        ahead, ahead_ms = self.arcs_ahead(phantom)
        heads = self._expansion.arc_to[ahead]
        index = region.index(heads)
        start_ms = np.full(len(region.states), np.inf)
        np.minimum.at(start_ms, index[index >= 0], ahead_ms[index >= 0])
        times_ms = region.spread(start_ms, backwards=False)
        out_ms = times_ms[region.out_from] + self._weights.arc_ms[region.out_arcs]
        nodes = np.concatenate(
            (heads[index < 0], region.states, self._expansion.arc_to[region.out_arcs])
        )
        costs_ms = np.concatenate((ahead_ms[index < 0], times_ms, out_ms))
        return LocalTree(phantom, region, times_ms, _finite(nodes, costs_ms))

    def search_inwards(self, phantom: PhantomNode, region: ClosedRegion) -> LocalTree:
        """Return the tree of a target: the states that reach it, and the time from each.

        A closed edge is a dead end in the hierarchy, so its beginning is only reached by an open
        road.
        """
        states = self._expansion.states_of(phantom.edge)
        arcs = self._expansion.arcs_entering(phantom.edge)
        arcs = arcs[self._weights.arc_ms[arcs] < UNREACHABLE_MS]
        index = region.index(self._expansion.arc_from[arcs])
        start_ms = np.full(len(region.states), np.inf)
        inner = index >= 0
        last_ms = self._weights.arc_ms[arcs[inner]] + float(phantom.arriving_ms)
        np.minimum.at(start_ms, index[inner], last_ms)
        own = region.index(states)
        start_ms[own[own >= 0]] = phantom.arriving_ms
        times_ms = region.spread(start_ms, backwards=True)
        nodes = np.concatenate((states, region.states))
        costs_ms = np.concatenate((np.full(len(states), float(phantom.arriving_ms)), times_ms))
        return LocalTree(phantom, region, times_ms, _finite(nodes, costs_ms))

    def arcs_out(self, tree: LocalTree, state: int, cost_ms: float) -> IntArray | None:
        """Return the arcs from an origin to a seed of this cost; ``None`` if not in this tree.

        Times are whole milliseconds and every arc takes at least one, so following the
        times backwards finds the path.
        """
        ahead, ahead_ms = self.arcs_ahead(tree.phantom)
        arcs: list[int] = []
        while True:
            first = ahead[(self._expansion.arc_to[ahead] == state) & (ahead_ms == cost_ms)]
            if len(first):
                return np.array([int(first[0]), *reversed(arcs)])
            step = self._step(tree, state, cost_ms, backwards=True)
            if step is None:
                return None
            arc, state, cost_ms = step
            arcs.append(arc)

    def arcs_in(self, tree: LocalTree, state: int, cost_ms: float) -> IntArray | None:
        """Return the arcs from a seed to the edge of a target, as `arcs_out`."""
        arcs: list[int] = []
        while True:
            at_goal = self._expansion.state_edge[state] == tree.phantom.edge
            if at_goal and cost_ms == tree.phantom.arriving_ms:
                return np.array(arcs, dtype=np.int64)
            step = self._step(tree, state, cost_ms, backwards=False)
            if step is None:
                return None
            arc, state, cost_ms = step
            arcs.append(arc)

    def _step(
        self, tree: LocalTree, state: int, cost_ms: float, *, backwards: bool
    ) -> tuple[int, int, float] | None:
        expansion = self._expansion
        if backwards:
            arcs = expansion.arcs_entering(int(expansion.state_edge[state]))
            arcs = arcs[expansion.arc_to[arcs] == state]
            others = expansion.arc_from[arcs]
        else:
            arcs = np.arange(expansion.leaving_start[state], expansion.leaving_start[state + 1])
            others = expansion.arc_to[arcs]
        rest_ms = cost_ms - self._weights.arc_ms[arcs]
        known_ms = self.known_ms(tree, others, goal=not backwards)
        hit = np.flatnonzero(known_ms == rest_ms)
        if not len(hit):
            return None
        return int(arcs[hit[0]]), int(others[hit[0]]), float(rest_ms[hit[0]])

    def known_ms(self, tree: LocalTree, states: IntArray, *, goal: bool) -> FloatArray:
        """Return the times of a tree at the beginning of states; ``inf`` outside it.

        Parameters
        ----------
        goal
            Whether it is that of a target, which includes its own edge.
        """
        known_ms = np.full(len(states), np.inf)
        if tree.region is not None:
            index = tree.region.index(states)
            known_ms[index >= 0] = tree.times_ms[index[index >= 0]]
        if goal:
            known_ms[self._expansion.state_edge[states] == tree.phantom.edge] = (
                tree.phantom.arriving_ms
            )
        return known_ms

    def arcs_ahead(self, phantom: PhantomNode) -> tuple[IntArray, FloatArray]:
        """Return the arcs leaving the edge of a phantom node, and the time of each from it, ms."""
        leaving = self._expansion.leaving_start
        arcs = np.arange(leaving[phantom.edge], leaving[phantom.edge + 1])
        arcs = arcs[self._weights.arc_ms[arcs] < UNREACHABLE_MS]
        return arcs, (self._weights.arc_ms[arcs] + phantom.departing_ms).astype(np.float64)


class RegionExits:
    """Ways out for many origins in the same closures, for one backward search per target."""

    def __init__(
        self, expansion: Expansion, weights: EdgeWeights, region: ClosedRegion, edges: IntArray
    ) -> None:
        self._region = region
        self._out_ms = weights.arc_ms[region.out_arcs]
        leaving = expansion.leaving_start
        self.edges = np.unique(edges)
        first, last = leaving[self.edges], leaving[self.edges + 1]
        self._ahead_begin = np.cumsum(last - first) - (last - first)
        ahead = ranges(first, last)
        ahead_ms = weights.arc_ms[ahead].astype(np.float64)
        self._ahead_ms = np.where(ahead_ms < UNREACHABLE_MS, ahead_ms, np.inf)
        heads = expansion.arc_to[ahead]
        self._ahead_index = region.index(heads)
        self.query_states = np.concatenate(
            (region.states, expansion.arc_to[region.out_arcs], heads)
        )

    def times_ms(self, found_ms: FloatArray) -> FloatArray:
        """Return the time from the beginning of each of ``edges`` to the target.

        Parameters
        ----------
        found_ms
            Times from the beginning of each state of ``query_states`` to it, same shape.
        """
        region = self._region
        size, out = len(region.states), len(region.out_arcs)
        start_ms = found_ms[:size].copy()
        np.minimum.at(start_ms, region.out_from, found_ms[size : size + out] + self._out_ms)
        inner_ms = region.spread(start_ms, backwards=True)
        heads_ms = found_ms[size + out :].copy()
        inner = self._ahead_index >= 0
        heads_ms[inner] = inner_ms[self._ahead_index[inner]]
        return np.asarray(np.minimum.reduceat(heads_ms + self._ahead_ms, self._ahead_begin))


def _finite(nodes: IntArray, costs_ms: FloatArray) -> Seeds:
    finite = np.isfinite(costs_ms) & (costs_ms < UNREACHABLE_MS)
    return Seeds(nodes[finite], np.rint(costs_ms[finite]).astype(np.int64))
