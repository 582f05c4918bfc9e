"""A snapshot of the closed intervals of directed edges, and of the closures they are due to."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray

_NO_CLOSURES: frozenset[int] = frozenset()
_ROUNDING_M = 1e-6


@dataclass(frozen=True, eq=False)
class ClosedRoads:
    """The closed intervals of all directed edges, sorted by edge; immutable.

    Attributes
    ----------
    edge
        Directed edges, int64, shape ``(n,)``; one may stand several times.
    closure
        Number of the closure, from 0, shape ``(n,)``.
    from_m, to_m
        Beginning and end of the interval, metres along the directed edge, shape ``(n,)``.
    shut
        Which edges cannot be driven from end to end, shape ``(2m,)``.
    wholly
        Which edges are closed from end to end, or not at all, shape ``(2m,)``: there, the offset of
        a position makes no difference.
    nothing_open
        Whether all driveable edges of the network are closed.
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
        """Return the snapshot of unsorted intervals.

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
        """Return a snapshot without closures."""
        nothing, none_m = np.empty(0, dtype=np.int64), np.empty(0)
        return cls.of((nothing, nothing, none_m, none_m), driveable, length_m)

    def closures_around(
        self, edge: int, at_m: float, length_m: float, *, both_ways: bool
    ) -> frozenset[int]:
        """Return the closures around a position; from there, their closed roads may be driven.

        A street closed in one direction only is left in the other one: such a closure does not
        count while the other direction may be driven. When nothing is open at all, there are none.

        Parameters
        ----------
        edge, at_m
            The position on a directed edge.
        length_m
            Of the whole street.
        other_way_open
            Whether the street may be driven in both directions when nothing is closed.
        """
        if not self.shut[edge] or self.nothing_open:
            return _NO_CLOSURES
        here = self._closures_at(edge, at_m)
        return here & self._closures_at(edge ^ 1, length_m - at_m) if both_ways else here

    def same_for_whole_edge(self, edge: int, at_m: float, length_m: float) -> bool:
        """Return whether the whole street of a position has the same closures around it."""
        if not (self.wholly[edge] and self.wholly[edge ^ 1]):
            return False
        return _ROUNDING_M < at_m < length_m - _ROUNDING_M

    def closures_between(self, edge: int, low_m: float, high_m: float) -> frozenset[int]:
        """Return the closures that overlap an interval of an edge."""
        rows = self._rows(edge)
        hit = (self.from_m[rows] < high_m - _ROUNDING_M) & (self.to_m[rows] > low_m + _ROUNDING_M)
        return frozenset(self.closure[rows][hit].tolist())

    def closed_m(self, edge: int, low_m: float, high_m: float) -> float:
        """Return the closed length within an interval of an edge, metres."""
        total, upto = 0.0, low_m
        rows = self._rows(edge)
        for begin, end in sorted(
            zip(self.from_m[rows].tolist(), self.to_m[rows].tolist(), strict=True)
        ):
            total += max(0.0, min(end, high_m) - max(begin, upto))
            upto = max(upto, end)
        return total

    def open_upto_m(self, edge: int, at_m: float, length_m: float) -> float:
        """Return the offset up to which an edge can be driven from a position on it, metres."""
        rows = self._rows(edge)
        ahead = self.to_m[rows] > at_m + _ROUNDING_M
        return float(np.maximum(self.from_m[rows][ahead], at_m).min(initial=length_m))

    def first_closed_m(self, length_m: FloatArray) -> FloatArray:
        """Return the first closed offset of each edge, else its length, shape ``(2m,)``."""
        upto_m = np.repeat(length_m, 2)
        np.minimum.at(upto_m, self.edge, self.from_m)
        return upto_m

    def shut_only_by(self, closures: frozenset[int]) -> IntArray:
        """Return the edges that are closed by some closures and by no other one."""
        ours = np.isin(self.closure, list(closures))
        return np.setdiff1d(self.edge[ours], self.edge[~ours])

    def _closures_at(self, edge: int, at_m: float) -> frozenset[int]:
        rows = self._rows(edge)
        hit = (self.from_m[rows] <= at_m + _ROUNDING_M) & (self.to_m[rows] >= at_m - _ROUNDING_M)
        return frozenset(self.closure[rows][hit].tolist())

    def _rows(self, edge: int) -> slice:
        first, last = np.searchsorted(self.edge, (edge, edge + 1))
        return slice(int(first), int(last))
