"""Customisation: the weights of all arcs of the chordal graph, from the triangles below them.

After it, from every vertex the shortest path to an ancestor consists of arcs that go up only. Times
are unsigned 32-bit milliseconds; ``UNREACHABLE_MS`` (2³¹ - 1) is infinite, and the sum of two such
still fits.

References
----------
Dibbelt, Strasser, Wagner (2016), Customizable Contraction Hierarchies, ACM JEA 21.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from routing.engine.compiled import compiled
from routing.labels.elimination import Int32Array
from routing.labels.elimination import first_not_below

UInt32Array: TypeAlias = NDArray[np.uint32]
INFINITE_MS = np.uint32(2**31 - 1)


@compiled
def customise(
    up_start: Int32Array,
    up: Int32Array,
    down_start: Int32Array,
    lower: Int32Array,
    lower_arc: Int32Array,
    upwards: UInt32Array,
    downwards: UInt32Array,
) -> None:
    """Lower the weights of all arcs to the shortest paths through lower vertices, in place.

    Parameters
    ----------
    up_start, up, down_start, lower, lower_arc
        The chordal graph, see `routing.labels.topology.LabelTopology`.
    upwards, downwards
        Milliseconds along each arc from its lower to its upper end, and back: those of the road
        network, infinite where it has no such arc.
    """
    count = len(up_start) - 1
    arc_to = np.zeros(count, dtype=np.int32)
    for vertex in range(count):
        for at in range(up_start[vertex], up_start[vertex + 1]):
            arc_to[up[at]] = at
        for at in range(down_start[vertex], down_start[vertex + 1]):
            arc = lower_arc[at]
            there, back = downwards[arc], upwards[arc]  # from the vertex down, and up to it
            for other in range(arc + 1, up_start[lower[at] + 1]):
                over = arc_to[up[other]]
                up_ms = np.uint32(there + upwards[other])
                upwards[over] = min(upwards[over], up_ms)
                down_ms = np.uint32(downwards[other] + back)
                downwards[over] = min(downwards[over], down_ms)


@compiled
def recustomise(
    up_start: Int32Array,
    up: Int32Array,
    parent: Int32Array,
    down_start: Int32Array,
    lower: Int32Array,
    lower_arc: Int32Array,
    road_slot: Int32Array,
    road_ms: UInt32Array,
    upwards: UInt32Array,
    downwards: UInt32Array,
    changed_low: Int32Array,
    changed_arc: Int32Array,
) -> int:
    """Bring the weights of the arcs up to date with some changed ones of the road network.

    Only arcs whose lower end is an ancestor of a changed one's can change. From the lowest on, each
    that may have is computed anew from its triangles, and where it did, those that it is a side of
    and whose time it decided, or now improves, may change in turn.

    Parameters
    ----------
    up_start, up, parent, down_start, lower, lower_arc
        The chordal graph.
    road_slot, road_ms
        Arcs of the road network as `arcs_between` numbers them, sorted, and the times now.
    upwards, downwards
        Of each arc; brought up to date in place.
    changed_low, changed_arc
        Arcs of the chordal graph with a changed one of the road network, and their lower ends.

    Returns
    -------
    count
        Of arcs computed anew.
    """
    count = len(up_start) - 1
    above = np.zeros(count, dtype=np.bool_)
    lowest = count
    for low_end in changed_low:
        climbing = low_end
        while climbing >= 0 and not above[climbing]:
            above[climbing] = True
            lowest = min(lowest, climbing)
            climbing = parent[climbing]
    doubtful = np.zeros(len(up), dtype=np.bool_)
    for given in changed_arc:
        doubtful[given] = True
    computed = 0
    for vertex in range(lowest, count):
        if not above[vertex]:
            continue
        begin, end = up_start[vertex], up_start[vertex + 1]
        for arc in range(begin, end):
            if not doubtful[arc]:
                continue
            computed += 1
            old_up, old_down = upwards[arc], downwards[arc]
            new_up, new_down = INFINITE_MS, INFINITE_MS
            at = first_not_below(road_slot, 0, len(road_slot), 2 * arc)
            while at < len(road_slot) and road_slot[at] <= 2 * arc + 1:
                if road_slot[at] == 2 * arc:
                    new_up = min(new_up, road_ms[at])
                else:
                    new_down = min(new_down, road_ms[at])
                at += 1
            high = up[arc]
            here, there = down_start[vertex], down_start[high]
            last_here, last_there = down_start[vertex + 1], down_start[high + 1]
            while here < last_here and there < last_there:
                if lower[here] < lower[there]:
                    here += 1
                elif lower[here] > lower[there]:
                    there += 1
                else:
                    one, other = lower_arc[here], lower_arc[there]
                    new_up = min(new_up, np.uint32(downwards[one] + upwards[other]))
                    new_down = min(new_down, np.uint32(downwards[other] + upwards[one]))
                    here += 1
                    there += 1
            if new_up == old_up and new_down == old_down:
                continue
            upwards[arc], downwards[arc] = new_up, new_down
            for side in range(begin, end):
                if side == arc:
                    continue
                low, top = min(high, up[side]), max(high, up[side])
                over = first_not_below(up, up_start[low], up_start[low + 1], top)
                if doubtful[over]:
                    continue
                # Times between both upper ends through this vertex, before and now.
                if high == low:
                    before_up = np.uint32(old_down + upwards[side])
                    before_down = np.uint32(downwards[side] + old_up)
                    now_up = np.uint32(new_down + upwards[side])
                    now_down = np.uint32(downwards[side] + new_up)
                else:
                    before_up = np.uint32(downwards[side] + old_up)
                    before_down = np.uint32(old_down + upwards[side])
                    now_up = np.uint32(downwards[side] + new_up)
                    now_down = np.uint32(new_down + upwards[side])
                if (
                    (before_up == upwards[over] and before_up < INFINITE_MS)
                    or (before_down == downwards[over] and before_down < INFINITE_MS)
                    or now_up < upwards[over]
                    or now_down < downwards[over]
                ):
                    doubtful[over] = True
    return computed
