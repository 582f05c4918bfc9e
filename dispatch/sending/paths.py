"""Paths by road: of a crew to an incident, and between any two places."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import cast

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.errors import RoadsUnavailable
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.roads.types import DrivingProfile
from dispatch.roads.types import LonLat
from dispatch.roads.types import Origin
from dispatch.roads.types import RoadPort
from dispatch.roads.types import RoadRoute
from dispatch.roads.types import Via
from dispatch.sending import crew_facts
from dispatch.sending.path_types import OtherWay
from dispatch.sending.path_types import RouteStep
from dispatch.sending.path_types import ViaPoint
from dispatch.sending.path_types import WayAnswer
from dispatch.sending.path_types import WayProperties
from dispatch.sending.policy import profile_of


@dataclass(frozen=True, slots=True)
class Drive:
    """A crew's drive to an incident from where it is now."""

    origin: Origin
    target: LonLat
    profile: DrivingProfile


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a crew is to drive to, and how; from where, if that is known."""

    origin: Origin | None
    target: LonLat
    profile: DrivingProfile


class Drives:
    """Knows where crews are, where they are sent to, and how they drive there."""

    def __init__(self, unit_of_work: UnitOfWork, emergency_kinds: Collection[str]) -> None:
        self._work = unit_of_work
        self._emergency_kinds = emergency_kinds

    def of_crew(self, incident_id: int, crew_id: int) -> Drive | None:
        """Return a crew's drive to an incident; None when the crew has no fix.

        Raises
        ------
        NotFound
            If there is no such incident.
        """
        aim = self.to_incident(incident_id, crew_id)
        return None if aim.origin is None else Drive(aim.origin, aim.target, aim.profile)

    def to_incident(self, incident_id: int, crew_id: int) -> Aim:
        """Return where a crew is to drive to, and from where if that is known.

        Raises
        ------
        NotFound
            If there is no such incident.
        """
        with self._work.reading() as session:
            place = crew_facts.place(session, incident_id)
            if place is None:
                raise NotFound.thing("incident", incident_id)
            found = crew_facts.origin(session, crew_id)
        origin, emergency_drive = (None, False) if found is None else found
        profile = profile_of(place.kind, self._emergency_kinds, emergency_drive=emergency_drive)
        return Aim(origin, place.lonlat, profile)


class TravelTimes:
    """Travel times of crews from where they are now."""

    def __init__(self, drives: Drives, roads: RoadPort) -> None:
        self._drives = drives
        self._roads = roads

    def to_incident(self, incident_id: int, crew_id: int) -> float | None:
        """Return how long a crew takes to an incident, in seconds; None when unknown."""
        drive = self._drives.of_crew(incident_id, crew_id)
        if drive is None:
            return None
        try:
            times = self._roads.travel_times_to([drive.origin], drive.target, [drive.profile])
        except RoadsUnavailable:  # a crew that sets out says so, whether or not a time is known
            return None
        seconds = times.travel_time_s[0] if times else math.inf
        return seconds if math.isfinite(seconds) else None


class PathService:
    """Fastest paths as GeoJSON features, longitude first."""

    def __init__(self, drives: Drives, roads: RoadPort) -> None:
        self._drives = drives
        self._roads = roads

    def of_crew(
        self, actor: Actor, incident_id: int, crew_id: int, *, alternatives: bool = False
    ) -> WayAnswer:
        """Return the path of a crew from where it is now to an incident.

        With alternatives it carries up to two other sensible paths.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        drive = self._drives.of_crew(incident_id, crew_id)
        if drive is None:
            raise no_fix()
        return self.fastest(
            drive.origin, drive.target, profile=drive.profile, alternatives=alternatives
        )

    def between(
        self,
        actor: Actor,
        origin: LonLat,
        target: LonLat,
        *,
        language: str | None = None,
    ) -> WayAnswer:
        """Return the fastest path between two places, for anybody who is signed in.

        With a language, ``"zh"`` or ``"en"``, it carries its steps in words.

        Raises
        ------
        Conflict
            ``off_road``, ``unreachable`` or ``no_road_time``.
        """
        del actor
        return self.fastest(Origin(*origin), target, language=language)

    def fastest(
        self,
        origin: Origin,
        target: LonLat,
        *,
        profile: DrivingProfile = DrivingProfile.NORMAL,
        language: str | None = None,
        alternatives: bool = False,
        via: Via | None = None,
    ) -> WayAnswer:
        """Return the fastest path between two places that are known to be places.

        With ``via`` the one that leads by that place, unless it is a detour.
        """
        route = self._roads.route(
            origin, target, profile=profile, language=language, alternatives=alternatives, via=via
        )
        return _feature(route, profile)


def no_fix() -> Conflict:
    """Return the refusal of a way from where nobody knows."""
    return Conflict("no_fix", N_("The position of this crew is not known yet."))


def _feature(route: RoadRoute, profile: DrivingProfile) -> WayAnswer:
    properties = WayProperties(
        length_m=round(route.length_m, 1),
        travel_time_s=round(route.travel_time_s, 1),
        walk_to_road_m=round(route.walk_to_road_m, 1),
        profile=profile,
    )
    if route.steps is not None:
        properties["steps"] = cast("list[RouteStep]", list(route.steps))
    if route.alternatives is not None:
        properties["by"], properties["via"] = route.by, _via(route)
        properties["alternatives"] = [_other(other) for other in route.alternatives]
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [list(each) for each in route.line]},
        "properties": properties,
    }


def _other(route: RoadRoute) -> OtherWay:
    other = OtherWay(
        coordinates=[list(each) for each in route.line],
        length_m=round(route.length_m, 1),
        travel_time_s=round(route.travel_time_s, 1),
        walk_to_road_m=round(route.walk_to_road_m, 1),
        by=route.by,
        via=_via(route),
    )
    if route.steps is not None:
        other["steps"] = cast("list[RouteStep]", list(route.steps))
    return other


def _via(route: RoadRoute) -> ViaPoint | None:
    via = route.via
    return None if via is None else ViaPoint(lon=via.lon, lat=via.lat, heading_deg=via.heading_deg)
