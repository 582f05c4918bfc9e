"""Which points of the streets are reached in time by somebody: found once while nobody moves."""

import threading
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Final

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from dispatch.roads.types import Origin
from routing.locate.nearby_streets import NearbyStreets
from routing.reach.street_points import StreetPoints
from routing.router import Router

MOST_POINTS: Final = 3_000
"""One for every 700 m of road in Porto, for every 40 m in Monaco."""
_KEPT: Final = 4_000
_DIGITS: Final = 4
"""Degrees are rounded to so many digits, some 10 m: a crew that stands is found again."""
Key = tuple[frozenset[tuple[float, float]], float, datetime]


class StreetReach:
    """Points of one network, and which of them the latest groups of origins reach."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._lock = threading.Lock()
        self._kept: LRUCache[Key, NDArray[np.bool_]] = LRUCache(_KEPT)

    @cached_property
    def points(self) -> StreetPoints:
        """The points, made with the first question."""
        return self._router.spread_points(MOST_POINTS)

    def known(
        self, origins: Sequence[Origin], limit_s: float, now: datetime
    ) -> NDArray[np.bool_] | None:
        """Return what was found for the same places, limit and hour; None if nothing was."""
        with self._lock:
            return self._kept.get(_key(origins, limit_s, now))

    def find(
        self,
        router: Router,
        starts: NearbyStreets,
        origins: Sequence[Origin],
        limit_s: float,
        now: datetime,
    ) -> NDArray[np.bool_]:
        """Return which points are reached within the limit from the nearest origin, and keep it."""
        found = np.zeros(len(self.points.segment), dtype=np.bool_)
        if len(starts):
            found = router.points_reached(starts, self.points, limit_s)
        with self._lock:
            self._kept[_key(origins, limit_s, now)] = found
        return found

    def forget(self) -> None:
        """Drop all that was found: other roads are closed now."""
        with self._lock:
            self._kept.clear()


def _key(origins: Sequence[Origin], limit_s: float, now: datetime) -> Key:
    places = frozenset((round(each.lon, _DIGITS), round(each.lat, _DIGITS)) for each in origins)
    return places, limit_s, now.replace(minute=0, second=0, microsecond=0)
