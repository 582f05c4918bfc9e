"""A local flat plane in metres, accurate to some per mille within one city."""

import numpy as np
from numpy.typing import NDArray

from geodata.crs.great_circle import EARTH_RADIUS_M

_METRES_PER_DEGREE = np.radians(EARTH_RADIUS_M)
_LEAST_SHRUNK = 0.01  # at the poles a degree of longitude is nothing, and nothing divides


class Plane:
    """Metres east and north, accurate near one latitude."""

    def __init__(self, lat: float) -> None:
        shrunk = max(np.cos(np.radians(lat)), _LEAST_SHRUNK)
        self._metres = _METRES_PER_DEGREE * np.array([shrunk, 1.0])

    def project(self, lonlat: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return positions in degrees as metres, longitude first, shape ``(…, 2)``."""
        metres: NDArray[np.float64] = lonlat * self._metres
        return metres

    def distances_m(
        self, lonlat: NDArray[np.floating], to: NDArray[np.floating]
    ) -> NDArray[np.float64]:
        """Return the distances of positions, shape ``(n, 2)``, from one, shape ``(n,)``."""
        away: NDArray[np.float64] = np.hypot(*self.project(lonlat - to).T)
        return away

    def degrees(self, reach_m: float) -> tuple[float, float]:
        """Return a distance in metres as degrees to the east and to the north."""
        east, north = (reach_m / self._metres).tolist()
        return east, north
