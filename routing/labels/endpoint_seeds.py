"""Where places enter the labels: vertices with the time to each, and the pairs on one street."""

from dataclasses import dataclass

import numpy as np

from routing.engine.edge_expansion import Expansion
from routing.engine.edge_weights import UNREACHABLE_MS
from routing.engine.edge_weights import EdgeWeights
from routing.labels.customising import UInt32Array
from routing.locate.endpoints import Endpoints
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.arrays import ranges


@dataclass(frozen=True, eq=False)
class PlaceSeeds:
    """The first or last states of the trips of some places.

    Attributes
    ----------
    start
        Seeds of place ``p`` are ``start[p]:start[p + 1]``, shape ``(n + 1,)``.
    state, ms
        Each state, and the time between place and state less ``base_ms``.
    base_ms
        The least time of each place, which may be negative, shape ``(n,)``.
    """

    start: IntArray
    state: IntArray
    ms: UInt32Array
    base_ms: IntArray


def seeds_after_first_turn(
    starts: Endpoints, expansion: Expansion, weights: EdgeWeights
) -> PlaceSeeds:
    """Return the states after the first turn of each origin.

    Since every trip so begins with a turn, one round the block, back to a position just behind,
    needs no special case; one straight on does (`write_straight_on`).
    """
    row, side = starts.used
    edge = starts.edge[row, side]
    first, last = expansion.leaving_start[edge], expansion.leaving_start[edge + 1]
    arcs = ranges(first, last)
    ms = weights.arc_ms[arcs] + np.repeat(starts.departing_ms[row, side], last - first)
    usable = weights.arc_ms[arcs] < UNREACHABLE_MS
    owner = np.repeat(row, last - first)
    return _seeds(len(starts), owner[usable], expansion.arc_to[arcs[usable]], ms[usable])


def seeds_at_edge_start(goals: Endpoints, expansion: Expansion) -> PlaceSeeds:
    """Return the states at the beginning of the edges of each target."""
    row, side = goals.used
    edge = goals.edge[row, side]
    first, last = expansion.edge_states_start[edge], expansion.edge_states_start[edge + 1]
    states = expansion.edge_states[ranges(first, last)]
    ms = np.repeat(goals.arriving_ms[row, side], last - first)
    return _seeds(len(goals), np.repeat(row, last - first), states, ms)


def write_straight_on(starts: Endpoints, goals: Endpoints, times_ms: FloatArray) -> None:
    """Lower the times of pairs on one directed edge, the target ahead, to those straight on.

    Parameters
    ----------
    starts, goals
        Endpoints on open streets.
    times_ms
        Shape ``(origins, targets)``.
    """
    row, side = starts.used
    column, other = goals.used
    by_edge = np.argsort(goals.edge[column, other], kind="stable")
    column, other = column[by_edge], other[by_edge]
    edges = goals.edge[column, other]
    edge = starts.edge[row, side]
    first = np.searchsorted(edges, edge, side="left")
    last = np.searchsorted(edges, edge, side="right")
    there = ranges(first, last)
    row, side = np.repeat(row, last - first), np.repeat(side, last - first)
    column, other = column[there], other[there]
    ahead_ms = goals.passed_ms[column, other] - starts.passed_ms[row, side]
    takes_ms = (
        ahead_ms
        + starts.turning_ms[row, side]
        + starts.walk_ms[row, side]
        + goals.walk_ms[column, other]
    )
    ahead = ahead_ms >= 0
    np.minimum.at(times_ms, (row[ahead], column[ahead]), takes_ms[ahead])


def _seeds(count: int, owner: IntArray, state: IntArray, ms: IntArray) -> PlaceSeeds:
    """Return seeds given place by place."""
    start = np.searchsorted(owner, np.arange(count + 1))
    base_ms = np.zeros(count, dtype=np.int64)
    some = np.flatnonzero(start[1:] > start[:-1])
    if len(some):
        base_ms[some] = np.minimum.reduceat(ms, start[some])
    return PlaceSeeds(start, state, (ms - base_ms[owner]).astype(np.uint32), base_ms)
