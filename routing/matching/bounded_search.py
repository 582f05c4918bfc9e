"""Dijkstra's search from one place on a street to the candidates of the next fix, bounded.

Labels hold two times. The *cost* orders them: driving and turning, as a route of ours has it. The
*drive* alone bounds them: a turn's cost says how little one likes it, not that time has passed.
The bound counts from the place itself, but whoever is on an edge may always drive it to its end:
streets can be long.
"""

from typing import NamedTuple

import numpy as np

from routing.engine.compiled import compiled
from routing.matching.network_arrays import TurnGraph
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray

_FROM_JUNCTION_M = 10.0


class Workspace(NamedTuple):
    """Memory of one search after another; labels of earlier ones are told by their stamp.

    Attributes
    ----------
    stamp
        Of the latest search: shape ``(1,)``.
    seen, settled, wanted
        Stamp of the search in which a state got a label, was settled, is a target; shape ``(s,)``.
    cost_s, drive_s, length_m
        To the beginning of each state, shape ``(s,)``.
    parent
        The state before; -1 where the search began.
    turned
        Whether it began by turning round.
    heap_cost_s, heap_state
        Open labels, old ones of the same state too.
    """

    stamp: IntArray
    seen: IntArray
    settled: IntArray
    wanted: IntArray
    cost_s: FloatArray
    drive_s: FloatArray
    length_m: FloatArray
    parent: IntArray
    turned: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
    heap_cost_s: FloatArray
    heap_state: IntArray


def make_workspace(graph: TurnGraph) -> Workspace:
    """Return memory for searches; pages that are never touched cost nothing."""
    states, arcs = len(graph.state_edge), len(graph.arc_to)
    heap = arcs + states + 16  # a settled state relaxes its arcs once
    return Workspace(
        stamp=np.zeros(1, dtype=np.int64),
        seen=np.zeros(states, dtype=np.int64),
        settled=np.zeros(states, dtype=np.int64),
        wanted=np.zeros(states, dtype=np.int64),
        cost_s=np.empty(states),
        drive_s=np.empty(states),
        length_m=np.empty(states),
        parent=np.empty(states, dtype=np.int64),
        turned=np.empty(states, dtype=np.bool_),
        heap_cost_s=np.empty(heap),
        heap_state=np.empty(heap, dtype=np.int64),
    )


@compiled
def search(
    graph: TurnGraph,
    work: Workspace,
    state: int,
    offset_m: float,
    turn_round_s: float,
    limit_s: float,
    goals: IntArray,
) -> int:
    """Label the states that can be reached from a place on a street.

    Parameters
    ----------
    turn_round_s
        Cost of turning round at once; ``inf``: not permitted.
    limit_s
        Bound of the drive.
    goals
        The search ends when all these states are settled.

    Returns
    -------
    stamp
        Of this search.
    """
    work.stamp[0] += 1
    stamp = int(work.stamp[0])
    missing = 0
    for goal in goals:
        if work.wanted[goal] != stamp:
            work.wanted[goal] = stamp
            missing += 1
    size = 0
    edge = graph.state_edge[state]
    whole_m = graph.edge_m[edge]
    rest_m = whole_m - offset_m
    rest_s = graph.edge_s[edge] * (rest_m / whole_m if whole_m > 0 else 1.0)
    size = _leave(graph, work, stamp, size, state, 0.0, rest_s, rest_m, -1, False, np.inf)
    back = edge ^ 1
    if turn_round_s < np.inf and may_turn_round(graph, edge, offset_m):
        back_s = graph.edge_s[back] * (offset_m / whole_m if whole_m > 0 else 1.0)
        size = _leave(
            graph,
            work,
            stamp,
            size,
            back,
            turn_round_s,
            back_s,
            offset_m,
            -1,
            True,
            np.inf,
        )
    # The bound begins where the source edge ends: of two ends, at the further one.
    bound_s = limit_s + rest_s
    while size > 0 and missing > 0:
        here = work.heap_state[0]
        size = _take(work, size)
        if work.settled[here] == stamp:
            continue
        work.settled[here] = stamp
        if work.wanted[here] == stamp:
            missing -= 1
        on = graph.state_edge[here]
        size = _leave(
            graph,
            work,
            stamp,
            size,
            here,
            work.cost_s[here],
            graph.edge_s[on],
            graph.edge_m[on],
            here,
            work.turned[here],
            bound_s,
        )
    return stamp


@compiled
def may_turn_round(graph: TurnGraph, edge: int, offset_m: float) -> bool:
    """Return whether one can turn round there: a two-way street, and not at a junction.

    Turning round at a junction is forbidden, and would lead round every forbidden turn.
    """
    from_end_m = min(offset_m, graph.edge_m[edge] - offset_m)
    return bool(from_end_m >= _FROM_JUNCTION_M and graph.edge_s[edge ^ 1] < np.inf)


@compiled
def _leave(
    graph: TurnGraph,
    work: Workspace,
    stamp: int,
    size: int,
    state: int,
    cost_s: float,
    edge_s: float,
    edge_m: float,
    parent: int,
    turned: bool,
    bound_s: float,
) -> int:
    """Relax the arcs out of a state, given what driving to the end of its edge adds."""
    drive_s, length_m = edge_s, edge_m
    if parent >= 0:
        drive_s += work.drive_s[state]
        length_m += work.length_m[state]
    if drive_s > bound_s:
        return size
    for arc in range(graph.leaving_start[state], graph.leaving_start[state + 1]):
        there = graph.arc_to[arc]
        reached_s = cost_s + edge_s + graph.arc_turn_s[arc]
        if work.seen[there] == stamp and work.cost_s[there] <= reached_s:
            continue
        work.seen[there] = stamp
        work.cost_s[there] = reached_s
        work.drive_s[there] = drive_s
        work.length_m[there] = length_m
        work.parent[there] = parent
        work.turned[there] = turned
        size = _put(work, size, reached_s, there)
    return size


@compiled
def _put(work: Workspace, size: int, cost_s: float, state: int) -> int:
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if work.heap_cost_s[above] <= cost_s:
            break
        work.heap_cost_s[at] = work.heap_cost_s[above]
        work.heap_state[at] = work.heap_state[above]
        at = above
    work.heap_cost_s[at] = cost_s
    work.heap_state[at] = state
    return size + 1


@compiled
def _take(work: Workspace, size: int) -> int:
    """Remove the least label."""
    size -= 1
    cost_s, state = work.heap_cost_s[size], work.heap_state[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and work.heap_cost_s[below + 1] < work.heap_cost_s[below]:
            below += 1
        if work.heap_cost_s[below] >= cost_s:
            break
        work.heap_cost_s[at] = work.heap_cost_s[below]
        work.heap_state[at] = work.heap_state[below]
        at = below
    work.heap_cost_s[at] = cost_s
    work.heap_state[at] = state
    return size
