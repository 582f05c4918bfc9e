"""The elimination tree and the chordal graph of what a profile may drive."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from routing.engine.edge_expansion import Expansion
from routing.labels import elimination
from routing.labels.elimination import Int32Array
from routing.network.arrays import BoolArray
from routing.network.arrays import IntArray

TOPOLOGY_VERSION = 1


@dataclass(frozen=True, eq=False)
class LabelTopology:
    """The chordal graph of a contraction order, whatever the weights; n vertices, m arcs.

    Immutable. Vertices are states of the expansion, numbered in postorder of the elimination tree:
    ancestors have greater numbers, and a subtree is a range.

    Attributes
    ----------
    vertex
        Of each state, shape ``(n,)``.
    parent, depth, lowest
        Parent (-1 for roots) and depth (roots 0) of each vertex, and the lowest vertex of its
        subtree, shape ``(n,)``.
    up_start, up
        Arcs ``up_start[v]:up_start[v + 1]`` lead from vertex ``v`` up to ``up``, ascending; shapes
        ``(n + 1,)`` and ``(m,)``.
    down_start, lower, lower_arc
        The same arcs by their upper end: lower ends, ascending, and numbers.
    road_slot, road_arc
        Arcs of the expansion that are arcs here, by ``road_slot``: twice the arc here, plus one if
        it is driven downwards.
    """

    vertex: Int32Array
    parent: Int32Array
    depth: Int32Array
    lowest: Int32Array
    up_start: Int32Array
    up: Int32Array
    down_start: Int32Array
    lower: Int32Array
    lower_arc: Int32Array
    road_slot: Int32Array
    road_arc: Int32Array

    def __post_init__(self) -> None:
        """Make all arrays read-only, as mapped ones are: the loops are compiled for such."""
        for array in vars(self).values():
            array.flags.writeable = False

    @classmethod
    def build(cls, expansion: Expansion, order: IntArray, usable: BoolArray) -> Self:
        """Return the topology of the arcs that may ever be used.

        Parameters
        ----------
        expansion
            States and arcs.
        order
            The contraction order of the states.
        usable
            Whether each arc may be used, shape ``(a,)``.
        """
        count = len(order)
        arcs = np.flatnonzero(usable).astype(np.int32)
        rank = _places_in(order)
        rough = elimination.elimination_parents(
            *_neighbours(count, rank[expansion.arc_from[arcs]], rank[expansion.arc_to[arcs]])
        )
        vertex = _places_in(elimination.postorder(rough))[rank]
        tail, head = vertex[expansion.arc_from[arcs]], vertex[expansion.arc_to[arcs]]
        start, neighbours = _neighbours(count, tail, head)
        parent = elimination.elimination_parents(start, neighbours)
        up_start, loose = elimination.higher_neighbours(start, neighbours, parent)
        up, down_start, lower, lower_arc = elimination.sorted_arcs(up_start, loose)
        depth, lowest = elimination.depths(parent)
        slot = elimination.arcs_between(up_start, up, tail, head)
        by_slot = np.argsort(slot, kind="stable")
        by_slot = by_slot[np.count_nonzero(slot < 0) :]
        return cls(
            vertex=vertex,
            parent=parent,
            depth=depth,
            lowest=lowest,
            up_start=up_start,
            up=up,
            down_start=down_start,
            lower=lower,
            lower_arc=lower_arc,
            road_slot=slot[by_slot],
            road_arc=arcs[by_slot],
        )


def _places_in(order: IntArray | Int32Array) -> Int32Array:
    """Return at which place of an order each number is."""
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return place


def _neighbours(count: int, tail: Int32Array, head: Int32Array) -> tuple[Int32Array, Int32Array]:
    """Return the undirected graph of some arcs: where the neighbours of each vertex begin."""
    begin, end = np.concatenate((tail, head)), np.concatenate((head, tail))
    start = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(begin, minlength=count), out=start[1:])
    return start, end[np.argsort(begin, kind="stable")]
