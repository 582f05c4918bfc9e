"""A mixed-integer linear program and what a solver says of it."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Program:
    """Minimise ``objective @ x`` with ``lower <= matrix @ x <= upper`` and ``least <= x <= most``.

    Attributes
    ----------
    whole
        1 where x is a whole number, else 0.
    """

    objective: FloatArray
    matrix: csc_array
    lower: FloatArray
    upper: FloatArray
    least: FloatArray
    most: FloatArray
    whole: NDArray[np.int8]


class Outcome(StrEnum):
    """How a solver ended."""

    OPTIMAL = "optimal"
    STOPPED = "stopped"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True, eq=False)
class Solved:
    """What a solver found.

    Attributes
    ----------
    x
        The best solution, or None.
    bound
        No solution has a lower objective; ``-inf`` if nothing is known.
    """

    outcome: Outcome
    x: FloatArray | None
    bound: float


def scale_to_a_million(costs: FloatArray) -> float:
    """Return a power of two that brings the sum of costs to about a million.

    HiGHS stops within 1e-6 of the optimum in absolute terms, whatever its size.
    """
    total = float(np.abs(costs).sum())
    return 2.0 ** round(math.log2(1e6 / total)) if total > 0 else 1.0
