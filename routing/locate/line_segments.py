"""The straight segments of street lines, in arrays: how far positions are from them."""

from dataclasses import dataclass

import numpy as np

from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines
from routing.network.line_geometry import bearing_deg
from routing.network.line_geometry import turn_deg
from routing.network.road_network import RoadNetwork

# A long segment has a long rectangle around it and would be listed in many cells for nothing.
_LONGEST_SEGMENT_M = 100.0
# A fix is off by some ten metres and carriageways lie ten to thirty apart: driving the opposite
# way counts as much as being this much further away.
WRONG_WAY_M = 60.0
_WRONG_WAY_FROM_DEG = 90.0
# In a bend or past a crossing one drives some tens of degrees off the bearing of a segment.
_ALONG_DEG = 60.0
_HALF_TURN_DEG = 180.0
_BLOCK_DEG = 0.002
_TINY = 1e-12  # square metres; keeps a segment of no length from dividing by zero


@dataclass(frozen=True, eq=False)
class LineSegments:
    """Straight segments of street lines, all arrays of shape ``(p,)``.

    Attributes
    ----------
    street
        Which street each is of.
    line
        Longitude and latitude of the beginning, then the degrees from there to the end; shape
        ``(p, 4)``: what a search reads lies together.
    begin_m, length_m
        Where on its street it begins, and how long it is there.
    bearing_deg
        Its drawn direction.
    forward, backward
        Whether the street may be driven along and against the drawing.
    """

    street: IntArray
    line: FloatArray
    begin_m: FloatArray
    length_m: FloatArray
    bearing_deg: FloatArray
    forward: BoolArray
    backward: BoolArray

    def __len__(self) -> int:
        """Return the number of segments."""
        return len(self.street)

    def nearest_on(
        self, lonlat: FloatArray, scale: FloatArray, which: IntArray | slice
    ) -> tuple[FloatArray, FloatArray]:
        """Return the distance of each position from a segment, and the nearest point of that.

        Parameters
        ----------
        lonlat
            Longitudes and latitudes, shape ``(2, n)``, or ``(2, 1)`` against all of ``which``.
        scale
            Metres of a degree of each there, same shape.
        which
            Segments, one per position.

        Returns
        -------
        distance_m, share
            Metres; 0 at the beginning of the segment to 1 at its end.
        """
        line = self.line[which].T
        ax, ay = (line[0] - lonlat[0]) * scale[0], (line[1] - lonlat[1]) * scale[1]
        dx, dy = line[2] * scale[0], line[3] * scale[1]
        square = np.maximum(dx * dx + dy * dy, _TINY)
        share = np.clip(-(ax * dx + ay * dy) / square, 0.0, 1.0)
        return np.sqrt((ax + share * dx) ** 2 + (ay + share * dy) ** 2), share

    def places(self, which: IntArray, share: FloatArray) -> FloatArray:
        """Return the positions at given shares of some segments, WGS 84, shape ``(n, 2)``."""
        line = self.line[which]
        return np.asarray(line[:, :2] + line[:, 2:] * share[:, np.newaxis])

    def wrong_way_penalty_m(self, heading_deg: FloatArray, which: IntArray) -> FloatArray:
        """Return the penalty of segments that cannot be driven in the heading, metres."""
        off_deg = np.abs(turn_deg(self.bearing_deg[which], heading_deg))
        along = off_deg < _WRONG_WAY_FROM_DEG
        agrees = np.where(along, self.forward[which], self.backward[which])
        return np.where(agrees | np.isnan(heading_deg), 0.0, WRONG_WAY_M)

    def runs_along(self, heading_deg: FloatArray, which: IntArray) -> BoolArray:
        """Return which segments may be driven in the heading; all where it is NaN."""
        off_deg = np.abs(turn_deg(self.bearing_deg[which], heading_deg))
        along = (off_deg <= _ALONG_DEG) & self.forward[which]
        along |= (off_deg >= _HALF_TURN_DEG - _ALONG_DEG) & self.backward[which]
        return np.asarray(along | np.isnan(heading_deg))


def cut_into_segments(network: RoadNetwork, lines: Lines, streets: IntArray) -> LineSegments:
    """Return the segments of some streets, long ones cut, neighbours together in memory."""
    first, last = lines.start[streets], lines.start[streets + 1]
    count = last - first - 1
    street = np.repeat(streets, count)
    point = np.arange(len(street)) + np.repeat(first - (np.cumsum(count) - count), count)
    length_m = lines.at_m[point + 1] - lines.at_m[point]
    parts = np.maximum(np.ceil(length_m / _LONGEST_SEGMENT_M), 1).astype(np.int64)
    rank = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    shares = np.repeat(parts, parts)[:, np.newaxis]
    street, point = np.repeat(street, parts), np.repeat(point, parts)
    span = (lines.lonlat[point + 1] - lines.lonlat[point]) / shares
    begin = lines.lonlat[point] + span * rank[:, np.newaxis]
    length_m = np.repeat(length_m / parts, parts)
    begin_m = lines.at_m[point] + rank * length_m
    block = np.floor(begin / _BLOCK_DEG)
    near = np.lexsort((block[:, 0], block[:, 1]))
    street = street[near]
    return LineSegments(
        street=street,
        line=np.hstack((begin, span))[near],
        begin_m=begin_m[near],
        length_m=length_m[near],
        bearing_deg=bearing_deg(begin, begin + span)[near],
        forward=network.roads.segment_forward[street],
        backward=network.roads.segment_backward[street],
    )
