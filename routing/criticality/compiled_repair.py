"""Repair the tree of first arrivals for one closed group of streets; compiled by numba.

Only what hangs below the closed streets can change (dynamic single-source shortest paths after
Ramalingam and Reps, 1996): these states get new labels, from their neighbours outside and from each
other, and all others keep theirs. A closed street is left by nobody but those that set out on it,
and entered by those only whose goal is on it (`routing.closures.local_search`).
"""

from typing import NamedTuple

import numpy as np

from routing.criticality.arrivals import NEVER_MS
from routing.criticality.arrivals import ArrivalTree
from routing.criticality.arrivals import Goals
from routing.criticality.arrivals import Seeds
from routing.criticality.compiled_heap import put
from routing.criticality.compiled_heap import take
from routing.criticality.street_groups import StreetGroups
from routing.engine.compiled import compiled
from routing.network.arrays import IntArray

_NEVER = np.int64(NEVER_MS)


class Workspace(NamedTuple):
    """Memory of one repair after another; marks of earlier ones are told by their stamp.

    Attributes
    ----------
    stamp
        Of the latest repair, shape ``(1,)``.
    marked, ms
        Stamp of the repair in which a state may have changed, and its new time; shape ``(s,)``.
    inside, inside_ms
        Stamp in which a closed state was labelled on the way out or in, and that time.
    listed
        The marked states.
    seen
        Stamp in which a target was looked at, shape ``(n,)``.
    touched, touched_ms
        Targets that may have changed, and their new time; as many as `repair` returns.
    heap_ms, heap_state
        Open labels.
    """

    stamp: IntArray
    marked: IntArray
    ms: IntArray
    inside: IntArray
    inside_ms: IntArray
    listed: IntArray
    seen: IntArray
    touched: IntArray
    touched_ms: IntArray
    heap_ms: IntArray
    heap_state: IntArray


def make_workspace(streets: StreetGroups, seeds: Seeds, targets: int) -> Workspace:
    """Return memory for repairs."""
    states = len(streets.state_edge)
    heap = 2 * states + len(streets.arc_to) + len(seeds.state) + 16
    return Workspace(
        stamp=np.zeros(1, dtype=np.int64),
        marked=np.zeros(states, dtype=np.int64),
        ms=np.empty(states, dtype=np.int64),
        inside=np.zeros(states, dtype=np.int64),
        inside_ms=np.empty(states, dtype=np.int64),
        listed=np.empty(states, dtype=np.int64),
        seen=np.zeros(targets, dtype=np.int64),
        touched=np.empty(targets, dtype=np.int64),
        touched_ms=np.empty(targets, dtype=np.int64),
        heap_ms=np.empty(heap, dtype=np.int64),
        heap_state=np.empty(heap, dtype=np.int64),
    )


@compiled
def repair(
    streets: StreetGroups,
    tree: ArrivalTree,
    seeds: Seeds,
    goals: Goals,
    work: Workspace,
    group: int,
    limit_ms: int,
) -> int:
    """Find the first arrivals when a group of streets is closed, both directions of each.

    Parameters
    ----------
    limit_ms
        Later arrivals need not be known: they may be told as later still, or as none.

    Returns
    -------
    count
        How many targets may have changed: ``work.touched``, ``work.touched_ms``.
    """
    work.stamp[0] += 1
    stamp = work.stamp[0]
    marked = _mark_below(streets, tree, seeds, work, group, limit_ms)
    _drive_out(streets, seeds, work, group, limit_ms)
    size = 0
    for at in range(marked):
        state = work.listed[at]
        best = work.ms[state]
        for arc in range(streets.entering_start[state], streets.entering_start[state + 1]):
            before = streets.entering_from[arc]
            if work.marked[before] != stamp and streets.state_group[before] != group:
                best = min(best, tree.ms[before] + streets.entering_ms[arc])
        for seed in range(seeds.of_state[state], seeds.of_state[state + 1]):
            if seeds.group[seed] != group:
                best = min(best, seeds.ms[seed])
        if best <= limit_ms:
            work.ms[state] = best
            size = put(work.heap_ms, work.heap_state, size, best, state)
        else:
            work.ms[state] = _NEVER
    while size > 0:
        here_ms, here = work.heap_ms[0], work.heap_state[0]
        size = take(work.heap_ms, work.heap_state, size)
        if here_ms > work.ms[here] or streets.state_group[here] == group:
            continue
        for arc in range(streets.leaving_start[here], streets.leaving_start[here + 1]):
            there, there_ms = streets.arc_to[arc], here_ms + streets.arc_ms[arc]
            if work.marked[there] == stamp and there_ms < work.ms[there] and there_ms <= limit_ms:
                work.ms[there] = there_ms
                size = put(work.heap_ms, work.heap_state, size, there_ms, there)
    _drive_in(streets, tree, work, group)
    return _touch(streets, tree, goals, work, group, marked)


@compiled
def _mark_below(
    streets: StreetGroups,
    tree: ArrivalTree,
    seeds: Seeds,
    work: Workspace,
    group: int,
    limit_ms: int,
) -> int:
    """Mark the states whose path leads through the group, or begins on it."""
    stamp, marked = work.stamp[0], 0
    for at in range(streets.group_states_start[group], streets.group_states_start[group + 1]):
        state = streets.group_states[at]
        for child in range(tree.child_start[state], tree.child_start[state + 1]):
            marked = _mark(work, stamp, marked, tree.child[child], tree.ms, limit_ms)
    for at in range(seeds.by_group_start[group], seeds.by_group_start[group + 1]):
        seed = seeds.by_group[at]
        if tree.root_seed[seeds.state[seed]] == seed:
            marked = _mark(work, stamp, marked, seeds.state[seed], tree.ms, limit_ms)
    done = 0
    while done < marked:
        state = work.listed[done]
        done += 1
        for child in range(tree.child_start[state], tree.child_start[state + 1]):
            marked = _mark(work, stamp, marked, tree.child[child], tree.ms, limit_ms)
    return marked


