"""How ends meet a metric under the closures of the moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from routing.closures.closed_stretches import ClosedRoads
from routing.closures.local_search import ClosedRegion
from routing.closures.local_search import Fan
from routing.closures.local_search import Inside
from routing.closures.local_search import WaysOut
from routing.engine.edge_expansion import Expansion
from routing.engine.edge_weights import UNREACHABLE_MS
from routing.engine.edge_weights import EdgeWeights
from routing.engine.hierarchy import Seeds
from routing.locate.endpoints import Endpoints
from routing.locate.endpoints import PhantomNode
from routing.locate.endpoints import seeds_after_first_turn
from routing.locate.endpoints import seeds_at_edge_start
from routing.locate.endpoints import seeds_before_last_turn
from routing.locate.endpoints import straight_on_ms
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray


class Standing(NamedTuple):
    """What closures mean for somebody in a direction of a street; numbers of closures.

    Attributes
    ----------
    around
        Those they stand in: whose roads they may drive to get out or in.
    ahead, behind
        Those that close anything of the rest of the street, and of what lies before.
    """

    around: frozenset[int]
    ahead: frozenset[int]
    behind: frozenset[int]


_IN_THE_OPEN = Standing(frozenset(), frozenset(), frozenset())


class Openings:
    """One metric under one snapshot of closed roads."""

    def __init__(
        self, expansion: Expansion, length_m: FloatArray, weights: EdgeWeights, closed: ClosedRoads
    ) -> None:
        self.closed = closed
        self._expansion, self._length_m = expansion, length_m
        self._open = weights
        shut_arcs = closed.shut[expansion.state_edge[expansion.arc_from]]
        now_ms = np.where(shut_arcs, UNREACHABLE_MS, weights.arc_ms) if len(closed.edge) else None
        self.weights = weights if now_ms is None else EdgeWeights(weights.edge_ms, now_ms)
        self.inside = Inside(expansion, weights)
        self._regions: dict[frozenset[int], ClosedRegion] = {}
        self._known: dict[int, Standing] = {}

    def standing(self, way: PhantomNode) -> Standing:
        """Return what closures mean for somebody in a street."""
        if not self.closed.shut[way.edge]:
            return _IN_THE_OPEN
        closed, length_m = self.closed, float(self._length_m[way.edge // 2])
        alike = closed.alike(way.edge, way.at_m, length_m)
        known = self._known.get(way.edge) if alike else None
        if known is None:
            around = closed.around(way.edge, way.at_m, length_m, both_ways=way.both_ways)
            known = Standing(
                around,
                ahead=closed.closing(way.edge, way.at_m, length_m),
                behind=closed.closing(way.edge, 0.0, way.at_m),
            )
            if alike:
                self._known[way.edge] = known
        return known

    def fans_out(self, start: Endpoints) -> Iterator[Fan]:
        """Yield the ways of a single origin, each with its seeds behind the first turn."""
        for way, one in _each(start):
            if not self.closed.shut[way.edge]:
                yield Fan(
                    way, None, _NO_TIMES, seeds_after_first_turn(one, self._expansion, self.weights)
                )
                continue
            standing = self.standing(way)
            if standing.ahead <= standing.around:
                yield self.inside.outwards(way, self.region(standing.around))

    def fans_in(self, goal: Endpoints, *, before_turn: bool) -> Iterator[Fan]:
        """Yield the ways of a single target.

        Parameters
        ----------
        before_turn
            Whether seeds of open streets stand before the last turn, see `locate.endpoints`.
        """
        for way, one in _each(goal):
            if not self.closed.shut[way.edge]:
                seeds = (
                    seeds_before_last_turn(one, self._expansion, self.weights)
                    if before_turn
                    else seeds_at_edge_start(one, self._expansion)
                )
                yield Fan(way, None, _NO_TIMES, seeds)
                continue
            standing = self.standing(way)
            if standing.behind <= standing.around:
                yield self.inside.inwards(way, self.region(standing.around))

    def ways_out(self, starts: Endpoints) -> list["Leaving"]:
        """Return how many origins in closed streets leave, those alike together."""
        rows, sides = np.nonzero((starts.edge >= 0) & self.closed.shut[starts.edge])
        alike: dict[tuple[frozenset[int], frozenset[int]], list[int]] = {}
        for number, (row, side) in enumerate(zip(rows.tolist(), sides.tolist(), strict=True)):
            around, ahead, _ = self.standing(starts.phantom_node(row, side))
            # A closure ahead that one does not stand in lets one in to its own places only.
            alike.setdefault((around, ahead - around), []).append(number)
        found = []
        for (around, only_into), numbers in alike.items():
            who = rows[numbers]
            region = self.region(_NOBODYS if only_into else around)
            edges = starts.edge[who, sides[numbers]]
            ways = WaysOut(self._expansion, self._open, region, edges)
            found.append(Leaving(ways, who, sides[numbers], around, only_into, edges))
        return found

    def reach_from(
        self, leaving: "Leaving", found_ms: FloatArray, fans: list[Fan], goal: Endpoints
    ) -> FloatArray:
        """Return the times of origins that leave alike, from the beginning of their edges.

        Parameters
        ----------
        found_ms
            What the engine found for ``leaving.ways.asks``.
        fans
            The ways into the target.
        goal
            The target.
        """
        asks = leaving.ways.asks
        if leaving.only_into:
            known_ms = np.full(len(asks), np.inf)
            for fan in fans:
                if leaving.only_into <= self.standing(fan.way).around:
                    known_ms = np.minimum(known_ms, self.inside.known_ms(fan, asks, goal=True))
        else:
            # The engine knows no way along the target's own street to those already at its
            # beginning, nor any at all where their own closure is the one in between.
            known_ms = found_ms.copy()
            for way in goal.phantom_nodes():
                standing = self.standing(way)
                if standing.behind <= standing.around | leaving.around:
                    there = self._expansion.state_edge[asks] == way.edge
                    known_ms[there] = np.minimum(known_ms[there], way.passed_ms)
        times_ms = leaving.ways.times_ms(known_ms)
        return np.asarray(times_ms[np.searchsorted(leaving.ways.edges, leaving.edge)])

    def straight_ms(self, starts: Endpoints, goals: Endpoints) -> FloatArray:
        """Return the time of those who only drive on along their street, as `straight_on_ms`."""
        best_ms = straight_on_ms(starts, goals)
        if not len(self.closed.edge):
            return best_ms
        edge = np.broadcast_to(starts.edge, (len(best_ms), 2))
        shut = ((edge >= 0) & self.closed.shut[edge]).any(axis=1)
        for row in np.flatnonzero(shut & np.isfinite(best_ms)).tolist():
            options = self.straight_ways(
                starts.one(row if len(starts) > 1 else 0), goals.one(row if len(goals) > 1 else 0)
            )
            best_ms[row] = min((ms for ms, _, _ in options), default=np.inf)
        return best_ms

    def straight_ways(
        self, start: Endpoints, goal: Endpoints
    ) -> list[tuple[float, PhantomNode, PhantomNode]]:
        """Return every open way straight on from one origin to one target, with its ms."""
        return [
            (float(ahead_ms + way.turning_ms), way, upto)
            for way in start.phantom_nodes()
            for upto in goal.phantom_nodes()
            if way.edge == upto.edge
            and (ahead_ms := upto.passed_ms - way.passed_ms) >= 0
            and not self._blocked(way, upto)
        ]

    def _blocked(self, way: PhantomNode, upto: PhantomNode) -> bool:
        if not self.closed.shut[way.edge]:
            return False
        around = self.standing(way).around | self.standing(upto).around
        return not self.closed.closing(way.edge, way.at_m, upto.at_m) <= around

    def on_closed(self, ends: Endpoints) -> IntArray:
        """Return which ends have a direction in a closed street."""
        return np.flatnonzero(((ends.edge >= 0) & self.closed.shut[ends.edge]).any(axis=1))

    def without_closed(self, edge: IntArray) -> IntArray:
        """Return the edges, -1 for closed ones."""
        return np.asarray(np.where(self.closed.shut[edge], -1, edge))

    def region(self, around: frozenset[int]) -> ClosedRegion:
        """Return the closed roads that certain closures alone shut; kept."""
        if around not in self._regions:
            edges = self.closed.shut_only_by(around)
            self._regions[around] = ClosedRegion(self._expansion, self._open, edges)
        return self._regions[around]


_NO_TIMES = np.empty(0)
_NOBODYS: frozenset[int] = frozenset()


@dataclass(frozen=True, eq=False)
class Leaving:
    """Origins in closed streets that leave alike.

    Attributes
    ----------
    ways
        The ways they have.
    row, side
        Which origins they are, and in which of their directions; shape ``(k,)``.
    around
        The closures they stand in.
    only_into
        Closures that shut their street ahead and that they do not stand in: nothing, or they get
        on only if the target stands in all of these.
    edge
        The edges they stand on, shape ``(k,)``.
    """

    ways: WaysOut
    row: IntArray
    side: IntArray
    around: frozenset[int]
    only_into: frozenset[int]
    edge: IntArray


def _each(end: Endpoints) -> Iterator[tuple[PhantomNode, Endpoints]]:
    """Yield each direction of a single end, and the end with that direction only."""
    for side in (0, 1):
        if end.edge[0, side] >= 0:
            yield end.phantom_node(0, side), end.only(side)


def together(fans: list[Fan]) -> Seeds:
    """Return the seeds of all directions of an end."""
    if not fans:
        nothing = np.empty(0, dtype=np.int64)
        return Seeds(nothing, nothing)
    return Seeds(
        np.concatenate([fan.seeds.nodes for fan in fans]),
        np.concatenate([fan.seeds.costs_ms for fan in fans]),
    )
