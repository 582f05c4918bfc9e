"""Ask a router for the way to a place, its alternatives, and the way that somebody chose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.roads.origin_streets import OriginStreets
from dispatch.roads.types import DrivingProfile
from dispatch.roads.types import LonLat
from dispatch.roads.types import Origin
from dispatch.roads.types import RoadRoute
from dispatch.roads.types import Via
from routing.errors import OutsideNetworkError
from routing.errors import UnreachableError
from routing.locate.nearby_streets import NearbyStreets
from routing.network.line_geometry import Lines
from routing.network.line_geometry import bearing_deg
from routing.paths.route import Route
from routing.router import Router
from routing.ways.differences import told_apart

_MOST_OTHERS = 2
_DETOUR, _DETOUR_S = 1.25, 60.0
"""A chosen way is kept to while it takes no longer than this beside the fastest one: its street may
lie behind by now, or roads may be closed."""


@dataclass(frozen=True, slots=True)
class RouteWish:
    """How a way is driven, told and chosen; see `RoadPort.route`."""

    profile: DrivingProfile
    language: str | None
    alternatives: bool
    via: Via | None


def route(
    streets: OriginStreets, now: datetime, ends: tuple[Origin, LonLat], wish: RouteWish
) -> RoadRoute:
    """Return the way that is wished for.

    Raises
    ------
    Conflict
        ``off_road`` or ``unreachable``.
    """
    under = streets.router.under(profile=wish.profile, at=now)
    origin, target = ends
    start = streets.find([origin])
    try:
        fastest = under.route(start, target)
        chosen = _by(under, start, target, wish.via, fastest)
        others = _others(under, start, target, fastest, chosen) if wish.alternatives else []
    except OutsideNetworkError as error:
        message = N_("The nearest road is %(distance_m)s m away: there is no way by road.")
        raise Conflict("off_road", message, {"distance_m": round(error.distance_m)}) from error
    except UnreachableError as error:
        message = N_("No road leads there.")
        raise Conflict("unreachable", message) from error
    ways = [chosen or fastest, *others]
    names = told_apart(streets.router.network, ways) if wish.alternatives else [""]
    # Words are the same under all profiles, and what they need of the network outlasts `under`.
    told = [
        _told(streets.router, way, name, wish.language)
        for way, name in zip(ways, names, strict=True)
    ]
    first = told[0]
    return RoadRoute(
        first.line,
        first.length_m,
        first.travel_time_s,
        first.walk_to_road_m,
        first.steps,
        told[1:] if wish.alternatives else None,
        first.via,
        first.by,
    )


def _by(
    router: Router, start: NearbyStreets, target: LonLat, via: Via | None, fastest: Route
) -> Route | None:
    """Return the way that was chosen; None if it is the fastest, a detour by now, or none."""
    if via is None:
        return None
    snap = router.snap([(via.lon, via.lat)], via.heading_deg)
    if snap.edge[0] < 0:
        return None
    try:
        found = router.route_via(start, target, int(snap.edge[0]))
    except UnreachableError:
        return None
    if found.travel_time_s > _DETOUR * fastest.travel_time_s + _DETOUR_S:
        return None
    return None if np.array_equal(found.edges, fastest.edges) else found


def _others(
    router: Router, start: NearbyStreets, target: LonLat, fastest: Route, chosen: Route | None
) -> list[Route]:
    """Return the ways to offer beside the one that is driven, the best first."""
    found = router.alternatives(start, target, _MOST_OTHERS)
    if chosen is None:
        return found
    different = [each for each in found if not np.array_equal(each.edges, chosen.edges)]
    return [fastest, *different][:_MOST_OTHERS]


def _told(router: Router, way: Route, name: str, language: str | None) -> RoadRoute:
    return RoadRoute(
        line=line_of(way),
        length_m=way.length_m,
        travel_time_s=way.travel_time_s,
        walk_to_road_m=way.walks.before_m,
        steps=None if language is None else router.guide(way, language).as_dicts(),
        via=None if way.via_edge is None else _middle_of(router, way.via_edge),
        by=name,
    )


def line_of(way: Route) -> Sequence[LonLat]:
    """Return the line of a way, longitude first."""
    return [(lon, lat) for lon, lat in way.line.tolist()]


def _middle_of(router: Router, edge: int) -> Via:
    """Return a place that names an edge: its middle, and the direction of driving there."""
    lines = Lines(router.network.roads)
    length_m = float(lines.length_m[edge // 2])
    place = router.on_edges(np.array([edge]), np.array([length_m / 2.0])).lonlat[0]
    ahead = lines.cut(edge, length_m / 2.0, length_m)
    heading_deg = float(bearing_deg(ahead[0], ahead[1]))
    return Via(round(float(place[0]), 7), round(float(place[1]), 7), round(heading_deg, 1))
