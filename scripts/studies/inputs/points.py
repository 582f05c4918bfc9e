"""Weighted points of a study: demand, standby points, past incidents."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from typing import Self

import numpy as np
from numpy.typing import NDArray

from scripts.studies.inputs.left_out import LeftOut

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Points:
    """Points in the order of their input.

    Attributes
    ----------
    names
        One each; the row's number where the input has none.
    lonlat
        WGS 84, longitude first, shape ``(n, 2)``.
    weights
        Demand of each, at least 0; 1 where the input has none; shape ``(n,)``.
    zones
        The zone of each, or None if the input names none.
    at
        When each happened, aware, or None: past incidents have it.
    left_out
        Rows of the input that are not among the points.
    """

    names: tuple[str, ...]
    lonlat: FloatArray
    weights: FloatArray
    zones: tuple[str, ...] | None = None
    at: tuple[datetime, ...] | None = None
    left_out: tuple[LeftOut, ...] = ()
    where: tuple[str, ...] | None = None
    """The file and row of each, where it was read from one."""

    @property
    def demand(self) -> float:
        """All demand that was read, with what is left out."""
        return float(self.weights.sum()) + sum(one.weight for one in self.left_out)

    @classmethod
    def at_places(
        cls,
        lonlat: Sequence[tuple[float, float]] | FloatArray,
        weights: Sequence[float] | FloatArray | None = None,
    ) -> Self:
        """Return points named by their number, each of weight 1 if none are given."""
        places = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
        counted = np.ones(len(places)) if weights is None else np.asarray(weights, dtype=np.float64)
        return cls(tuple(str(1 + number) for number in range(len(places))), places, counted)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.names)

    def only(self, kept: BoolArray, left_out: Sequence[LeftOut] = ()) -> Self:
        """Return some of the points, with the rows that were left out in addition."""
        at = np.flatnonzero(kept).tolist()
        return replace(
            self,
            names=tuple(self.names[one] for one in at),
            lonlat=self.lonlat[kept],
            weights=self.weights[kept],
            zones=None if self.zones is None else tuple(self.zones[one] for one in at),
            at=None if self.at is None else tuple(self.at[one] for one in at),
            where=None if self.where is None else tuple(self.where[one] for one in at),
            left_out=(*self.left_out, *left_out),
        )
