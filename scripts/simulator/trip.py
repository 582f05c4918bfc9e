"""Compute the position on a route after some seconds. Pure functions of one line."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from geodata.crs.great_circle import LonLat

_EARTH = Geod(ellps="WGS84")
_RAMP_S = 6.0
_LOOK_M = 6.0
_STILL_MPS = 0.3
_BLINK_S = 1e-3


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A position on the route, WGS 84, with speed and heading, None where unknown."""

    lonlat: LonLat
    speed_mps: float
    heading_deg: float | None


class Trip:
    """One drive along a line, in the travel time of the route.

    Attributes
    ----------
    length_m
        Length of the line on the WGS 84 ellipsoid, metres.
    travel_time_s
        Seconds from standing at its first point to standing at its last.
    cruise_mps
        The speed between getting going and braking; 0 where there is nothing to drive.
    """

    def __init__(self, line: Sequence[Sequence[float]], travel_time_s: float) -> None:
        """Prepare the drive.

        Parameters
        ----------
        line
            Points, longitude first, shape ``(k, 2)`` with k ≥ 1.
        travel_time_s
            Seconds; 0 is there at once.

        Raises
        ------
        ValueError
            If the line has no points or the time is no time.
        """
        points = np.asarray(line, dtype=float).reshape(-1, 2)
        if not len(points) or not 0 <= travel_time_s < math.inf:
            message = "a trip needs a line and a time"
            raise ValueError(message)
        self._points = points
        self._along_m = _distances_along(points)
        self.length_m = float(self._along_m[-1])
        # Less than a millisecond is no drive, and dividing by it would be no speed.
        self.travel_time_s = travel_time_s if travel_time_s >= _BLINK_S else 0.0
        # Shorter drives spend their first and last quarter on getting going and on braking.
        self._ramp_s = min(_RAMP_S, self.travel_time_s / 4)
        cruise_s = self.travel_time_s - self._ramp_s
        self.cruise_mps = self.length_m / cruise_s if cruise_s else 0.0

    def is_over(self, elapsed_s: float) -> bool:
        """Return whether the end has been reached."""
        return elapsed_s >= self.travel_time_s

    def driven_m(self, elapsed_s: float) -> float:
        """Return the distance along the line: from 0 to its length, never decreasing.

        The speed rises evenly, holds and falls evenly (a trapezium over time); its area is the
        whole length, so the crew arrives when the road network says.
        """
        time_s, ramp_s = self.travel_time_s, self._ramp_s
        if elapsed_s >= time_s:
            return self.length_m
        if elapsed_s <= 0:
            return 0.0
        cruise_mps = self.cruise_mps
        left_s = time_s - elapsed_s
        if elapsed_s < ramp_s:
            driven_m = cruise_mps * elapsed_s**2 / (2 * ramp_s)
        elif left_s < ramp_s:
            driven_m = self.length_m - cruise_mps * left_s**2 / (2 * ramp_s)
        else:
            driven_m = cruise_mps * (elapsed_s - ramp_s / 2)
        return min(max(driven_m, 0.0), self.length_m)

    def at(self, elapsed_s: float) -> Whereabouts:
        """Return the position after some seconds of driving."""
        driven_m = self.driven_m(elapsed_s)
        speed_mps = self._speed_mps(elapsed_s)
        return Whereabouts(self._place(driven_m), speed_mps, self._heading_deg(driven_m))

    def _speed_mps(self, elapsed_s: float) -> float:
        if not 0 < elapsed_s < self.travel_time_s:
            return 0.0
        share = min(elapsed_s, self.travel_time_s - elapsed_s) / self._ramp_s
        speed_mps = self.cruise_mps * min(share, 1.0)
        return speed_mps if speed_mps >= _STILL_MPS else 0.0

    def _place(self, driven_m: float) -> LonLat:
        lon = np.interp(driven_m, self._along_m, self._points[:, 0])
        lat = np.interp(driven_m, self._along_m, self._points[:, 1])
        return float(lon), float(lat)

    def _heading_deg(self, driven_m: float) -> float | None:
        """Return the heading over a car length or two, so that it changes gradually at corners."""
        behind = self._place(max(driven_m - _LOOK_M, 0.0))
        ahead = self._place(min(driven_m + _LOOK_M, self.length_m))
        if behind == ahead:
            return None
        azimuth_deg, _, _ = _EARTH.inv(*behind, *ahead)
        # A hair west of north must not round up to 360, which is no heading.
        return round(float(azimuth_deg) % 360, 1) % 360


def distance_m(one: LonLat, other: LonLat) -> float:
    """Return the great-circle distance in metres."""
    _, _, metres = _EARTH.inv(*one, *other)
    return float(metres)


def place_from(start: LonLat, bearing_deg: float, metres: float) -> LonLat:
    """Return the position at a bearing and a great-circle distance."""
    lon, lat, _ = _EARTH.fwd(*start, bearing_deg, metres)
    return float(lon), float(lat)


def _distances_along(points: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(points) == 1:
        return np.zeros(1)
    _, _, steps_m = _EARTH.inv(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1])
    return np.concatenate([[0.0], np.cumsum(steps_m)])
