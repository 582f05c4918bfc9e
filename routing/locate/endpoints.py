"""Endpoints of a search in the middle of streets, as phantom nodes on directed edges.

A place has two of them on each of the streets near it, one per direction. Every search begins and
ends at all of them and takes the best total of walk, drive and walk.

A state of the expanded network is the *beginning* of a directed edge. From or to a phantom node
``passed_ms`` behind it there are three ways:

* setting out, drive the rest and turn: an arc leaving the edge, less what is already passed;
* arriving, turn into the edge by an arc and drive on for ``passed_ms``;
* if both endpoints are on one directed edge and the target is ahead, drive straight on.

Since one side of every search begins with arcs, "round the block, back to a position just behind"
needs no special case.
"""

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from typing import TypeVar

import numpy as np

from routing.engine.edge_expansion import Expansion
from routing.engine.edge_weights import UNREACHABLE_MS
from routing.engine.edge_weights import EdgeWeights
from routing.engine.hierarchy import Seeds
from routing.locate.nearby_streets import NearbyStreets
from routing.locate.nearby_streets import walks_ms
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.arrays import ranges

Numbers = TypeVar("Numbers", FloatArray, IntArray)


@dataclass(frozen=True, eq=False)
class Endpoints:
    """The phantom nodes of some places, two for each street: columns ``2 i`` and ``2 i + 1``.

    Attributes
    ----------
    edge
        Directed edges, shape ``(n, w)``: the snapped direction of each street, then the opposite
        one; -1 where that may not be driven, or there is no street.
    passed_ms
        Driving time from the beginning of that edge, milliseconds, int64, shape ``(n, w)``.
    at_m
        Distance from the beginning of that edge, metres, shape ``(n, w)``.
    turning_ms
        Cost of setting out in that direction: that of turning round where the heading is the
        opposite one, else 0. int64, shape ``(n, w)``.
    walk_ms
        Time of the walk between the place and the street, int64, shape ``(n, w)``.
    """

    edge: IntArray
    passed_ms: IntArray
    at_m: FloatArray
    turning_ms: IntArray
    walk_ms: IntArray

    def __len__(self) -> int:
        """Return the number of endpoints."""
        return len(self.edge)

    def one_by_one(self) -> Iterator["Endpoints"]:
        """Yield each endpoint, shape ``(1, w)``."""
        for row in range(len(self.edge)):
            yield self.one(row)

    def one(self, row: int) -> "Endpoints":
        """Return one endpoint, shape ``(1, w)``."""
        return self.some(slice(row, row + 1))

    def some(self, rows: slice | IntArray) -> "Endpoints":
        """Return the endpoints of some rows."""
        return Endpoints(
            self.edge[rows],
            self.passed_ms[rows],
            self.at_m[rows],
            self.turning_ms[rows],
            self.walk_ms[rows],
        )

    @cached_property
    def used(self) -> tuple[IntArray, IntArray]:
        """Row and column of each phantom node whose edge may be driven, row by row."""
        row, side = np.nonzero(self.edge >= 0)
        return row, side

    @property
    def departing_ms(self) -> IntArray:
        """What is added to the time from the beginning of an edge, setting out from it."""
        return np.asarray(self.walk_ms + self.turning_ms - self.passed_ms)

    @property
    def arriving_ms(self) -> IntArray:
        """What is added to the time to the beginning of an edge, arriving on it."""
        return np.asarray(self.passed_ms + self.walk_ms)

    def phantom_node(self, row: int, side: int) -> "PhantomNode":
        """Return one phantom node of one endpoint."""
        return PhantomNode(
            int(self.edge[row, side]),
            int(self.passed_ms[row, side]),
            float(self.at_m[row, side]),
            int(self.turning_ms[row, side]),
            int(self.walk_ms[row, side]),
            bool(self.edge[row, side ^ 1] >= 0),
        )

    def phantom_nodes(self) -> Iterator["PhantomNode"]:
        """Yield the phantom nodes of a single endpoint whose edge may be driven."""
        for side in np.flatnonzero(self.edge[0] >= 0).tolist():
            yield self.phantom_node(0, side)


class PhantomNode(NamedTuple):
    """A position on a directed edge, fields as in `Endpoints`."""

    edge: int
    passed_ms: int
    at_m: float
    turning_ms: int
    walk_ms: int
    both_ways: bool  # whether the street may be driven in both directions

    @property
    def departing_ms(self) -> int:
        """What is added to the time from the beginning of its edge, setting out from it."""
        return self.walk_ms + self.turning_ms - self.passed_ms

    @property
    def arriving_ms(self) -> int:
        """What is added to the time to the beginning of its edge, arriving on it."""
        return self.passed_ms + self.walk_ms


