r"""Fit speed factors by road class and band of hours, with their error.

The time of part :math:`i` in band :math:`b` is

.. math:: t_i = q_i + \sum_c F_{ic} (1 + a_c + d_{cb}) + e_i,

:math:`F_{ic}` seconds at free flow on class :math:`c`, :math:`q_i` for turns and walks;
:math:`1 + a_c + d_{cb}` is how many times longer roads of the class take, the inverse of the
factor. Partial pooling: :math:`a_c` is drawn toward 0 (free flow) and :math:`d_{cb}` too (the mean
of the class), as normal with deviations ``CLASS_SPREAD`` and ``BAND_SPREAD``; with few drives a
band's factor is that of its class, with many its own. Errors grow with the time; far ones
weigh less (Huber), since some drivers stop for bread.
"""

from dataclasses import dataclass

import numpy as np

from dispatch.driven_tracks.hour_bands import BANDS
from geodata.roads.types import ROAD_CLASSES
from scripts.studies.inputs.points import BoolArray
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.learned.drives import Parts

CLASS_SPREAD, BAND_SPREAD = 0.5, 0.25
ENOUGH_DRIVES = 5
SLOWEST, FASTEST = 0.05, 2.0
_COUNTS_FROM_S = 15.0  # so long on a class at free flow, a drive says something of it
_LEAST_ERROR_S = 20.0  # an error of this size is nothing even on a short part: lights, parking
_HUBER = 1.5
_ROUNDS = 8
_Z90 = 1.6449
_MAD = 1.4826
_CLASSES, _BANDS = len(ROAD_CLASSES), len(BANDS)
_BAND_OF_HOUR = np.empty(168, dtype=np.int64)
for _number, _band in enumerate(BANDS):
    _BAND_OF_HOUR[list(_band.hours_of_week)] = _number


@dataclass(frozen=True, eq=False)
class FittedFactors:
    """Speed factors by class (rows as ``ROAD_CLASSES``) and band (columns as ``BANDS``).

    Attributes
    ----------
    factor
        Share of the free-flow speed; 1 where a class has too few drives. Shape ``(16, 14)``.
    low, high
        90 % interval of each.
    drives
        How many drives say something of a class in a band, int64.
    class_drives
        The same in any band, shape ``(16,)``.
    error
        Deviation of the relative error of a part, as fitted; NaN without parts.
    """

    factor: FloatArray
    low: FloatArray
    high: FloatArray
    drives: IntArray
    class_drives: IntArray
    error: float

    @property
    def enough(self) -> BoolArray:
        """Whether each class has drives enough to go by, shape ``(16,)``."""
        return np.asarray(self.class_drives >= ENOUGH_DRIVES)

    def by_hour(self) -> FloatArray:
        """Return the factors by class and hour of the week, shape ``(16, 168)``."""
        return np.asarray(self.factor[:, _BAND_OF_HOUR])

    def predicted_s(self, parts: Parts) -> FloatArray:
        """Return how long parts take with these factors, shape ``(k,)``."""
        slowness = 1.0 / self.factor[:, band_of_hour(parts.hour_of_week)].T
        return np.asarray(parts.fixed_s + (parts.free_s * slowness).sum(axis=1))


def band_of_hour(hour_of_week: IntArray) -> IntArray:
    """Return the band of each hour of the week, an index into ``BANDS``."""
    return np.asarray(_BAND_OF_HOUR[hour_of_week])


def fit_factors(parts: Parts) -> FittedFactors:
    """Return the factors that parts of drives speak for.

    References
    ----------
    Gelman, Hill (2007), Data Analysis Using Regression and Multilevel Models, chapter 12 (partial
    pooling); Huber (1964), Robust estimation of a location parameter, Annals of Mathematical
    Statistics 35.
    """
    band = band_of_hour(parts.hour_of_week)
    drives, class_drives = _count(parts, band)
    known = class_drives >= ENOUGH_DRIVES
    factor = np.ones((_CLASSES, _BANDS))
    low, high = np.full_like(factor, SLOWEST), np.full_like(factor, FASTEST)
    classes = np.flatnonzero(known)
    if not len(classes):
        return FittedFactors(factor, low, high, drives, class_drives, np.nan)
    mean, covariance, error = _solve(parts, _rows(parts, band, classes), len(classes))
    for at, road_class in enumerate(classes.tolist()):
        for column in range(_BANDS):
            both = [at, len(classes) + at * _BANDS + column]
            longer = 1.0 + mean[both].sum()
            spread = float(np.sqrt(covariance[np.ix_(both, both)].sum()))
            limits = np.array([longer, longer + _Z90 * spread, longer - _Z90 * spread])
            shares = 1.0 / np.clip(limits, 1.0 / FASTEST, 1.0 / SLOWEST)
            factor[road_class, column], low[road_class, column], high[road_class, column] = shares
    return FittedFactors(factor, low, high, drives, class_drives, error)


def _count(parts: Parts, band: IntArray) -> tuple[IntArray, IntArray]:
    """Return how many drives count for each class and band, and for each class."""
    drives = np.zeros((_CLASSES, _BANDS), dtype=np.int64)
    class_drives = np.zeros(_CLASSES, dtype=np.int64)
    for road_class in range(_CLASSES):
        part = np.flatnonzero(parts.free_s[:, road_class] >= _COUNTS_FROM_S)
        class_drives[road_class] = len(np.unique(parts.drive[part]))
        pairs = np.unique(np.stack((parts.drive[part], band[part])), axis=1)
        drives[road_class] = np.bincount(pairs[1], minlength=_BANDS)
    return drives, class_drives


def _rows(parts: Parts, band: IntArray, classes: IntArray) -> FloatArray:
    """Return the regression's rows: seconds for each coefficient."""
    free_s = parts.free_s[:, classes]
    rows = np.zeros((len(parts), len(classes) * (1 + _BANDS)))
    rows[:, : len(classes)] = free_s
    for at in range(len(classes)):
        rows[np.arange(len(parts)), len(classes) + at * _BANDS + band] = free_s[:, at]
    return rows


def _solve(parts: Parts, rows: FloatArray, classes: int) -> tuple[FloatArray, FloatArray, float]:
    """Return mean and covariance of the coefficients, and the deviation of the errors."""
    prior = np.full(rows.shape[1], BAND_SPREAD**-2.0)
    prior[:classes] = CLASS_SPREAD**-2.0
    free_flow_s = parts.fixed_s + parts.free_s.sum(axis=1)
    # Errors grow with the time as it is, not as it would be at free flow: found turn by turn.
    expected_s, weight, error = parts.actual_s, np.ones(len(rows)), 0.5
    mean: FloatArray = np.zeros(rows.shape[1])
    covariance: FloatArray = np.diag(1.0 / prior)
    for _ in range(_ROUNDS):
        scale_s = expected_s + _LEAST_ERROR_S
        scaled, target = rows / scale_s[:, np.newaxis], (parts.actual_s - free_flow_s) / scale_s
        weighted = scaled * weight[:, np.newaxis]
        covariance = np.asarray(
            np.linalg.inv(weighted.T @ scaled / error**2 + np.diag(prior)), dtype=np.float64
        )
        mean = covariance @ (weighted.T @ target) / error**2
        expected_s = np.maximum(free_flow_s + rows @ mean, 0.5 * free_flow_s)
        rest = np.abs(target - scaled @ mean)
        error = max(1e-3, _MAD * float(np.median(rest)))
        weight = np.minimum(1.0, _HUBER * error / np.maximum(rest, 1e-12))
    return mean, covariance, error
