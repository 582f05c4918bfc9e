"""The most likely sequence of places on streets, by Viterbi's algorithm.

After Newson and Krumm (2009), with two changes. A drive between two fixes costs its *time*, turns
included, instead of the difference of its length and the straight line: drivers choose ways that
are quick, the sum over a track is that of its whole way however often it was recorded, and noise
along the street cancels, since driving backwards within it is refunded. And time bounds a drive:
nobody is much faster than the street allows.
"""

import math
from typing import NamedTuple

import numpy as np

from routing.engine.compiled import compiled
from routing.matching.bounded_search import Workspace
from routing.matching.bounded_search import may_turn_round
from routing.matching.bounded_search import search
from routing.matching.candidates import Candidates
from routing.matching.network_arrays import TurnGraph
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray

# How a place follows from the one before: along the same edge, by other edges, or turned round.
ALONG, BY_SEARCH, TURNED = 0, 1, 2

LEFT_OUT, KEPT, NO_STREET = 0, 1, 2

# A stretch off every street that is longer than this breaks the chain: where it led is unknown.
_LOST_NODES, _LOST_S = 2, 60.0
# Where the time would do for any way, it is not taken to be a very long one.
_SLOWEST_MPS, _ROUND_MPS = 5.0, 6.0
_ANY_WAY_S, _ANY_STREET_M = 60.0, 20.0
_ANY_STREET_MPS = 50.0  # no street is quicker at free flow


class Costs(NamedTuple):
    """Logarithms of probabilities, natural; the higher the less likely.

    Attributes
    ----------
    per_s
        Of a second of driving and turning.
    hurry_per_s, fastest
        Of a second that a drive is too quick by, and how many times the free-flow speed is not.
    slow_per_s, slowest, slow_most_s
        Of a second that was left over after so many times the drive at free flow, and of how many
        at most: who took a minute has rather driven down a drive than past it on the motorway.
    turn_round_s
        Seconds that turning round in the street costs.
    far
        A fix is never less likely than this, however far it is: some are plainly wrong.
    heading_deg
        Standard deviation of a recorded heading.
    beam
        Places less likely than the best by more than this are not gone on from.
    """

    per_s: float = 0.25
    hurry_per_s: float = 0.5
    fastest: float = 1.5
    slow_per_s: float = 0.1
    slowest: float = 1.5
    slow_most_s: float = 30.0
    turn_round_s: float = 40.0
    far: float = 14.0
    heading_deg: float = 30.0
    beam: float = 25.0


class Nodes(NamedTuple):
    """What the model takes for one observation: some fixes near each other, or a stop.

    Attributes
    ----------
    lonlat
        Shape ``(n, 2)``.
    from_s, until_s
        Shape ``(n,)``.
    sigma_m
        Standard deviation of its place, each way.
    slack_m
        How far noise alone may move it along a street.
    heading_deg
        NaN where unknown.
    breaks
        Whether a new chain begins here, bool.
    """

    lonlat: FloatArray
    from_s: FloatArray
    until_s: FloatArray
    sigma_m: FloatArray
    slack_m: FloatArray
    heading_deg: FloatArray
    breaks: BoolArray


class Matched(NamedTuple):
    """The most likely places.

    Attributes
    ----------
    fate
        ``KEPT``, ``NO_STREET`` near or ``LEFT_OUT``, since no way leads there, shape ``(n,)``.
    chosen
        Its candidate, shape ``(n,)``.
    chain
        Number of its chain, shape ``(n,)``; -1 where not kept.
    came
        How it follows from the one before in its chain.
    cost
        Of the likeliest sequence of the chain up to here; ``inf`` where not kept.
    """

    fate: IntArray
    chosen: IntArray
    chain: IntArray
    came: IntArray
    cost: FloatArray


