"""Join the labels of origins and targets: each shortest path meets at a common ancestor.

Common ancestors of two places are the upper part of both their paths to the root, so a pair takes
one pass over two short arrays. How far down they have it in common is known without looking: the
targets stand in the order of the tree, and it only grows less with the distance in that order.
"""

import numpy as np

from routing.engine.compiled import compiled
from routing.labels.customising import INFINITE_MS
from routing.labels.customising import UInt32Array
from routing.labels.elimination import Int32Array
from routing.labels.elimination import first_not_below
from routing.labels.place_labels import PlaceLabels
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray


@compiled
def _common_depth(parent: Int32Array, depth: Int32Array, one: int, other: int) -> int:
    """Return the depth of the deepest common ancestor; -1 if there is none."""
    while one != other:
        if one < other:
            one = parent[one]
        else:
            other = parent[other]
        if one < 0 or other < 0:
            return -1
    return int(depth[one])


@compiled
def _least_sum(
    out_ms: UInt32Array, out_at: int, in_ms: UInt32Array, in_at: int, count: int
) -> np.uint32:
    """Return the least of the sums of two pieces of labels."""
    best = INFINITE_MS
    for at in range(count):
        best = min(best, np.uint32(out_ms[out_at + at] + in_ms[in_at + at]))
    return best


@compiled
def _join_rows(
    parent: Int32Array,
    depth: Int32Array,
    lowest: Int32Array,
    out: PlaceLabels,
    one: int,
    into: PlaceLabels,
    other: int,
) -> np.uint32:
    """Return the least time over the common ancestors of all rows of two places."""
    best = INFINITE_MS
    for row in range(out.row_start[one], out.row_start[one + 1]):
        for column in range(into.row_start[other], into.row_start[other + 1]):
            begin = max(out.top_depth[row], into.top_depth[column])
            # The upper end of the shorter row must be an ancestor of the other.
            if out.top_depth[row] >= into.top_depth[column]:
                top, bottom = out.top[row], into.bottom[column]
            else:
                top, bottom = into.top[column], out.bottom[row]
            if not lowest[top] <= bottom <= top:
                continue
            end = _common_depth(parent, depth, out.bottom[row], into.bottom[column])
            best = min(
                best,
                _least_sum(
                    out.ms,
                    out.begin[row] + begin - out.top_depth[row],
                    into.ms,
                    into.begin[column] + begin - into.top_depth[column],
                    end - begin + 1,
                ),
            )
    return best


@compiled
def join(
    parent: Int32Array,
    depth: Int32Array,
    lowest: Int32Array,
    out: PlaceLabels,
    into: PlaceLabels,
    order: IntArray,
    out_base_ms: IntArray,
    into_base_ms: IntArray,
    times_ms: FloatArray,
    first: int,
    last: int,
) -> None:
    """Write the times of some origins to all targets.

    Parameters
    ----------
    parent, depth, lowest
        The elimination tree.
    out, into
        Labels of the origins and of the targets.
    order
        The targets that have rows, by the bottom of their first row.
    out_base_ms, into_base_ms
        What is added to the labels of each.
    times_ms
        Shape ``(origins, targets)``; written where there is a path.
    first, last
        Which origins; several threads may each take some.
    """
    count = len(order)
    # How far down each target has its path in common with the next one.
    shared = np.full(count + 1, -1, dtype=np.int32)
    bottoms = np.empty(count, dtype=np.int32)
    for at in range(count):
        bottoms[at] = into.bottom[into.row_start[order[at]]]
    for at in range(count - 1):
        shared[at + 1] = _common_depth(parent, depth, bottoms[at], bottoms[at + 1])
    for one in range(first, last):
        row = out.row_start[one]
        if row == out.row_start[one + 1]:
            continue
        bottom = out.bottom[row]
        middle = first_not_below(bottoms, 0, count, bottom)
        for step in (-1, 1):
            at = middle - 1 if step < 0 else middle
            common = 2**30
            while 0 <= at < count:
                if common == 2**30:
                    common = _common_depth(parent, depth, bottom, bottoms[at])
                else:
                    common = min(common, shared[at if step > 0 else at + 1])
                other = order[at]
                at += step
                if common >= out.trunk_depth[one] or common >= into.trunk_depth[other]:
                    best = _join_rows(parent, depth, lowest, out, one, into, other)
                elif common >= 0:
                    column = into.row_start[other]
                    best = _least_sum(
                        out.ms, out.begin[row], into.ms, into.begin[column], common + 1
                    )
                else:
                    continue
                if best < INFINITE_MS:
                    times_ms[one, other] = best + out_base_ms[one] + into_base_ms[other]
