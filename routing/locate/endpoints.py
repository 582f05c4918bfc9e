"""Ends of a journey that lie in the middle of a street.

A state of the expanded network stands at the *beginning* of a directed edge. Someone standing
``passed_ms`` into it has to

* drive the rest and turn: an arc leaving the edge, less what is already passed; or
* arrive by an arc turning into the edge and go on for ``passed_ms``; or
* if both ends are on one directed edge and the goal is ahead, simply drive on.

Opening one side of every search into arcs like this makes "round the block and back to a place just
behind me" come out right without special cases.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from routing.engine.edge_expansion import Expansion
from routing.engine.edge_weights import UNREACHABLE_MS
from routing.engine.edge_weights import EdgeWeights
from routing.engine.hierarchy import Seeds
from routing.locate.snapping import Snaps
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray


@dataclass(frozen=True, eq=False)
class Ends:
    """Both directions of the streets some positions were snapped to.

    Attributes
    ----------
    edge
        Directed edges, shape ``(n, 2)``: the snapped direction and the other; -1 where that may
        not be driven, or the position is off road.
    passed_ms
        How far into that edge, milliseconds of driving, int64, shape ``(n, 2)``.
    at_m
        The same in metres, shape ``(n, 2)``.
    turning_ms
        What setting out in that direction costs beforehand: turning round for somebody known to
        drive the other way. int64, shape ``(n, 2)``.
    """

    edge: IntArray
    passed_ms: IntArray
    at_m: FloatArray
    turning_ms: IntArray

    def __len__(self) -> int:
        """Return how many positions there are."""
        return len(self.edge)

    def one_by_one(self) -> Iterator["Ends"]:
        """Yield each end for itself, shape ``(1, 2)``."""
        for row in range(len(self.edge)):
            yield self.one(row)

    def one(self, row: int) -> "Ends":
        """Return one end for itself, shape ``(1, 2)``."""
        return self.some(slice(row, row + 1))

    def some(self, rows: slice | IntArray) -> "Ends":
        """Return some of them."""
        return Ends(self.edge[rows], self.passed_ms[rows], self.at_m[rows], self.turning_ms[rows])

    def only(self, side: int) -> "Ends":
        """Return the same ends with one of their two directions left."""
        edge = np.full_like(self.edge, -1)
        edge[:, side] = self.edge[:, side]
        return Ends(edge, self.passed_ms, self.at_m, self.turning_ms)

    def direction(self, row: int, side: int) -> "Direction":
        """Return one direction of one end."""
        return Direction(
            int(self.edge[row, side]),
            int(self.passed_ms[row, side]),
            float(self.at_m[row, side]),
            int(self.turning_ms[row, side]),
            bool(self.edge[row, 1 - side] >= 0),
        )

    def directions(self) -> Iterator["Direction"]:
        """Yield each direction of a single end that may be driven."""
        for side in (0, 1):
            if self.edge[0, side] >= 0:
                yield self.direction(0, side)


class Direction(NamedTuple):
    """One direction of an end: see `Ends`; and whether the other one may be driven as well."""

    edge: int
    passed_ms: int
    at_m: float
    turning_ms: int
    other_way_open: bool


def find_ends(
    snaps: Snaps, length_m: FloatArray, weights: EdgeWeights, turn_round_ms: int = 0
) -> Ends:
    """Return the ends for a metric.

    Parameters
    ----------
    snaps
        Checked places on roads.
    length_m
        Of every street, shape ``(m,)``.
    weights
        Which directions may be driven, and how fast.
    turn_round_ms
        What it costs somebody known to drive one way to set out the other way.
    """
    known = np.maximum(snaps.edge, 0)
    edge = np.stack((known, known ^ 1), axis=1)
    whole_m = length_m[known // 2]
    share = np.divide(snaps.offset_m, whole_m, out=np.zeros(len(known)), where=whole_m > 0)
    share = np.clip(np.nan_to_num(share), 0.0, 1.0)
    edge_ms = weights.edge_ms[edge]
    usable = (edge_ms < UNREACHABLE_MS) & (snaps.edge >= 0)[:, np.newaxis]
    passed_ms = np.rint(np.where(usable, edge_ms, 0) * np.stack((share, 1.0 - share), axis=1))
    turning_ms = np.zeros(edge.shape, dtype=np.int64)
    turning_ms[snaps.headed, 1] = turn_round_ms
    return Ends(
        edge=np.where(usable, edge, -1),
        passed_ms=passed_ms.astype(np.int64),
        at_m=np.stack((share, 1.0 - share), axis=1) * whole_m[:, np.newaxis],
        turning_ms=turning_ms,
    )


def seeds_leaving(end: Ends, expansion: Expansion, weights: EdgeWeights) -> Seeds:
    """Return the states after the first turn of somebody setting out, with what it takes, ms."""
    nodes, costs = [], []
    for way in end.directions():
        arcs = np.arange(expansion.leaving_start[way.edge], expansion.leaving_start[way.edge + 1])
        arcs = arcs[weights.arc_ms[arcs] < UNREACHABLE_MS]
        nodes.append(expansion.arc_to[arcs])
        costs.append(weights.arc_ms[arcs] - way.passed_ms + way.turning_ms)
    return _joined(nodes, costs)


def seeds_arriving(end: Ends, expansion: Expansion, weights: EdgeWeights) -> Seeds:
    """Return the states before the last turn of somebody arriving, with what is left then, ms."""
    nodes, costs = [], []
    for way in end.directions():
        arcs = expansion.arcs_entering(way.edge)
        arcs = arcs[weights.arc_ms[arcs] < UNREACHABLE_MS]
        nodes.append(expansion.arc_from[arcs])
        costs.append(weights.arc_ms[arcs] + way.passed_ms)
    return _joined(nodes, costs)


def seeds_standing(end: Ends, expansion: Expansion) -> Seeds:
    """Return the states at the beginning of the edges of an end, with what is left then, ms."""
    nodes, costs = [], []
    for way in end.directions():
        states = expansion.states_of(way.edge)
        nodes.append(states)
        costs.append(np.full(len(states), way.passed_ms))
    return _joined(nodes, costs)


def straight_on_ms(starts: Ends, goals: Ends) -> FloatArray:
    """Return the time of those who only have to drive on along their edge; ``inf`` for the others.

    Parameters
    ----------
    starts, goals
        Many against one, one against many, or as many of each.

    Returns
    -------
    times_ms
        Shape ``(n,)``.
    """
    best = np.full(max(len(starts), len(goals)), np.inf)
    for side in (0, 1):
        for other in (0, 1):
            same = (starts.edge[:, side] == goals.edge[:, other]) & (starts.edge[:, side] >= 0)
            ahead_ms = goals.passed_ms[:, other] - starts.passed_ms[:, side]
            takes_ms = ahead_ms + starts.turning_ms[:, side]
            best = np.minimum(best, np.where(same & (ahead_ms >= 0), takes_ms, np.inf))
    return best


def _joined(nodes: list[IntArray], costs: list[IntArray]) -> Seeds:
    if not nodes:
        nothing = np.empty(0, dtype=np.int64)
        return Seeds(nothing, nothing)
    return Seeds(np.concatenate(nodes), np.concatenate(costs))
