"""Intervals of directed edges, and the stretch of road between two positions."""

import heapq
from dataclasses import dataclass

import numpy as np

from routing.errors import ClosureError
from routing.locate.snapping import Snaps
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork

# Going along a street of another name counts as this much longer.
_OTHER_NAME = 3.0
_FURTHEST_M = 30_000.0


@dataclass(frozen=True, eq=False)
class EdgeIntervals:
    """Intervals of directed edges.

    Attributes
    ----------
    edge
        Directed edges, int64, shape ``(n,)``.
    from_m, to_m
        Metres from the beginning of each, shape ``(n,)``.
    """

    edge: IntArray
    from_m: FloatArray
    to_m: FloatArray

    def __len__(self) -> int:
        """Return the number of intervals."""
        return len(self.edge)

    def reversed(self, length_m: FloatArray) -> "EdgeIntervals":
        """Return the same intervals of the opposite edges; ``length_m`` is that of the streets."""
        whole_m = length_m[self.edge // 2]
        return EdgeIntervals(self.edge ^ 1, whole_m - self.to_m, whole_m - self.from_m)

    def joined(self, others: "EdgeIntervals") -> "EdgeIntervals":
        """Return these intervals followed by others."""
        return EdgeIntervals(
            np.concatenate((self.edge, others.edge)),
            np.concatenate((self.from_m, others.from_m)),
            np.concatenate((self.to_m, others.to_m)),
        )


class StretchFinder:
    """Finds the shortest path between positions, preferring to stay on a street of one name.

    One-way signs are ignored: a closure is drawn along the street, not driven.
    """

    def __init__(self, network: RoadNetwork, lines: Lines) -> None:
        self._network, self._length_m = network, lines.length_m
        self._edges = np.argsort(network.edge_from, kind="stable")
        nodes = np.arange(len(network.roads.node_lonlat) + 1)
        self._start = np.searchsorted(network.edge_from[self._edges], nodes)

    def between(self, here: Snaps, there: Snaps) -> EdgeIntervals:
        """Return the edge intervals from one position to another, in that direction.

        Raises
        ------
        ClosureError
            If they are the same position, or no street joins them within 30 km.
        """
        begin, begin_m = int(here.edge[0]), float(here.offset_m[0])
        end, end_m = int(there.edge[0]), float(there.offset_m[0])
        if begin // 2 == end // 2:
            if begin != end:
                end_m = float(self._length_m[end // 2]) - end_m
            if begin_m == end_m:
                message = "the points of a closed stretch lie at one place"
                raise ClosureError(message)
            interval = EdgeIntervals(
                np.array([begin]),
                np.array([min(begin_m, end_m)]),
                np.array([max(begin_m, end_m)]),
            )
            return interval if begin_m < end_m else interval.reversed(self._length_m)
        edges = self._path(begin, begin_m, end, end_m)
        from_m, to_m = np.zeros(len(edges)), self._length_m[edges // 2].copy()
        whole_m = self._length_m[begin // 2], self._length_m[end // 2]
        from_m[0] = begin_m if edges[0] == begin else whole_m[0] - begin_m
        to_m[-1] = end_m if edges[-1] == end else whole_m[1] - end_m
        return EdgeIntervals(edges, from_m, to_m)

    def _path(self, begin: int, begin_m: float, end: int, end_m: float) -> IntArray:
        """Return directed edges from one street to another; Dijkstra over nodes."""
        name = self._network.roads.segment_name
        preferred = {int(name[begin // 2]), int(name[end // 2])} - {0}
        edge_to = self._network.edge_to
        last = {
            int(self._network.edge_from[end]): (end, end_m),
            int(edge_to[end]): (end ^ 1, float(self._length_m[end // 2]) - end_m),
        }
        rest_m = float(self._length_m[begin // 2]) - begin_m
        heap = [
            (rest_m, int(edge_to[begin]), begin, -1),
            (begin_m, int(edge_to[begin ^ 1]), begin ^ 1, -1),
        ]
        heapq.heapify(heap)
        visited: list[tuple[int, int]] = []  # edge driven, and the entry before
        settled: set[int] = set()
        while heap:
            cost_m, node, edge, before = heapq.heappop(heap)
            if node < 0:  # the position itself
                visited.append((edge, before))
                return self._backtrack(visited)
            if node in settled:
                continue
            settled.add(node)
            visited.append((edge, before))
            entry = len(visited) - 1
            if node in last:
                final, final_m = last[node]
                heapq.heappush(heap, (cost_m + final_m, -1, final, entry))
            for onward in self._edges[self._start[node] : self._start[node + 1]].tolist():
                factor = 1.0 if int(name[onward // 2]) in preferred else _OTHER_NAME
                further_m = cost_m + factor * float(self._length_m[onward // 2])
                if further_m < _FURTHEST_M and int(edge_to[onward]) not in settled:
                    heapq.heappush(heap, (further_m, int(edge_to[onward]), onward, entry))
        message = "no street joins the points of a closed stretch"
        raise ClosureError(message)

    @staticmethod
    def _backtrack(visited: list[tuple[int, int]]) -> IntArray:
        edges, entry = [], len(visited) - 1
        while entry >= 0:
            edge, entry = visited[entry]
            edges.append(edge)
        return np.array(edges[::-1], dtype=np.int64)
