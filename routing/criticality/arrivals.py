"""First arrivals from several posts: where they begin, where they end, and the tree between.

One search from all posts at once labels each state with the time of the first vehicle there; the
labels' parents make a forest. What a closure can change hangs below it.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.criticality.street_groups import StreetGroups
from routing.criticality.street_groups import starts_of
from routing.locate.endpoints import Endpoints
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.arrays import ranges

NEVER_MS = 2**60
_SHIFT_MS = 1.0  # a weight of zero would be no arc to scipy


class Seeds(NamedTuple):
    """States after the first turn of each post, sorted by state; a state may have several.

    Attributes
    ----------
    of_state
        Seeds of state ``x`` are ``of_state[x]:of_state[x + 1]``.
    state, ms
        The state, and the time to its beginning.
    group, kept
        Group of the street that the post sets out along; and whether it may still do so when that
        group is closed: only if its nearest street is in the same group.
    by_group, by_group_start
        Seeds in the order of their groups.
    """

    of_state: IntArray
    state: IntArray
    ms: IntArray
    group: IntArray
    kept: BoolArray
    by_group: IntArray
    by_group_start: IntArray


class Goals(NamedTuple):
    """Where each target can be arrived at.

    Attributes
    ----------
    node_start, node_edge, node_ms
        Directed edges of target ``t``, and the time from their beginning:
        ``node_start[t]:node_start[t + 1]``.
    near
        Group of its nearest street, -1 off road; shape ``(n,)``.
    at_edge, at_edge_start
        Targets on edge ``e``.
    straight_start, straight_ms, straight_group, straight_kept
        Ways straight on from a post along one edge: the time, the group of the edge, and whether
        it stays open to both when that group is closed.
    """

    node_start: IntArray
    node_edge: IntArray
    node_ms: IntArray
    near: IntArray
    at_edge: IntArray
    at_edge_start: IntArray
    straight_start: IntArray
    straight_ms: IntArray
    straight_group: IntArray
    straight_kept: BoolArray


class ArrivalTree(NamedTuple):
    """First arrival at each state, with everything open.

    Attributes
    ----------
    ms
        ``NEVER_MS`` where none arrives, shape ``(s,)``.
    parent
        The state before; -1 where the path begins or none arrives.
    root_seed
        The seed where it begins, else -1.
    child, child_start
        States whose parent is ``x``.
    """

    ms: IntArray
    parent: IntArray
    root_seed: IntArray
    child: IntArray
    child_start: IntArray


def nearest_groups(endpoints: Endpoints, group: IntArray) -> IntArray:
    """Return the group of the nearest street of each endpoint; -1 where it may not be driven."""
    edge = np.maximum(endpoints.edge[:, 0], endpoints.edge[:, 1])
    return np.asarray(np.where(edge >= 0, group[np.maximum(edge, 0) // 2], -1))


def seeds_of(starts: Endpoints, streets: StreetGroups, group: IntArray) -> Seeds:
    """Return the seeds of all posts."""
    row, side = starts.used
    edge = starts.edge[row, side]
    # Without memory, state and edge have one number.
    first, last = streets.leaving_start[edge], streets.leaving_start[edge + 1]
    arcs, count = ranges(first, last), last - first
    state = streets.arc_to[arcs]
    ms = streets.arc_ms[arcs] + np.repeat(starts.departing_ms[row, side], count)
    own = np.repeat(group[edge // 2], count)
    near = np.repeat(nearest_groups(starts, group)[row], count)
    order = np.lexsort((ms, state))
    state, ms, own, kept = state[order], ms[order], own[order], (near == own)[order]
    by_group = np.argsort(own, kind="stable")
    groups = len(streets.group_states_start) - 1
    return Seeds(
        of_state=starts_of(state, len(streets.state_edge)),
        state=state,
        ms=ms,
        group=own,
        kept=kept,
        by_group=by_group,
        by_group_start=starts_of(own[by_group], groups),
    )


def goals_of(goals: Endpoints, starts: Endpoints, edges: int, group: IntArray) -> Goals:
    """Return where targets are arrived at, from posts on the same street too."""
    row, side = goals.used
    edge = goals.edge[row, side]
    near = nearest_groups(goals, group)
    by_edge = np.argsort(edge, kind="stable")
    post, target, ms, along = _straight(goals, starts)
    own = group[along // 2]
    kept = (nearest_groups(starts, group)[post] == own) & (near[target] == own)
    return Goals(
        node_start=starts_of(row, len(goals)),
        node_edge=edge,
        node_ms=goals.arriving_ms[row, side].astype(np.int64),
        near=near,
        at_edge=row[by_edge],
        at_edge_start=starts_of(edge[by_edge], edges),
        straight_start=starts_of(target, len(goals)),
        straight_ms=ms,
        straight_group=own,
        straight_kept=kept,
    )


def _straight(goals: Endpoints, starts: Endpoints) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return post, target, time and edge of each way straight on, sorted by target."""
    goal_row, goal_side = goals.used
    goal_edge = goals.edge[goal_row, goal_side]
    order = np.argsort(goal_edge, kind="stable")
    row, side = starts.used
    edge = starts.edge[row, side]
    first = np.searchsorted(goal_edge[order], edge, side="left")
    last = np.searchsorted(goal_edge[order], edge, side="right")
    there = order[ranges(first, last)]
    here = np.repeat(np.arange(len(edge)), last - first)
    start, goal = (row[here], side[here]), (goal_row[there], goal_side[there])
    ahead_ms = goals.passed_ms[goal] - starts.passed_ms[start]
    ms = ahead_ms + (starts.turning_ms + starts.walk_ms)[start] + goals.walk_ms[goal]
    ahead = np.flatnonzero(ahead_ms >= 0)
    ahead = ahead[np.argsort(goal_row[there[ahead]], kind="stable")]
    return row[here[ahead]], goal_row[there[ahead]], ms[ahead], edge[here[ahead]]


def grow_tree(streets: StreetGroups, seeds: Seeds) -> ArrivalTree:
    """Return the first arrivals at all states."""
    states = len(streets.state_edge)
    best = np.flatnonzero(np.diff(seeds.state, prepend=-1))  # the earliest of each state
    graph = csr_array(
        (
            np.concatenate((streets.arc_ms, seeds.ms[best] + _SHIFT_MS)).astype(np.float64),
            np.concatenate((streets.arc_to, seeds.state[best])).astype(np.int32),
            np.append(streets.leaving_start, len(streets.arc_to) + len(best)).astype(np.int32),
        ),
        shape=(states + 1, states + 1),
    )
    found: FloatArray
    found, before = dijkstra(graph, indices=np.array(states), return_predecessors=True)
    reached = np.isfinite(found[:states])
    ms = np.full(states, NEVER_MS, dtype=np.int64)
    ms[reached] = np.rint(found[:states][reached] - _SHIFT_MS).astype(np.int64)
    parent = before[:states].astype(np.int64)
    roots = parent == states
    root_seed = np.full(states, -1, dtype=np.int64)
    root_seed[roots] = seeds.of_state[:-1][roots]
    parent[(parent < 0) | roots] = -1
    below = np.flatnonzero(parent >= 0)
    below = below[np.argsort(parent[below], kind="stable")]
    return ArrivalTree(ms, parent, root_seed, below, starts_of(parent[below], states))