@compiled
def _mark(
    work: Workspace, stamp: int, marked: int, state: int, open_ms: IntArray, limit_ms: int
) -> int:
    if work.marked[state] == stamp or open_ms[state] > limit_ms:
        return marked
    work.marked[state] = stamp
    work.ms[state] = _NEVER
    work.listed[marked] = state
    return marked + 1


@compiled
def _drive_out(
    streets: StreetGroups, seeds: Seeds, work: Workspace, group: int, limit_ms: int
) -> None:
    """Label marked states from the posts inside the closure."""
    size = 0
    for at in range(seeds.by_group_start[group], seeds.by_group_start[group + 1]):
        seed = seeds.by_group[at]
        if seeds.kept[seed]:
            size = _arrive(streets, work, size, seeds.state[seed], seeds.ms[seed], group)
    while size > 0:
        here_ms, here = work.heap_ms[0], work.heap_state[0]
        size = take(work.heap_ms, work.heap_state, size)
        if here_ms > work.inside_ms[here] or here_ms > limit_ms:
            continue
        for arc in range(streets.leaving_start[here], streets.leaving_start[here + 1]):
            there_ms = here_ms + streets.arc_ms[arc]
            size = _arrive(streets, work, size, streets.arc_to[arc], there_ms, group)


@compiled
def _arrive(
    streets: StreetGroups, work: Workspace, size: int, state: int, ms: int, group: int
) -> int:
    """Take over a label on the way out; those inside go on."""
    stamp = work.stamp[0]
    if work.marked[state] == stamp:
        work.ms[state] = min(work.ms[state], ms)
    if streets.state_group[state] == group and (
        work.inside[state] != stamp or ms < work.inside_ms[state]
    ):
        work.inside[state] = stamp
        work.inside_ms[state] = ms
        return put(work.heap_ms, work.heap_state, size, ms, state)
    return size


@compiled
def _drive_in(streets: StreetGroups, tree: ArrivalTree, work: Workspace, group: int) -> None:
    """Label the closed states for those whose goal is inside the closure."""
    stamp, size = work.stamp[0], 0
    for at in range(streets.group_states_start[group], streets.group_states_start[group + 1]):
        state = streets.group_states[at]
        ms = work.ms[state] if work.marked[state] == stamp else tree.ms[state]
        work.inside[state] = stamp
        work.inside_ms[state] = ms
        if ms < _NEVER:
            size = put(work.heap_ms, work.heap_state, size, ms, state)
    while size > 0:
        here_ms, here = work.heap_ms[0], work.heap_state[0]
        size = take(work.heap_ms, work.heap_state, size)
        if here_ms > work.inside_ms[here]:
            continue
        for arc in range(streets.leaving_start[here], streets.leaving_start[here + 1]):
            there, there_ms = streets.arc_to[arc], here_ms + streets.arc_ms[arc]
            if streets.state_group[there] == group and there_ms < work.inside_ms[there]:
                work.inside_ms[there] = there_ms
                size = put(work.heap_ms, work.heap_state, size, there_ms, there)


@compiled
def _touch(
    streets: StreetGroups, tree: ArrivalTree, goals: Goals, work: Workspace, group: int, marked: int
) -> int:
    """Look at the targets on marked and on closed edges."""
    touched = 0
    for at in range(marked):
        edge = streets.state_edge[work.listed[at]]
        touched = _touch_edge(streets, tree, goals, work, group, touched, edge)
    for at in range(streets.group_states_start[group], streets.group_states_start[group + 1]):
        edge = streets.state_edge[streets.group_states[at]]
        touched = _touch_edge(streets, tree, goals, work, group, touched, edge)
    return touched


@compiled
def _touch_edge(
    streets: StreetGroups,
    tree: ArrivalTree,
    goals: Goals,
    work: Workspace,
    group: int,
    touched: int,
    edge: int,
) -> int:
    stamp = work.stamp[0]
    for at in range(goals.at_edge_start[edge], goals.at_edge_start[edge + 1]):
        target = goals.at_edge[at]
        if work.seen[target] == stamp:
            continue
        work.seen[target] = stamp
        work.touched[touched] = target
        work.touched_ms[touched] = _time_to(streets, tree, goals, work, group, target)
        touched += 1
    return touched


@compiled
def _time_to(
    streets: StreetGroups, tree: ArrivalTree, goals: Goals, work: Workspace, group: int, target: int
) -> int:
    stamp, best = work.stamp[0], int(_NEVER)
    for node in range(goals.node_start[target], goals.node_start[target + 1]):
        edge = goals.node_edge[node]
        for at in range(streets.edge_states_start[edge], streets.edge_states_start[edge + 1]):
            state = streets.edge_states[at]
            if streets.state_group[state] == group:
                # A closed street that is not the nearest one is open to nobody.
                ms = work.inside_ms[state] if goals.near[target] == group else _NEVER
            elif work.marked[state] == stamp:
                ms = work.ms[state]
            else:
                ms = tree.ms[state]
            if ms < _NEVER:
                best = min(best, ms + goals.node_ms[node])
    for at in range(goals.straight_start[target], goals.straight_start[target + 1]):
        if goals.straight_group[at] != group or goals.straight_kept[at]:
            best = min(best, goals.straight_ms[at])
    return best
