"""Search between positions on streets: travel times, and the edges of the fastest path."""

import threading
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from routing.closures.closed_stretches import ClosedRoads
from routing.closures.endpoint_distances import EndpointDistances
from routing.closures.endpoint_distances import join_seeds
from routing.closures.local_search import LocalTree
from routing.engine.edge_expansion import Expansion
from routing.engine.edge_weights import EdgeWeights
from routing.engine.hierarchy import ContractionHierarchy
from routing.engine.hierarchy import Seeds
from routing.errors import EngineError
from routing.locate.endpoints import Endpoints
from routing.locate.endpoints import PhantomNode
from routing.locate.endpoints import find_endpoints
from routing.locate.nearby_streets import NearbyStreets
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.paths.local_paths import ArcPath
from routing.paths.local_paths import paths_in_from_origin
from routing.paths.local_paths import paths_out_to_target
from routing.paths.path import RoadPath
from routing.paths.question import Question
from routing.paths.via_paths import ViaPaths
from routing.reach.outward_search import OutwardSearch
from routing.reach.outward_search import ReachedIntervals
from routing.reach.packed_search import PackedSearch
from routing.reach.packed_search import pack_search
from routing.reach.target_times import FirstArrivals
from routing.reach.target_times import TargetTimes

T = TypeVar("T")

# Above this share of all arcs, replacing all weights is faster than updating some.
_CHANGED_IN_PART = 0.02
_NOT_A_SEED = "the hierarchy found a path from or to a state that is not a seed"


@dataclass
class CurrentClosures:
    """The closed roads in force and the lock, shared by all searches of a network.

    Attributes
    ----------
    everything_open
        The snapshot without closures.
    closed
        The snapshot in force.
    lock
        Held while searching, and while weights change.
    """

    everything_open: ClosedRoads
    closed: ClosedRoads
    lock: threading.Lock


