"""Searches between places in the middle of streets: travel times and the edges of the best way."""

import threading
from dataclasses import dataclass

import numpy as np

from routing.arrays import FloatArray
from routing.arrays import IntArray
from routing.ends import Ends
from routing.ends import find_ends
from routing.ends import seeds_arriving
from routing.ends import seeds_leaving
from routing.ends import seeds_standing
from routing.ends import straight_on_ms
from routing.engine import Engine
from routing.engine import Seeds
from routing.expansion import Expansion
from routing.metric import Weights
from routing.snapping import Snaps


@dataclass(frozen=True, eq=False)
class Way:
    """Directed edges in driving order, and what each adds, milliseconds."""

    edges: IntArray
    times_ms: FloatArray


class Search:
    """One metric on the engine. Any thread may ask: one search runs at a time."""

    def __init__(
        self, expansion: Expansion, length_m: FloatArray, weights: Weights, order: IntArray
    ) -> None:
        self._lock = threading.Lock()
        self._expansion = expansion
        self._length_m = length_m
        self._weights = weights
        self._engine = Engine(
            len(expansion.state_edge),
            expansion.arc_from,
            expansion.arc_to,
            order,
            weights.arc_ms,
        )

    def times_to_each(self, origins: Snaps, targets: Snaps) -> FloatArray:
        """Return milliseconds, shape ``(targets, origins)``: one backward search per target."""
        with self._lock:
            starts, goals = self._ends(origins), self._ends(targets)
            standing, slot = np.unique(starts.edge, return_inverse=True)
            off_road = int(standing[0] < 0)  # they all share slot 0
            seeds = [
                seeds_arriving(goal, self._expansion, self._weights) for goal in goals.one_by_one()
            ]
            found = self._engine.many_to_one(standing[off_road:], seeds)
        reached = np.full((len(targets), len(standing)), np.inf)
        reached[:, off_road:] = found
        times_ms = np.empty((len(targets), len(origins)))
        for row, goal in enumerate(goals.one_by_one()):
            round_ms = (reached[row][slot] - starts.passed_ms).min(axis=1)
            times_ms[row] = np.minimum(round_ms, straight_on_ms(starts, goal))
        return times_ms

    def times_from_each(self, origins: Snaps, targets: Snaps) -> FloatArray:
        """Return milliseconds, shape ``(origins, targets)``: one forward search per origin."""
        with self._lock:
            starts, goals = self._ends(origins), self._ends(targets)
            arriving, slot = np.unique(goals.edge, return_inverse=True)
            off_road = int(arriving[0] < 0)
            seeds = [
                seeds_leaving(start, self._expansion, self._weights)
                for start in starts.one_by_one()
            ]
            found = self._reach_edges(seeds, arriving[off_road:])
        reached = np.full((len(origins), len(arriving)), np.inf)
        reached[:, off_road:] = found
        times_ms = np.empty((len(origins), len(targets)))
        for row, start in enumerate(starts.one_by_one()):
            round_ms = (reached[row][slot] + goals.passed_ms).min(axis=1)
            times_ms[row] = np.minimum(round_ms, straight_on_ms(start, goals))
        return times_ms

    def best_way(self, origin: Snaps, target: Snaps) -> Way | None:
        """Return the fastest way between two places; nothing if there is none."""
        with self._lock:
            start, goal = self._ends(origin), self._ends(target)
            time_ms, states, arcs = self._engine.path(
                seeds_leaving(start, self._expansion, self._weights),
                seeds_standing(goal, self._expansion),
            )
            straight_ms = straight_on_ms(start, goal)[0]
            if np.isinf(straight_ms) and np.isinf(time_ms):
                return None
            if straight_ms <= time_ms:
                return _straight_way(start, goal)
            return self._way(start, goal, states, arcs)

    def _ends(self, snaps: Snaps) -> Ends:
        return find_ends(snaps, self._length_m, self._weights)

    def _reach_edges(self, seeds: list[Seeds], edges: IntArray) -> FloatArray:
        """Return the time to the beginning of each edge by whichever of its states is best."""
        if not len(edges):
            return np.empty((len(seeds), 0))
        groups = [self._expansion.states_of(int(edge)) for edge in edges]
        first = np.cumsum([0, *(len(group) for group in groups[:-1])])
        found = self._engine.one_to_many(seeds, np.concatenate(groups))
        return np.minimum.reduceat(found, first, axis=1)

    def _way(self, start: Ends, goal: Ends, states: IntArray, arcs: IntArray) -> Way:
        weights = self._weights
        first_arc, passed_ms = self._set_out(start, int(states[0]))
        arcs = np.concatenate(([first_arc], arcs))
        edges = self._expansion.state_edge[
            np.concatenate((self._expansion.arc_from[arcs[:1]], states))
        ]
        times_ms = weights.edge_ms[edges].astype(np.float64)
        turns_ms = weights.arc_ms[arcs] - times_ms[:-1]
        times_ms[0] -= passed_ms
        times_ms[-1] = dict(goal.directions())[int(edges[-1])]
        times_ms[1:] += turns_ms
        return Way(edges, times_ms)

    def _set_out(self, start: Ends, state: int) -> tuple[int, int]:
        """Return the first turn of somebody who is soonest at a state, and what they passed."""
        leaving = self._expansion.leaving_start
        options = [
            (int(self._weights.arc_ms[arc]) - passed_ms, arc, passed_ms)
            for edge, passed_ms in start.directions()
            for arc in range(leaving[edge], leaving[edge + 1])
            if self._expansion.arc_to[arc] == state
        ]
        _, arc, passed_ms = min(options)
        return arc, passed_ms


def _straight_way(start: Ends, goal: Ends) -> Way:
    """Return the way of somebody who only drives on along the street."""
    options = [
        (ahead_ms, edge)
        for edge, passed_ms in start.directions()
        for other, upto_ms in goal.directions()
        if edge == other and (ahead_ms := upto_ms - passed_ms) >= 0
    ]
    time_ms, edge = min(options)
    return Way(np.array([edge]), np.array([float(time_ms)]))
