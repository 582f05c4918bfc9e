"""Straight pieces of streets in a grid: which one is nearest to a position.

A piece stands in every cell within reach of it, so the one cell a position falls into holds every
piece that can matter, and thousands of positions are answered in a few sweeps of numpy (a tree of
rectangles, asked point by point, takes ten times as long).
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


@dataclass(frozen=True, eq=False)
class Pieces:
    """Straight pieces, all arrays of shape ``(p,)``.

    Attributes
    ----------
    street
        Which street each is of.
    begin, end
        WGS 84, shape ``(p, 2)``.
    begin_m, length_m
        Where on its street it begins, and how long it is there.
    bearing_deg
        Its drawn direction.
    forward, backward
        Whether the street may be driven along and against the drawing.
    """

    street: IntArray
    begin: FloatArray
    end: FloatArray
    begin_m: FloatArray
    length_m: FloatArray
    bearing_deg: FloatArray
    forward: np.ndarray[tuple[int], np.dtype[np.bool_]]
    backward: np.ndarray[tuple[int], np.dtype[np.bool_]]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.street)

    def nearest_on(
        self, lonlat: FloatArray, which: IntArray | slice
    ) -> tuple[FloatArray, FloatArray]:
        """Return how far each position is from a piece, and where on the piece it is nearest.

        Parameters
        ----------
        lonlat
            Positions, shape ``(n, 2)`` (or ``(2,)`` against all of ``which``).
        which
            Pieces, one per position.

        Returns
        -------
        distance_m, share
            Metres; 0 at the beginning of the piece to 1 at its end.
        """
        east, north = metres_per_degree(lonlat[..., 1])
        ax = (self.begin[which, 0] - lonlat[..., 0]) * east
        ay = (self.begin[which, 1] - lonlat[..., 1]) * north
        dx = (self.end[which, 0] - self.begin[which, 0]) * east
        dy = (self.end[which, 1] - self.begin[which, 1]) * north
        square = dx * dx + dy * dy
        share = np.divide(-(ax * dx + ay * dy), square, out=np.zeros_like(square), where=square > 0)
        np.clip(share, 0.0, 1.0, out=share)
        return np.hypot(ax + share * dx, ay + share * dy), share

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
    high = ((rank + 1) / np.repeat(parts, parts))[:, np.newaxis]
    street, point = np.repeat(street, parts), np.repeat(point, parts)
    begin, end = lines.lonlat[point], lines.lonlat[point + 1]
    length_m = np.repeat(length_m / parts, parts)
    return Pieces(
        street=street,
        begin=begin * (1.0 - low) + end * low,
        end=begin * (1.0 - high) + end * high,
        begin_m=lines.at_m[point] + rank * length_m,
        length_m=length_m,
        bearing_deg=bearing_deg(begin, end),
        forward=network.roads.segment_forward[street],
        backward=network.roads.segment_backward[street],
    )


class PieceGrid:
    """Pieces by cell, each in every cell it comes within reach of."""

    def __init__(self, pieces: Pieces, reach_m: float) -> None:
        self.pieces = pieces
        self.reach_m = reach_m
        if not len(pieces):
            return
        low, high = np.minimum(pieces.begin, pieces.end), np.maximum(pieces.begin, pieces.end)
        self._origin = low.min(axis=0)
        # The scale shrinks towards the poles: take it where a degree of longitude is shortest.
        furthest = np.abs(np.array([low[:, 1].min(), high[:, 1].max()])).max() + 0.01
        east, north = metres_per_degree(np.array(furthest))
        reach = reach_m / np.array([east, north * 0.99])  # a degree of latitude varies by 1 %
        self._cell = reach
        first = np.floor((low - reach - self._origin) / self._cell).astype(np.int64)
        last = np.floor((high + reach - self._origin) / self._cell).astype(np.int64)
        self._offset, self._columns = first.min(axis=0), int(last[:, 0].max()) + 2
        self._columns -= int(self._offset[0])
        wide, tall = (last - first + 1).T
        piece = np.repeat(np.arange(len(pieces)), wide * tall)
        rank = np.arange(len(piece)) - np.repeat(np.cumsum(wide * tall) - wide * tall, wide * tall)
        row, column = np.divmod(rank, wide[piece])
        key = self._key(first[piece, 0] + column, first[piece, 1] + row)
        by_key = np.argsort(key, kind="stable")
        self._piece = piece[by_key].astype(np.int32)
        self._keys, starts = np.unique(key[by_key], return_index=True)
        self._starts = np.append(starts, len(key))

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
        rows = np.flatnonzero(count > 0)
        batch = np.cumsum(count[rows]) // _CANDIDATES_AT_ONCE
        for part in np.split(rows, np.flatnonzero(np.diff(batch)) + 1):
            if len(part):
                hit, best, at, off = self._best(
                    lonlat[part], heading_deg[part], slot[part], count[part]
                )
                piece[part[hit]], share[part[hit]], distance_m[part[hit]] = best, at, off
        return piece, share, distance_m

    def _cells(self, lonlat: FloatArray) -> tuple[IntArray, IntArray]:
        """Return where the candidates of each position begin and how many there are."""
        cell = np.floor((lonlat - self._origin) / self._cell).astype(np.int64)
        inside = (cell[:, 0] >= self._offset[0]) & (cell[:, 0] < self._offset[0] + self._columns)
        key = self._key(cell[:, 0], cell[:, 1])
        at = np.minimum(np.searchsorted(self._keys, key), len(self._keys) - 1)
        known = inside & (self._keys[at] == key)
        return self._starts[at], np.where(known, self._starts[at + 1] - self._starts[at], 0)

    def _key(self, column: IntArray, row: IntArray) -> IntArray:
        return np.asarray((row - self._offset[1]) * self._columns + (column - self._offset[0]))

    def _best(
        self, lonlat: FloatArray, heading_deg: FloatArray, slot: IntArray, count: IntArray
    ) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
        begin = np.cumsum(count) - count
        asking = np.repeat(np.arange(len(lonlat)), count)
        candidate = self._piece[np.arange(len(asking)) + np.repeat(slot - begin, count)]
        distance_m, share = self.pieces.nearest_on(lonlat[asking], candidate)
        score = distance_m + self.pieces.wrong_way_m(heading_deg[asking], candidate)
        score[distance_m > self.reach_m] = np.inf
        least = np.minimum.reduceat(score, begin)
        chosen = np.flatnonzero(score == least[asking])
        _, one_each = np.unique(asking[chosen], return_index=True)
        chosen = chosen[one_each]
        hit = np.flatnonzero(least <= self.reach_m)
        chosen = chosen[hit]
        return hit, candidate[chosen].astype(np.int64), share[chosen], distance_m[chosen]