@compiled
def most_likely(
    nodes: Nodes,
    metres: FloatArray,
    candidates: Candidates,
    graph: TurnGraph,
    work: Workspace,
    costs: Costs,
    most_skipped: int,
) -> Matched:
    """Return the most likely place of each node; chains are broken where no way leads on.

    Parameters
    ----------
    metres
        Of a degree at each node, shape ``(n, 2)``.
    most_skipped
        So many nodes in a row may be left out before the chain is broken instead.
    """
    count = len(nodes.from_s)
    fate = np.zeros(count, np.int64)
    chosen = np.full(count, -1, np.int64)
    chain = np.full(count, -1, np.int64)
    came = np.zeros(count, np.int64)
    cost = np.full(len(candidates.state), np.inf)
    back = np.full(len(candidates.state), -1, np.int64)
    how = np.zeros(len(candidates.state), np.int64)
    before = np.full(count, -1, np.int64)
    latest = -1
    chains = 0
    skipped, lost = 0, 0
    node = 0
    while node < count:
        first, last = candidates.start[node], candidates.start[node + 1]
        gone = lost >= _LOST_NODES and nodes.from_s[node] - nodes.until_s[latest] > _LOST_S
        if latest >= 0 and skipped == 0 and (nodes.breaks[node] or (gone and first < last)):
            _walk_back(latest, before, cost, back, how, candidates, chosen, came)
            latest = -1
        if first == last:
            fate[node] = NO_STREET
            lost += 1
            node += 1
            continue
        if latest >= 0:
            reached = _step(
                latest, node, nodes, metres, candidates, graph, work, costs, cost, back, how
            )
            if not reached:
                fate[node] = LEFT_OUT
                skipped += 1
                over = node + 1 == count or nodes.breaks[node + 1]
                if skipped <= most_skipped and not (over and skipped > 1):
                    node += 1
                    continue
                # Go back to the first one left out and begin anew there.
                node = latest + 1
                while fate[node] != LEFT_OUT:
                    node += 1
                _walk_back(latest, before, cost, back, how, candidates, chosen, came)
                latest, skipped = -1, 0
                first, last = candidates.start[node], candidates.start[node + 1]
        if latest < 0:
            chains += 1
            for each in range(first, last):
                # Nobody remembers a restriction begun before the track.
                if candidates.state[each] == graph.state_edge[candidates.state[each]]:
                    cost[each] = _emission(each, node, nodes, candidates, costs)
        before[node] = latest
        fate[node], chain[node] = KEPT, chains - 1
        latest, skipped, lost = node, 0, 0
        node += 1
    if latest >= 0:
        _walk_back(latest, before, cost, back, how, candidates, chosen, came)
    upto = np.full(count, np.inf)
    for each in range(count):
        if chosen[each] >= 0:
            upto[each] = cost[chosen[each]]
    return Matched(fate, chosen, chain, came, upto)


@compiled
def _emission(
    candidate: int, node: int, nodes: Nodes, candidates: Candidates, costs: Costs
) -> float:
    cost = 0.5 * (candidates.distance_m[candidate] / nodes.sigma_m[node]) ** 2
    if not math.isnan(nodes.heading_deg[node]):
        off_deg = (candidates.bearing_deg[candidate] - nodes.heading_deg[node] + 180.0) % 360.0
        cost += 0.5 * ((off_deg - 180.0) / costs.heading_deg) ** 2
    return float(min(cost, costs.far))


