"""Distances from a search's endpoints to the network, given the closures in force."""

import itertools
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from routing.closures.closed_stretches import ClosedRoads
from routing.closures.local_search import ClosedRegion
from routing.closures.local_search import LocalSearch
from routing.closures.local_search import LocalTree
from routing.closures.local_search import RegionExits
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


class EndpointClosures(NamedTuple):
    """The closures at a phantom node, by number.

    Attributes
    ----------
    around
        Closures that contain it: their roads may be driven to leave or to arrive.
    ahead, behind
        Closures of any part of the street ahead of it, and behind it.
    """

    around: frozenset[int]
    ahead: frozenset[int]
    behind: frozenset[int]


_OUTSIDE_CLOSURES = EndpointClosures(frozenset(), frozenset(), frozenset())


class EndpointDistances:
    """Distances between endpoints and the network for one set of weights and closed roads."""

    def __init__(
        self, expansion: Expansion, length_m: FloatArray, weights: EdgeWeights, closed: ClosedRoads
    ) -> None:
        self.closed = closed
        self._expansion, self._length_m = expansion, length_m
        self._open_weights = weights
        shut_arcs = closed.shut[expansion.state_edge[expansion.arc_from]]
        now_ms = np.where(shut_arcs, UNREACHABLE_MS, weights.arc_ms) if len(closed.edge) else None
        self.weights = weights if now_ms is None else EdgeWeights(weights.edge_ms, now_ms)
        self.local_search = LocalSearch(expansion, weights)
        self._regions: dict[frozenset[int], ClosedRegion] = {}
        self._by_edge: dict[int, EndpointClosures] = {}

    def closures_at(self, phantom: PhantomNode) -> EndpointClosures:
        """Return the closures at a phantom node."""
        if not self.closed.shut[phantom.edge]:
            return _OUTSIDE_CLOSURES
        closed, length_m = self.closed, float(self._length_m[phantom.edge // 2])
        shared = closed.same_for_whole_edge(phantom.edge, phantom.at_m, length_m)
        known = self._by_edge.get(phantom.edge) if shared else None
        if known is None:
            around = closed.closures_around(
                phantom.edge, phantom.at_m, length_m, both_ways=phantom.both_ways
            )
            known = EndpointClosures(
                around,
                ahead=closed.closures_between(phantom.edge, phantom.at_m, length_m),
                behind=closed.closures_between(phantom.edge, 0.0, phantom.at_m),
            )
            if shared:
                self._by_edge[phantom.edge] = known
        return known

    def reachable(self, endpoints: Endpoints) -> Endpoints:
        """Return the endpoints without streets inside closures that their places are not in.

        A place is in the closures around the point on its nearest street. Only these may be driven
        out of or into: that a street further away is closed as well opens it to nobody.
        """
        if not len(self.closed.edge):
            return endpoints
        edge = endpoints.edge.copy()
        rows, sides = np.nonzero((edge >= 0) & self.closed.shut[edge])
        others = sides > 1
        for row, side in zip(rows[others].tolist(), sides[others].tolist(), strict=True):
            around = self.closures_at(endpoints.phantom_node(row, side)).around
            own = [
                self.closures_at(endpoints.phantom_node(row, nearest)).around
                for nearest in (0, 1)
                if endpoints.edge[row, nearest] >= 0
            ]
            if not around <= _NO_CLOSURES.union(*own):
                edge[row, side] = -1
        return replace(endpoints, edge=edge)

    def trees_out(self, start: Endpoints) -> Iterator[LocalTree]:
        """Yield the local trees of a single origin, with seeds behind the first turn."""
        for phantom in start.phantom_nodes():
            if not self.closed.shut[phantom.edge]:
                seeds = seeds_after_first_turn([phantom], self._expansion, self.weights)
                yield LocalTree(phantom, None, _NO_TIMES, seeds)
                continue
            closures = self.closures_at(phantom)
            if closures.ahead <= closures.around:
                yield self.local_search.search_outwards(phantom, self.region(closures.around))

    def trees_in(self, goal: Endpoints) -> Iterator[LocalTree]:
        """Yield the local trees of a single target, with seeds at the beginning of its edges."""
        for phantom in goal.phantom_nodes():
            if not self.closed.shut[phantom.edge]:
                seeds = seeds_at_edge_start([phantom], self._expansion)
                yield LocalTree(phantom, None, _NO_TIMES, seeds)
            elif (tree := self._closed_tree_in(phantom)) is not None:
                yield tree

    def seeds_in(self, goal: Endpoints) -> tuple[Seeds, list[LocalTree]]:
        """Return all seeds of a single target, and the local trees of its closed streets.

        Those of open streets are before the last turn, see `routing.locate.endpoints`.
        """
        phantoms = list(goal.phantom_nodes())
        shut = [bool(self.closed.shut[phantom.edge]) for phantom in phantoms]
        in_the_open = [one for one, is_shut in zip(phantoms, shut, strict=True) if not is_shut]
        found = map(self._closed_tree_in, itertools.compress(phantoms, shut))
        trees = [tree for tree in found if tree is not None]
        seeds = seeds_before_last_turn(in_the_open, self._expansion, self.weights)
        return join_seeds([seeds, *(tree.seeds for tree in trees)]), trees

    def _closed_tree_in(self, phantom: PhantomNode) -> LocalTree | None:
        closures = self.closures_at(phantom)
        if not closures.behind <= closures.around:
            return None
        return self.local_search.search_inwards(phantom, self.region(closures.around))

    def leaving_groups(self, starts: Endpoints) -> list["LeavingGroup"]:
        """Return the origins in closed streets, grouped by the closures they have to leave."""
        if not len(self.closed.edge):
            return []
        rows, sides = np.nonzero((starts.edge >= 0) & self.closed.shut[starts.edge])
        shared: dict[tuple[frozenset[int], frozenset[int]], list[int]] = {}
        for number, (row, side) in enumerate(zip(rows.tolist(), sides.tolist(), strict=True)):
            around, ahead, _ = self.closures_at(starts.phantom_node(row, side))
            # A closure ahead that does not contain the origin may only be entered towards its own
            # positions.
            shared.setdefault((around, ahead - around), []).append(number)
        found = []
        for (around, only_into), numbers in shared.items():
            origin_rows = rows[numbers]
            region = self.region(_NO_CLOSURES if only_into else around)
            edges = starts.edge[origin_rows, sides[numbers]]
            exits = RegionExits(self._expansion, self._open_weights, region, edges)
            found.append(LeavingGroup(exits, origin_rows, sides[numbers], around, only_into, edges))
        return found

    def times_of_group(
        self, group: "LeavingGroup", found_ms: FloatArray, trees: list[LocalTree], goal: Endpoints
    ) -> FloatArray:
        """Return the times of a group of origins, from the beginning of their edges.

        Parameters
        ----------
        found_ms
            Times from ``group.exits.query_states`` by the hierarchy.
        trees
            Local trees of the target's closed streets.
        goal
            The target.
        """
        query_states = group.exits.query_states
        if group.only_into:
            known_ms = np.full(len(query_states), np.inf)
            for tree in trees:
                if group.only_into <= self.closures_at(tree.phantom).around:
                    known_ms = np.minimum(
                        known_ms, self.local_search.known_ms(tree, query_states, goal=True)
                    )
        else:
            # The hierarchy has no path along the target's own street for those already at its
            # beginning, nor any at all where their own closure is the one in between.
            known_ms = found_ms.copy()
            for phantom in goal.phantom_nodes():
                closures = self.closures_at(phantom)
                if closures.behind <= closures.around | group.around:
                    there = self._expansion.state_edge[query_states] == phantom.edge
                    known_ms[there] = np.minimum(known_ms[there], phantom.arriving_ms)
        times_ms = group.exits.times_ms(known_ms)
        return np.asarray(times_ms[np.searchsorted(group.exits.edges, group.edge)])

    def straight_ms(self, starts: Endpoints, goals: Endpoints) -> FloatArray:
        """Return the times straight on along one street, as `straight_on_ms`, given closures."""
        best_ms = straight_on_ms(starts, goals)
        if not len(self.closed.edge):
            return best_ms
        edge = np.broadcast_to(starts.edge, (len(best_ms), starts.edge.shape[1]))
        shut = ((edge >= 0) & self.closed.shut[edge]).any(axis=1)
        for row in np.flatnonzero(shut & np.isfinite(best_ms)).tolist():
            options = self.straight_paths(
                starts.one(row if len(starts) > 1 else 0), goals.one(row if len(goals) > 1 else 0)
            )
            best_ms[row] = min((ms for ms, _, _ in options), default=np.inf)
        return best_ms

    def straight_paths(
        self, start: Endpoints, goal: Endpoints
    ) -> list[tuple[float, PhantomNode, PhantomNode]]:
        """Return all open paths straight on from one origin to one target, with their ms."""
        return [
            (float(ahead_ms + phantom.turning_ms + phantom.walk_ms + upto.walk_ms), phantom, upto)
            for phantom in start.phantom_nodes()
            for upto in goal.phantom_nodes()
            if phantom.edge == upto.edge
            and (ahead_ms := upto.passed_ms - phantom.passed_ms) >= 0
            and not self._blocked(phantom, upto)
        ]

    def _blocked(self, phantom: PhantomNode, upto: PhantomNode) -> bool:
        if not self.closed.shut[phantom.edge]:
            return False
        around = self.closures_at(phantom).around | self.closures_at(upto).around
        return not self.closed.closures_between(phantom.edge, phantom.at_m, upto.at_m) <= around

    def on_closed(self, endpoints: Endpoints) -> IntArray:
        """Return which endpoints are on a closed edge."""
        return np.flatnonzero(
            ((endpoints.edge >= 0) & self.closed.shut[endpoints.edge]).any(axis=1)
        )

    def open_nodes(self, endpoints: Endpoints) -> tuple[IntArray, IntArray]:
        """Return row and column of each phantom node on an edge that is not closed."""
        row, side = endpoints.used
        if not len(self.closed.edge):
            return row, side
        in_the_open = ~self.closed.shut[endpoints.edge[row, side]]
        return row[in_the_open], side[in_the_open]

    def region(self, around: frozenset[int]) -> ClosedRegion:
        """Return the roads closed by the given closures only; kept for later calls."""
        if around not in self._regions:
            edges = self.closed.shut_only_by(around)
            self._regions[around] = ClosedRegion(self._expansion, self._open_weights, edges)
        return self._regions[around]


_NO_TIMES = np.empty(0)
_NO_CLOSURES: frozenset[int] = frozenset()


@dataclass(frozen=True, eq=False)
class LeavingGroup:
    """Origins in closed streets that have to leave the same closures.

    Attributes
    ----------
    exits
        Their common ways out.
    row, side
        Rows of the origins, and which of their phantom nodes; shape ``(k,)``.
    around
        The closures that contain them.
    only_into
        Closures of their street ahead that do not contain them: unless empty, they may drive on
        only if the target is inside all of these.
    edge
        Their edges, shape ``(k,)``.
    """

    exits: RegionExits
    row: IntArray
    side: IntArray
    around: frozenset[int]
    only_into: frozenset[int]
    edge: IntArray


def join_seeds(parts: Sequence[Seeds]) -> Seeds:
    """Return several seeds together."""
    if not parts:
        nothing = np.empty(0, dtype=np.int64)
        return Seeds(nothing, nothing)
    return Seeds(
        np.concatenate([seeds.nodes for seeds in parts]),
        np.concatenate([seeds.costs_ms for seeds in parts]),
    )
