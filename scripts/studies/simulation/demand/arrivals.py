"""When incidents are reported: a Poisson process whose rate depends on the hour of the week.

Within an hour the rate is constant, so the process is drawn exactly: the number in each hour is
Poisson's, and given the number the instants are independent and uniform. It is what thinning
(Lewis and Shedler 1979) gives for such a rate, without a draw thrown away.

References
----------
Leemis (1991), Nonparametric estimation of the cumulative intensity function for a nonhomogeneous
Poisson process, Management Science 37. Brown et al. (2002), The time-rescaling theorem, Neural
Computation 14.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from datetime import tzinfo
from typing import Final

import numpy as np
from scipy import stats

from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray

HOURS_A_DAY: Final = 24
HOURS_A_WEEK: Final = 168
HOUR_S: Final = 3_600.0
_HOUR: Final = timedelta(hours=1)
FEWEST_TO_DRAW: Final = 2
"""Incidents; a single one has no gap to another, and would stand for one an hour."""
_WEEKS_APART: Final = 4
"""From so many weeks on, each hour of the week has a rate of its own."""
_FIRST_REST_DAY: Final = 5
_RESAMPLES: Final = 199


@dataclass(frozen=True, eq=False)
class WeeklyRates:
    """Rates by hour of the week.

    Attributes
    ----------
    per_hour
        Incidents an hour, Monday from midnight on; shape ``(168,)``.
    zone
        Whose hours they are.
    pooled
        Whether working days have one rate for each hour of the day, and weekends another: the log
        is too short to tell the days apart.
    hours
        How many hours the log covers.
    """

    per_hour: FloatArray
    zone: tzinfo
    pooled: bool
    hours: int

    def draw(self, rng: np.random.Generator, begin: datetime, hours: int) -> FloatArray:
        """Return instants in seconds after the beginning, ascending.

        Parameters
        ----------
        begin
            A full hour.
        hours
            How many hours are drawn.
        """
        rates = self.per_hour[_hours_of_week(begin, hours, self.zone)]
        counts = rng.poisson(rates)
        within = np.repeat(np.arange(hours), counts) + rng.random(int(counts.sum()))
        return np.sort(within) * HOUR_S


@dataclass(frozen=True, slots=True)
class ArrivalTest:
    """Whether a log looks like the process that was fitted to it.

    Attributes
    ----------
    distance, p_value
        Kolmogorov–Smirnov distance of the rescaled gaps from the exponential, and how often the
        process itself is as far from its own fit or further.
    dispersion
        Variance of the hourly counts by what Poisson's would be: above 1 incidents come in clusters
        that the hour does not explain (storms, big leaks, several units to one incident).
    """

    distance: float
    p_value: float
    dispersion: float


def fit_rates(at: Sequence[datetime], zone: tzinfo) -> WeeklyRates:
    """Return the rates of a log, from the hour of its first incident to that of its last.

    Raises
    ------
    ValueError
        If there is no incident.
    """
    begin, counts = _hourly_counts(at)
    return _rates(begin, counts, zone)


def check_arrivals(at: Sequence[datetime], rates: WeeklyRates, seed: int) -> ArrivalTest:
    """Return whether a log looks like the process that was fitted to it."""
    begin, counts = _hourly_counts(at)
    seconds = np.sort([(each - begin).total_seconds() for each in at])
    hourly = rates.per_hour[_hours_of_week(begin, len(counts), rates.zone)]
    distance = _gap_distance(seconds, hourly)
    rng = np.random.default_rng(seed)
    further = 0
    for _ in range(_RESAMPLES):
        drawn = rates.draw(rng, begin, len(counts))
        if len(drawn) < 2:  # noqa: PLR2004 - a gap has two ends
            continue
        again = np.bincount((drawn // HOUR_S).astype(np.int64), minlength=len(counts))
        refitted = _rates(begin, again, rates.zone)
        own = refitted.per_hour[_hours_of_week(begin, len(counts), rates.zone)]
        further += _gap_distance(drawn, own) >= distance
    expected = np.maximum(hourly, 1e-12)
    free = max(len(counts) - int(np.count_nonzero(rates.per_hour)), 1)
    if rates.pooled:
        free = max(len(counts) - 2 * HOURS_A_DAY, 1)
    dispersion = float(((counts - hourly) ** 2 / expected)[hourly > 0].sum() / free)
    return ArrivalTest(distance, (1 + further) / (1 + _RESAMPLES), dispersion)


def rescaled_gaps(at: Sequence[datetime], rates: WeeklyRates) -> FloatArray:
    """Return gaps between incidents in units of what was expected: exponential if it all holds."""
    begin, counts = _hourly_counts(at)
    seconds = np.sort([(each - begin).total_seconds() for each in at])
    return _gaps(seconds, rates.per_hour[_hours_of_week(begin, len(counts), rates.zone)])


def _gap_distance(seconds: FloatArray, hourly: FloatArray) -> float:
    return float(stats.kstest(_gaps(seconds, hourly), "expon").statistic)


def _gaps(seconds: FloatArray, hourly: FloatArray) -> FloatArray:
    edges_s = np.arange(len(hourly) + 1) * HOUR_S
    expected = np.concatenate([[0.0], np.cumsum(hourly)])
    return np.diff(np.interp(seconds, edges_s, expected))


def _hourly_counts(at: Sequence[datetime]) -> tuple[datetime, IntArray]:
    """Return the full hour at which a log begins, and how many incidents each hour has."""
    if not at:
        message = "no incidents"
        raise ValueError(message)
    begin = min(at).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = [int((each - begin) / _HOUR) for each in at]
    return begin, np.bincount(hours)


def _rates(begin: datetime, counts: IntArray, zone: tzinfo) -> WeeklyRates:
    hour = _hours_of_week(begin, len(counts), zone)
    pooled = len(counts) < _WEEKS_APART * HOURS_A_WEEK
    group = _pooled(np.arange(HOURS_A_WEEK)) if pooled else np.arange(HOURS_A_WEEK)
    found = np.bincount(group[hour], counts, minlength=HOURS_A_WEEK)
    seen = np.bincount(group[hour], minlength=HOURS_A_WEEK)
    overall = counts.sum() / len(counts)
    # An hour that the log never saw is taken to be like all others.
    per_group = np.where(seen > 0, found / np.maximum(seen, 1), overall)
    return WeeklyRates(per_group[group], zone, pooled, len(counts))


def _pooled(hour: IntArray) -> IntArray:
    """Return the number of the hour of a working day, or of a day of rest."""
    return hour % HOURS_A_DAY + HOURS_A_DAY * (hour // HOURS_A_DAY >= _FIRST_REST_DAY)


def _hours_of_week(begin: datetime, hours: int, zone: tzinfo) -> IntArray:
    """Return of each of some hours which one of the week it is, clocks put forward included."""
    local = [(begin + number * _HOUR).astimezone(zone) for number in range(hours)]
    return np.array([each.weekday() * HOURS_A_DAY + each.hour for each in local], dtype=np.int64)
