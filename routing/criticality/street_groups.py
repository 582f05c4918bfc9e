"""The expanded network, its streets grouped, as the compiled loops of single closures read it."""

from typing import NamedTuple

import numpy as np

from routing.engine.edge_expansion import Expansion
from routing.engine.edge_weights import UNREACHABLE_MS
from routing.engine.edge_weights import EdgeWeights
from routing.network.arrays import IntArray


class StreetGroups(NamedTuple):
    """States, the arcs that may be used, and the group of streets that each state belongs to.

    Attributes
    ----------
    leaving_start, arc_to, arc_ms
        Arcs of state ``x`` are ``leaving_start[x]:leaving_start[x + 1]``.
    entering_start, entering_from, entering_ms
        The same arcs by the state they enter.
    state_edge, state_group
        Directed edge and group of each state, shape ``(s,)``.
    edge_states_start, edge_states
        States of edge ``e``.
    group_states_start, group_states
        States of group ``g``.
    """

    leaving_start: IntArray
    arc_to: IntArray
    arc_ms: IntArray
    entering_start: IntArray
    entering_from: IntArray
    entering_ms: IntArray
    state_edge: IntArray
    state_group: IntArray
    edge_states_start: IntArray
    edge_states: IntArray
    group_states_start: IntArray
    group_states: IntArray


def group_streets(expansion: Expansion, weights: EdgeWeights, group: IntArray) -> StreetGroups:
    """Return the arrays for some weights.

    Parameters
    ----------
    group
        Number of the group of each street, from 0, shape ``(m,)``.
    """
    states = len(expansion.state_edge)
    used = np.flatnonzero(weights.arc_ms < UNREACHABLE_MS)
    arc_from, arc_to, arc_ms = (
        expansion.arc_from[used],
        expansion.arc_to[used],
        weights.arc_ms[used].astype(np.int64),
    )
    entering = np.argsort(arc_to, kind="stable")
    state_group = group[expansion.state_edge // 2]
    by_group = np.argsort(state_group, kind="stable")
    return StreetGroups(
        leaving_start=starts_of(arc_from, states),
        arc_to=arc_to,
        arc_ms=arc_ms,
        entering_start=starts_of(arc_to[entering], states),
        entering_from=arc_from[entering],
        entering_ms=arc_ms[entering],
        state_edge=expansion.state_edge,
        state_group=state_group,
        edge_states_start=expansion.edge_states_start,
        edge_states=expansion.edge_states,
        group_states_start=starts_of(state_group[by_group], int(group.max(initial=-1)) + 1),
        group_states=by_group,
    )


def starts_of(sorted_keys: IntArray, count: int) -> IntArray:
    """Return where each key of ``range(count)`` begins in a sorted array; one entry more."""
    return np.searchsorted(sorted_keys, np.arange(count + 1))
