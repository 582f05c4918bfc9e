"""Check the fixes of a track and put them in order."""

from collections.abc import Sequence
from typing import NamedTuple
from typing import TypeAlias

import numpy as np

from routing.errors import InvalidTrackError
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.arrays import LonLatLike
from routing.network.arrays import as_lonlat

NumbersLike: TypeAlias = FloatArray | Sequence[float] | float

# A receiver's accuracy is the radius around two thirds of all fixes; each way it is off by less.
_RADIUS_OF_SIGMA = 1.5
_BEST_M, _WORST_M = 2.0, 100.0
_STANDING_MPS = 1.5


class Fixes(NamedTuple):
    """Checked fixes in the order of their times, one for each time.

    Attributes
    ----------
    row
        Which of the given ones each is, shape ``(n,)``.
    lonlat, at_s
        Shapes ``(n, 2)`` and ``(n,)``, times rising.
    sigma_m
        Standard deviation each way as the receiver tells it; NaN where it does not.
    heading_deg
        Of those that drive; NaN of others.
    """

    row: IntArray
    lonlat: FloatArray
    at_s: FloatArray
    sigma_m: FloatArray
    heading_deg: FloatArray

    def only(self, which: BoolArray) -> "Fixes":
        """Return some of them."""
        return Fixes(
            self.row[which],
            self.lonlat[which],
            self.at_s[which],
            self.sigma_m[which],
            self.heading_deg[which],
        )


def check_fixes(
    lonlat: LonLatLike,
    at_s: NumbersLike,
    accuracy_m: NumbersLike | None,
    heading_deg: NumbersLike | None,
    speed_mps: NumbersLike | None,
) -> tuple[Fixes, int]:
    """Return the fixes sorted by time, the first one of each time, and how many were given.

    Which of several at one time is first does not depend on the order they are given in.

    Raises
    ------
    InvalidPointError
        If a position is none.
    InvalidTrackError
        If there are not as many times as positions, or one is no number.
    """
    places = as_lonlat(lonlat)
    count = len(places)
    times = _numbers("time", at_s, count)
    if len(times) and not np.isfinite(times).all():
        wrong = int(np.flatnonzero(~np.isfinite(times))[0])
        message = f"the time of fix {wrong} is not a number of seconds"
        raise InvalidTrackError(message)
    accuracies = _optional("accuracy", accuracy_m, count)
    known = np.isfinite(accuracies) & (accuracies > 0)
    sigmas = np.where(known, np.clip(accuracies / _RADIUS_OF_SIGMA, _BEST_M, _WORST_M), np.nan)
    headings = _optional("heading", heading_deg, count)
    speeds = _optional("speed", speed_mps, count)
    headings = np.where(
        np.isfinite(headings) & ((speeds >= _STANDING_MPS) | (speed_mps is None)), headings, np.nan
    )
    row = np.lexsort((places[:, 1], places[:, 0], np.nan_to_num(sigmas, nan=np.inf), times))
    first = np.ones(count, dtype=np.bool_)
    first[1:] = np.diff(times[row]) > 0
    row = row[first]
    return Fixes(row, places[row], times[row], sigmas[row], headings[row]), count


def _optional(what: str, values: NumbersLike | None, count: int) -> FloatArray:
    return np.full(count, np.nan) if values is None else _numbers(what, values, count)


def _numbers(what: str, values: NumbersLike, count: int) -> FloatArray:
    try:
        numbers = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        message = f"each {what} must be a number"
        raise InvalidTrackError(message) from error
    if numbers.size == 0 and count == 0:
        return np.empty(0)
    if numbers.shape == () and what != "time":
        return np.full(count, float(numbers))
    if numbers.shape != (count,):
        message = f"expected one {what} for each of {count} fixes, got shape {numbers.shape}"
        raise InvalidTrackError(message)
    return numbers