class Search:
    """Searches with the weights of one profile and hour; any thread may call, one at a time."""

    def __init__(
        self,
        expansion: Expansion,
        length_m: FloatArray,
        weights: EdgeWeights,
        hierarchy: ContractionHierarchy,
        current: CurrentClosures,
        *,
        turn_round_ms: int = 0,
    ) -> None:
        """Prepare searches; the hierarchy must have the weights without closures."""
        self._current = current
        self._expansion = expansion
        self._length_m = length_m
        self._weights = weights
        self._hierarchy = hierarchy
        self._turn_round_ms = turn_round_ms
        self._distances = self._distances_given(current.everything_open)
        self._outward_search: OutwardSearch | None = None
        self._target_times: TargetTimes | None = None

    @property
    def weights(self) -> EdgeWeights:
        """The weights without closures."""
        return self._weights

    @property
    def turn_round_ms(self) -> int:
        """What setting out against a known heading costs."""
        return self._turn_round_ms

    def times_to_each(self, origins: NearbyStreets, targets: NearbyStreets) -> FloatArray:
        """Return milliseconds, shape ``(targets, origins)``: one backward search per target."""
        with self._current.lock:
            self._apply_closures()
            return self._times_to_each(self._starts(origins), self._goals(targets))

    def times_from_each(self, origins: NearbyStreets, targets: NearbyStreets) -> FloatArray:
        """Return milliseconds, shape ``(origins, targets)``: one forward search per origin."""
        with self._current.lock:
            self._apply_closures()
            return self._times_from_each(self._starts(origins), self._goals(targets))

    def fastest_path(self, origin: NearbyStreets, target: NearbyStreets) -> RoadPath | None:
        """Return the fastest path between two snapped positions; ``None`` if there is none."""
        with self._current.lock:
            self._apply_closures()
            distances = self._distances
            start, goal = self._starts(origin), self._goals(target)
            trees_out = list(distances.trees_out(start))
            trees_in = list(distances.trees_in(goal))
            candidates = [
                *paths_out_to_target(distances, self._expansion, goal, trees_out),
                *paths_in_from_origin(distances, self._expansion, start, trees_in),
                *self._path_between(trees_out, trees_in),
            ]
            best = min(candidates, key=lambda arc_path: arc_path.time_ms, default=None)
            straight = min(distances.straight_paths(start, goal), default=None)
            if straight is not None and (best is None or straight[0] <= best.time_ms):
                return self._straight_path(*straight)
            return None if best is None else self._road_path(best)

    def search_via(
        self, origin: NearbyStreets, target: NearbyStreets, work: Callable[[ViaPaths], T]
    ) -> T:
        """Return the result of ``work`` on the via paths of two positions, closures unchanged."""
        with self._current.lock:
            self._apply_closures()
            distances = self._distances
            trees_out = list(distances.trees_out(self._starts(origin)))
            trees_in = list(distances.trees_in(self._goals(target)))
            via_paths = ViaPaths(
                self._hierarchy,
                self._expansion,
                self._weights,
                (trees_out, trees_in),
                lambda states, arcs: self._extend(trees_out, trees_in, states, arcs),
                self._road_path,
            )
            return work(via_paths)

    def with_endpoints(
        self, origins: NearbyStreets, targets: NearbyStreets, work: Callable[[Question], T]
    ) -> T:
        """Return the result of ``work`` on the endpoints of places, closures unchanged."""
        with self._current.lock:
            self._apply_closures()
            starts, goals = self._starts(origins), self._goals(targets)
            searches = self._times_from_each, self._times_to_each
            return work(Question(self._distances, starts, goals, *searches))

    def _path_between(
        self, trees_out: list[LocalTree], trees_in: list[LocalTree]
    ) -> Iterator[ArcPath]:
        """Yield the path of the hierarchy, if there is one."""
        _, states, arcs = self._hierarchy.path(_seeds_of(trees_out), _seeds_of(trees_in))
        if len(states):
            yield self._extend(trees_out, trees_in, states, arcs)[0]

    def _extend(
        self,
        trees_out: list[LocalTree],
        trees_in: list[LocalTree],
        states: IntArray,
        arcs: IntArray,
    ) -> tuple[ArcPath, int]:
        """Return a path of the hierarchy with the local ones, and the number of arcs before it."""
        begin, end = _seeds_of(trees_out), _seeds_of(trees_in)
        first, last = int(states[0]), int(states[-1])
        local_search = self._distances.local_search
        tree_out, arcs_out = self._local_arcs(local_search.arcs_out, trees_out, begin, first)
        tree_in, arcs_in = self._local_arcs(local_search.arcs_in, trees_in, end, last)
        time_ms = (
            float(begin.costs_ms[begin.nodes == first].min())
            + float(self._distances.weights.arc_ms[arcs].sum())
            + float(end.costs_ms[end.nodes == last].min())
        )
        return ArcPath(time_ms, tree_out, np.concatenate((arcs_out, arcs, arcs_in)), tree_in), len(
            arcs_out
        )

    def intervals_reached(self, origins: NearbyStreets, limit_ms: float) -> ReachedIntervals:
        """Return all edge intervals reached within a limit from the nearest origin."""
        with self._current.lock:
            self._apply_closures()
            if self._outward_search is None:
                self._outward_search = OutwardSearch(
                    self._expansion, self._length_m, self._distances
                )
            outward_search, starts = self._outward_search, self._starts(origins)
        return outward_search.search(starts, limit_ms)

    def pack(self, origins: NearbyStreets, targets: NearbyStreets, limit_ms: int) -> PackedSearch:
        """Return searches from these origins to these targets, as they are now, as plain arrays."""
        with self._current.lock:
            self._apply_closures()
            starts, goals = self._starts(origins), self._goals(targets)
            return pack_search(
                self._expansion, self._distances, (starts, goals), self._times_to_each, limit_ms
            )

    def first_arrivals(
        self, origins: NearbyStreets, targets: NearbyStreets, limit_ms: float
    ) -> FirstArrivals:
        """Return who is first at each target within a limit: one search outwards from all."""
        with self._current.lock:
            starts, goals, search = self._outwards(origins, targets)
            found = search.first(starts, goals, limit_ms)
            closed_rows = self._distances.on_closed(goals)
            if len(closed_rows):
                times_ms = self._times_to_each(starts, goals.some(closed_rows))
                origin = times_ms.argmin(axis=1)
                best_ms = times_ms[np.arange(len(closed_rows)), origin]
                late = best_ms > limit_ms
                found.times_ms[closed_rows] = np.where(late, np.inf, best_ms)
                found.origin[closed_rows] = np.where(late, -1, origin)
            return found

    def times_within(
        self, origins: NearbyStreets, targets: NearbyStreets, limit_ms: float
    ) -> FloatArray:
        """Return milliseconds, shape ``(origins, targets)``, ``inf`` above a limit."""
        with self._current.lock:
            starts, goals, search = self._outwards(origins, targets)
            times_ms = search.each(starts, goals, limit_ms)
            closed_rows = self._distances.on_closed(goals)
            if len(closed_rows):
                there_ms = self._times_to_each(starts, goals.some(closed_rows)).T
                times_ms[:, closed_rows] = np.where(there_ms > limit_ms, np.inf, there_ms)
            return times_ms

    def _outwards(
        self, origins: NearbyStreets, targets: NearbyStreets
    ) -> tuple[Endpoints, Endpoints, TargetTimes]:
        self._apply_closures()
        if self._target_times is None:
            self._target_times = TargetTimes(self._expansion, self._distances)
        return self._starts(origins), self._goals(targets), self._target_times

    def apply_closures(self) -> None:
        """Apply the closures in force now, so that the next search does not have to."""
        with self._current.lock:
            self._apply_closures()

    def _starts(self, streets: NearbyStreets) -> Endpoints:
        found = find_endpoints(streets, self._length_m, self._weights, self._turn_round_ms)
        return self._distances.reachable(found)

    def _goals(self, streets: NearbyStreets) -> Endpoints:
        return self._distances.reachable(find_endpoints(streets, self._length_m, self._weights))

    def _distances_given(self, closed: ClosedRoads) -> EndpointDistances:
        return EndpointDistances(self._expansion, self._length_m, self._weights, closed)

    def _apply_closures(self) -> None:
        """Update the weights to the closures in force, changing as few as possible."""
        before, closed = self._distances, self._current.closed
        if before.closed is closed:
            return
        after = self._distances_given(closed)
        changed = np.flatnonzero(before.weights.arc_ms != after.weights.arc_ms)
        if len(changed) > _CHANGED_IN_PART * len(after.weights.arc_ms):
            self._hierarchy.set_weights(after.weights.arc_ms)
        else:
            self._hierarchy.update_weights(changed, after.weights.arc_ms[changed])
        self._distances, self._outward_search, self._target_times = after, None, None

    def _times_from_each(self, starts: Endpoints, goals: Endpoints) -> FloatArray:
        trees_out = self._distances.trees_out
        seeds = [
            join_seeds([tree.seeds for tree in trees_out(start)]) for start in starts.one_by_one()
        ]
        arriving, slot = np.unique(goals.edge, return_inverse=True)
        slot = slot.reshape(goals.edge.shape)
        off_road = int(arriving[0] < 0)
        reached = np.full((len(starts), len(arriving)), np.inf)
        reached[:, off_road:] = self._reach_edges(seeds, arriving[off_road:])
        times_ms = np.empty((len(starts), len(goals)))
        for row, start in enumerate(starts.one_by_one()):
            round_ms = (reached[row][slot] + goals.arriving_ms).min(axis=1)
            times_ms[row] = np.minimum(round_ms, self._distances.straight_ms(start, goals))
        # On a closed street, arriving depends on the single target: searched backwards from there.
        closed_rows = self._distances.on_closed(goals)
        if len(closed_rows):
            times_ms[:, closed_rows] = self._times_to_each(starts, goals.some(closed_rows)).T
        return times_ms

    def _times_to_each(self, starts: Endpoints, goals: Endpoints) -> FloatArray:
        distances = self._distances
        leaving = distances.leaving_groups(starts)
        row, side = distances.open_nodes(starts)
        queried = [starts.edge[row, side], *(group.exits.query_states for group in leaving)]
        sources, slot = np.unique(np.concatenate(queried), return_inverse=True)
        slots = np.split(slot, np.cumsum([len(some) for some in queried])[:-1])
        seeds, trees = zip(*map(distances.seeds_in, goals.one_by_one()), strict=True)
        found = self._hierarchy.many_to_one(sources, seeds)
        departing_ms = starts.departing_ms
        times_ms = np.empty((len(goals), len(starts)))
        for at, goal in enumerate(goals.one_by_one()):
            round_ms = np.full(len(starts), np.inf)
            np.minimum.at(round_ms, row, found[at][slots[0]] + departing_ms[row, side])
            for group, here in zip(leaving, slots[1:], strict=True):
                there_ms = distances.times_of_group(group, found[at][here], trees[at], goal)
                there_ms = there_ms + departing_ms[group.row, group.side]
                np.minimum.at(round_ms, group.row, there_ms)
            times_ms[at] = np.minimum(round_ms, distances.straight_ms(starts, goal))
        return times_ms

    def _reach_edges(self, seeds: list[Seeds], edges: IntArray) -> FloatArray:
        """Return the time to the beginning of each edge, by the best of its states."""
        if not len(edges):
            return np.empty((len(seeds), 0))
        groups = [self._expansion.states_of(int(edge)) for edge in edges]
        first = np.cumsum([0, *(len(group) for group in groups[:-1])])
        found = self._hierarchy.one_to_many(seeds, np.concatenate(groups))
        return np.minimum.reduceat(found, first, axis=1)

    @staticmethod
    def _local_arcs(
        walk: Callable[[LocalTree, int, float], IntArray | None],
        trees: list[LocalTree],
        seeds: Seeds,
        state: int,
    ) -> tuple[LocalTree, IntArray]:
        """Return the tree whose seed the hierarchy used, and the arcs from that to the endpoint."""
        cost_ms = float(seeds.costs_ms[seeds.nodes == state].min())
        for tree in trees:
            arcs = walk(tree, state, cost_ms)
            if arcs is not None:
                return tree, arcs
        raise EngineError(_NOT_A_SEED)

    def _straight_path(self, time_ms: float, phantom: PhantomNode, upto: PhantomNode) -> RoadPath:
        closed_m = self._distances.closed.closed_m(phantom.edge, phantom.at_m, upto.at_m)
        walk_ms = float(phantom.walk_ms + upto.walk_ms)
        return RoadPath(
            np.array([phantom.edge]), np.array([time_ms - walk_ms]), np.array([closed_m]), walk_ms
        )

    def _road_path(self, arc_path: ArcPath) -> RoadPath:
        weights, closed = self._weights, self._distances.closed
        arcs = arc_path.arcs
        states = np.concatenate((self._expansion.arc_from[arcs[:1]], self._expansion.arc_to[arcs]))
        edges = self._expansion.state_edge[states]
        start, goal = arc_path.tree_out.phantom, arc_path.tree_in.phantom
        times_ms = weights.edge_ms[edges].astype(np.float64)
        turns_ms = weights.arc_ms[arcs] - times_ms[:-1]
        times_ms[0] -= start.passed_ms - start.turning_ms
        times_ms[-1] = goal.passed_ms
        times_ms[1:] += turns_ms
        from_m, upto_m = np.zeros(len(edges)), self._length_m[edges // 2].copy()
        from_m[0], upto_m[-1] = start.at_m, goal.at_m
        closed_m = np.zeros(len(edges))
        for at in np.flatnonzero(closed.shut[edges]).tolist():
            closed_m[at] = closed.closed_m(int(edges[at]), float(from_m[at]), float(upto_m[at]))
        return RoadPath(edges, times_ms, closed_m, float(start.walk_ms + goal.walk_ms))


def _seeds_of(trees: list[LocalTree]) -> Seeds:
    return join_seeds([tree.seeds for tree in trees])
