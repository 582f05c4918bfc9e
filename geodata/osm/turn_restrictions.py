"""Convert OpenStreetMap turn restrictions to paths of directed edges."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import numpy as np

from geodata.osm.segment_cutting import CutStreets
from geodata.osm.ways import DrawnRestriction
from geodata.osm.ways import DrawnWays
from geodata.osm.ways import StreetNodes

Path = tuple[int, ...]


class Streets:
    """Look up directed edges by way and node, for turn restrictions."""

    def __init__(self, drawn: DrawnWays, nodes: StreetNodes, cut: CutStreets) -> None:
        way_ids = np.frombuffer(drawn.ids, dtype=np.int64)
        self._node_id: list[int] = nodes.ids[cut.node_of].tolist()
        self._ends: list[tuple[int, int]] = list(
            zip(cut.segment_from.tolist(), cut.segment_to.tolist(), strict=True)
        )
        self._edges: dict[int, list[int]] = defaultdict(list)
        for segment, way in enumerate(cut.segment_way.tolist()):
            meaning = drawn.meanings[way]
            way_id = int(way_ids[way])
            if meaning.forward:
                self._edges[way_id].append(2 * segment)
            if meaning.backward:
                self._edges[way_id].append(2 * segment + 1)

    def tail(self, edge: int) -> int:
        """Return the graph node an edge leaves."""
        return self._ends[edge >> 1][edge & 1]

    def head(self, edge: int) -> int:
        """Return the graph node an edge reaches."""
        return self._ends[edge >> 1][1 - (edge & 1)]

    def edges(self, way_id: int) -> list[int]:
        """Return the directed edges of a way; none if it is not drivable."""
        return self._edges.get(way_id, [])

    def at_node(self, drawn: DrawnRestriction) -> list[Path]:
        """Return the turns of a restriction at a node: each way in combined with each way out."""
        (via,) = drawn.via_nodes
        paths: list[Path] = []
        for from_way, to_way in product(drawn.from_ways, drawn.to_ways):
            entering = [e for e in self.edges(from_way) if self._node_id[self.head(e)] == via]
            leaving = [e for e in self.edges(to_way) if self._node_id[self.tail(e)] == via]
            turns = [(e, f) for e, f in product(entering, leaving) if self.head(e) == self.tail(f)]
            if from_way == to_way:
                # A U-turn on the spot, also where the way runs on through the node.
                paths += [(e, f) for e, f in turns if f == e ^ 1]
            elif len(turns) == 1:
                # Two ways in or out on one side: the map does not say which is meant.
                paths += turns
        return paths

    def through_ways(self, drawn: DrawnRestriction) -> list[Path]:
        """Return the shortest path from way to way through the via ways, if it is unique."""
        paths: list[Path] = []
        for from_way, to_way in product(drawn.from_ways, drawn.to_ways):
            found: list[Path] = []
            for entering in self.edges(from_way):
                for middle in self._along((entering,), drawn.via_ways):
                    found += [
                        (*middle, leaving)
                        for leaving in self.edges(to_way)
                        if self.tail(leaving) == self.head(middle[-1])
                    ]
            if from_way != to_way:
                # Turning round on the way in or out is never what a via way is drawn for.
                found = [p for p in found if p[1] != p[0] ^ 1 and p[-1] != p[-2] ^ 1]
            least = min(map(len, found), default=0)
            shortest = [path for path in found if len(path) == least]
            if len(shortest) == 1:
                paths += shortest
        return paths

    def _along(self, path: Path, via_ways: tuple[int, ...]) -> Iterator[Path]:
        """Yield the path extended through each via way, for every node it can be left at."""
        if not via_ways:
            yield path
            return
        edges = self.edges(via_ways[0])
        start = self.head(path[-1])
        for first in [e for e in edges if self.tail(e) == start]:
            longer = (*path, first)
            seen = {start}
            while True:
                yield from self._along(longer, via_ways[1:])
                here = self.head(longer[-1])
                onward = [
                    e
                    for e in edges
                    if self.tail(e) == here and e != longer[-1] ^ 1 and self.head(e) not in seen
                ]
                if here in seen or len(onward) != 1:
                    break
                seen.add(here)
                longer = (*longer, onward[0])


def restriction_paths(
    streets: Streets, restrictions: list[DrawnRestriction]
) -> tuple[list[tuple[bool, Path]], int]:
    """Return the forbidden or mandatory paths, and the number of restrictions without one.

    A restriction has none when a member is no drivable way of the extract, when the ways do
    not touch, or when it is ambiguous which of several turns is meant.
    """
    kept: dict[tuple[bool, Path], None] = {}
    unusable = 0
    for drawn in restrictions:
        paths = streets.at_node(drawn) if drawn.via_nodes else streets.through_ways(drawn)
        unusable += not paths
        kept |= dict.fromkeys((drawn.only, path) for path in paths)
    return list(kept), unusable
