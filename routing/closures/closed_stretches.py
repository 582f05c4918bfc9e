"""Which stretches of which directed edges are closed at the moment, and by which closure."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray

_NOBODY: frozenset[int] = frozenset()
_ROUNDING_M = 1e-6


@dataclass(frozen=True, eq=False)
class ClosedRoads:
    """Closed stretches, sorted by directed edge; an immutable snapshot.

    Attributes
    ----------
    edge
        Directed edges, int64, shape ``(n,)``; one may stand several times.
    closure
        Which closure it is by, numbered from 0, shape ``(n,)``.
    from_m, to_m
        Closed from and to, metres from the beginning of that directed edge, shape ``(n,)``.
    shut
        Which edges cannot be driven from end to end, shape ``(2m,)``.
    wholly
        Which edges are closed from end to end, or not at all, shape ``(2m,)``: there, it makes no
        difference where one stands.
    nothing_open
        Whether no edge of the network that may be driven is left.
    """

    edge: IntArray
    closure: IntArray
    from_m: FloatArray
    to_m: FloatArray
    shut: BoolArray
    wholly: BoolArray
    nothing_open: bool

    @classmethod
    def of(
        cls,
        stretches: tuple[IntArray, IntArray, FloatArray, FloatArray],
        driveable: BoolArray,
        length_m: FloatArray,
    ) -> Self:
        """Return the snapshot of unsorted edges, closures, beginnings and ends.

        Parameters
        ----------
        stretches
            As the attributes, unsorted.
        driveable
            Which edges may be driven when nothing is closed, shape ``(2m,)``.
        length_m
            Of each street, shape ``(m,)``.
        """
        edge, closure, from_m, to_m = stretches
        order = np.argsort(edge, kind="stable")
        edge, closure, from_m, to_m = edge[order], closure[order], from_m[order], to_m[order]
        shut = np.zeros(len(driveable), dtype=np.bool_)
        shut[edge] = True
        in_part = (from_m > _ROUNDING_M) | (to_m < length_m[edge // 2] - _ROUNDING_M)
        wholly = np.ones(len(driveable), dtype=np.bool_)
        wholly[edge[in_part]] = False
        nothing_open = bool(len(edge) and shut[driveable].all())
        return cls(edge, closure, from_m, to_m, shut, wholly, nothing_open)

    @classmethod
    def none(cls, driveable: BoolArray, length_m: FloatArray) -> Self:
        """Return the snapshot in which everything is open."""
        nothing, none_m = np.empty(0, dtype=np.int64), np.empty(0)
        return cls.of((nothing, nothing, none_m, none_m), driveable, length_m)

    def around(self, edge: int, at_m: float, length_m: float, *, both_ways: bool) -> frozenset[int]:
        """Return the closures somebody stands in, whose closed roads they may therefore drive.

        A street closed in one direction only is left in the other one: such a closure does not
        count while the other way may be driven. When nothing is open at all, nobody drives.

        Parameters
        ----------
        edge, at_m
            Where, and in which direction they would drive.
        length_m
            Of the whole street.
        other_way_open
            Whether the street may be driven in the other direction when nothing is closed.
        """
        if not self.shut[edge] or self.nothing_open:
            return _NOBODY
        here = self._closing_at(edge, at_m)
        return here & self._closing_at(edge ^ 1, length_m - at_m) if both_ways else here

    def alike(self, edge: int, at_m: float, length_m: float) -> bool:
        """Return whether others on the street stand the same: not at an end, nor closed in part."""
        if not (self.wholly[edge] and self.wholly[edge ^ 1]):
            return False
        return _ROUNDING_M < at_m < length_m - _ROUNDING_M

    def closing(self, edge: int, low_m: float, high_m: float) -> frozenset[int]:
        """Return the closures that close anything of a stretch of an edge."""
        rows = self._rows(edge)
        hit = (self.from_m[rows] < high_m - _ROUNDING_M) & (self.to_m[rows] > low_m + _ROUNDING_M)
        return frozenset(self.closure[rows][hit].tolist())

    def closed_m(self, edge: int, low_m: float, high_m: float) -> float:
        """Return how much of a stretch of an edge is closed, metres."""
        total, upto = 0.0, low_m
        rows = self._rows(edge)
        for begin, end in sorted(
            zip(self.from_m[rows].tolist(), self.to_m[rows].tolist(), strict=True)
        ):
            total += max(0.0, min(end, high_m) - max(begin, upto))
            upto = max(upto, end)
        return total

    def open_upto_m(self, edge: int, at_m: float, length_m: float) -> float:
        """Return how far along an edge one can drive from somewhere on it, metres."""
        rows = self._rows(edge)
        ahead = self.to_m[rows] > at_m + _ROUNDING_M
        return float(np.maximum(self.from_m[rows][ahead], at_m).min(initial=length_m))

    def first_closed_m(self, length_m: FloatArray) -> FloatArray:
        """Return how far each edge can be driven into from its beginning, shape ``(2m,)``."""
        upto_m = np.repeat(length_m, 2)
        np.minimum.at(upto_m, self.edge, self.from_m)
        return upto_m

    def shut_only_by(self, closures: frozenset[int]) -> IntArray:
        """Return the edges that some closures shut and no other one does."""
        ours = np.isin(self.closure, list(closures))
        return np.setdiff1d(self.edge[ours], self.edge[~ours])

    def _closing_at(self, edge: int, at_m: float) -> frozenset[int]:
        rows = self._rows(edge)
        hit = (self.from_m[rows] <= at_m + _ROUNDING_M) & (self.to_m[rows] >= at_m - _ROUNDING_M)
        return frozenset(self.closure[rows][hit].tolist())

    def _rows(self, edge: int) -> slice:
        first, last = np.searchsorted(self.edge, (edge, edge + 1))
        return slice(int(first), int(last))
