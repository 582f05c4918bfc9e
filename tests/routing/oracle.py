"""The rules of the road written a second time, as plainly as possible: networkx and Dijkstra.

Nothing here is shared with the product except the arrays of the network and its compass bearings.
A vertex is the tuple of the last edges driven, the present one last, "at its beginning"; whoever
comes by another way is at another vertex, so restrictions of any length need no cleverness.
"""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

import networkx as nx

from geodata.roads.types import RESTRICTED_ACCESS
from geodata.roads.types import ROUNDABOUT
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork

Edge = int
History = tuple[Edge, ...]
Place = tuple[Edge, float]  # directed edge and metres into it
_ORIGIN: History = (-1,)


class Oracle:
    """Travel times by Dijkstra over histories."""

    def __init__(
        self,
        network: RoadNetwork,
        *,
        emergency: bool = False,
        factors: Sequence[float] = (),
        closed: Iterable[Edge] = (),
    ) -> None:
        roads = network.roads
        self.roads = roads
        self.emergency = emergency
        shut = set(closed)
        departing, arriving = Lines(roads).bearings()
        self.departing, self.arriving = departing.tolist(), arriving.tolist()
        self.leaving: dict[int, list[Edge]] = defaultdict(list)
        self.streets_at: dict[int, int] = defaultdict(int)
        self.begin: list[int] = []
        self.end: list[int] = []
        self.length_m: list[float] = []
        self.signed: list[bool] = []
        self.time_ms: list[int | None] = []
        for street in range(len(roads.segment_from)):
            ends = int(roads.segment_from[street]), int(roads.segment_to[street])
            length_m = float(roads.segment_length_m[street])
            for direction, (open_, speed) in enumerate(
                (
                    (roads.segment_forward[street], roads.segment_forward_mps[street]),
                    (roads.segment_backward[street], roads.segment_backward_mps[street]),
                )
            ):
                edge = 2 * street + direction
                self.begin.append(ends[direction])
                self.end.append(ends[1 - direction])
                self.leaving[ends[direction]].append(edge)
                self.streets_at[ends[direction]] += 1
                self.length_m.append(length_m)
                self.signed.append(bool(open_))
                factor = factors[int(roads.segment_class[street])] if factors else 1.0
                time_ms = 1000 * length_m / (float(speed) * factor) * (1.0 if open_ else 2.5)
                either = roads.segment_forward[street] or roads.segment_backward[street]
                may_drive = (open_ or (emergency and either)) and edge not in shut
                self.time_ms.append(max(1, round(time_ms)) if may_drive else None)
        self.rules: list[tuple[bool, History]] = []
        for rule, only in enumerate(roads.restriction_only.tolist()):
            first, last = roads.restriction_start[rule : rule + 2]
            path = tuple(roads.restriction_path[first:last].tolist())
            if not (only and not all(self.signed[edge] for edge in path[1:])):
                self.rules.append((only, path))
        # A rule speaks of one turn: out of its last edge but one.
        self.rules_from: dict[Edge, list[tuple[bool, History]]] = defaultdict(list)
        for only, path in self.rules:
            self.rules_from[path[-2]].append((only, path))
        self.memory = max([1, *(len(path) - 1 for _, path in self.rules)])
        self.graph = self._graph()

    def permitted(self, history: History, to: Edge) -> bool:
        """Tell whether somebody who came by these edges may turn into another."""
        return self.price_ms(history, to) is not None

    def price_ms(self, history: History, to: Edge) -> int | None:
        """Return what breaking rules costs on top of a turn; ``None`` if it is not permitted."""
        here = history[-1]
        if self.begin[to] != self.end[here] or None in (self.time_ms[here], self.time_ms[to]):
            return None
        broken = 0
        if to == here ^ 1:
            onward = [
                edge for edge in self.leaving[self.end[here]] if edge != to and self.signed[edge]
            ]
            broken += bool(onward)
        path = (*history, to)
        broken += any(
            (not only and path[-len(rule) :] == rule)
            or (only and history[-len(rule) + 1 :] == rule[:-1] and to != rule[-1])
            for only, rule in self.rules_from.get(here, ())
        )
        return None if broken and not self.emergency else 10_000 * broken

    def turn_ms(self, here: Edge, to: Edge) -> int:
        """Return the cost of a turn, read off the table in docs/routing.md."""
        flags = self.roads.segment_flags
        node = self.end[here]
        if to == here ^ 1:
            cost = 15_000
        elif flags[to // 2] & ROUNDABOUT and not flags[here // 2] & ROUNDABOUT:
            cost = 3_000
        elif flags[here // 2] & ROUNDABOUT or self.streets_at[node] < 3:
            cost = 0
        else:
            cost = _angle_ms((self.departing[to] - self.arriving[here] + 180) % 360 - 180)
        if self.roads.node_signal[node]:
            cost += 5_000
        if flags[to // 2] & RESTRICTED_ACCESS and not flags[here // 2] & RESTRICTED_ACCESS:
            cost += 30_000
        return cost

    def travel_time_s(self, origin: Place, target: Place) -> float:
        """Return the time from one place in the middle of a street to another."""
        return self.travel_times_s([origin], [target])[0][0]

    def travel_times_s(self, origins: list[Place], targets: list[Place]) -> list[list[float]]:
        """Return all times, rows are origins; one Dijkstra per origin."""
        rows = []
        at_edge: dict[Edge, list[History]] = defaultdict(list)
        for history in self.graph:
            at_edge[history[-1]].append(history)
        for origin in origins:
            self.graph.add_node(_ORIGIN)
            for edge, passed_ms in self._directions(origin):
                for to in self.leaving[self.end[edge]]:
                    price_ms = self.price_ms((edge,), to)
                    if price_ms is not None:
                        cost = self._time(edge) - passed_ms + self.turn_ms(edge, to) + price_ms
                        beyond = (edge, to)[-self.memory :]
                        known = self.graph.get_edge_data(_ORIGIN, beyond, {"weight": cost})
                        self.graph.add_edge(_ORIGIN, beyond, weight=min(cost, known["weight"]))
            reached = nx.single_source_dijkstra_path_length(self.graph, _ORIGIN)
            self.graph.remove_node(_ORIGIN)
            rows.append(
                [min(self._arrivals(origin, target, reached, at_edge)) for target in targets]
            )
        return rows

    def _arrivals(
        self,
        origin: Place,
        target: Place,
        reached: dict[History, float],
        at_edge: dict[Edge, list[History]],
    ) -> Iterator[float]:
        yield float("inf")
        for edge, upto_ms in self._directions(target):
            for history in at_edge[edge]:
                yield (reached.get(history, float("inf")) + upto_ms) / 1000
            for other, passed_ms in self._directions(origin):
                if other == edge and passed_ms <= upto_ms:
                    yield (upto_ms - passed_ms) / 1000

    def _directions(self, place: Place) -> Iterator[tuple[Edge, int]]:
        edge, offset_m = place
        share = offset_m / self.length_m[edge] if self.length_m[edge] else 0.0
        for one, passed in ((edge, share), (edge ^ 1, 1.0 - share)):
            if self.time_ms[one] is not None:
                yield one, round(self._time(one) * passed)

    def _time(self, edge: Edge) -> int:
        time_ms = self.time_ms[edge]
        assert time_ms is not None
        return time_ms

    def _graph(self) -> "nx.DiGraph[History]":
        graph: nx.DiGraph[History] = nx.DiGraph()
        unseen: list[History] = [
            (edge,) for edge, time_ms in enumerate(self.time_ms) if time_ms is not None
        ]
        graph.add_nodes_from(unseen)
        while unseen:
            history = unseen.pop()
            here = history[-1]
            for to in self.leaving[self.end[here]]:
                price_ms = self.price_ms(history, to)
                if price_ms is None:
                    continue
                beyond = (*history, to)[-self.memory :]
                if beyond not in graph:
                    unseen.append(beyond)
                weight = self._time(here) + self.turn_ms(here, to) + price_ms
                graph.add_edge(history, beyond, weight=weight)
        return graph


def _angle_ms(angle_deg: float) -> int:
    if abs(angle_deg) < 30:
        return 0
    if abs(angle_deg) < 60:
        return 1_000
    if abs(angle_deg) < 150:
        return 3_000 if angle_deg > 0 else 5_000
    return 5_000 if angle_deg > 0 else 7_000
