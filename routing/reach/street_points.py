"""Points spread evenly over the streets, and which of them are reached: what share is covered."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from geodata.roads.types import ROAD_CLASSES
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.arrays import ranges
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork
from routing.reach.outward_search import ReachedIntervals

_NOBODY_LIVES_ON: Final = ("motorway", "motorway_link", "trunk", "trunk_link")


@dataclass(frozen=True, eq=False)
class StreetPoints:
    """Points on streets, the same distance apart along all streets laid end to end.

    Attributes
    ----------
    segment, at_m
        The street of each, and metres from its drawn beginning; shape ``(p,)``.
    lonlat
        WGS 84, shape ``(p, 2)``.
    """

    segment: IntArray
    at_m: FloatArray
    lonlat: FloatArray
    _edge: IntArray
    _edge_at_m: FloatArray
    _point: IntArray

    @classmethod
    def spread(
        cls, network: RoadNetwork, lines: Lines, usable: BoolArray, most: int
    ) -> "StreetPoints":
        """Return points on the usable streets, but for those that nobody lives on.

        Each stands for as much road as any other, so the share of them that is reached is the
        share of road. The same network gives the same points.

        Parameters
        ----------
        usable
            Of each street, whether it counts; shape ``(m,)``.
        most
            How many points there are, if there is any street.
        """
        counted = usable & lived_on(network)
        upto_m = np.cumsum(np.where(counted, lines.length_m, 0.0))
        total_m = float(upto_m[-1]) if len(upto_m) else 0.0
        if total_m <= 0.0:
            return cls.of(lines, np.empty(0, dtype=np.int64), np.empty(0))
        along_m = (np.arange(most) + 0.5) * (total_m / most)
        segment = np.searchsorted(upto_m, along_m, side="right")
        at_m = along_m - (upto_m[segment] - lines.length_m[segment])
        return cls.of(lines, segment, at_m)

    @classmethod
    def of(cls, lines: Lines, segment: IntArray, at_m: FloatArray) -> "StreetPoints":
        """Return points at offsets along the drawing of streets."""
        edge = np.concatenate((2 * segment, 2 * segment + 1))
        edge_at_m = np.concatenate((at_m, lines.length_m[segment] - at_m))
        point = np.tile(np.arange(len(segment)), 2)
        order = np.argsort(edge, kind="stable")
        lonlat = lines.places(segment, at_m) if len(segment) else np.empty((0, 2))
        return cls(segment, at_m, lonlat, edge[order], edge_at_m[order], point[order])

    def within(self, reached: ReachedIntervals) -> BoolArray:
        """Return which points lie inside reached intervals, driven in either direction."""
        first = np.searchsorted(self._edge, reached.edge, side="left")
        last = np.searchsorted(self._edge, reached.edge, side="right")
        at = ranges(first, last)
        of = np.repeat(np.arange(len(reached.edge)), last - first)
        inside = (reached.from_m[of] <= self._edge_at_m[at]) & (
            self._edge_at_m[at] <= reached.to_m[of]
        )
        found = np.zeros(len(self.segment), dtype=np.bool_)
        found[self._point[at[inside]]] = True
        return found


def lived_on(network: RoadNetwork) -> BoolArray:
    """Return along which streets anybody may live: all but motorways and trunk roads."""
    apart = np.array([name in _NOBODY_LIVES_ON for name in ROAD_CLASSES])
    return np.asarray(~apart[network.roads.segment_class])
