"""Endpoints of a search in the middle of streets, as phantom nodes on directed edges.

A state of the expanded network is the *beginning* of a directed edge. From or to a phantom node
``passed_ms`` behind it there are three ways:

* setting out, drive the rest and turn: an arc leaving the edge, less what is already passed;
* arriving, turn into the edge by an arc and drive on for ``passed_ms``;
* if both endpoints are on one directed edge and the target is ahead, drive straight on.

Since one side of every search begins with arcs, "round the block, back to a position just behind"
needs no special case.
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
class Endpoints:
    """Two phantom nodes for each snapped position, one per direction of its street.

    Attributes
    ----------
    edge
        Directed edges, shape ``(n, 2)``: the snapped direction and the opposite one; -1 where that
        may not be driven, or the position is off road.
    passed_ms
        Driving time from the beginning of that edge, milliseconds, int64, shape ``(n, 2)``.
    at_m
        Distance from the beginning of that edge, metres, shape ``(n, 2)``.
    turning_ms
        Cost of setting out in that direction: that of turning round where the heading is the
        opposite one, else 0. int64, shape ``(n, 2)``.
    """

    edge: IntArray
    passed_ms: IntArray
    at_m: FloatArray
    turning_ms: IntArray

    def __len__(self) -> int:
        """Return the number of endpoints."""
        return len(self.edge)

    def one_by_one(self) -> Iterator["Endpoints"]:
        """Yield each endpoint, shape ``(1, 2)``."""
        for row in range(len(self.edge)):
            yield self.one(row)

    def one(self, row: int) -> "Endpoints":
        """Return one endpoint, shape ``(1, 2)``."""
        return self.some(slice(row, row + 1))

    def some(self, rows: slice | IntArray) -> "Endpoints":
        """Return the endpoints of some rows."""
        return Endpoints(
            self.edge[rows], self.passed_ms[rows], self.at_m[rows], self.turning_ms[rows]
        )

    def only(self, side: int) -> "Endpoints":
        """Return the same endpoints with only one of their two phantom nodes."""
        edge = np.full_like(self.edge, -1)
        edge[:, side] = self.edge[:, side]
        return Endpoints(edge, self.passed_ms, self.at_m, self.turning_ms)

    def phantom_node(self, row: int, side: int) -> "PhantomNode":
        """Return one phantom node of one endpoint."""
        return PhantomNode(
            int(self.edge[row, side]),
            int(self.passed_ms[row, side]),
            float(self.at_m[row, side]),
            int(self.turning_ms[row, side]),
            bool(self.edge[row, 1 - side] >= 0),
        )

    def phantom_nodes(self) -> Iterator["PhantomNode"]:
        """Yield the phantom nodes of a single endpoint whose edge may be driven."""
        for side in (0, 1):
            if self.edge[0, side] >= 0:
                yield self.phantom_node(0, side)


class PhantomNode(NamedTuple):
    """A position on a directed edge, fields as in `Endpoints`."""

    edge: int
    passed_ms: int
    at_m: float
    turning_ms: int
    both_ways: bool  # whether the street may be driven in both directions


def find_endpoints(
    snaps: Snaps, length_m: FloatArray, weights: EdgeWeights, turn_round_ms: int = 0
) -> Endpoints:
    """Return the endpoints of snapped positions for some edge weights.

    Parameters
    ----------
    snaps
        Checked positions on roads.
    length_m
        Of every street, shape ``(m,)``.
    weights
        Which directions may be driven, and how fast.
    turn_round_ms
        Cost of setting out against a known heading.
    """
    snapped = np.maximum(snaps.edge, 0)
    edge = np.stack((snapped, snapped ^ 1), axis=1)
    whole_m = length_m[snapped // 2]
    share = np.divide(snaps.offset_m, whole_m, out=np.zeros(len(snapped)), where=whole_m > 0)
    share = np.clip(np.nan_to_num(share), 0.0, 1.0)
    edge_ms = weights.edge_ms[edge]
    usable = (edge_ms < UNREACHABLE_MS) & (snaps.edge >= 0)[:, np.newaxis]
    passed_ms = np.rint(np.where(usable, edge_ms, 0) * np.stack((share, 1.0 - share), axis=1))
    turning_ms = np.zeros(edge.shape, dtype=np.int64)
    turning_ms[snaps.headed, 1] = turn_round_ms
    return Endpoints(
        edge=np.where(usable, edge, -1),
        passed_ms=passed_ms.astype(np.int64),
        at_m=np.stack((share, 1.0 - share), axis=1) * whole_m[:, np.newaxis],
        turning_ms=turning_ms,
    )


def seeds_after_first_turn(
    endpoint: Endpoints, expansion: Expansion, weights: EdgeWeights
) -> Seeds:
    """Return the states after the first turn of an origin, with the time to each, ms."""
    nodes, costs = [], []
    for phantom in endpoint.phantom_nodes():
        arcs = np.arange(
            expansion.leaving_start[phantom.edge], expansion.leaving_start[phantom.edge + 1]
        )
        arcs = arcs[weights.arc_ms[arcs] < UNREACHABLE_MS]
        nodes.append(expansion.arc_to[arcs])
        costs.append(weights.arc_ms[arcs] - phantom.passed_ms + phantom.turning_ms)
    return _joined(nodes, costs)


def seeds_before_last_turn(
    endpoint: Endpoints, expansion: Expansion, weights: EdgeWeights
) -> Seeds:
    """Return the states before the last turn to a target, with the time from each, ms."""
    nodes, costs = [], []
    for phantom in endpoint.phantom_nodes():
        arcs = expansion.arcs_entering(phantom.edge)
        arcs = arcs[weights.arc_ms[arcs] < UNREACHABLE_MS]
        nodes.append(expansion.arc_from[arcs])
        costs.append(weights.arc_ms[arcs] + phantom.passed_ms)
    return _joined(nodes, costs)


def seeds_at_edge_start(endpoint: Endpoints, expansion: Expansion) -> Seeds:
    """Return the states at the beginning of a target's edges, with the time from each, ms."""
    nodes, costs = [], []
    for phantom in endpoint.phantom_nodes():
        states = expansion.states_of(phantom.edge)
        nodes.append(states)
        costs.append(np.full(len(states), phantom.passed_ms))
    return _joined(nodes, costs)


def straight_on_ms(starts: Endpoints, goals: Endpoints) -> FloatArray:
    """Return the times from origins straight on to targets on the same edge; ``inf`` for others.

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
