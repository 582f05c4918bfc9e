"""First arrivals at targets, and what each closure can lose at most; compiled by numba."""

import numpy as np

from routing.criticality.arrivals import NEVER_MS
from routing.criticality.arrivals import ArrivalTree
from routing.criticality.arrivals import Goals
from routing.criticality.arrivals import Seeds
from routing.criticality.street_groups import StreetGroups
from routing.engine.compiled import compiled
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray

_NEVER = np.int64(NEVER_MS)


@compiled
def first_arrivals(
    streets: StreetGroups, tree: ArrivalTree, goals: Goals
) -> tuple[IntArray, IntArray]:
    """Return the first arrival at each target, and the state it comes by.

    The state is -1 where a post is straight behind on the same street, or none arrives.
    """
    count = len(goals.near)
    ms = np.full(count, _NEVER)
    by_state = np.full(count, -1)
    for target in range(count):
        for node in range(goals.node_start[target], goals.node_start[target + 1]):
            edge = goals.node_edge[node]
            for at in range(streets.edge_states_start[edge], streets.edge_states_start[edge + 1]):
                state = streets.edge_states[at]
                if tree.ms[state] < _NEVER and tree.ms[state] + goals.node_ms[node] < ms[target]:
                    ms[target] = tree.ms[state] + goals.node_ms[node]
                    by_state[target] = state
        for at in range(goals.straight_start[target], goals.straight_start[target + 1]):
            if goals.straight_ms[at] < ms[target]:
                ms[target] = goals.straight_ms[at]
                by_state[target] = -1
    return ms, by_state


@compiled
def bound_losses(
    streets: StreetGroups,
    tree: ArrivalTree,
    seeds: Seeds,
    goals: Goals,
    ms: IntArray,
    by_state: IntArray,
    most_lost: FloatArray,
) -> FloatArray:
    """Return for each group what can be lost at most when it is closed.

    A target whose present path stays open loses nothing: a closure opens nothing. So what can be
    lost is the sum over the targets whose path leads through the group.
    """
    groups = len(streets.group_states_start) - 1
    bound = np.zeros(groups)
    counted = np.full(groups, -1)
    for target in range(len(ms)):
        value = most_lost[target]
        if value <= 0.0 or ms[target] >= _NEVER:
            continue
        state = by_state[target]
        if state < 0:
            for at in range(goals.straight_start[target], goals.straight_start[target + 1]):
                if goals.straight_ms[at] == ms[target]:
                    if not goals.straight_kept[at]:
                        bound[goals.straight_group[at]] += value
                    break
            continue
        # Streets of the target's own group may be driven at the end of the path.
        own = streets.state_group[state]
        if goals.near[target] != own:
            counted[own] = target
            bound[own] += value
            own = -1
        while tree.parent[state] >= 0:
            state = tree.parent[state]
            group = streets.state_group[state]
            if group == own:
                continue
            own = -1
            if counted[group] != target:
                counted[group] = target
                bound[group] += value
        seed = tree.root_seed[state]
        if not seeds.kept[seed] and counted[seeds.group[seed]] != target:
            bound[seeds.group[seed]] += value
    return bound
