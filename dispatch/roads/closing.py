"""Closes the roads of a router as dispatch's closures say."""

import logging
from collections.abc import Sequence
from datetime import datetime

from dispatch.roads.types import RoadClosure
from routing.closures.types import ClosedArea
from routing.closures.types import ClosedDirections
from routing.closures.types import ClosedStretch
from routing.closures.types import Closure
from routing.errors import ClosureError
from routing.router import Router

_log = logging.getLogger(__name__)


def close_roads(router: Router, closures: Sequence[RoadClosure], now: datetime) -> datetime | None:
    """Close all at once and open everything else; return when the next one begins or ends.

    One that the present ground has no place for must not keep others open.
    """
    wanted = [as_closure(each) for each in closures]
    try:
        return router.set_closures(wanted, now).next_change_at
    except ClosureError:
        placed = [each for each in wanted if _can_be_placed(router, each, now)]
        return router.set_closures(placed, now).next_change_at


def _can_be_placed(router: Router, closure: Closure, now: datetime) -> bool:
    try:
        router.set_closures([closure], now)
    except ClosureError as error:
        _log.warning("closure %s has no place on this ground: %s", closure.key, error)
        return False
    return True


def as_closure(closure: RoadClosure) -> Closure:
    """Return a closure in routing's terms."""
    geometry = closure.geometry
    place: ClosedArea | ClosedStretch
    if geometry["type"] == "Polygon":
        place = ClosedArea.from_geojson(geometry)
    else:
        points = tuple((lon, lat) for lon, lat in geometry["coordinates"])
        place = ClosedStretch(points, ClosedDirections(closure.direction))
    return Closure(str(closure.id), place, closure.from_at, closure.until_at)
