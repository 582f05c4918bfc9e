"""What a location model answers, with how good it is at least."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from scripts.studies.siting.problem import FloatArray
from scripts.studies.siting.problem import IntArray

TOLERANCE: Final = 1e-7
"""Relative. The solver works with floating-point tolerances: bounds are moved outwards by so much,
and an answer counts as proven when no other can be better by more."""


@dataclass(frozen=True, eq=False)
class Answer:
    """Sites, and how far from the best they are at most.

    Attributes
    ----------
    model
        The function that found it.
    sites
        Columns of the cost matrix, ascending; a site stands as often as it holds crews.
    objective
        What these sites are worth, computed from the matrix itself.
    bound
        No choice of sites has a better objective; infinite if nothing is known.
    gap
        Distance of objective and bound over the objective: 0 proven, .01 one percent.
    proven
        Whether no choice of sites can be better: up to a relative 2e-7, which is exact for whole
        numbers below some 5 million.
    seconds
        Time taken.
    assigned
        For each row of demand the site that serves it, -1 where none does; shape ``(n,)``.
    maximised
        Whether more is better.
    """

    model: str
    sites: tuple[int, ...]
    objective: float
    bound: float
    gap: float
    proven: bool
    seconds: float
    assigned: IntArray
    maximised: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """A bound brought to the right side of its objective, and whether it proves it."""

    bound: float
    gap: float
    proven: bool


def settle(objective: float, bound: float, *, maximised: bool, whole: bool) -> Settled:
    """Return bound, gap and proof.

    Parameters
    ----------
    bound
        As the solver has it.
    whole
        Whether every objective is a whole number, so that the bound may be rounded.
    """
    sign = -1.0 if maximised else 1.0
    mine, low = sign * objective, sign * bound
    if math.isfinite(low):
        low -= TOLERANCE * abs(low)
        if whole:
            low = float(np.ceil(low - 1e-6))
    if mine - low <= 2 * TOLERANCE * abs(mine):
        return Settled(objective, 0.0, proven=True)
    gap = (mine - low) / abs(mine) if mine else math.inf
    return Settled(sign * low, gap, proven=False)


def are_whole(*arrays: FloatArray) -> bool:
    """Return whether all finite entries are whole numbers that floats hold exactly."""
    for array in arrays:
        finite = array[np.isfinite(array)]
        if (finite != np.rint(finite)).any() or np.abs(finite).sum() > 2**50:
            return False
    return True


def nearest_open(cost: FloatArray, sites: tuple[int, ...], limit: float = math.inf) -> IntArray:
    """Return for each row the open site of least cost within a limit, -1 where there is none."""
    if not sites:
        return np.full(len(cost), -1, dtype=np.int64)
    chosen = np.unique(np.asarray(sites, dtype=np.int64))
    part = cost[:, chosen]
    at = part.argmin(axis=1)
    least = part[np.arange(len(cost)), at]
    return np.where(np.isfinite(least) & (least <= limit), chosen[at], -1)
