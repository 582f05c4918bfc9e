"""Labels: the distances of places to all their ancestors in the elimination tree.

A place begins or ends at several vertices (both directions of several streets). The paths from
these to the root join on their way, so a place has one *row* for each vertex whose path is not in
an earlier row yet: the ancestors from there up to where it joins. The first row goes to the root.
"""

from typing import NamedTuple

import numpy as np

from routing.engine.compiled import compiled
from routing.labels.customising import INFINITE_MS
from routing.labels.customising import UInt32Array
from routing.labels.elimination import Int32Array
from routing.network.arrays import IntArray


class PlaceLabels(NamedTuple):
    """Labels of some places, of one direction (setting out or arriving).

    Attributes
    ----------
    row_start
        Rows of place ``p`` are ``row_start[p]:row_start[p + 1]``, shape ``(n + 1,)``.
    bottom, top, top_depth
        First and last vertex of each row, and the depth of the last, shape ``(r,)``.
    begin
        Where each row begins in ``ms``: there is the time to its top, the deeper ones follow.
    ms
        Times between place and ancestors.
    trunk_depth
        Depth of the deepest vertex that is an ancestor of all rows of a place, shape ``(n,)``.
    """

    row_start: IntArray
    bottom: Int32Array
    top: Int32Array
    top_depth: Int32Array
    begin: IntArray
    ms: UInt32Array
    trunk_depth: Int32Array


@compiled
def find_rows(
    parent: Int32Array, depth: Int32Array, seed_start: IntArray, seed_vertex: Int32Array
) -> PlaceLabels:
    """Return the rows of places, their times infinite.

    Parameters
    ----------
    parent, depth
        The elimination tree.
    seed_start, seed_vertex
        Vertices ``seed_vertex[seed_start[p]:seed_start[p + 1]]`` of place ``p``.
    """
    places = len(seed_start) - 1
    most = max(1, len(seed_vertex))
    row_start = np.zeros(places + 1, dtype=np.int64)
    bottom = np.empty(most, dtype=np.int32)
    top = np.empty(most, dtype=np.int32)
    top_depth = np.empty(most, dtype=np.int32)
    begin = np.empty(most, dtype=np.int64)
    trunk_depth = np.full(places, -1, dtype=np.int32)
    seen = np.full(len(parent), -1, dtype=np.int32)
    rows, size = 0, 0
    for place in range(places):
        for seed in range(seed_start[place], seed_start[place + 1]):
            vertex = seed_vertex[seed]
            if seen[vertex] == place:
                continue
            last = vertex
            while vertex >= 0 and seen[vertex] != place:
                seen[vertex] = place
                last = vertex
                vertex = parent[vertex]
            bottom[rows], top[rows], top_depth[rows] = seed_vertex[seed], last, depth[last]
            begin[rows] = size
            size += depth[bottom[rows]] - depth[last] + 1
            if rows == row_start[place]:
                trunk_depth[place] = depth[bottom[rows]]
            else:
                trunk_depth[place] = min(trunk_depth[place], depth[last] - 1)
            rows += 1
        row_start[place + 1] = rows
    ms = np.full(size, INFINITE_MS, dtype=np.uint32)
    return PlaceLabels(
        row_start,
        bottom[:rows].copy(),
        top[:rows].copy(),
        top_depth[:rows].copy(),
        begin[:rows].copy(),
        ms,
        trunk_depth,
    )


@compiled
def fill_labels(
    parent: Int32Array,
    up_start: Int32Array,
    up: Int32Array,
    weight_ms: UInt32Array,
    seed_start: IntArray,
    seed_vertex: Int32Array,
    seed_ms: UInt32Array,
    labels: PlaceLabels,
    first: int,
    last: int,
) -> None:
    """Write the times of some places into their rows.

    Parameters
    ----------
    parent, up_start, up
        The elimination tree and the chordal graph.
    weight_ms
        Of each arc, upwards for those who set out, downwards for those who arrive.
    seed_start, seed_vertex, seed_ms
        Of each place, with the time between it and each vertex.
    labels
        From `find_rows`.
    first, last
        Which places; several threads may each take some.
    """
    time_ms = np.full(len(parent), INFINITE_MS, dtype=np.uint32)
    for place in range(first, last):
        for seed in range(seed_start[place], seed_start[place + 1]):
            vertex = seed_vertex[seed]
            time_ms[vertex] = min(time_ms[vertex], seed_ms[seed])
        # A row joins an earlier one, so the last of them comes first.
        for row in range(labels.row_start[place + 1] - 1, labels.row_start[place] - 1, -1):
            vertex, top = labels.bottom[row], labels.top[row]
            while True:
                here_ms = time_ms[vertex]
                if here_ms < INFINITE_MS:
                    for arc in range(up_start[vertex], up_start[vertex + 1]):
                        over_ms = np.uint32(here_ms + weight_ms[arc])
                        time_ms[up[arc]] = min(time_ms[up[arc]], over_ms)
                if vertex == top:
                    break
                vertex = parent[vertex]
        for row in range(labels.row_start[place], labels.row_start[place + 1]):
            vertex, top, begin = labels.bottom[row], labels.top[row], labels.begin[row]
            at = (labels.begin[row + 1] if row + 1 < len(labels.begin) else len(labels.ms)) - 1
            while at >= begin:
                labels.ms[at] = time_ms[vertex]
                time_ms[vertex] = INFINITE_MS
                vertex = parent[vertex]
                at -= 1
