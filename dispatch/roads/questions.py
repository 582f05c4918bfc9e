"""What a router is asked, in the terms of dispatch: refusals come as dispatch's own.

Pure functions of a router; each runs where `dispatch.roads.adapter` runs it.
"""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon

from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.roads.origin_streets import OriginStreets
from dispatch.roads.post_reach import PostReached
from dispatch.roads.types import DrivingProfile
from dispatch.roads.types import LonLat
from dispatch.roads.types import Origin
from dispatch.roads.types import ReachWish
from dispatch.roads.types import RoadMatrix
from dispatch.roads.types import RoadTimes
from routing.errors import ClosureError
from routing.errors import OutsideNetworkError
from routing.locate.nearby_streets import NearbyStreets
from routing.locate.road_stretches import StretchFinder
from routing.network.arrays import FloatArray
from routing.network.line_geometry import Lines
from routing.router import Router

POSTS_AT_ONCE = 4
"""Standby points searched in one question: 60 ms at most in a city of Porto's size."""


def get_ready(router: Router, at: datetime, profiles: Iterable[DrivingProfile]) -> None:
    """Make the weights of an hour before the first question that needs them."""
    for profile in profiles:
        router.under(profile=profile, at=at)


def router_of(streets: OriginStreets, now: datetime, profile: DrivingProfile) -> Router:
    """Return the router of a profile at an instant, its weights made."""
    return streets.router.under(profile=profile, at=now)


def travel_times(
    streets: OriginStreets,
    now: datetime,
    origins: Sequence[Origin],
    target: LonLat,
    profiles: Sequence[DrivingProfile],
) -> RoadTimes | None:
    """Return the travel time of each origin to a target; None when no road is near the target."""
    starts = streets.find(origins)
    times_s = _under_each(streets, now, profiles, starts, target, Router.travel_times_to)
    if times_s is None:
        return None
    return RoadTimes(times_s.tolist(), (~starts.on_road).tolist())


def time_matrix(
    streets: OriginStreets,
    now: datetime,
    origins: Sequence[Origin],
    targets: Sequence[LonLat],
    profiles: Sequence[DrivingProfile],
) -> RoadMatrix:
    """Return the travel times of each origin to each target, one matrix a profile."""
    starts = streets.find(origins)
    goals = streets.router.streets_to(targets)
    times_s = np.full((len(starts), len(goals)), np.inf)
    for profile in sorted(set(profiles)):
        rows = np.flatnonzero([each is profile for each in profiles])
        under = streets.router.under(profile=profile, at=now)
        times_s[rows] = under.matrix(starts[rows], goals)
    return RoadMatrix(times_s, ~starts.on_road, ~goals.on_road)


def street_points(streets: OriginStreets) -> NDArray[np.float64]:
    """Return where the points spread over the streets are; WGS 84, shape ``(p, 2)``."""
    return streets.reach.points.lonlat


def points_reached(
    streets: OriginStreets, now: datetime, origins: Sequence[Origin], limit_s: float
) -> NDArray[np.bool_]:
    """Return which of these points are reached in time from the nearest origin, by the rules."""
    known = streets.reach.known(origins, limit_s, now)
    if known is not None:
        return known
    under = streets.router.under(profile=DrivingProfile.NORMAL, at=now)
    starts = streets.find(origins)
    return streets.reach.find(under, starts, origins, limit_s, now)


def posts_reached(
    streets: OriginStreets, posts: Sequence[LonLat], wish: ReachWish
) -> Mapping[LonLat, PostReached]:
    """Return what posts reach: all that are known, and the first few of the others."""
    under = streets.router.under(profile=wish.profile, at=wish.at)
    return streets.posts.find(under, streets.reach.points, posts, wish, POSTS_AT_ONCE)


def posts_area(
    streets: OriginStreets, cells: Sequence[NDArray[np.int64]], wish: ReachWish
) -> tuple[MultiPolygon, NDArray[np.bool_]]:
    """Return the area of all cells, and which of the places asked about are off road."""
    return streets.posts.area(cells), streets.posts.places_off_road(wish)


def way_lengths(
    streets: OriginStreets,
    now: datetime,
    origins: Sequence[Origin],
    target: LonLat,
    profiles: Sequence[DrivingProfile],
) -> Sequence[float] | None:
    """Return the lengths of the fastest ways, metres, ``inf`` where there is none."""
    starts = streets.find(origins)
    lengths_m = _under_each(streets, now, profiles, starts, target, Router.path_lengths_to)
    if lengths_m is None:
        return None
    found: list[float] = lengths_m.tolist()
    return found


def _under_each(
    streets: OriginStreets,
    now: datetime,
    profiles: Sequence[DrivingProfile],
    starts: NearbyStreets,
    target: LonLat,
    asked: Callable[[Router, NearbyStreets, LonLat], FloatArray],
) -> FloatArray | None:
    """Return what is asked of each origin under its profile; None when no road is near the target.

    One question a profile: ``inf`` where there is no way.
    """
    found = np.full(len(starts), np.inf)
    try:
        for profile in sorted(set(profiles)):
            rows = np.flatnonzero([each is profile for each in profiles])
            under = streets.router.under(profile=profile, at=now)
            found[rows] = asked(under, starts[rows], target)
    except OutsideNetworkError:
        return None
    return found


def stretch(streets: OriginStreets, points: Sequence[LonLat]) -> list[LonLat]:
    """Return the line of the road between points.

    Raises
    ------
    InvalidInput
        On ``geometry``, if a point is off road or no road joins them.
    """
    router = streets.router
    snaps = router.snap(points)
    for number, edge in enumerate(snaps.edge, 1):
        if edge < 0:
            message = N_("point %(number)s is on no road: there is none within %(limit_m)s m")
            limit_m = round(router.snap_limit_m)
            raise InvalidInput.one("geometry", message, number=number, limit_m=limit_m)
    lines = Lines(router.network.roads)
    along = StretchFinder(router.network, lines)
    line: list[LonLat] = []
    try:
        for at in range(len(snaps) - 1):
            found = along.between(snaps[at : at + 1], snaps[at + 1 : at + 2])
            for edge, from_m, to_m in zip(found.edge, found.from_m, found.to_m, strict=True):
                line += map(tuple, lines.cut(int(edge), from_m, to_m).round(7).tolist())
    except ClosureError as error:
        message = N_("no road joins these points; mark two different places on roads that meet")
        raise InvalidInput.one("geometry", message) from error
    return [each for at, each in enumerate(line) if at == 0 or each != line[at - 1]]
