"""What single standby points reach in time: searched once, while no closure begins or ends.

Planners drag one point of many and want to see at once what changes. So each point is a search of
its own; what is covered by all of them is the union, and the areas are drawn from the union of grid
cells, which takes as long as for one of them.
"""

import threading
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import shapely
from cachetools import LRUCache
from numpy.typing import NDArray

from dispatch.core.errors import N_
from dispatch.core.errors import RoadsUnavailable
from dispatch.roads.types import DrivingProfile
from dispatch.roads.types import LonLat
from dispatch.roads.types import PostsReached
from dispatch.roads.types import ReachWish
from routing.reach.street_points import StreetPoints
from routing.router import Router

_KEPT: Final = 500
_PLACES_KEPT: Final = 8
_MOST_CELLS: Final = 20_000
"""Of 60 m: a quarter of Porto. More are joined: 0.4 s of drawing become 10 ms."""
_DIGITS: Final = 5
"""Degrees are rounded to so many digits, about a metre."""
_Key = tuple[LonLat, float, DrivingProfile, datetime, str]


@dataclass(frozen=True, slots=True)
class PostReached:
    """What one standby point reaches.

    ``points`` and ``places`` as in `PostsReached`; ``cells`` are the grid cells of its area.
    """

    points: NDArray[np.bool_]
    places: NDArray[np.bool_]
    cells: NDArray[np.int64]
    off_road: bool


@dataclass(frozen=True, slots=True)
class _Places:
    """Places that count as demand, on the streets nearest to them."""

    on_road: NDArray[np.bool_]
    points: StreetPoints


class PostReach:
    """What the latest standby points reach on one network."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._lock = threading.Lock()
        self._kept: LRUCache[_Key, PostReached] = LRUCache(_KEPT)
        self._places: LRUCache[str, _Places] = LRUCache(_PLACES_KEPT)

    def find(
        self,
        router: Router,
        points: StreetPoints,
        posts: Sequence[LonLat],
        wish: ReachWish,
        most_searches: int,
    ) -> Mapping[LonLat, PostReached]:
        """Return what posts reach: all that are known, and some that are searched for now.

        Parameters
        ----------
        router
            Of the profile and hour that are wished.
        points
            Those spread over the streets.
        most_searches
            How many at a time.
        """
        found: dict[LonLat, PostReached] = {}
        for post in posts:
            key = _key(post, wish)
            with self._lock:
                known = self._kept.get(key)
            if known is None and most_searches > 0:
                most_searches -= 1
                known = self._search(router, points, post, wish)
                with self._lock:
                    self._kept[key] = known
            if known is not None:
                found[post] = known
        return found

    def area(self, cells: Sequence[NDArray[np.int64]]) -> shapely.MultiPolygon:
        """Return the area of the cells of several posts."""
        together = np.unique(np.concatenate([np.empty(0, np.int64), *cells]))
        return self._router.area_of(together, _MOST_CELLS)

    def places_off_road(self, wish: ReachWish) -> NDArray[np.bool_]:
        """Return which of the places asked about lie off every road."""
        return ~self._placed(wish).on_road

    def forget(self) -> None:
        """Drop what was found: other roads are closed now. Where places lie stays known."""
        with self._lock:
            self._kept.clear()

    def _search(
        self, router: Router, points: StreetPoints, post: LonLat, wish: ReachWish
    ) -> PostReached:
        starts = router.streets_from([post])
        reached = router.intervals_reached(starts, wish.limit_s)
        placed = self._placed(wish)
        places = np.zeros(len(placed.on_road), dtype=np.bool_)
        places[placed.on_road] = placed.points.within(reached)
        off_road = not bool(starts.on_road[0])
        return PostReached(
            points.within(reached), places, np.unique(router.cells_of(reached)), off_road
        )

    def _placed(self, wish: ReachWish) -> _Places:
        with self._lock:
            known = self._places.get(wish.places_key)
        if known is None:
            snaps = self._router.snap(wish.places)
            known = _Places(snaps.on_road, self._router.points_on(snaps[snaps.on_road]))
            with self._lock:
                self._places[wish.places_key] = known
        return known


def joined(
    each: Sequence[PostReached], area: shapely.MultiPolygon, places_off_road: NDArray[np.bool_]
) -> PostsReached:
    """Return what some posts reach, with the area of all.

    Raises
    ------
    RoadsUnavailable
        If another network took the place of the first in between.
    """
    if len({len(post.points) for post in each}) > 1:
        raise RoadsUnavailable(N_("The road network changed just now. Try again."))
    none = np.empty((0, 0), dtype=np.bool_)
    return PostsReached(
        points=np.array([post.points for post in each]) if each else none,
        places=np.array([post.places for post in each]) if each else none,
        places_off_road=places_off_road,
        off_road=np.array([post.off_road for post in each], dtype=np.bool_),
        area=area,
    )


def _key(post: LonLat, wish: ReachWish) -> _Key:
    place = round(post[0], _DIGITS), round(post[1], _DIGITS)
    hour = wish.at.replace(minute=0, second=0, microsecond=0)
    return place, wish.limit_s, wish.profile, hour, wish.places_key
