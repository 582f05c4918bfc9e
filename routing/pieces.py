"""Straight pieces of streets in a grid: which one is nearest to a position.

Thousands of positions are answered in a few sweeps of numpy; a tree of rectangles, asked point by
point, takes several times as long.
"""

from dataclasses import dataclass

import numpy as np

from routing.arrays import FloatArray
from routing.arrays import IntArray
from routing.geometry import Lines
from routing.geometry import bearing_deg
from routing.geometry import metres_per_degree
from routing.geometry import turn_deg
from routing.network import RoadNetwork

# A long piece has a long rectangle around it and would stand in many cells for nothing.
_LONGEST_PIECE_M = 100.0
_CANDIDATES_AT_ONCE = 1_000_000
# A fix is off by some ten metres and carriageways lie ten to thirty apart: driving the opposite
# way counts as much as being this much further away.
_WRONG_WAY_M = 60.0
_WRONG_WAY_FROM_DEG = 90.0
_NEAR_POLE = 89.0
_TINY = 1e-12  # square metres; keeps a piece of no length from dividing by zero


@dataclass(frozen=True, eq=False)
class Pieces:
    """Straight pieces, all arrays of shape ``(p,)``.

    Attributes
    ----------
    street
        Which street each is of.
    begin, span
        Longitudes and latitudes of the beginning, and from there to the end; shape ``(2, p)``.
    begin_m, length_m
        Where on its street it begins, and how long it is there.
    bearing_deg
        Its drawn direction.
    forward, backward
        Whether the street may be driven along and against the drawing.
    """

    street: IntArray
    begin: FloatArray
    span: FloatArray
    begin_m: FloatArray
    length_m: FloatArray
    bearing_deg: FloatArray
    forward: np.ndarray[tuple[int], np.dtype[np.bool_]]
    backward: np.ndarray[tuple[int], np.dtype[np.bool_]]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.street)

    def nearest_on(
        self, lonlat: FloatArray, scale: FloatArray, which: IntArray | slice
    ) -> tuple[FloatArray, FloatArray]:
        """Return how far each position is from a piece, and where on the piece it is nearest.

        Parameters
        ----------
        lonlat
            Longitudes and latitudes, shape ``(2, n)``, or ``(2, 1)`` against all of ``which``.
        scale
            Metres of a degree of each there, same shape.
        which
            Pieces, one per position.

        Returns
        -------
        distance_m, share
            Metres; 0 at the beginning of the piece to 1 at its end.
        """
        ax = (self.begin[0, which] - lonlat[0]) * scale[0]
        ay = (self.begin[1, which] - lonlat[1]) * scale[1]
        dx = self.span[0, which] * scale[0]
        dy = self.span[1, which] * scale[1]
        square = np.maximum(dx * dx + dy * dy, _TINY)
        share = np.clip(-(ax * dx + ay * dy) / square, 0.0, 1.0)
        return np.sqrt((ax + share * dx) ** 2 + (ay + share * dy) ** 2), share

    def places(self, which: IntArray, share: FloatArray) -> FloatArray:
        """Return the positions at a share of some pieces, WGS 84, shape ``(n, 2)``."""
        return np.asarray((self.begin[:, which] + self.span[:, which] * share).T)

    def wrong_way_m(self, heading_deg: FloatArray, which: IntArray) -> FloatArray:
        """Return by how many metres a piece that cannot be driven as headed is set back."""
        off_deg = np.abs(turn_deg(self.bearing_deg[which], heading_deg))
        along = off_deg < _WRONG_WAY_FROM_DEG
        agrees = np.where(along, self.forward[which], self.backward[which])
        return np.where(agrees | np.isnan(heading_deg), 0.0, _WRONG_WAY_M)


def cut_into_pieces(network: RoadNetwork, lines: Lines, streets: IntArray) -> Pieces:
    """Return the pieces of some streets, long ones halved until short enough."""
    first, last = lines.start[streets], lines.start[streets + 1]
    count = last - first - 1
    street = np.repeat(streets, count)
    point = np.arange(len(street)) + np.repeat(first - (np.cumsum(count) - count), count)
    length_m = lines.at_m[point + 1] - lines.at_m[point]
    parts = np.maximum(np.ceil(length_m / _LONGEST_PIECE_M), 1).astype(np.int64)
    rank = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    low = (rank / np.repeat(parts, parts))[:, np.newaxis]
    street, point = np.repeat(street, parts), np.repeat(point, parts)
    begin, end = lines.lonlat[point], lines.lonlat[point + 1]
    length_m = np.repeat(length_m / parts, parts)
    return Pieces(
        street=street,
        begin=np.ascontiguousarray((begin + (end - begin) * low).T),
        span=np.ascontiguousarray(((end - begin) / np.repeat(parts, parts)[:, np.newaxis]).T),
        begin_m=lines.at_m[point] + rank * length_m,
        length_m=length_m,
        bearing_deg=bearing_deg(begin, end),
        forward=network.roads.segment_forward[street],
        backward=network.roads.segment_backward[street],
    )


