"""Ways out of a closure and into it: short local searches over closed roads.

The engine knows closed edges as dead ends: one can be at the beginning of one, but not go on. Crews
stand inside closures all the same, often because they asked for them. So an end that lies on a
closed edge is opened up here: from an origin outwards over the closed roads of the closures it
stands in, to every place where an open road begins; to a target inwards. What comes out are seeds
for the engine, as for any other end.

Only closures around the end itself open up; a bridge that is closed for itself stays closed.
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

# EdgeWeights of the sparse graph must not be zero, and an end can be at no distance at all.
_SHIFT_MS = 1.0


class ClosedRegion:
    """The closed roads that somebody standing in certain closures may drive.

    Attributes
    ----------
    states
        States of those edges, sorted, shape ``(k,)``.
    out_arcs, out_from
        Arcs from them to anywhere else, and the position in ``states`` each begins at.
    """

    def __init__(self, expansion: Expansion, weights: EdgeWeights, edges: IntArray) -> None:
        self._expansion, self._weights = expansion, weights
        edges = edges[weights.edge_ms[edges] < UNREACHABLE_MS]
        first, last = expansion.edge_states_start[edges], expansion.edge_states_start[edges + 1]
        self.states = np.sort(expansion.edge_states[ranges(first, last)])
        leaving = expansion.leaving_start
        arcs = ranges(leaving[self.states], leaving[self.states + 1])
        arcs = arcs[weights.arc_ms[arcs] < UNREACHABLE_MS]
        begin, end = self.place(expansion.arc_from[arcs]), self.place(expansion.arc_to[arcs])
        inner = end >= 0
        size = len(self.states)
        graph = csr_array(
            (weights.arc_ms[arcs[inner]].astype(np.float64), (begin[inner], end[inner])),
            shape=(size, size),
        )
        self._graphs = (graph, csr_array(graph.T))
        self.out_arcs, self.out_from = arcs[~inner], begin[~inner]

    def place(self, states: IntArray) -> IntArray:
        """Return where states stand in ``states``; -1 for those that do not."""
        if not len(self.states):
            return np.full(len(states), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.states, states), len(self.states) - 1)
        return np.asarray(np.where(self.states[at] == states, at, -1))

    def spread(self, start_ms: FloatArray, *, backwards: bool) -> FloatArray:
        """Return the least times within the region, given what is known of each state.

        Parameters
        ----------
        start_ms
            Time to be at the beginning of each state, or from there, shape ``(k,)``; ``inf`` where
            nothing is known.
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
class Fan:
    """One direction of an end, opened up into seeds.

    Attributes
    ----------
    way
        The direction.
    region, times_ms
        The closed roads around it and the times there; ``None`` and nothing in the open.
    seeds
        What the engine begins or ends at.
    """

    way: PhantomNode
    region: ClosedRegion | None
    times_ms: FloatArray
    seeds: Seeds


