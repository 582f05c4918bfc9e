"""What a closure costs: demand that loses cover, time added, demand that is cut off."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray


class Measure(StrEnum):
    """What closures are ranked by."""

    COVER = "cover"
    TIME = "time"
    CUT_OFF = "cut-off"


@dataclass(frozen=True, slots=True)
class Loss:
    """What one closure costs.

    Attributes
    ----------
    cover
        Demand reached within the limit before, and not now.
    added_s
        Seconds added to the first arrival, times demand. An arrival later than the worst time that
        counts, or none, counts as that time.
    cut_off
        Demand that was reached at all, and is not now.
    """

    cover: float
    added_s: float
    cut_off: float

    def by(self, measure: Measure) -> float:
        """Return the loss by one measure."""
        return {
            Measure.COVER: self.cover,
            Measure.TIME: self.added_s,
            Measure.CUT_OFF: self.cut_off,
        }[measure]


@dataclass(frozen=True, eq=False)
class Losses:
    """Weighs first arrivals after a closure against those before.

    Attributes
    ----------
    weights
        Demand of each target, shape ``(n,)``.
    before_s
        First arrival at each with all open, ``inf`` where none arrives, shape ``(n,)``.
    limit_s
        Covered is who is reached within this.
    worst_s
        The worst time that counts.
    """

    weights: FloatArray
    before_s: FloatArray
    limit_s: float
    worst_s: float

    def most(self, measure: Measure) -> FloatArray:
        """Return what each target can lose at most, shape ``(n,)``."""
        if measure is Measure.COVER:
            return self.weights * (self.before_s <= self.limit_s)
        if measure is Measure.TIME:
            return self.weights * np.maximum(self.worst_s - self.before_s, 0.0)
        return self.weights * np.isfinite(self.before_s)

    def enough_s(self, measure: Measure) -> float:
        """Return up to when arrivals must be known for a measure."""
        return {
            Measure.COVER: self.limit_s,
            Measure.TIME: self.worst_s,
            Measure.CUT_OFF: np.inf,
        }[measure]

    def of(self, target: IntArray, after_s: FloatArray) -> Loss:
        """Return what a closure costs that changes the first arrivals at some targets only."""
        weight, before_s = self.weights[target], self.before_s[target]
        late = (before_s <= self.limit_s) & (after_s > self.limit_s)
        added_s = np.minimum(after_s, self.worst_s) - np.minimum(before_s, self.worst_s)
        gone = np.isfinite(before_s) & np.isinf(after_s)
        return Loss(
            float(weight[late].sum()), float((weight * added_s).sum()), float(weight[gone].sum())
        )
