"""The hidden Markov model written a second time, as plainly as possible: every pair, networkx.

Shared with the product are the candidates and the numbers of the model, nothing that searches.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import networkx as nx
import numpy as np

from routing.matching.candidates import Candidates
from routing.matching.viterbi import Costs
from routing.matching.viterbi import Nodes
from routing.network.line_geometry import metres_per_degree
from tests.routing.oracle import Edge
from tests.routing.oracle import History
from tests.routing.oracle import Oracle

_ROOT: History = (-2,)
State = tuple[History, float]


@dataclass(frozen=True)
class Likeliest:
    """The least cost, the edges of the places that have it, and whether a bound was near."""

    cost: float
    edges: list[Edge]
    bounded: bool


def likeliest(
    oracle: Oracle, nodes: Nodes, found: Candidates, costs: Costs, states: list[Edge]
) -> Likeliest:
    """Return the most likely sequence by trying every way from every place to every other.

    Parameters
    ----------
    states
        Directed edge of each state of the product's network.
    """
    model = _Model(oracle, nodes, costs)
    columns: list[dict[tuple[Edge, float], tuple[float, float]]] = []
    for node in range(len(nodes.from_s)):
        column = {}
        for each in range(found.start[node], found.start[node + 1]):
            place = (states[found.state[each]], float(found.offset_m[each]))
            column[place] = (float(found.distance_m[each]), float(found.bearing_deg[each]))
        columns.append(column)
    best: dict[State, tuple[float, list[Edge], bool]] = {
        ((edge,), at_m): (model.emission(0, distance_m), [edge], False)
        for (edge, at_m), (distance_m, _) in columns[0].items()
    }
    for node in range(1, len(columns)):
        following: dict[State, tuple[float, list[Edge], bool]] = {}
        for (history, from_m), (cost, way, near) in best.items():
            for there, to_m, step, bounded in model.steps(history, from_m, node, columns[node]):
                distance_m, _ = columns[node][there[-1], to_m]
                total = cost + step + model.emission(node, distance_m)
                if (there, to_m) not in following or total < following[there, to_m][0]:
                    following[there, to_m] = total, [*way, there[-1]], near or bounded
        best = following
    if not best:
        return Likeliest(math.inf, [], bounded=False)
    cost, way, near = min(best.values(), key=lambda each: each[0])
    return Likeliest(cost, way, near)


class _Model:
    def __init__(self, oracle: Oracle, nodes: Nodes, costs: Costs) -> None:
        self._oracle, self._nodes, self._costs = oracle, nodes, costs

    def emission(self, node: int, distance_m: float) -> float:
        return min(0.5 * (distance_m / float(self._nodes.sigma_m[node])) ** 2, self._costs.far)

    def steps(
        self,
        history: History,
        from_m: float,
        node: int,
        places: "dict[tuple[Edge, float], tuple[float, float]]",
    ) -> Iterator[tuple[History, float, float, bool]]:
        """Yield each place that can be reached, at what cost, and whether the bound is near."""
        oracle, edge = self._oracle, history[-1]
        wait_s = float(self._nodes.from_s[node] - self._nodes.until_s[node - 1])
        slack_m = math.hypot(self._nodes.slack_m[node], self._nodes.slack_m[node - 1])
        limit_s = self._limit_s(node, wait_s, slack_m)
        whole_m, edge_s = oracle.length_m[edge], oracle._time(edge) / 1000
        rest_s = edge_s * (1 - from_m / whole_m)
        graph = oracle.graph
        graph.add_node(_ROOT)
        self._leave(history, rest_s, 0.0)
        back = edge ^ 1
        if oracle.time_ms[back] is not None and min(from_m, whole_m - from_m) >= 10:
            back_s = oracle._time(back) / 1000 * from_m / whole_m
            self._leave((back,), back_s, self._costs.turn_round_s)
        ways = nx.single_source_dijkstra_path(graph, _ROOT)
        spent = {there: nx.path_weight(graph, way, "weight") for there, way in ways.items()}
        firsts = {way[1]: graph.edges[_ROOT, way[1]] for way in ways.values() if len(way) > 1}
        graph.remove_node(_ROOT)
        for there_edge, to_m in places:
            share = to_m / oracle.length_m[there_edge]
            last_s = oracle._time(there_edge) / 1000 * share
            options: dict[History, list[tuple[float, bool]]] = {}
            drive_m = to_m - from_m
            if there_edge == edge and drive_m >= -2 * slack_m:
                drive_s = drive_m * edge_s / whole_m
                cost = self._cost(drive_s, drive_s, drive_m, wait_s, slack_m)
                cost += 0.5 * max(-2 * drive_m / slack_m - 1, 0) ** 2
                options.setdefault(history, []).append((cost, False))
            turn_m = max(from_m, whole_m - to_m)
            if there_edge == back and min(turn_m, whole_m - turn_m) >= 10:
                drive_m = abs(to_m - (whole_m - from_m))
                drive_s = drive_m * oracle._time(back) / 1000 / whole_m
                cost = self._cost(
                    drive_s + self._costs.turn_round_s, drive_s, drive_m, wait_s, slack_m
                )
                options.setdefault((back,), []).append((cost, False))
            for there, way in ways.items():
                if there == _ROOT or there[-1] != there_edge:
                    continue
                first = firsts[way[1]]
                edges = [step[-1] for step in way[1:-1]]
                drive_s = first["drive_s"] + last_s + sum(oracle._time(one) for one in edges) / 1000
                drive_m = first["drive_m"] + to_m + sum(oracle.length_m[one] for one in edges)
                near = drive_s > 0.99 * limit_s
                cost_s = spent[there] / 1000 + last_s
                cost = self._cost(cost_s, drive_s, drive_m, wait_s, slack_m)
                options.setdefault(there, []).append((cost, near))
            for there, ways_there in options.items():
                cost, near = min(ways_there)
                yield there, to_m, cost, near

    def _leave(self, history: History, rest_s: float, extra_s: float) -> None:
        oracle, here = self._oracle, history[-1]
        rest_m = rest_s * 1000 / oracle._time(here) * oracle.length_m[here]
        for to in oracle.leaving[oracle.end[here]]:
            if oracle.price_ms(history, to) is None:
                continue
            beyond = (*history, to)[-oracle.memory :]
            weight = 1000 * (rest_s + extra_s) + oracle.turn_ms(here, to)
            known = oracle.graph.get_edge_data(_ROOT, beyond)
            if not known or weight < known["weight"]:
                oracle.graph.add_edge(_ROOT, beyond, weight=weight, drive_s=rest_s, drive_m=rest_m)

    def _cost(
        self, cost_s: float, drive_s: float, drive_m: float, wait_s: float, slack_m: float
    ) -> float:
        costs = self._costs
        cost = costs.per_s * cost_s
        idle_s = wait_s - costs.slowest * drive_s
        cost += costs.slow_per_s * min(max(idle_s, 0.0), costs.slow_most_s)
        if drive_m > slack_m:
            too_quick_s = drive_s * (1 - slack_m / drive_m) / costs.fastest - wait_s
            cost += costs.hurry_per_s * max(too_quick_s, 0.0)
        return cost

    def _limit_s(self, node: int, wait_s: float, slack_m: float) -> float:
        lonlat = self._nodes.lonlat
        metres = np.stack(metres_per_degree(lonlat[node : node + 1, 1]), axis=1)[0]
        straight_m = float(np.hypot(*((lonlat[node] - lonlat[node - 1]) * metres)))
        return min(2 * wait_s + (slack_m + 20) / 5, (3 * straight_m + slack_m) / 6 + 60)
