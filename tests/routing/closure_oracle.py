"""What closures mean, written a second time: layers of plain Dijkstra, one pair at a time.

A vertex is where one is (a history of edges, see `tests.routing.oracle`) and how far along in three
phases: 0 still coming out of the closures one stood in, 1 in the open, 2 already inside those of
the target. Nobody goes back to an earlier phase.
"""

from collections.abc import Iterator
from collections.abc import Sequence

import networkx as nx

from tests.routing.oracle import Edge
from tests.routing.oracle import History
from tests.routing.oracle import Oracle
from tests.routing.oracle import Place

Piece = tuple[Edge, float, float]
Spot = tuple[Edge, float, int, int]  # edge, metres and milliseconds into it, ms for turning round
Closures = frozenset[int]

_TURN_ROUND_MS = 15_000
_NEAR_M = 1e-6


class ClosureOracle:
    """Travel times when pieces of road are closed."""

    def __init__(self, oracle: Oracle, closures: Sequence[Sequence[Piece]]) -> None:
        self.plain = oracle
        self.pieces = [
            (number, *piece) for number, pieces in enumerate(closures) for piece in pieces
        ]
        self.shut: dict[Edge, Closures] = {
            edge: frozenset(number for number, other, _, _ in self.pieces if other == edge)
            for _, edge, _, _ in self.pieces
        }
        signed = [edge for edge, open_ in enumerate(oracle.signed) if open_]
        self.nothing_open = bool(self.pieces) and all(edge in self.shut for edge in signed)

    def travel_time_s(self, origin: Place, target: Place, *, headed: bool = False) -> float:
        """Return the least time over both directions of both streets."""
        times_ms = [
            time_ms
            for start in self._spots(origin, headed=headed)
            for goal in self._spots(target)
            for time_ms in self._times_ms(start, goal)
        ]
        return min(times_ms, default=float("inf")) / 1000

    def closures_around(self, place: Place) -> Closures:
        """Return the closures that a place is in."""
        edge, offset_m = place
        return self._around(edge, offset_m)

    def _spots(self, place: Place, *, headed: bool = False) -> Iterator[Spot]:
        edge, offset_m = place
        length_m = self.plain.length_m[edge]
        share = offset_m / length_m if length_m else 0.0
        for one, passed, extra in (
            (edge, share, 0),
            (edge ^ 1, 1.0 - share, _TURN_ROUND_MS * headed),
        ):
            time_ms = self.plain.time_ms[one]
            if time_ms is not None:
                yield one, passed * length_m, round(time_ms * passed), extra

    def _times_ms(self, start: Spot, goal: Spot) -> Iterator[float]:
        (edge, at_m, passed_ms, extra_ms), (there, upto_m, upto_ms, _) = start, goal
        ours, theirs = self._around(edge, at_m), self._around(there, upto_m)
        both = ours | theirs
        straight = edge == there and passed_ms <= upto_ms
        if straight and self._between(edge, at_m, upto_m) <= both:
            yield upto_ms - passed_ms + extra_ms
        ahead = self._between(edge, at_m, self.plain.length_m[edge])
        behind = self._between(there, 0.0, upto_m)
        if not ahead <= both or not behind <= both:
            return
        phase = 0 if ahead <= ours else 2
        graph = self._graph(edge, phase, ours, theirs)
        first_ms = extra_ms - passed_ms
        reached = nx.single_source_dijkstra_path_length(graph, ("start", phase))
        for (history, now), time_ms in reached.items():
            if history != "start" and history[-1] == there and (behind <= theirs or now == 0):
                yield first_ms + time_ms + upto_ms

    def _graph(
        self, edge: Edge, phase: int, ours: Closures, theirs: Closures
    ) -> "nx.DiGraph[tuple[History | str, int]]":
        graph: nx.DiGraph[tuple[History | str, int]] = nx.DiGraph()
        graph.add_node(("start", phase))
        for beyond, cost in self._turns((edge,)):
            graph.add_edge(("start", phase), (beyond, phase), weight=cost)
        unseen = [vertex for vertex in graph if vertex[0] != "start"]
        while unseen:
            history, now = vertex = unseen.pop()
            assert not isinstance(history, str)
            for then in self._phases(history[-1], now, ours, theirs):
                for beyond, cost in self._turns(history):
                    if (beyond, then) not in graph:
                        unseen.append((beyond, then))
                    graph.add_edge(vertex, (beyond, then), weight=cost)
        return graph

    def _phases(self, edge: Edge, now: int, ours: Closures, theirs: Closures) -> Iterator[int]:
        """Yield the phases in which one can be after driving an edge from end to end."""
        by = self.shut.get(edge, frozenset())
        if not by and now < 2:
            yield 1
        if by and by <= ours and now == 0:
            yield 0
        if by and by <= theirs:
            yield 2

    def _turns(self, history: History) -> Iterator[tuple[History, int]]:
        here = history[-1]
        time_ms = self.plain.time_ms[here]
        assert time_ms is not None
        for to in self.plain.leaving[self.plain.end[here]]:
            price_ms = self.plain.price_ms(history, to)
            if price_ms is not None:
                beyond = (*history, to)[-self.plain.memory :]
                yield beyond, time_ms + self.plain.turn_ms(here, to) + price_ms

    def _around(self, edge: Edge, at_m: float) -> Closures:
        if self.nothing_open:
            return frozenset()
        here = self._at(edge, at_m)
        if self.plain.time_ms[edge ^ 1] is not None:
            here &= self._at(edge ^ 1, self.plain.length_m[edge] - at_m)
        return here

    def _at(self, edge: Edge, at_m: float) -> Closures:
        return frozenset(
            number
            for number, other, from_m, to_m in self.pieces
            if other == edge and from_m - _NEAR_M <= at_m <= to_m + _NEAR_M
        )

    def _between(self, edge: Edge, low_m: float, high_m: float) -> Closures:
        return frozenset(
            number
            for number, other, from_m, to_m in self.pieces
            if other == edge and from_m < high_m - _NEAR_M and to_m > low_m + _NEAR_M
        )
