"""How good learned factors and bands are on days that they were not learned from."""

from dataclasses import dataclass

import numpy as np

from dispatch.driven_tracks.hour_bands import BANDS
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.learned.drives import Parts
from scripts.studies.learned.error_bands import limits_by_group
from scripts.studies.learned.error_bands import ranks_by_group
from scripts.studies.learned.factor_fit import band_of_hour
from scripts.studies.learned.factor_fit import fit_factors

_FOLDS = 5
_FEWEST_DAYS = 2
NOMINAL = 0.9


@dataclass(frozen=True, eq=False)
class OutOfSample:
    """Predictions for each drive by what was learned on other days.

    Attributes
    ----------
    drive
        The drives that have parts, shape ``(k,)``.
    actual_s
        What their parts took.
    present_s, learned_s
        What they should have taken by the factors in use, and by those learned on other days.
    low_s, high_s
        The 90 % band around the latter.
    rank
        Share of the drives of other days, in the same hours, that took less than this one did in
        comparison with what was predicted; uniform from 0 to 1 if nothing changes.
    band
        Band of hours of each.
    days
        How many days there were.
    """

    drive: IntArray
    actual_s: FloatArray
    present_s: FloatArray
    learned_s: FloatArray
    low_s: FloatArray
    high_s: FloatArray
    rank: FloatArray
    band: IntArray
    days: int

    @property
    def coverage(self) -> float:
        """Share of the drives within the band; 0.9 is meant."""
        inside = (self.low_s <= self.actual_s) & (self.actual_s <= self.high_s)
        return float(inside.mean()) if len(inside) else np.nan

    @property
    def coverage_error(self) -> float:
        """Standard error of the coverage if drives were independent; those of one day are not."""
        count = len(self.drive)
        return float(np.sqrt(NOMINAL * (1 - NOMINAL) / count)) if count else np.nan

    def median_error(self, predicted_s: FloatArray) -> float:
        """Return the median error as a share of the actual time."""
        if not len(self.actual_s):
            return np.nan
        return float(np.median(np.abs(predicted_s - self.actual_s) / self.actual_s))


def predict_other_days(
    parts: Parts,
    day: IntArray,
    present_factor: FloatArray,
    present_s: FloatArray | None = None,
) -> OutOfSample | None:
    """Return predictions of each day by what was learned on others; None of fewer than two days.

    Whole days are left out together, each fifth one: drives of one day share its rain and its road
    works, and would flatter a split that tears days apart.

    Parameters
    ----------
    day
        Local day of each drive, shape ``(n,)``.
    present_factor
        In use, by class and hour of the week, shape ``(16, 168)``.
    present_s
        What was predicted for each drive, if parts are whole drives; else that follows from parts.
        Shape ``(n,)``.
    """
    drive, row = np.unique(parts.drive, return_inverse=True)
    days, fold = np.unique(day[drive], return_inverse=True)
    if len(days) < _FEWEST_DAYS:
        return None
    fold = fold % min(_FOLDS, len(days))
    count = len(drive)
    first = np.unique(row, return_index=True)[1]
    band = band_of_hour(parts.hour_of_week[first])
    present = (parts.free_s / present_factor[:, parts.hour_of_week].T).sum(axis=1) + parts.fixed_s
    actual_s = _sums(row, parts.actual_s, count)
    present_s = _sums(row, present, count) if present_s is None else present_s[drive]
    learned_s, low_s, high_s, rank = (np.empty(count) for _ in range(4))
    for one in range(int(fold.max()) + 1):
        away = fold == one
        fitted = fit_factors(_some(parts, ~away[row]))
        predicted_s = _sums(row, fitted.predicted_s(parts), count)
        limits = limits_by_group(actual_s[~away] / predicted_s[~away], band[~away], len(BANDS))
        learned_s[away] = predicted_s[away]
        rank[away] = ranks_by_group(
            actual_s[~away] / predicted_s[~away],
            band[~away],
            actual_s[away] / predicted_s[away],
            band[away],
        )
        low_s[away] = predicted_s[away] * limits[band[away], 0]
        high_s[away] = predicted_s[away] * limits[band[away], 1]
    return OutOfSample(drive, actual_s, present_s, learned_s, low_s, high_s, rank, band, len(days))


def _some(parts: Parts, kept: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Parts:
    return Parts(
        parts.drive[kept],
        parts.hour_of_week[kept],
        parts.free_s[kept],
        parts.fixed_s[kept],
        parts.actual_s[kept],
    )


def _sums(row: IntArray, values: FloatArray, count: int) -> FloatArray:
    return np.asarray(np.bincount(row, weights=values, minlength=count), dtype=np.float64)