def find_endpoints(
    streets: NearbyStreets, length_m: FloatArray, weights: EdgeWeights, turn_round_ms: int = 0
) -> Endpoints:
    """Return the endpoints of places on streets for some edge weights.

    Parameters
    ----------
    streets
        Checked positions on roads.
    length_m
        Of every street, shape ``(m,)``.
    weights
        Which directions may be driven, and how fast.
    turn_round_ms
        Cost of setting out against a known heading.
    """
    listed = streets.edge >= 0
    count, width = len(listed), max(1, int(np.count_nonzero(listed.any(axis=0))))
    # Most places have one street or two of the many that there is room for.
    row, column = np.nonzero(listed)
    snapped = streets.edge[row, column]
    whole_m = length_m[snapped // 2]
    share = np.divide(
        streets.offset_m[row, column], whole_m, out=np.zeros(len(row)), where=whole_m > 0
    )
    share = np.clip(np.nan_to_num(share), 0.0, 1.0)
    shares = np.stack((share, 1.0 - share), axis=1)
    edges = np.stack((snapped, snapped ^ 1), axis=1)
    edge_ms = weights.edge_ms[edges]
    usable = edge_ms < UNREACHABLE_MS
    turning_ms = np.zeros(edges.shape, dtype=np.int64)
    turning_ms[streets.headed[row, column], 1] = turn_round_ms
    walk_ms = walks_ms(streets.distance_m[row, column])

    def spread(values: Numbers, empty: int) -> Numbers:
        table = np.full((count, width, 2), empty, dtype=values.dtype)
        table[row, column] = values
        return table.reshape(count, 2 * width)

    return Endpoints(
        edge=spread(np.where(usable, edges, -1), -1),
        passed_ms=spread(np.rint(np.where(usable, edge_ms, 0) * shares).astype(np.int64), 0),
        at_m=spread(shares * whole_m[:, np.newaxis], 0),
        turning_ms=spread(turning_ms, 0),
        walk_ms=spread(np.stack((walk_ms, walk_ms), axis=1), 0),
    )


def seeds_after_first_turn(
    phantoms: Sequence[PhantomNode], expansion: Expansion, weights: EdgeWeights
) -> Seeds:
    """Return the states after the first turn of an origin, with the time to each, ms."""
    edge, departing_ms = _columns([(one.edge, one.departing_ms) for one in phantoms])
    first, last = expansion.leaving_start[edge], expansion.leaving_start[edge + 1]
    arcs = ranges(first, last)
    costs_ms = weights.arc_ms[arcs] + np.repeat(departing_ms, last - first)
    usable = weights.arc_ms[arcs] < UNREACHABLE_MS
    return Seeds(expansion.arc_to[arcs[usable]], costs_ms[usable])


def seeds_before_last_turn(
    phantoms: Sequence[PhantomNode], expansion: Expansion, weights: EdgeWeights
) -> Seeds:
    """Return the states before the last turn to a target, with the time from each, ms."""
    edge, arriving_ms = _columns([(one.edge, one.arriving_ms) for one in phantoms])
    first, last = expansion.entering_start[edge], expansion.entering_start[edge + 1]
    arcs = expansion.entering_arcs[ranges(first, last)]
    costs_ms = weights.arc_ms[arcs] + np.repeat(arriving_ms, last - first)
    usable = weights.arc_ms[arcs] < UNREACHABLE_MS
    return Seeds(expansion.arc_from[arcs[usable]], costs_ms[usable])


def seeds_at_edge_start(phantoms: Sequence[PhantomNode], expansion: Expansion) -> Seeds:
    """Return the states at the beginning of a target's edges, with the time from each, ms."""
    edge, arriving_ms = _columns([(one.edge, one.arriving_ms) for one in phantoms])
    first, last = expansion.edge_states_start[edge], expansion.edge_states_start[edge + 1]
    return Seeds(expansion.edge_states[ranges(first, last)], np.repeat(arriving_ms, last - first))


def straight_on_ms(starts: Endpoints, goals: Endpoints) -> FloatArray:
    """Return the times from origins straight on to targets on the same edge; ``inf`` for others.

    Parameters
    ----------
    starts, goals
        Many against one, or one against many.

    Returns
    -------
    times_ms
        Shape ``(n,)``.
    """
    best = np.full(max(len(starts), len(goals)), np.inf)
    many, one = (goals, starts) if len(starts) == 1 else (starts, goals)
    rows, sides = many.used
    shared = np.isin(many.edge[rows, sides], one.edge[one.edge >= 0])
    rows, sides = rows[shared], sides[shared]
    for other in np.flatnonzero(one.edge[0] >= 0).tolist():
        same = many.edge[rows, sides] == one.edge[0, other]
        row, side = rows[same], sides[same]
        start, goal = ((0, other), (row, side)) if many is goals else ((row, side), (0, other))
        ahead_ms = goals.passed_ms[goal] - starts.passed_ms[start]
        takes_ms = ahead_ms + starts.turning_ms[start] + starts.walk_ms[start] + goals.walk_ms[goal]
        np.minimum.at(best, row[ahead_ms >= 0], takes_ms[ahead_ms >= 0])
    return best


def _columns(rows: list[tuple[int, int]]) -> tuple[IntArray, IntArray]:
    table = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]
