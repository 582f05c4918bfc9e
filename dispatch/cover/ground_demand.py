"""What is to be covered on the ground in use: areas, points on its streets, past incidents.

Shared by what a send uncovers and by what planners ask of standby points, so that both mean the
same by cover.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Final

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from dispatch.core.scope import Scope
from dispatch.core.scope import current
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.cover import cover_rows
from dispatch.cover.areas import Areas
from dispatch.cover.areas import find_areas
from dispatch.cover.shares import Demand

_KEPT_FOR: Final = timedelta(minutes=10)
_KEPT: Final = 8
ZonesLook = tuple[int, datetime | None]
StreetPoints = Callable[[], tuple[int, NDArray[np.float64]]]
Look = tuple[int, ZonesLook, Scope | None]


@dataclass(frozen=True, slots=True)
class Ground:
    """Areas and demand of one ground and set of zones; past incidents as of some minutes ago.

    Attributes
    ----------
    look
        Changes whenever the ground, a zone, or whose rows are seen does.
    points
        Spread over the streets, each standing for as much road as another; shape ``(p, 2)``.
    past
        Where incidents of a year were, the latest first; shape ``(n, 2)``.
    """

    look: Look
    made_at: datetime
    areas: Areas
    demand: Demand
    points: NDArray[np.float64]
    past: NDArray[np.float64]


class GroundDemand:
    """Makes it anew for another ground or other zones, or after a while.

    Parameters
    ----------
    unit_of_work
        Where zones and incidents are read.
    street_points
        As of `RoadPort`; raises `RoadsUnavailable`.
    """

    def __init__(self, unit_of_work: UnitOfWork, street_points: StreetPoints) -> None:
        self._work = unit_of_work
        self._street_points = street_points
        self._kept: LRUCache[Look, Ground] = LRUCache(_KEPT)
        self._making = threading.Lock()

    def of(self, zones: ZonesLook, now: datetime) -> Ground:
        """Return what is to be covered.

        Parameters
        ----------
        zones
            `cover_rows.zones_look`, read just now.
        now
            What time it is.

        Raises
        ------
        RoadsUnavailable
            If the road network does not answer.
        """
        ground_id, lonlat = self._street_points()
        scope = current()
        look = ground_id, zones, scope and scope.sight()
        with self._making:
            kept = self._kept.get(look)
            if kept and timedelta() <= now - kept.made_at < _KEPT_FOR:
                return kept
            with self._work.reading() as session:
                made = _read(session, look, lonlat, now)
            self._kept[look] = made
            return made


def _read(session: Session, look: Look, lonlat: NDArray[np.float64], now: datetime) -> Ground:
    areas = find_areas(cover_rows.outlines(session), lonlat)
    past = cover_rows.past_places(session, now)
    of_past = areas.containing(past)
    incidents = np.bincount(of_past[of_past >= 0], minlength=len(areas.names))
    return Ground(look, now, areas, Demand.of_history(areas.of_point, incidents), lonlat, past)
