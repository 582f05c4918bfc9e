"""The arms of junctions: streets that may be driven into, with their directions."""

from typing import NamedTuple

import numpy as np

from geodata.roads.types import ROAD_CLASSES
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.arrays import ranges
from routing.network.line_geometry import Lines
from routing.network.line_geometry import metres_per_degree
from routing.network.line_geometry import turn_deg
from routing.network.road_network import RoadNetwork

_MINOR = tuple(ROAD_CLASSES.index(name) for name in ("service", "track"))
_REACH_M = 25.0
_LEAST_REACH_M = 4.0
_HARD_BEND_DEG = 45.0


class JunctionArm(NamedTuple):
    """An edge that may be driven into; ``turn_deg`` is -180 to 180, right is positive."""

    edge: int
    turn_deg: float
    road_class: int


class Junctions:
    """The edges that leave each node, with their departing bearings."""

    def __init__(self, network: RoadNetwork, lines: Lines) -> None:
        driveable = np.flatnonzero(network.edge_driveable)
        self._edges = driveable[np.argsort(network.edge_from[driveable], kind="stable")]
        nodes = np.arange(len(network.roads.node_lonlat) + 1)
        self._start = np.searchsorted(network.edge_from[self._edges], nodes)
        self._departing_deg = lines.bearings()[0][self._edges]
        self._class = network.roads.segment_class[self._edges // 2]
        self._edge_to = network.edge_to
        self._driveable = network.edge_driveable

    def have_choice(self, edges: IntArray) -> BoolArray:
        """Return at which junctions of a route there is another arm, turning back excepted.

        Parameters
        ----------
        edges
            Directed edges in driving order, shape ``(k,)``.

        Returns
        -------
        choice
            For the junction at the end of each edge but the last, shape ``(k - 1,)``.
        """
        node, back = self._edge_to[edges[:-1]], edges[:-1] ^ 1
        exits = self._start[node + 1] - self._start[node]
        known = self._driveable[edges[1:]].astype(np.int64)
        known += self._driveable[back] & (back != edges[1:])
        return np.asarray(exits > known)

    def arms(self, edges: IntArray, arriving_deg: FloatArray) -> list[list[JunctionArm]]:
        """Return all arms at the end of each of some edges, turning back excepted.

        Parameters
        ----------
        edges
            Arriving directed edges.
        arriving_deg
            Their bearings at the junction, clockwise from north.
        """
        node = self._edge_to[edges]
        first, last = self._start[node], self._start[node + 1]
        exits = ranges(first, last)
        junction = np.repeat(np.arange(len(edges)), last - first)
        into = self._edges[exits]
        angle_deg = turn_deg(arriving_deg[junction], self._departing_deg[exits])
        onward = into != edges[junction] ^ 1
        arms: list[list[JunctionArm]] = [[] for _ in range(len(edges))]
        for at, *arm in zip(
            junction[onward].tolist(),
            into[onward].tolist(),
            angle_deg[onward].tolist(),
            self._class[exits[onward]].tolist(),
            strict=True,
        ):
            arms[at].append(JunctionArm(*arm))
        return arms


def is_minor(road_class: int) -> bool:
    """Return whether a street is a driveway or track, which people do not count as a street."""
    return road_class in _MINOR


class MeasuredLine:
    """A line with the distance along it of every point, for bearings of driving."""

    def __init__(self, line: FloatArray) -> None:
        """Measure a line, WGS 84, shape ``(k, 2)``."""
        east, north = metres_per_degree(line[:, 1].mean())
        self._x, self._y = line[:, 0] * east, line[:, 1] * north
        steps = np.hypot(np.diff(self._x), np.diff(self._y))
        self.at_m: FloatArray = np.concatenate(([0.0], np.cumsum(steps)))

    def bearing_deg(self, from_m: FloatArray, to_m: FloatArray) -> FloatArray:
        """Return the bearing from one distance along the line to another, clockwise from north."""
        dx = np.interp(to_m, self.at_m, self._x) - np.interp(from_m, self.at_m, self._x)
        dy = np.interp(to_m, self.at_m, self._y) - np.interp(from_m, self.at_m, self._y)
        return np.asarray(np.degrees(np.arctan2(dx, dy)) % 360.0)

    def directions(self, places_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the bearings before and after each junction of the line.

        Measured over the 25 m before and after, since mappers round off corners; but not past the
        next hard bend at another junction, which would be counted into this one.

        Parameters
        ----------
        places_m
            Distances of the junctions along the line, rising, shape ``(j,)``.

        Returns
        -------
        arriving_deg, departing_deg
            Degrees clockwise from north, shape ``(j,)``.
        """
        everywhere = np.ones(len(places_m), dtype=np.bool_)
        arriving_deg, departing_deg = self._measured(places_m, everywhere)
        hard = np.abs((departing_deg - arriving_deg + 180.0) % 360.0 - 180.0) >= _HARD_BEND_DEG
        return self._measured(places_m, hard)

    def _measured(self, places_m: FloatArray, stops: BoolArray) -> tuple[FloatArray, FloatArray]:
        borders = np.concatenate(([0.0], places_m[stops], [self.at_m[-1]]))
        before = borders[np.searchsorted(borders, places_m, side="left") - 1]
        after = borders[
            np.minimum(np.searchsorted(borders, places_m, side="right"), len(borders) - 1)
        ]
        back = np.clip(places_m - before, _LEAST_REACH_M, _REACH_M)
        ahead = np.clip(after - places_m, _LEAST_REACH_M, _REACH_M)
        return (
            self.bearing_deg(places_m - back, places_m),
            self.bearing_deg(places_m, places_m + ahead),
        )
