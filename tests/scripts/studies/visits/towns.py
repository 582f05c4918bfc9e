"""A flat town for day plans: travel times are hand-computable, without streets."""

import numpy as np

from scripts.studies.visits.appointments import LonLat
from scripts.studies.visits.day_times import DayTimes

METRES_A_SECOND = 10.0


def straight_times(places: list[LonLat], cut_off: frozenset[LonLat] = frozenset()) -> DayTimes:
    """Return times between places in a plane: a place is metres east and north, 10 m/s.

    No road leads to or from those that are cut off.
    """
    every = list(dict.fromkeys(places))
    at = np.array(every, dtype=np.float64).reshape(-1, 2)
    times_s = np.hypot(*(at[:, np.newaxis] - at[np.newaxis]).T).T / METRES_A_SECOND
    for number, place in enumerate(every):
        if place in cut_off:
            times_s[number, :] = times_s[:, number] = np.inf
    np.fill_diagonal(times_s, 0.0)
    return DayTimes({place: number for number, place in enumerate(every)}, times_s, {})
