"""What share of each area is covered, and which area loses most. Pure arithmetic on arrays.

A point is covered if some idle crew reaches it in time. Points stand for equal lengths of road, so
within an area road length is the demand; between areas it is how many incidents there were.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Demand:
    """The area of each street point, and how much each area counts.

    Attributes
    ----------
    of_point
        Number of the area, -1 for points that count nowhere; shape ``(p,)``.
    weights
        Of each area, above zero, together 1; shape ``(a,)``.
    """

    of_point: NDArray[np.int64]
    weights: FloatArray

    @classmethod
    def of_history(cls, of_point: NDArray[np.int64], incidents: NDArray[np.int64]) -> "Demand":
        """Return areas that count by their incidents, each with one more than there were."""
        counted = incidents + 1.0
        return cls(of_point, counted / counted.sum())

    def shares(self, covered: BoolArray) -> FloatArray:
        """Return the share of each area's points that are covered; 1 where there are none."""
        inside = self.of_point >= 0
        areas = len(self.weights)
        points = self.counts()
        reached = np.bincount(self.of_point[inside & covered], minlength=areas)
        return np.divide(reached, points, out=np.ones(areas), where=points > 0)

    def counts(self) -> NDArray[np.int64]:
        """Return how many points each area has."""
        inside = self.of_point >= 0
        return np.bincount(self.of_point[inside], minlength=len(self.weights))

    def worth(self, covered: BoolArray) -> float:
        """Return the share of all that is covered, each area by its weight."""
        return float(self.shares(covered) @ self.weights)


def percent(share: float) -> int:
    """Return a share as it is shown; never 100 % while something is uncovered, nor 0 % before."""
    if 0.0 < share < 1.0:
        return min(max(round(100.0 * share), 1), 99)
    return round(100.0 * share)


def percent_tenths(share: float) -> float:
    """Return a share in percent with one decimal; as `percent`, never 100 nor 0 before it is."""
    if 0.0 < share < 1.0:
        return min(max(round(100.0 * share, 1), 0.1), 99.9)
    return round(100.0 * share, 1)


def losing_most(demand: Demand, before: BoolArray, after: BoolArray) -> int | None:
    """Return the area whose loss counts most; None if none loses a percent that is shown."""
    had, has = demand.shares(before), demand.shares(after)
    lost = (had - has) * demand.weights
    for area in np.argsort(-lost, kind="stable").tolist():
        if percent(float(had[area])) > percent(float(has[area])):
            return int(area)
    return None
