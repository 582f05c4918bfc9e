"""A grid of the straight segments of street lines, for finding the nearest ones.

Thousands of positions are looked up in a few numpy operations; an R-tree, queried point by point,
takes several times as long.
"""

from collections.abc import Iterator
from collections.abc import Sequence
from typing import NamedTuple
from typing import Self

import numpy as np

from routing.locate.line_segments import LineSegments
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import metres_per_degree

_CANDIDATES_AT_ONCE = 1_000_000
_MARGIN = 5  # two cells on each side, and the last one itself
_NEAR_POLE = 89.0


class NearSegments(NamedTuple):
    """Segments near positions: which, where on them, and how far; shape ``(k,)`` each."""

    position: IntArray
    segment: IntArray
    share: FloatArray
    distance_m: FloatArray

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Return several together."""
        nothing, none_m = np.empty(0, dtype=np.int64), np.empty(0)
        parts = [cls(nothing, nothing, none_m, none_m), *parts]
        return cls(*(np.concatenate(each) for each in zip(*parts, strict=True)))


class GridCells(NamedTuple):
    """The arrays of a grid, for compiled loops.

    Attributes
    ----------
    origin, size
        South-west corner and width of a cell, degrees, shape ``(2,)`` each.
    extent
        Column and row of the last cell, shape ``(2,)``.
    starts, segment
        Segments of the cell with key ``k`` are ``segment[starts[k]:starts[k + 1]]``, where ``k`` is
        ``(row + 2) * (extent[0] + 5) + column + 2``.
    """

    origin: FloatArray
    size: FloatArray
    extent: IntArray
    starts: np.ndarray[tuple[int], np.dtype[np.int32]]
    segment: np.ndarray[tuple[int], np.dtype[np.int32]]


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

    @property
    def cells(self) -> GridCells:
        """The arrays of a grid that has segments."""
        return GridCells(self._origin, self._cell, self._extent, self._starts, self._segment)

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
        for part, slot, count in self._batches(lonlat):
            hit, best, at, off = self._best(lonlat[part], heading_deg[part], slot, count)
            segment[part[hit]], share[part[hit]], distance_m[part[hit]] = best, at, off
        return segment, share, distance_m

    def of_each_street(
        self, lonlat: FloatArray, heading_deg: FloatArray, beyond_nearest_m: float = np.inf
    ) -> "NearSegments":
        """Return the nearest segment of every street within the search radius of each position.

        Parameters
        ----------
        heading_deg
            Where it is known, only segments that run along it, in a direction that may be driven.
        beyond_nearest_m
            How much further away than the nearest of them.

        Returns
        -------
        near
            Row by row, the nearest first.
        """
        found: list[NearSegments] = []
        if len(self.segments):
            for part, slot, count in self._batches(lonlat):
                near = self._of_each_street(
                    lonlat[part], heading_deg[part], slot, count, beyond_nearest_m
                )
                found.append(near._replace(position=part[near.position]))
        return NearSegments.joined(found)

    def _batches(self, lonlat: FloatArray) -> Iterator[tuple[IntArray, IntArray, IntArray]]:
        """Yield the rows that have candidates, with `slots`: as many as memory suffices for."""
        slot, count = self.slots(lonlat)
        rows = np.flatnonzero(count.any(axis=1))
        batch = np.cumsum(count[rows].sum(axis=1)) // _CANDIDATES_AT_ONCE
        for part in np.split(rows, np.flatnonzero(np.diff(batch)) + 1):
            if len(part):
                yield part, slot[part], count[part]

    def slots(self, lonlat: FloatArray) -> tuple[IntArray, IntArray]:
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
        position, candidate, share, distance_m = self._measured(lonlat, slot, count)
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

    def _of_each_street(
        self,
        lonlat: FloatArray,
        heading_deg: FloatArray,
        slot: IntArray,
        count: IntArray,
        beyond_nearest_m: float,
    ) -> "NearSegments":
        position, candidate, share, distance_m = self._measured(lonlat, slot, count)
        fits = distance_m <= self.radius_m
        if not np.isnan(heading_deg).all():
            fits &= self.segments.runs_along(heading_deg[position], candidate)
        near = np.flatnonzero(fits)
        if np.isfinite(beyond_nearest_m):
            least = np.full(len(lonlat), np.inf)
            np.minimum.at(least, position[near], distance_m[near])
            near = near[distance_m[near] <= least[position[near]] + beyond_nearest_m]
        street = self.segments.street[candidate[near]]
        order = np.lexsort((distance_m[near], street, position[near]))
        near, street = near[order], street[order]
        first = np.ones(len(near), dtype=np.bool_)  # the nearest segment of each street
        first[1:] = (np.diff(position[near]) > 0) | (np.diff(street) != 0)
        near = near[first]
        near = near[np.lexsort((distance_m[near], position[near]))]
        return NearSegments(
            position[near], candidate[near].astype(np.int64), share[near], distance_m[near]
        )

    def _measured(
        self, lonlat: FloatArray, slot: IntArray, count: IntArray
    ) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
        """Return all segments in the cells around each position, and how far they are.

        Returns
        -------
        position, candidate, share, distance_m
            Sorted by position.
        """
        each = count.sum(axis=1)
        position = np.repeat(np.arange(len(lonlat)), each)
        shift = slot.ravel() - (np.cumsum(count.ravel()) - count.ravel())
        candidate = self._segment[np.arange(len(position)) + np.repeat(shift, count.ravel())]
        scale = np.stack(metres_per_degree(lonlat[:, 1]))
        distance_m, share = self.segments.nearest_on(
            lonlat.T[:, position], scale[:, position], candidate
        )
        return position, candidate, share, distance_m
