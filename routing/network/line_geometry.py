"""Lines of streets measured in metres: positions along them, parts of them, bearings.

Degrees are turned into metres with the scale of the WGS 84 ellipsoid *at the latitude in question*
(local equirectangular), so one formula is right from Singapore to Harbin: over the few hundred
metres that snapping looks at, the error is below a millimetre per metre. Networks across the
180th meridian are not supported.
"""

import numpy as np

from geodata.roads.types import RoadData
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.arrays import ranges

_EQUATORIAL_RADIUS_M = 6_378_137.0
_ECCENTRICITY_SQUARED = 0.006_694_379_990_14  # WGS 84
_BEARING_REACH_M = 12.0


def metres_per_degree(latitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the metres of one degree of longitude and of latitude at each latitude."""
    radians = np.radians(latitude)
    squash = 1.0 - _ECCENTRICITY_SQUARED * np.sin(radians) ** 2
    prime = _EQUATORIAL_RADIUS_M / np.sqrt(squash)
    meridian = prime * (1.0 - _ECCENTRICITY_SQUARED) / squash
    return np.radians(prime * np.cos(radians)), np.radians(meridian)


class Lines:
    """The drawn lines of all streets, with the distance along the street of every point.

    Distances are scaled so that each line is exactly as long as its street's ``length_m``.

    Attributes
    ----------
    lonlat
        All points, shape ``(k, 2)``.
    start
        First point of each street, shape ``(m + 1,)``.
    at_m
        Metres from the beginning of its street to each point, shape ``(k,)``.
    length_m
        Metres of each street, shape ``(m,)``.
    """

    def __init__(self, roads: RoadData) -> None:
        self.lonlat: FloatArray = roads.geometry_lonlat
        self.start: IntArray = roads.geometry_start
        self.length_m: FloatArray = roads.segment_length_m
        points = np.diff(self.start)
        steps = np.zeros(len(self.lonlat))
        steps[1:] = piece_lengths_m(self.lonlat)
        steps[self.start[:-1]] = 0.0
        along = np.cumsum(steps)
        first = np.repeat(along[self.start[:-1]], points)
        drawn = along[self.start[1:] - 1] - along[self.start[:-1]]
        stretch = np.divide(self.length_m, drawn, out=np.zeros_like(drawn), where=drawn > 0)
        self.at_m: FloatArray = (along - first) * np.repeat(stretch, points)
        # One rising distance over all streets lets one binary search find many points at once.
        self._street_start_m = np.concatenate(([0.0], np.cumsum(self.length_m + 1.0)))
        self._rising_m = self.at_m + np.repeat(self._street_start_m[:-1], points)

    def places(self, segments: IntArray, offsets_m: FloatArray) -> FloatArray:
        """Return the position at an offset along the drawing of each street.

        Parameters
        ----------
        segments
            Street indices, shape ``(n,)``.
        offsets_m
            Metres from the drawn beginning, cut to the street; shape ``(n,)``.

        Returns
        -------
        lonlat
            Shape ``(n, 2)``.
        """
        offsets = np.clip(offsets_m, 0.0, self.length_m[segments])
        rising_m = self._street_start_m[segments] + offsets
        after = np.searchsorted(self._rising_m, rising_m, side="left")
        after = np.clip(after, self.start[segments] + 1, self.start[segments + 1] - 1)
        before = after - 1
        span = self.at_m[after] - self.at_m[before]
        share = np.divide(
            offsets - self.at_m[before], span, out=np.zeros_like(span), where=span > 0
        )
        share = np.clip(share, 0.0, 1.0)[:, np.newaxis]
        return np.asarray(self.lonlat[before] * (1.0 - share) + self.lonlat[after] * share)

    def whole(self, edge: int) -> FloatArray:
        """Return the line of a directed edge in driving direction, shape ``(k, 2)``."""
        segment, against = divmod(edge, 2)
        line = self.lonlat[self.start[segment] : self.start[segment + 1]]
        return line[::-1] if against else line

    def wholes(self, edges: IntArray) -> tuple[FloatArray, IntArray]:
        """Return the lines of directed edges one after another, and the points of each.

        Returns
        -------
        lonlat, count
            Shapes ``(sum(count), 2)`` and ``(n,)``.
        """
        first, last = self.start[edges // 2], self.start[edges // 2 + 1]
        count = last - first
        point = ranges(first, last)
        turned = np.repeat(first + last - 1, count) - point
        return self.lonlat[np.where(np.repeat(edges % 2 == 1, count), turned, point)], count

    def cut(self, edge: int, from_m: float, to_m: float) -> FloatArray:
        """Return the line along a directed edge between two offsets in driving direction.

        Returns
        -------
        lonlat
            Shape ``(k, 2)`` with at least two points, both ends included.
        """
        segment, against = divmod(edge, 2)
        length_m = float(self.length_m[segment])
        low, high = (length_m - to_m, length_m - from_m) if against else (from_m, to_m)
        first, last = int(self.start[segment]), int(self.start[segment + 1])
        at_m = self.at_m[first:last]
        inner = self.lonlat[first:last][(at_m > low) & (at_m < high)]
        ends = self.places(np.array([segment, segment]), np.array([low, high]))
        line = np.vstack((ends[:1], inner, ends[1:]))
        return line[::-1] if against else line

    def bearings(self) -> tuple[FloatArray, FloatArray]:
        """Return the bearings at the beginning and at the end of each directed edge.

        Taken over the first and last twelve metres, since mappers round off corners.

        Returns
        -------
        departing_deg, arriving_deg
            Degrees clockwise from north, shape ``(2m,)``.
        """
        streets = np.arange(len(self.length_m))
        reach = np.minimum(_BEARING_REACH_M, self.length_m)
        begin, end = self.lonlat[self.start[:-1]], self.lonlat[self.start[1:] - 1]
        out = bearing_deg(begin, self.places(streets, reach))
        back = bearing_deg(end, self.places(streets, self.length_m - reach))
        departing, arriving = np.empty(2 * len(streets)), np.empty(2 * len(streets))
        departing[0::2], departing[1::2] = out, back
        arriving[0::2], arriving[1::2] = (back + 180.0) % 360.0, (out + 180.0) % 360.0
        return departing, arriving


def bearing_deg(here: FloatArray, there: FloatArray) -> FloatArray:
    """Return the direction from each position to another, degrees clockwise from north."""
    east, north = metres_per_degree((here[..., 1] + there[..., 1]) / 2.0)
    dx = (there[..., 0] - here[..., 0]) * east
    dy = (there[..., 1] - here[..., 1]) * north
    return np.asarray(np.degrees(np.arctan2(dx, dy)) % 360.0)


def turn_deg(arriving_deg: FloatArray, departing_deg: FloatArray) -> FloatArray:
    """Return the angle of a turn: -180 to 180, right is positive."""
    return np.asarray((departing_deg - arriving_deg + 180.0) % 360.0 - 180.0)


def piece_lengths_m(lonlat: FloatArray) -> FloatArray:
    """Return the metres between each point and the next, shape ``(k - 1,)``."""
    east, north = metres_per_degree((lonlat[1:, 1] + lonlat[:-1, 1]) / 2.0)
    steps = np.diff(lonlat, axis=0)
    return np.hypot(steps[:, 0] * east, steps[:, 1] * north)
