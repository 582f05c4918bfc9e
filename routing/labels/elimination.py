"""Symbolic elimination of a contraction order: the elimination tree and the chordal graph.

Contracting the vertices one after the other joins all higher neighbours of each. The graph with all
these arcs is chordal, and the lowest higher neighbour of a vertex is its parent in the elimination
tree: all its other higher neighbours, and every vertex that a shortest path can go up to, are among
its ancestors.

References
----------
Liu (1990), The Role of Elimination Trees in Sparse Factorization, SIAM J. Matrix Anal. Appl. 11.
Dibbelt, Strasser, Wagner (2016), Customizable Contraction Hierarchies, ACM JEA 21.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from routing.engine.compiled import compiled

Int32Array: TypeAlias = NDArray[np.int32]
_GROWTH = 4


@compiled
def elimination_parents(start: Int32Array, neighbours: Int32Array) -> Int32Array:
    """Return the parent of each vertex in the elimination tree; -1 for roots.

    Parameters
    ----------
    start, neighbours
        Undirected graph; vertices are numbered in the order of contraction.
    """
    count = len(start) - 1
    parent = np.full(count, -1, dtype=np.int32)
    root = np.full(count, -1, dtype=np.int32)  # shortcuts on the way up
    for vertex in range(count):
        for at in range(start[vertex], start[vertex + 1]):
            below = neighbours[at]
            if below >= vertex:
                continue
            while root[below] != -1 and root[below] != vertex:
                above = root[below]
                root[below] = vertex
                below = above
            if root[below] == -1:
                root[below] = vertex
                parent[below] = vertex
    return parent


@compiled
def postorder(parent: Int32Array) -> Int32Array:
    """Return the vertices children first, each subtree without a gap; the fill is the same."""
    count = len(parent)
    first_child = np.full(count, -1, dtype=np.int32)
    sibling = np.full(count, -1, dtype=np.int32)
    for vertex in range(count - 1, -1, -1):
        above = parent[vertex]
        if above >= 0:
            sibling[vertex] = first_child[above]
            first_child[above] = vertex
    order = np.empty(count, dtype=np.int32)
    reached = 0
    for root in range(count):
        if parent[root] >= 0:
            continue
        vertex = root
        while first_child[vertex] >= 0:
            vertex = first_child[vertex]
        while True:
            order[reached] = vertex
            reached += 1
            if vertex == root:
                break
            if sibling[vertex] >= 0:
                vertex = sibling[vertex]
                while first_child[vertex] >= 0:
                    vertex = first_child[vertex]
            else:
                vertex = parent[vertex]
    return order


@compiled
def higher_neighbours(
    start: Int32Array, neighbours: Int32Array, parent: Int32Array
) -> tuple[Int32Array, Int32Array]:
    """Return the chordal graph: where the arcs of each vertex begin, and their upper ends.

    Parameters
    ----------
    start, neighbours
        Undirected graph; vertices are numbered in the order of contraction.
    parent
        From `elimination_parents`.
    """
    count = len(start) - 1
    first_child = np.full(count, -1, dtype=np.int32)
    sibling = np.full(count, -1, dtype=np.int32)
    for vertex in range(count - 1, -1, -1):
        above = parent[vertex]
        if above >= 0:
            sibling[vertex] = first_child[above]
            first_child[above] = vertex
    up_start = np.zeros(count + 1, dtype=np.int32)
    up = np.empty(_GROWTH * len(neighbours) + 16, dtype=np.int32)
    seen = np.full(count, -1, dtype=np.int32)
    size = 0
    for vertex in range(count):
        if size + count - vertex > len(up):
            larger = np.empty(2 * len(up) + count, dtype=np.int32)
            for at in range(size):  # a slice takes numba three seconds to compile
                larger[at] = up[at]
            up = larger
        seen[vertex] = vertex
        for at in range(start[vertex], start[vertex + 1]):
            other = neighbours[at]
            if other > vertex and seen[other] != vertex:
                seen[other] = vertex
                up[size] = other
                size += 1
        child = first_child[vertex]
        while child >= 0:
            for at in range(up_start[child], up_start[child + 1]):
                other = up[at]
                if seen[other] != vertex:
                    seen[other] = vertex
                    up[size] = other
                    size += 1
            child = sibling[child]
        up_start[vertex + 1] = size
    return up_start, up[:size].copy()


@compiled
def sorted_arcs(
    up_start: Int32Array, loose: Int32Array
) -> tuple[Int32Array, Int32Array, Int32Array, Int32Array]:
    """Return the arcs sorted, and again by their upper ends.

    Parameters
    ----------
    up_start, loose
        From `higher_neighbours`.

    Returns
    -------
    up
        The upper ends, those of each vertex ascending.
    down_start, lower, lower_arc
        Where the arcs that end at each vertex begin, their lower ends, ascending, and numbers.
    """
    count = len(up_start) - 1
    down_start = np.zeros(count + 1, dtype=np.int32)
    for at in range(len(loose)):
        down_start[loose[at] + 1] += 1
    for vertex in range(count):
        down_start[vertex + 1] += down_start[vertex]
    lower = np.empty(len(loose), dtype=np.int32)
    free = down_start[:-1].copy()
    for vertex in range(count):
        for at in range(up_start[vertex], up_start[vertex + 1]):
            lower[free[loose[at]]] = vertex
            free[loose[at]] += 1
    # Going through the upper ends in order, each vertex gets its own in order.
    up, lower_arc = np.empty(len(loose), dtype=np.int32), np.empty(len(loose), dtype=np.int32)
    free = up_start[:-1].copy()
    for vertex in range(count):
        for at in range(down_start[vertex], down_start[vertex + 1]):
            arc = free[lower[at]]
            up[arc], lower_arc[at] = vertex, arc
            free[lower[at]] += 1
    return up, down_start, lower, lower_arc


@compiled
def depths(parent: Int32Array) -> tuple[Int32Array, Int32Array]:
    """Return the depth of each vertex (roots 0), and the lowest vertex of its subtree.

    Vertices are numbered in postorder, so the subtree of one is the range up to itself.
    """
    count = len(parent)
    depth = np.zeros(count, dtype=np.int32)
    lowest = np.empty(count, dtype=np.int32)
    for vertex in range(count - 1, -1, -1):
        lowest[vertex] = vertex
        if parent[vertex] >= 0:
            depth[vertex] = depth[parent[vertex]] + 1
    for vertex in range(count):
        above = parent[vertex]
        if above >= 0 and lowest[vertex] < lowest[above]:
            lowest[above] = lowest[vertex]
    return depth, lowest


@compiled
def first_not_below(ascending: Int32Array, begin: int, end: int, number: int) -> int:
    """Return where in a part of an array the first number is that is not below a given one.

    As `numpy.searchsorted`, which takes numba a second to compile wherever it is used.
    """
    while begin < end:
        middle = (begin + end) // 2
        if ascending[middle] < number:
            begin = middle + 1
        else:
            end = middle
    return begin


@compiled
def arcs_between(
    up_start: Int32Array, up: Int32Array, tail: Int32Array, head: Int32Array
) -> Int32Array:
    """Return twice the chordal arc of each pair of neighbours, plus one if it is driven downwards.

    -1 for an arc from a vertex to itself.
    """
    found = np.full(len(tail), -1, dtype=np.int32)
    for at in range(len(tail)):
        low, high = min(tail[at], head[at]), max(tail[at], head[at])
        if low == high:
            continue
        arc = first_not_below(up, up_start[low], up_start[low + 1], high)
        found[at] = 2 * arc + (1 if tail[at] == high else 0)
    return found