class PieceGrid:
    """Pieces by cell; a cell is as wide as the reach, so three by three hold all that matters."""

    def __init__(self, pieces: Pieces, reach_m: float) -> None:
        self.pieces = pieces
        self.reach_m = reach_m
        if not len(pieces):
            return
        begin, end = pieces.begin.T, (pieces.begin + pieces.span).T
        low, high = np.minimum(begin, end), np.maximum(begin, end)
        # Degrees of longitude are shortest towards the poles: no cell may be narrower than reach.
        furthest = np.abs(np.array([low[:, 1].min(), high[:, 1].max()])).max() + 0.01
        east, north = metres_per_degree(np.array(min(furthest, _NEAR_POLE)))
        self._cell = reach_m / np.array([east, north * 0.99])  # a degree northwards varies by 1 %
        self._origin = low.min(axis=0)
        first, last = self._cell_of(low), self._cell_of(high)
        self._extent = last.max(axis=0)
        wide, tall = (last - first + 1).T
        piece = np.repeat(np.arange(len(pieces), dtype=np.int32), wide * tall)
        rank = np.arange(len(piece)) - np.repeat(np.cumsum(wide * tall) - wide * tall, wide * tall)
        row, column = np.divmod(rank, wide[piece])
        key = self._key(first[piece, 0] + column, first[piece, 1] + row)
        by_key = np.argsort(key, kind="stable")
        self._piece, self._keys = piece[by_key], key[by_key]

    def nearest(
        self, lonlat: FloatArray, heading_deg: FloatArray
    ) -> tuple[IntArray, FloatArray, FloatArray]:
        """Return the best piece within reach of each position.

        Returns
        -------
        piece, share, distance_m
            Shape ``(n,)`` each; -1, 0 and ``inf`` where none is within reach.
        """
        piece = np.full(len(lonlat), -1, dtype=np.int64)
        share, distance_m = np.zeros(len(lonlat)), np.full(len(lonlat), np.inf)
        if not len(self.pieces):
            return piece, share, distance_m
        slot, count = self._cells(lonlat)
        rows = np.flatnonzero(count.any(axis=1))
        batch = np.cumsum(count[rows].sum(axis=1)) // _CANDIDATES_AT_ONCE
        for part in np.split(rows, np.flatnonzero(np.diff(batch)) + 1):
            if len(part):
                hit, best, at, off = self._best(
                    lonlat[part], heading_deg[part], slot[part], count[part]
                )
                piece[part[hit]], share[part[hit]], distance_m[part[hit]] = best, at, off
        return piece, share, distance_m

    def _cells(self, lonlat: FloatArray) -> tuple[IntArray, IntArray]:
        """Return where the candidates of each position begin in three rows of three cells.

        Returns
        -------
        slot, count
            Into the sorted pieces, shape ``(n, 3)``.
        """
        cell = self._cell_of(lonlat)
        near = ((cell >= -1) & (cell <= self._extent + 1)).all(axis=1)
        cell = np.where(near[:, np.newaxis], cell, 0)
        # Looked up in rising order a search finds its neighbourhood in the processor's cache.
        rising = np.argsort(self._key(cell[:, 0], cell[:, 1]))
        cell = cell[rising]
        slot, count = np.empty((len(cell), 3), dtype=np.int64), np.empty((len(cell), 3), np.int64)
        for row in (0, 1, 2):
            from_key = self._key(cell[:, 0] - 1, cell[:, 1] + row - 1)
            begin = np.searchsorted(self._keys, from_key, side="left")
            end = np.searchsorted(self._keys, from_key + 2, side="right")
            slot[rising, row], count[rising, row] = begin, end - begin
        count[~near] = 0
        return slot, count

    def _cell_of(self, lonlat: FloatArray) -> IntArray:
        return np.asarray(np.floor((lonlat - self._origin) / self._cell).astype(np.int64))

    def _key(self, column: IntArray, row: IntArray) -> IntArray:
        # Two columns to spare: the cells left and right of a row are never those of another.
        return np.asarray(row * (self._extent[0] + 3) + column + 1)

    def _best(
        self, lonlat: FloatArray, heading_deg: FloatArray, slot: IntArray, count: IntArray
    ) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
        each = count.sum(axis=1)
        begin = np.cumsum(each) - each
        asking = np.repeat(np.arange(len(lonlat)), each)
        shift = slot.ravel() - (np.cumsum(count.ravel()) - count.ravel())
        candidate = self._piece[np.arange(len(asking)) + np.repeat(shift, count.ravel())]
        scale = np.stack(metres_per_degree(lonlat[:, 1]))
        distance_m, share = self.pieces.nearest_on(lonlat.T[:, asking], scale[:, asking], candidate)
        score = distance_m
        if not np.isnan(heading_deg).all():
            score = score + self.pieces.wrong_way_m(heading_deg[asking], candidate)
            score[distance_m > self.reach_m] = np.inf
        least = np.minimum.reduceat(score, begin)
        chosen = np.flatnonzero(score == least[asking])
        first = np.ones(len(chosen), dtype=np.bool_)  # of several as near
        first[1:] = np.diff(asking[chosen]) > 0
        chosen = chosen[first]
        hit = np.flatnonzero(least <= self.reach_m)
        chosen = chosen[hit]
        return hit, candidate[chosen].astype(np.int64), share[chosen], distance_m[chosen]