@compiled
def _step(
    latest: int,
    node: int,
    nodes: Nodes,
    metres: FloatArray,
    candidates: Candidates,
    graph: TurnGraph,
    work: Workspace,
    costs: Costs,
    cost: FloatArray,
    back: IntArray,
    how: IntArray,
) -> bool:
    """Set the costs of the candidates of a node; return whether any can be reached."""
    first, last = candidates.start[node], candidates.start[node + 1]
    begin, end = candidates.start[latest], candidates.start[latest + 1]
    cost[first:last] = np.inf
    wait_s = max(nodes.from_s[node] - nodes.until_s[latest], 0.0)
    slack_m = math.hypot(nodes.slack_m[node], nodes.slack_m[latest])
    limit_s = search_limit_s(latest, node, nodes, metres)
    if _straight_m(latest, node, nodes, metres) > 2.0 * slack_m + _ANY_STREET_MPS * limit_s:
        return False  # a search would go round half the city in vain
    least = np.inf
    for source in range(begin, end):
        least = min(least, cost[source])
    for source in range(begin, end):
        if cost[source] > least + costs.beam:
            continue
        state, from_m = candidates.state[source], candidates.offset_m[source]
        stamp = search(
            graph, work, state, from_m, costs.turn_round_s, limit_s, candidates.state[first:last]
        )
        edge = graph.state_edge[state]
        whole_m = graph.edge_m[edge]
        s_per_m = graph.edge_s[edge] / whole_m if whole_m > 0 else 0.0
        bound_s = limit_s + (whole_m - from_m) * s_per_m
        for goal in range(first, last):
            there, to_m = candidates.state[goal], candidates.offset_m[goal]
            best, best_how = np.inf, ALONG
            if there == state and to_m >= from_m - 2.0 * slack_m:
                drive_m = to_m - from_m
                drive_s = drive_m * s_per_m
                best = _transition(drive_s, drive_s, drive_m, wait_s, slack_m, costs)
                # Noise along the street: two standard deviations are the slack.
                best += 0.5 * max(-2.0 * drive_m / slack_m - 1.0, 0.0) ** 2
            elif there == edge ^ 1 and may_turn_round(graph, edge, max(from_m, whole_m - to_m)):
                back_m = whole_m
                drive_m = abs(to_m - (back_m - from_m))
                drive_s = drive_m * (graph.edge_s[there] / back_m if back_m > 0 else 0.0)
                best = _transition(
                    drive_s + costs.turn_round_s, drive_s, drive_m, wait_s, slack_m, costs
                )
                best_how = TURNED
            if work.settled[there] == stamp:
                on = graph.state_edge[there]
                share = to_m / graph.edge_m[on] if graph.edge_m[on] > 0 else 0.0
                last_s = graph.edge_s[on] * share
                drive_s = work.drive_s[there] + last_s
                if drive_s <= bound_s:
                    found = _transition(
                        work.cost_s[there] + last_s,
                        drive_s,
                        work.length_m[there] + to_m,
                        wait_s,
                        slack_m,
                        costs,
                    )
                    if found < best:
                        best, best_how = found, BY_SEARCH
            if cost[source] + best < cost[goal]:
                cost[goal] = cost[source] + best
                back[goal] = source
                how[goal] = best_how
    reached = False
    for goal in range(first, last):
        if cost[goal] < np.inf:
            cost[goal] += _emission(goal, node, nodes, candidates, costs)
            reached = True
    return reached


@compiled
def search_limit_s(latest: int, node: int, nodes: Nodes, metres: FloatArray) -> float:
    """Return how long a drive between two nodes may take at free flow.

    Longer than the time there was, since some drive faster; but not a long way round just because
    there was much time.
    """
    wait_s = max(nodes.from_s[node] - nodes.until_s[latest], 0.0)
    slack_m = math.hypot(nodes.slack_m[node], nodes.slack_m[latest])
    straight_m = _straight_m(latest, node, nodes, metres)
    in_time_s = 2.0 * wait_s + (slack_m + _ANY_STREET_M) / _SLOWEST_MPS
    direct_s = (3.0 * straight_m + slack_m) / _ROUND_MPS + _ANY_WAY_S
    return float(min(in_time_s, direct_s))


@compiled
def _straight_m(latest: int, node: int, nodes: Nodes, metres: FloatArray) -> float:
    return math.hypot(
        (nodes.lonlat[node, 0] - nodes.lonlat[latest, 0]) * metres[node, 0],
        (nodes.lonlat[node, 1] - nodes.lonlat[latest, 1]) * metres[node, 1],
    )


@compiled
def _transition(
    cost_s: float, drive_s: float, drive_m: float, wait_s: float, slack_m: float, costs: Costs
) -> float:
    cost = costs.per_s * cost_s
    cost += costs.slow_per_s * min(max(wait_s - costs.slowest * drive_s, 0.0), costs.slow_most_s)
    if drive_m > slack_m:
        # What noise may have added to the drive is not held against it.
        needed_s = drive_s * (1.0 - slack_m / drive_m) / costs.fastest
        if needed_s > wait_s:
            cost += costs.hurry_per_s * (needed_s - wait_s)
    return cost


@compiled
def _walk_back(
    latest: int,
    before: IntArray,
    cost: FloatArray,
    back: IntArray,
    how: IntArray,
    candidates: Candidates,
    chosen: IntArray,
    came: IntArray,
) -> None:
    """Write the best sequence that ends at a node."""
    best = candidates.start[latest]
    for each in range(candidates.start[latest], candidates.start[latest + 1]):
        if cost[each] < cost[best]:
            best = each
    node = latest
    while node >= 0:
        chosen[node] = best
        came[node] = how[best]
        best = back[best]
        node = before[node]
