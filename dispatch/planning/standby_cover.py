"""What standby points reach in time, and what share of the demand that is.

Asked again and again while a point is dragged: only that point is searched for anew. Searches run
in the engine's thread, outside any transaction, a few at a time.
"""

import base64
import hashlib
import json
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.closures.models import Closure
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.cover import cover_rows
from dispatch.cover.ground_demand import Ground
from dispatch.cover.ground_demand import GroundDemand
from dispatch.cover.shares import BoolArray
from dispatch.cover.shares import Demand
from dispatch.cover.shares import percent_tenths
from dispatch.planning.conditions import hour_asked
from dispatch.planning.conditions import in_force
from dispatch.planning.states import DemandKind
from dispatch.planning.types import AreaCoverAnswer
from dispatch.planning.types import Conditions
from dispatch.planning.types import LookAtPosts
from dispatch.planning.types import PlacesAnswer
from dispatch.planning.types import PostsCoverAnswer
from dispatch.planning.types import StreetPointsAnswer
from dispatch.roads.types import DrivingProfile
from dispatch.roads.types import PostsReached
from dispatch.roads.types import ReachPort
from dispatch.roads.types import ReachWish

MOST_PLACES: Final = 5_000
"""The latest incidents of a year: finding the streets of so many takes the engine 0.1 s, once."""
_NOWHERE: Final = np.empty((0, 2))
_MINUTE_S: Final = 60.0
_DIGITS: Final = 5
_POLYGON: Final = 3
_LEVEL: Final = 1e-6
"""Degrees: corners of an area that lie on a straight line are left out."""


class StandbyCover:
    """Tells what standby points reach.

    Parameters
    ----------
    unit_of_work
        Where zones, stations, crews and past incidents are read.
    roads
        The network.
    clock
        What time it is.
    zone
        In which hours of the week are counted.
    stale_fix_s
        A crew whose position is older is nowhere.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        roads: ReachPort,
        clock: Clock,
        *,
        zone: ZoneInfo,
        stale_fix_s: float,
    ) -> None:
        self._work = unit_of_work
        self._roads = roads
        self._clock = clock
        self._zone = zone
        self._fresh = timedelta(seconds=stale_fix_s)
        self._ground = GroundDemand(unit_of_work, roads.street_points)

    def of(self, actor: Actor, asked: LookAtPosts) -> PostsCoverAnswer:
        """Return what some points reach together under the closures in force.

        Raises
        ------
        RoadsUnavailable
            If there is no network, or it does not answer within the time set.
        """
        actor.require(Permission.PLANNING_WRITE)
        now = self._clock()
        with self._work.reading() as session:
            zones, closures = cover_rows.zones_look(session), _closures(session, now)
        ground = self._ground.of(zones, now)
        wish = self._wish(asked.conditions, ground, now)
        posts = [(each.lon, each.lat) for each in asked.posts]
        reached = self._roads.posts_reached(posts, wish)
        covered = _union(reached.points, len(ground.points))
        demand, counted, left_out = _demand(asked.conditions.demand, ground, reached)
        of_demand = covered
        if asked.conditions.demand is DemandKind.INCIDENTS:
            of_demand = _union(reached.places, len(wish.places))[~reached.places_off_road]
        return {
            "computed_at": instant(now),
            "ground_id": ground.look[0],
            "hour_used": self._roads.hours_differ,
            "closures": closures,
            "demand_count": counted,
            "left_out": left_out,
            "covered_pct": _whole_pct(asked.conditions.demand, demand, of_demand),
            "area_kind": ground.areas.kind,
            "areas": _by_area(asked.conditions.demand, ground, demand, of_demand),
            "off_road": np.flatnonzero(reached.off_road).tolist(),
            "reach": drawn(reached.area),
            "reached": base64.b64encode(np.packbits(covered).tobytes()).decode("ascii"),
        }

    def street_points(self, actor: Actor) -> StreetPointsAnswer:
        """Return where the street points are, for a map of what two variants reach.

        Raises
        ------
        RoadsUnavailable
            As above.
        """
        actor.require(Permission.PLANNING_WRITE)
        ground_id, points = self._roads.street_points()
        return {"ground_id": ground_id, "points": points.round(_DIGITS).tolist()}

    def places(self, actor: Actor) -> PlacesAnswer:
        """Return the stations, and the idle crews where they are now."""
        actor.require(Permission.PLANNING_WRITE)
        with self._work.reading() as session:
            stations = cover_rows.stations(session)
            crews = cover_rows.idle_crews(session, self._clock() - self._fresh)
        return {
            "stations": [
                {"name": name, "lon": lonlat[0], "lat": lonlat[1]} for name, lonlat in stations
            ],
            "crews": [
                {"name": each.name, "lon": each.lonlat[0], "lat": each.lonlat[1]} for each in crews
            ],
        }

    def _wish(self, conditions: Conditions, ground: Ground, now: datetime) -> ReachWish:
        with_places = conditions.demand is DemandKind.INCIDENTS
        places = ground.past[:MOST_PLACES] if with_places else _NOWHERE
        return ReachWish(
            limit_s=conditions.minutes * _MINUTE_S,
            profile=DrivingProfile(conditions.profile),
            at=hour_asked(conditions.hour_of_week, now, self._zone),
            places=places,
            places_key=hashlib.sha256(np.ascontiguousarray(places).tobytes()).hexdigest(),
        )


def _closures(session: Session, now: datetime) -> int:
    query = select(func.count()).select_from(Closure).where(in_force(now))
    return session.scalar(query) or 0


def _union(each: NDArray[np.bool_], length: int) -> BoolArray:
    return np.asarray(each.any(axis=0)) if len(each) else np.zeros(length, dtype=np.bool_)


def _demand(kind: DemandKind, ground: Ground, reached: PostsReached) -> tuple[Demand, int, int]:
    """Return the demand by area, how much there is, and how much was left out."""
    if kind is not DemandKind.INCIDENTS:
        return ground.demand, len(ground.points), 0
    places = ground.past[: len(reached.places_off_road)][~reached.places_off_road]
    demand = Demand(ground.areas.containing(places), ground.demand.weights)
    return demand, len(places), int(reached.places_off_road.sum())


def _whole_pct(kind: DemandKind, demand: Demand, covered: BoolArray) -> float:
    if kind is DemandKind.ZONES:
        return percent_tenths(demand.worth(covered))
    return percent_tenths(float(covered.mean())) if len(covered) else 0.0


def _by_area(
    kind: DemandKind, ground: Ground, demand: Demand, covered: BoolArray
) -> list[AreaCoverAnswer]:
    """Return what is covered of each area in which there is demand."""
    shares, counts = demand.shares(covered), demand.counts()
    weights = demand.weights if kind is DemandKind.ZONES else counts / max(len(covered), 1)
    return [
        {
            "name": name,
            "name_zh": name_zh,
            "covered_pct": percent_tenths(float(shares[number])),
            "demand": percent_tenths(float(weights[number])),
        }
        for number, (name, name_zh) in enumerate(ground.areas.names)
        if counts[number]
    ]


def drawn(area: shapely.MultiPolygon) -> dict[str, Any]:
    """Return an area as GeoJSON, true to a metre, without corners that are none."""
    level = shapely.simplify(area, _LEVEL, preserve_topology=False)
    rounded = shapely.transform(level, lambda lonlat: lonlat.round(_DIGITS))
    parts = shapely.get_parts(rounded)
    polygons = parts[shapely.get_type_id(parts) == _POLYGON]
    shown: dict[str, Any] = json.loads(shapely.to_geojson(shapely.MultiPolygon(list(polygons))))
    return shown
