"""Searches between places in the middle of streets: travel times and the edges of the best way."""

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
from routing.locate.snapping import Snaps
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.paths.local_paths import Drive
from routing.paths.local_paths import in_from_the_origin
from routing.paths.local_paths import out_along_the_target
from routing.paths.path import Way
from routing.paths.via_paths import Detours
from routing.reach.outward_search import OutwardSearch
from routing.reach.outward_search import ReachedIntervals

T = TypeVar("T")

# Above this share of all arcs a whole new metric is quicker than changing it in part.
_CHANGED_IN_PART = 0.02
_NOT_A_SEED = "the engine found a way from or to a place nobody asked for"


@dataclass
class ClosureBoard:
    """What all metrics of a network share: the closed roads of the moment, and the lock.

    Attributes
    ----------
    everything_open
        The snapshot without closures.
    closed
        That of the moment.
    lock
        Held while searching, and while weights change.
    """

    everything_open: ClosedRoads
    closed: ClosedRoads
    lock: threading.Lock


class Search:
    """One metric on the engine. Any thread may ask: one search runs at a time."""

    def __init__(
        self,
        expansion: Expansion,
        length_m: FloatArray,
        weights: EdgeWeights,
        engine: ContractionHierarchy,
        board: ClosureBoard,
        *,
        turn_round_ms: int = 0,
    ) -> None:
        """Take a metric over; its engine must have the weights in which everything is open."""
        self._board = board
        self._expansion = expansion
        self._length_m = length_m
        self._weights = weights
        self._engine = engine
        self._turn_round_ms = turn_round_ms
        self._distances = self._under(board.everything_open)
        self._outward_search: OutwardSearch | None = None

    def times_to_each(self, origins: Snaps, targets: Snaps) -> FloatArray:
        """Return milliseconds, shape ``(targets, origins)``: one backward search per target."""
        with self._board.lock:
            self._catch_up()
            return self._times_to_each(self._starts(origins), self._goals(targets))

    def times_from_each(self, origins: Snaps, targets: Snaps) -> FloatArray:
        """Return milliseconds, shape ``(origins, targets)``: one forward search per origin."""
        with self._board.lock:
            self._catch_up()
            starts, goals = self._starts(origins), self._goals(targets)
            trees = [list(self._distances.trees_out(start)) for start in starts.one_by_one()]
            arriving, slot = np.unique(goals.edge, return_inverse=True)
            slot = slot.reshape(goals.edge.shape)
            off_road = int(arriving[0] < 0)
            found = self._reach_edges([join_seeds(tree) for tree in trees], arriving[off_road:])
            reached = np.full((len(origins), len(arriving)), np.inf)
            reached[:, off_road:] = found
            times_ms = np.empty((len(origins), len(targets)))
            for row, start in enumerate(starts.one_by_one()):
                round_ms = (reached[row][slot] + goals.passed_ms).min(axis=1)
                times_ms[row] = np.minimum(round_ms, self._distances.straight_ms(start, goals))
            # Where a street is closed, arriving is a matter of each target: searched from there.
            inside = self._distances.on_closed(goals)
            if len(inside):
                times_ms[:, inside] = self._times_to_each(starts, goals.some(inside)).T
        return times_ms

    def best_way(self, origin: Snaps, target: Snaps) -> Way | None:
        """Return the fastest way between two places; nothing if there is none."""
        with self._board.lock:
            self._catch_up()
            distances = self._distances
            start, goal = self._starts(origin), self._goals(target)
            trees_out = list(distances.trees_out(start))
            trees_in = list(distances.trees_in(goal, before_turn=False))
            drives = [
                *out_along_the_target(distances, self._expansion, goal, trees_out),
                *in_from_the_origin(distances, self._expansion, start, trees_in),
                *self._through_the_open(trees_out, trees_in),
            ]
            best = min(drives, key=lambda drive: drive.time_ms, default=None)
            straight = min(distances.straight_paths(start, goal), default=None)
            if straight is not None and (best is None or straight[0] <= best.time_ms):
                return self._straight_way(*straight)
            return None if best is None else self._way(best)

    def among_detours(self, origin: Snaps, target: Snaps, work: Callable[[Detours], T]) -> T:
        """Let some work search between two places by way of others, under one state of closures."""
        with self._board.lock:
            self._catch_up()
            distances = self._distances
            trees_out = list(distances.trees_out(self._starts(origin)))
            trees_in = list(distances.trees_in(self._goals(target), before_turn=False))
            detours = Detours(
                self._engine,
                self._expansion,
                self._weights,
                (trees_out, trees_in),
                lambda states, arcs: self._joined(trees_out, trees_in, states, arcs),
                self._way,
            )
            return work(detours)

    def _through_the_open(
        self, trees_out: list[LocalTree], trees_in: list[LocalTree]
    ) -> Iterator[Drive]:
        """Yield what the engine finds, if anything."""
        _, states, arcs = self._engine.path(join_seeds(trees_out), join_seeds(trees_in))
        if len(states):
            yield self._joined(trees_out, trees_in, states, arcs)[0]

    def _joined(
        self,
        trees_out: list[LocalTree],
        trees_in: list[LocalTree],
        states: IntArray,
        arcs: IntArray,
    ) -> tuple[Drive, int]:
        """Return a path of the engine with what lies before and behind it, and how much before."""
        begin, end = join_seeds(trees_out), join_seeds(trees_in)
        first, last = int(states[0]), int(states[-1])
        inside = self._distances.local_search
        out, arcs_out = self._arcs(inside.arcs_out, trees_out, begin, first)
        into, arcs_in = self._arcs(inside.arcs_in, trees_in, end, last)
        time_ms = (
            float(begin.costs_ms[begin.nodes == first].min())
            + float(self._distances.weights.arc_ms[arcs].sum())
            + float(end.costs_ms[end.nodes == last].min())
        )
        return Drive(time_ms, out, np.concatenate((arcs_out, arcs, arcs_in)), into), len(arcs_out)

    def intervals_reached(self, origins: Snaps, limit_ms: float) -> ReachedIntervals:
        """Return every piece of road that is reached within a limit from the nearest origin."""
        with self._board.lock:
            self._catch_up()
            if self._outward_search is None:
                self._outward_search = OutwardSearch(
                    self._expansion, self._length_m, self._distances
                )
            outward_search, starts = self._outward_search, self._starts(origins)
        return outward_search.search(starts, limit_ms)

    def catch_up(self) -> None:
        """Take in the closures of the moment now, so that the next search need not."""
        with self._board.lock:
            self._catch_up()

    def _starts(self, snaps: Snaps) -> Endpoints:
        return find_endpoints(snaps, self._length_m, self._weights, self._turn_round_ms)

    def _goals(self, snaps: Snaps) -> Endpoints:
        return find_endpoints(snaps, self._length_m, self._weights)

    def _under(self, closed: ClosedRoads) -> EndpointDistances:
        return EndpointDistances(self._expansion, self._length_m, self._weights, closed)

    def _catch_up(self) -> None:
        """Bring the engine up to the closures of the moment, changing as little as possible."""
        before, closed = self._distances, self._board.closed
        if before.closed is closed:
            return
        after = self._under(closed)
        changed = np.flatnonzero(before.weights.arc_ms != after.weights.arc_ms)
        if len(changed) > _CHANGED_IN_PART * len(after.weights.arc_ms):
            self._engine.set_weights(after.weights.arc_ms)
        else:
            self._engine.update_weights(changed, after.weights.arc_ms[changed])
        self._distances, self._outward_search = after, None

    def _times_to_each(self, starts: Endpoints, goals: Endpoints) -> FloatArray:
        distances = self._distances
        leaving = distances.leaving_groups(starts)
        edge = distances.without_closed(starts.edge)
        asked = [edge[edge >= 0], *(group.exits.query_states for group in leaving)]
        sources, slot = np.unique(np.concatenate(asked), return_inverse=True)
        slots = np.split(slot, np.cumsum([len(some) for some in asked])[:-1])
        trees = [list(distances.trees_in(goal, before_turn=True)) for goal in goals.one_by_one()]
        found = self._engine.many_to_one(sources, [join_seeds(tree) for tree in trees])
        times_ms = np.empty((len(goals), len(starts)))
        for row, goal in enumerate(goals.one_by_one()):
            reached = np.full(edge.shape, np.inf)
            reached[edge >= 0] = found[row][slots[0]]
            for group, here in zip(leaving, slots[1:], strict=True):
                reached[group.row, group.side] = distances.times_of_group(
                    group, found[row][here], trees[row], goal
                )
            round_ms = (reached - starts.passed_ms + starts.turning_ms).min(axis=1)
            times_ms[row] = np.minimum(round_ms, distances.straight_ms(starts, goal))
        return times_ms

    def _reach_edges(self, seeds: list[Seeds], edges: IntArray) -> FloatArray:
        """Return the time to the beginning of each edge by whichever of its states is best."""
        if not len(edges):
            return np.empty((len(seeds), 0))
        groups = [self._expansion.states_of(int(edge)) for edge in edges]
        first = np.cumsum([0, *(len(group) for group in groups[:-1])])
        found = self._engine.one_to_many(seeds, np.concatenate(groups))
        return np.minimum.reduceat(found, first, axis=1)

    @staticmethod
    def _arcs(
        walk: Callable[[LocalTree, int, float], IntArray | None],
        trees: list[LocalTree],
        seeds: Seeds,
        state: int,
    ) -> tuple[LocalTree, IntArray]:
        """Return the fan whose seed the engine took, and the arcs between that and the end."""
        cost_ms = float(seeds.costs_ms[seeds.nodes == state].min())
        for tree in trees:
            arcs = walk(tree, state, cost_ms)
            if arcs is not None:
                return tree, arcs
        raise EngineError(_NOT_A_SEED)

    def _straight_way(self, time_ms: float, way: PhantomNode, upto: PhantomNode) -> Way:
        closed_m = self._distances.closed.closed_m(way.edge, way.at_m, upto.at_m)
        return Way(np.array([way.edge]), np.array([time_ms]), np.array([closed_m]))

    def _way(self, drive: Drive) -> Way:
        weights, closed = self._weights, self._distances.closed
        arcs = drive.arcs
        states = np.concatenate((self._expansion.arc_from[arcs[:1]], self._expansion.arc_to[arcs]))
        edges = self._expansion.state_edge[states]
        start, goal = drive.out.phantom, drive.into.phantom
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
        return Way(edges, times_ms, closed_m)
