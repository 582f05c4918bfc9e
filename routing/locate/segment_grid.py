"""A grid of the straight segments of street lines, for finding the nearest one.

Thousands of positions are looked up in a few numpy operations; an R-tree, queried point by point,
takes several times as long.
"""

from dataclasses import dataclass

import numpy as np

from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines
from routing.network.line_geometry import bearing_deg
from routing.network.line_geometry import metres_per_degree
from routing.network.line_geometry import turn_deg
from routing.network.road_network import RoadNetwork

# A long segment has a long rectangle around it and would be listed in many cells for nothing.
_LONGEST_SEGMENT_M = 100.0
_CANDIDATES_AT_ONCE = 1_000_000
# A fix is off by some ten metres and carriageways lie ten to thirty apart: driving the opposite
# way counts as much as being this much further away.
_WRONG_WAY_M = 60.0
_WRONG_WAY_FROM_DEG = 90.0
_BLOCK_DEG = 0.002
_MARGIN = 5  # two cells on each side, and the last one itself
_NEAR_POLE = 89.0
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
    forward: np.ndarray[tuple[int], np.dtype[np.bool_]]
    backward: np.ndarray[tuple[int], np.dtype[np.bool_]]

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
        return np.where(agrees | np.isnan(heading_deg), 0.0, _WRONG_WAY_M)


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


class SegmentGrid:
    """Line segments by grid cell.

    A cell is as wide as the search radius, so three by three cells hold all candidates.
    """

    def __init__(self, segments: LineSegments, radius_m: float) -> None:
        self.segments = segments
        self.radius_m = radius_m
        if not len(segments):
            return
        begin, end = segments.line[:, :2], segments.line[:, :2] + segments.line[:, 2:]
        low, high = np.minimum(begin, end), np.maximum(begin, end)
        # Degrees of longitude are shortest towards the poles: no cell may be narrower than the
        # radius.
        furthest = np.abs(np.array([low[:, 1].min(), high[:, 1].max()])).max() + 0.01
        east, north = metres_per_degree(np.array(min(furthest, _NEAR_POLE)))
        self._cell = radius_m / np.array([east, north * 0.99])  # a degree northwards varies by 1 %
        self._origin = low.min(axis=0)
        first, last = self._cell_of(low), self._cell_of(high)
        self._extent = last.max(axis=0)
        wide, tall = (last - first + 1).T
        segment = np.repeat(np.arange(len(segments), dtype=np.int32), wide * tall)
        rank = np.arange(len(segment)) - np.repeat(
            np.cumsum(wide * tall) - wide * tall, wide * tall
        )
        row, column = np.divmod(rank, wide[segment])
        key = self._key(first[segment, 0] + column, first[segment, 1] + row)
        self._segment = segment[np.argsort(key, kind="stable")]
        cells = int(np.prod(self._extent + _MARGIN))
        starts = np.concatenate(([0], np.cumsum(np.bincount(key, minlength=cells))))
        self._starts = starts.astype(np.int32)

    def nearest(
        self, lonlat: FloatArray, heading_deg: FloatArray
    ) -> tuple[IntArray, FloatArray, FloatArray]:
        """Return the best segment within the search radius of each position.

        Returns
        -------
        segment, share, distance_m
            Shape ``(n,)`` each; -1, 0 and ``inf`` where none is within the radius.
        """
        segment = np.full(len(lonlat), -1, dtype=np.int64)
        share, distance_m = np.zeros(len(lonlat)), np.full(len(lonlat), np.inf)
        if not len(self.segments):
            return segment, share, distance_m
        slot, count = self._cells(lonlat)
        rows = np.flatnonzero(count.any(axis=1))
        batch = np.cumsum(count[rows].sum(axis=1)) // _CANDIDATES_AT_ONCE
        for part in np.split(rows, np.flatnonzero(np.diff(batch)) + 1):
            if len(part):
                hit, best, at, off = self._best(
                    lonlat[part], heading_deg[part], slot[part], count[part]
                )
                segment[part[hit]], share[part[hit]], distance_m[part[hit]] = best, at, off
        return segment, share, distance_m

    def _cells(self, lonlat: FloatArray) -> tuple[IntArray, IntArray]:
        """Return where the candidates of each position begin, for three rows of three cells.

        Returns
        -------
        slot, count
            Into the sorted segments, shape ``(n, 3)``.
        """
        cell = self._cell_of(lonlat)
        near = ((cell >= -1) & (cell <= self._extent + 1)).all(axis=1)
        cell = np.where(near[:, np.newaxis], cell, 0)
        rows = cell[:, 1:] + np.array([-1, 0, 1])
        first = self._key(cell[:, :1] - 1, rows)
        slot = self._starts[first].astype(np.int64)
        count = self._starts[first + 3] - slot
        count[~near] = 0
        return slot, count

    def _cell_of(self, lonlat: FloatArray) -> IntArray:
        return np.asarray(np.floor((lonlat - self._origin) / self._cell).astype(np.int64))

    def _key(self, column: IntArray, row: IntArray) -> IntArray:
        # Two cells of margin: a position one cell outside reads one cell further.
        return np.asarray((row + 2) * (self._extent[0] + _MARGIN) + column + 2)

    def _best(
        self, lonlat: FloatArray, heading_deg: FloatArray, slot: IntArray, count: IntArray
    ) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
        each = count.sum(axis=1)
        begin = np.cumsum(each) - each
        position = np.repeat(np.arange(len(lonlat)), each)
        shift = slot.ravel() - (np.cumsum(count.ravel()) - count.ravel())
        candidate = self._segment[np.arange(len(position)) + np.repeat(shift, count.ravel())]
        scale = np.stack(metres_per_degree(lonlat[:, 1]))
        distance_m, share = self.segments.nearest_on(
            lonlat.T[:, position], scale[:, position], candidate
        )
        score = distance_m
        if not np.isnan(heading_deg).all():
            score = score + self.segments.wrong_way_penalty_m(heading_deg[position], candidate)
            score[distance_m > self.radius_m] = np.inf
        least = np.minimum.reduceat(score, begin)
        chosen = np.flatnonzero(score == least[position])
        first = np.ones(len(chosen), dtype=np.bool_)  # of several as near
        first[1:] = np.diff(position[chosen]) > 0
        chosen = chosen[first]
        hit = np.flatnonzero(least <= self.radius_m)
        chosen = chosen[hit]
        return hit, candidate[chosen].astype(np.int64), share[chosen], distance_m[chosen]