class Inside:
    """Opens up ends for one metric."""

    def __init__(self, expansion: Expansion, weights: EdgeWeights) -> None:
        self._expansion, self._weights = expansion, weights

    def outwards(self, way: PhantomNode, region: ClosedRegion) -> Fan:
        """Return the states somebody setting out can be at the beginning of, and when."""
        own, own_ms = self.own(way)
        heads = self._expansion.arc_to[own]
        place = region.place(heads)
        start_ms = np.full(len(region.states), np.inf)
        np.minimum.at(start_ms, place[place >= 0], own_ms[place >= 0])
        times_ms = region.spread(start_ms, backwards=False)
        out_ms = times_ms[region.out_from] + self._weights.arc_ms[region.out_arcs]
        nodes = np.concatenate(
            (heads[place < 0], region.states, self._expansion.arc_to[region.out_arcs])
        )
        costs_ms = np.concatenate((own_ms[place < 0], times_ms, out_ms))
        return Fan(way, region, times_ms, _finite(nodes, costs_ms))

    def inwards(self, way: PhantomNode, region: ClosedRegion) -> Fan:
        """Return the states from whose beginning a target can be driven to, and how long it takes.

        A closed edge is a dead end for the engine, so being at its beginning means having come
        there by an open road.
        """
        states = self._expansion.states_of(way.edge)
        arcs = self._expansion.arcs_entering(way.edge)
        arcs = arcs[self._weights.arc_ms[arcs] < UNREACHABLE_MS]
        place = region.place(self._expansion.arc_from[arcs])
        start_ms = np.full(len(region.states), np.inf)
        inner = place >= 0
        last_ms = self._weights.arc_ms[arcs[inner]] + float(way.passed_ms)
        np.minimum.at(start_ms, place[inner], last_ms)
        own = region.place(states)
        start_ms[own[own >= 0]] = way.passed_ms
        times_ms = region.spread(start_ms, backwards=True)
        nodes = np.concatenate((states, region.states))
        costs_ms = np.concatenate((np.full(len(states), float(way.passed_ms)), times_ms))
        return Fan(way, region, times_ms, _finite(nodes, costs_ms))

    def arcs_out(self, fan: Fan, state: int, cost_ms: float) -> IntArray | None:
        """Return the arcs from an origin to a seed that costs this much; ``None`` if not by here.

        Times are whole milliseconds and every arc takes at least one, so walking back along the
        times finds the way.
        """
        own, own_ms = self.own(fan.way)
        arcs: list[int] = []
        while True:
            first = own[(self._expansion.arc_to[own] == state) & (own_ms == cost_ms)]
            if len(first):
                return np.array([int(first[0]), *reversed(arcs)])
            step = self._step(fan, state, cost_ms, backwards=True)
            if step is None:
                return None
            arc, state, cost_ms = step
            arcs.append(arc)

    def arcs_in(self, fan: Fan, state: int, cost_ms: float) -> IntArray | None:
        """Return the arcs from a seed to the edge of a target, as `arcs_out`."""
        arcs: list[int] = []
        while True:
            at_goal = self._expansion.state_edge[state] == fan.way.edge
            if at_goal and cost_ms == fan.way.passed_ms:
                return np.array(arcs, dtype=np.int64)
            step = self._step(fan, state, cost_ms, backwards=False)
            if step is None:
                return None
            arc, state, cost_ms = step
            arcs.append(arc)

    def _step(
        self, fan: Fan, state: int, cost_ms: float, *, backwards: bool
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
        known_ms = self.known_ms(fan, others, goal=not backwards)
        hit = np.flatnonzero(known_ms == rest_ms)
        if not len(hit):
            return None
        return int(arcs[hit[0]]), int(others[hit[0]]), float(rest_ms[hit[0]])

    def known_ms(self, fan: Fan, states: IntArray, *, goal: bool) -> FloatArray:
        """Return the times a fan knows at the beginning of states; ``inf`` elsewhere.

        Parameters
        ----------
        goal
            Whether it is that of a target, which knows its own edge as well.
        """
        known_ms = np.full(len(states), np.inf)
        if fan.region is not None:
            place = fan.region.place(states)
            known_ms[place >= 0] = fan.times_ms[place[place >= 0]]
        if goal:
            known_ms[self._expansion.state_edge[states] == fan.way.edge] = fan.way.passed_ms
        return known_ms

    def own(self, way: PhantomNode) -> tuple[IntArray, FloatArray]:
        """Return the arcs leaving the edge one stands on, and what each takes from here, ms."""
        leaving = self._expansion.leaving_start
        arcs = np.arange(leaving[way.edge], leaving[way.edge + 1])
        arcs = arcs[self._weights.arc_ms[arcs] < UNREACHABLE_MS]
        return arcs, (self._weights.arc_ms[arcs] - way.passed_ms + way.turning_ms).astype(float)


class WaysOut:
    """Many origins that stand in the same closures, for one search backwards to each target."""

    def __init__(
        self, expansion: Expansion, weights: EdgeWeights, region: ClosedRegion, edges: IntArray
    ) -> None:
        self._region = region
        self._out_ms = weights.arc_ms[region.out_arcs]
        leaving = expansion.leaving_start
        self.edges = np.unique(edges)
        first, last = leaving[self.edges], leaving[self.edges + 1]
        self._own_begin = np.cumsum(last - first) - (last - first)
        own = ranges(first, last)
        own_ms = weights.arc_ms[own].astype(np.float64)
        self._own_ms = np.where(own_ms < UNREACHABLE_MS, own_ms, np.inf)
        heads = expansion.arc_to[own]
        self._own_place = region.place(heads)
        self.asks = np.concatenate((region.states, expansion.arc_to[region.out_arcs], heads))

    def times_ms(self, found_ms: FloatArray) -> FloatArray:
        """Return the time from the beginning of each of ``edges`` to the target.

        Parameters
        ----------
        found_ms
            Times from the beginning of each state of ``asks`` to it, shape ``(len(asks),)``.
        """
        region = self._region
        size, out = len(region.states), len(region.out_arcs)
        start_ms = found_ms[:size].copy()
        np.minimum.at(start_ms, region.out_from, found_ms[size : size + out] + self._out_ms)
        inner_ms = region.spread(start_ms, backwards=True)
        heads_ms = found_ms[size + out :].copy()
        inner = self._own_place >= 0
        heads_ms[inner] = inner_ms[self._own_place[inner]]
        return np.asarray(np.minimum.reduceat(heads_ms + self._own_ms, self._own_begin))


def ranges(first: IntArray, last: IntArray) -> IntArray:
    """Return all whole numbers from each first up to its last, one after the other."""
    count = last - first
    return np.asarray(np.arange(count.sum()) + np.repeat(first - (np.cumsum(count) - count), count))


def _finite(nodes: IntArray, costs_ms: FloatArray) -> Seeds:
    finite = np.isfinite(costs_ms) & (costs_ms < UNREACHABLE_MS)
    return Seeds(nodes[finite], np.rint(costs_ms[finite]).astype(np.int64))
