"""What is closed at a time: a stretch of street between two junctions, or a whole named street."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geodata.roads.types import ROAD_CLASSES
from routing.network.road_network import RoadNetwork
from scripts.studies.inputs.points import IntArray

_TWO = 2


class ClosedAtOnce(StrEnum):
    """What one closure closes, in both directions."""

    STRETCH = "stretch"
    STREET = "street"


@dataclass(frozen=True, slots=True)
class StreetPiece:
    """What is closed at once, as people call it.

    Attributes
    ----------
    name
        The street's name; empty where it has none.
    road_class
        Class of its longest part.
    begin, end
        Names of the streets that it meets at both ends; empty where none with another name is met,
        and for what has not two ends.
    length_m
        In one direction.
    """

    name: str
    road_class: str
    begin: str
    end: str
    length_m: float


def number_pieces(network: RoadNetwork, at_once: ClosedAtOnce) -> IntArray:
    """Return for each street of the network what it is closed together with, shape ``(m,)``.

    A stretch runs from junction to junction: parts of one name that meet where nothing else does
    are one. A whole street are all parts of one name that hang together; there, parts without a
    name are closed each for itself.
    """
    roads = network.roads
    driven = roads.segment_forward | roads.segment_backward
    ends = np.concatenate((roads.segment_from[driven], roads.segment_to[driven]))
    meeting = np.bincount(ends, minlength=len(roads.node_lonlat))
    named = np.array([bool(name) for name in roads.names])[roads.segment_name]
    # A vertex for each name at each junction: parts hang together where they share one.
    chosen = np.flatnonzero(driven if at_once is ClosedAtOnce.STRETCH else named)
    key = roads.segment_name[chosen].astype(np.int64) * len(roads.node_lonlat)
    vertices, parts = [], []
    for node in (roads.segment_from[chosen], roads.segment_to[chosen]):
        joins = np.flatnonzero(
            (meeting[node] == _TWO) | (at_once is ClosedAtOnce.STREET)  # where no other is met
        )
        vertices.append(key[joins] + node[joins])
        parts.append(chosen[joins])
    _, vertex = np.unique(np.concatenate(vertices), return_inverse=True)
    part, count = np.concatenate(parts), network.segment_count
    size = count + int(vertex.max(initial=-1)) + 1
    graph = coo_array((np.ones(len(part)), (part, count + vertex.reshape(-1))), shape=(size, size))
    _, together = connected_components(graph, directed=False)
    return np.unique(together[:count], return_inverse=True)[1].reshape(-1)


class PieceNames:
    """Names and lines of what is closed at once."""

    def __init__(self, network: RoadNetwork, group: IntArray) -> None:
        self._network, self._group = network, group
        roads = network.roads
        ends = np.concatenate((roads.segment_from, roads.segment_to))
        self._order = np.argsort(ends, kind="stable")
        self._first = np.searchsorted(ends[self._order], np.arange(len(roads.node_lonlat) + 1))
        self._members = np.argsort(group, kind="stable")
        self._member_start = np.searchsorted(
            group[self._members], np.arange(int(group.max(initial=-1)) + 2)
        )

    def streets(self, piece: int) -> IntArray:
        """Return the streets of the network that a piece consists of."""
        return self._members[self._member_start[piece] : self._member_start[piece + 1]]

    def describe(self, piece: int) -> StreetPiece:
        """Return what a piece is called."""
        roads = self._network.roads
        streets = self.streets(piece)
        length_m = roads.segment_length_m[streets]
        longest = int(streets[np.argmax(length_m)])
        tips = self._tips(streets)
        met = [self._meets(node, longest) for node in tips]
        begin, end = met if len(met) == _TWO else ("", "")
        return StreetPiece(
            roads.names[roads.segment_name[longest]],
            ROAD_CLASSES[roads.segment_class[longest]],
            begin,
            end,
            float(length_m.sum()),
        )

    def line(self, piece: int) -> shapely.MultiLineString:
        """Return where a piece lies, WGS 84."""
        roads = self._network.roads
        start = roads.geometry_start
        return shapely.MultiLineString(
            [roads.geometry_lonlat[start[one] : start[one + 1]] for one in self.streets(piece)]
        )

    def _tips(self, streets: IntArray) -> list[int]:
        """Return the junctions where a piece begins and ends: those that one part of it touches."""
        roads = self._network.roads
        ends = np.stack((roads.segment_from[streets], roads.segment_to[streets]), axis=1)
        node, count = np.unique(ends, return_counts=True)
        once = node[count == 1]
        # From drawn beginning to end, where it is a single part.
        return [int(one) for one in (ends[0] if len(streets) == 1 else once)]

    def _meets(self, node: int, street: int) -> str:
        """Return the first name at a junction that is another than the street's own."""
        roads = self._network.roads
        count = self._network.segment_count
        there = self._order[self._first[node] : self._first[node + 1]] % count
        own = roads.names[roads.segment_name[street]]
        names = {roads.names[name] for name in roads.segment_name[there].tolist()}
        return min(names - {own, ""}, default="")
