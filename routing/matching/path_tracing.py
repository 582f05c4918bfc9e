"""The edges driven between the matched places, in order."""

from typing import NamedTuple

import numpy as np

from routing.engine.compiled import compiled
from routing.matching.bounded_search import Workspace
from routing.matching.bounded_search import search
from routing.matching.candidates import Candidates
from routing.matching.network_arrays import TurnGraph
from routing.matching.viterbi import BY_SEARCH
from routing.matching.viterbi import KEPT
from routing.matching.viterbi import TURNED
from routing.matching.viterbi import Costs
from routing.matching.viterbi import Matched
from routing.matching.viterbi import Nodes
from routing.matching.viterbi import search_limit_s
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray


class TracedPath(NamedTuple):
    """Directed edges in driving order, all chains one after another.

    Attributes
    ----------
    edge, from_m, to_m, chain
        Shape ``(k,)``.
    node_part, node_m
        On which of them each kept node is, and at what offset, shape ``(n,)``; -1 for others.
    """

    edge: IntArray
    from_m: FloatArray
    to_m: FloatArray
    chain: IntArray
    node_part: IntArray
    node_m: FloatArray


@compiled
def trace(
    nodes: Nodes,
    metres: FloatArray,
    candidates: Candidates,
    matched: Matched,
    graph: TurnGraph,
    work: Workspace,
    costs: Costs,
) -> TracedPath:
    """Return the path through the chosen candidates, by the same searches that chose them."""
    count = len(nodes.from_s)
    room = 4 * count + 64
    edge = np.empty(room, np.int64)
    from_m = np.empty(room, np.float64)
    to_m = np.empty(room, np.float64)
    chain = np.empty(room, np.int64)
    node_part = np.full(count, -1, np.int64)
    node_m = np.full(count, np.nan)
    inner = np.empty(64, np.int64)
    goals = np.empty(1, np.int64)
    parts = 0
    latest = -1
    for node in range(count):
        if matched.fate[node] != KEPT:
            continue
        here = matched.chosen[node]
        state, at_m = candidates.state[here], candidates.offset_m[here]
        on = graph.state_edge[state]
        found = 0
        turned = False
        fresh = latest < 0 or matched.chain[latest] != matched.chain[node]
        if not fresh:
            there = matched.chosen[latest]
            if matched.came[node] == TURNED:
                turned = True
            elif matched.came[node] == BY_SEARCH:
                goals[0] = state
                limit_s = search_limit_s(latest, node, nodes, metres)
                search(
                    graph,
                    work,
                    candidates.state[there],
                    candidates.offset_m[there],
                    costs.turn_round_s,
                    limit_s,
                    goals,
                )
                turned = work.turned[state]
                each = work.parent[state]
                while each >= 0:
                    if found == len(inner):
                        inner = _longer(inner)
                    inner[found] = graph.state_edge[each]
                    found += 1
                    each = work.parent[each]
        if parts + found + 4 > room:
            room = 2 * (parts + found + 4)
            edge, chain = _resized(edge, room), _resized(chain, room)
            from_m, to_m = _resized_floats(from_m, room), _resized_floats(to_m, room)
        if fresh:
            edge[parts], from_m[parts], to_m[parts] = on, at_m, at_m
            chain[parts] = matched.chain[node]
            parts += 1
        elif matched.came[node] == TURNED:
            whole_m = graph.edge_m[on]
            turn_m = min(whole_m - to_m[parts - 1], at_m)
            to_m[parts - 1] = whole_m - turn_m
            edge[parts], from_m[parts], to_m[parts] = on, turn_m, at_m
            chain[parts] = matched.chain[node]
            parts += 1
        elif matched.came[node] == BY_SEARCH:
            if turned:
                source = edge[parts - 1]
                whole_m = graph.edge_m[source]
                edge[parts], from_m[parts] = source ^ 1, whole_m - to_m[parts - 1]
                chain[parts] = matched.chain[node]
                parts += 1
            to_m[parts - 1] = graph.edge_m[edge[parts - 1]]
            for each in range(found - 1, -1, -1):
                edge[parts], from_m[parts] = inner[each], 0.0
                to_m[parts] = graph.edge_m[inner[each]]
                chain[parts] = matched.chain[node]
                parts += 1
            edge[parts], from_m[parts], to_m[parts] = on, 0.0, at_m
            chain[parts] = matched.chain[node]
            parts += 1
        else:
            to_m[parts - 1] = max(to_m[parts - 1], at_m)
        node_part[node], node_m[node] = parts - 1, at_m
        latest = node
    return TracedPath(edge[:parts], from_m[:parts], to_m[:parts], chain[:parts], node_part, node_m)


@compiled
def _longer(old: IntArray) -> IntArray:
    return _resized(old, 2 * len(old))


@compiled
def _resized(old: IntArray, room: int) -> IntArray:
    new = np.empty(room, np.int64)
    new[: len(old)] = old
    return new


@compiled
def _resized_floats(old: FloatArray, room: int) -> FloatArray:
    new = np.empty(room, np.float64)
    new[: len(old)] = old
    return new
