"""Graphs without streets, in the form that labels read."""

import numpy as np

from routing.engine.edge_expansion import Expansion
from routing.network.arrays import IntArray


def expansion_of(count: int, tail: IntArray, head: IntArray) -> Expansion:
    """Return a graph as if each vertex were an edge with one state; arcs sorted by their tail."""
    states = np.arange(count)
    entering = np.argsort(head, kind="stable")
    return Expansion(
        state_edge=states,
        arc_from=tail,
        arc_to=head,
        arc_mark=np.zeros(len(tail), dtype=np.uint8),
        leaving_start=np.searchsorted(tail, np.arange(count + 1)),
        entering_arcs=entering,
        entering_start=np.searchsorted(head[entering], np.arange(count + 1)),
        edge_states=states,
        edge_states_start=np.arange(count + 1),
    )
