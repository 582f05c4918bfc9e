"""Times from the first of many origins to many targets, within a limit.

"Who is first there, and when?" for fifty thousand places needs no matrix: one search outwards from
all origins at once costs what one of them does, and each state remembers whose search reached it.

Exactly the least of the matrix's column, closures included: ends in closed streets are treated as
`routing.closures` has it. Targets in closed streets are few, and asked of the hierarchy.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.closures.endpoint_distances import EndpointDistances
from routing.closures.endpoint_distances import join_seeds
from routing.engine.edge_expansion import Expansion
from routing.engine.edge_weights import UNREACHABLE_MS
from routing.locate.endpoints import Endpoints
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray

_SHIFT_MS = 1.0  # a weight of zero would be no arc to scipy


class FirstArrivals(NamedTuple):
    """The time to each target, milliseconds, and the origin it is from; ``inf`` and -1 if late."""

    times_ms: FloatArray
    origin: IntArray


class TargetTimes:
    """Bounded searches outwards with one set of weights under the closures in force."""

    def __init__(self, expansion: Expansion, distances: EndpointDistances) -> None:
        self._expansion, self._distances = expansion, distances
        arc_ms = distances.weights.arc_ms
        usable = np.flatnonzero(arc_ms < UNREACHABLE_MS)
        states = len(expansion.state_edge)
        # Arcs are sorted by their first state.
        self._rows = np.searchsorted(expansion.arc_from[usable], np.arange(states + 1))
        self._columns = expansion.arc_to[usable].astype(np.int32)
        self._ms = arc_ms[usable].astype(np.float64)

    def first(self, starts: Endpoints, goals: Endpoints, limit_ms: float) -> FirstArrivals:
        """Return who is first at each target; those in closed streets are not answered.

        Of equally fast origins the first.

        Parameters
        ----------
        starts, goals
            Reachable endpoints.
        limit_ms
            Times above it are late.
        """
        # A label is the time and, below it, the number of the origin: the least label is the
        # earliest time and, of equals, the first origin, whatever order the search takes.
        count, states = len(starts), len(self._expansion.state_edge)
        labels = dijkstra(
            self._graph(starts, labelled=True),
            indices=np.arange(states, states + count),
            limit=(limit_ms + _SHIFT_MS) * count + count - 1,
            min_only=True,
        )[:states]
        begin = np.append(labels[self._first_states(labels)] - _SHIFT_MS * count, np.inf)
        label: FloatArray = (begin[goals.edge] + goals.arriving_ms * float(count)).min(axis=1)
        for row, targets, straight_ms in self._straight(starts, goals):
            label[targets] = np.minimum(label[targets], straight_ms * count + row)
        times_ms = np.full(len(goals), np.inf)
        origin = np.full(len(goals), -1)
        met = np.flatnonzero(label < np.inf)
        times_ms[met], origin[met] = np.divmod(label[met], count)
        late = times_ms > limit_ms
        times_ms[late], origin[late] = np.inf, -1
        return FirstArrivals(times_ms, origin)

    def each(self, starts: Endpoints, goals: Endpoints, limit_ms: float) -> FloatArray:
        """Return the times of every origin to every target, ``inf`` if late; as `first`.

        Memory is that of all states for each origin: a few origins at a time.
        """
        states = len(self._expansion.state_edge)
        found_ms = dijkstra(
            self._graph(starts),
            indices=np.arange(states, states + len(starts)),
            limit=limit_ms + _SHIFT_MS,
        )
        times_ms = np.empty((len(starts), len(goals)))
        for row in range(len(starts)):
            reached_ms = found_ms[row, :states]
            begin_ms = np.append(reached_ms[self._first_states(reached_ms)] - _SHIFT_MS, np.inf)
            times_ms[row] = (begin_ms[goals.edge] + goals.arriving_ms).min(axis=1)
        for row, targets, straight_ms in self._straight(starts, goals):
            times_ms[row, targets] = np.minimum(times_ms[row, targets], straight_ms)
        times_ms[times_ms > limit_ms] = np.inf
        return times_ms

    def _graph(self, starts: Endpoints, *, labelled: bool = False) -> csr_array:
        """Return the network with a node behind all states for each origin.

        Weights are milliseconds; labelled, they are so many times larger as there are origins, and
        the number of the origin is added to each way of setting out.

        Several ways of setting out may lead to one state: parallel arcs, of which the least counts.
        """
        seeds = [
            join_seeds([tree.seeds for tree in self._distances.trees_out(start)])
            for start in starts.one_by_one()
        ]
        states = len(self._expansion.state_edge)
        begin = self._rows[-1] + np.cumsum([len(one.nodes) for one in seeds])
        whole = join_seeds(seeds)
        size = states + len(starts)
        weights = np.concatenate((self._ms, whole.costs_ms + _SHIFT_MS))
        if labelled:
            weights *= len(starts)
            numbers = np.repeat(np.arange(len(starts)), [len(one.nodes) for one in seeds])
            weights[len(self._ms) :] += numbers
        return csr_array(
            (
                weights,
                np.concatenate((self._columns, whole.nodes.astype(np.int32))),
                np.concatenate((self._rows, begin)).astype(np.int32),
            ),
            shape=(size, size),
        )

    def _first_states(self, found_ms: FloatArray) -> IntArray:
        """Return of each directed edge the state that is reached first."""
        edges = len(self._expansion.edge_states_start) - 1
        state = np.arange(edges)
        doubles = np.arange(edges, len(self._expansion.state_edge))
        of_edge = self._expansion.state_edge[doubles]
        latest_first = np.argsort(-found_ms[doubles], kind="stable")
        doubles, of_edge = doubles[latest_first], of_edge[latest_first]
        sooner = found_ms[doubles] < found_ms[of_edge]
        state[of_edge[sooner]] = doubles[sooner]  # of several the last one stays: the earliest
        return state

    def _straight(
        self, starts: Endpoints, goals: Endpoints
    ) -> Iterator[tuple[int, IntArray, FloatArray]]:
        """Yield the origins with targets on their own streets: those, and the times straight on."""
        edges = np.unique(starts.edge[starts.edge >= 0])
        near = np.flatnonzero(np.isin(goals.edge, edges).any(axis=1))
        if not len(near):
            return
        on_streets = goals.some(near)
        for row, start in enumerate(starts.one_by_one()):
            ahead_ms = self._distances.straight_ms(start, on_streets)
            ahead = np.flatnonzero(np.isfinite(ahead_ms))
            if len(ahead):
                yield row, near[ahead], ahead_ms[ahead]
