"""Reads GeoJSON outlines as people drew them or a program sent them: closures and zones alike."""

import math
import re
from collections.abc import Mapping
from typing import Any

import shapely
from pyproj import Geod

from dispatch.core.errors import N_
from dispatch.roads.types import LonLat
from geodata.ground.service import GroundInfo

_CORNERS = 3
_LONLAT = 2
_DIGITS = 7  # a centimetre
_GEOD = Geod(ellps="WGS84")
_AT = re.compile(r"\[(\S+) (\S+)\]")


class RefusedShapeError(Exception):
    """A geometry that cannot be one; says why."""

    def __init__(self, msgid: str, **params: object) -> None:
        super().__init__(msgid)
        self.msgid, self.params = msgid, params


def coordinates(raw: object, *types: str) -> tuple[str, list[Any]]:
    """Return the type of a GeoJSON geometry, one of ``types``, and its coordinates, unchecked."""
    wanted = N_("must be a GeoJSON %(type)s")
    if not isinstance(raw, Mapping) or raw.get("type") not in types:
        raise RefusedShapeError(wanted, type=" / ".join(types))
    found = raw.get("coordinates")
    if not isinstance(found, list):
        raise RefusedShapeError(wanted, type=" / ".join(types))
    return str(raw["type"]), found


def positions(raw: object) -> list[LonLat]:
    """Return a row of positions, longitude first, rounded to a centimetre."""
    if not isinstance(raw, list):
        raise RefusedShapeError(N_("must have positions of two numbers: lon, lat"))
    return [_position(each) for each in raw]


def polygon(rings: object, *, most_points: int) -> list[list[LonLat]]:
    """Return the rings of a polygon, closed, if they make one.

    Parameters
    ----------
    rings
        The outline and then its holes, as GeoJSON has them.
    most_points
        How many corners all rings may have together.

    Raises
    ------
    RefusedShapeError
        If it has too few corners or too many, or crosses itself; then it says where.
    """
    if not isinstance(rings, list) or not rings:
        raise RefusedShapeError(N_("needs at least three corners"))
    drawn = [_closed(positions(ring)) for ring in rings]
    if sum(len(ring) for ring in drawn) > most_points:
        raise RefusedShapeError(N_("may have at most %(limit)s corners"), limit=most_points)
    if any(len(set(ring)) < _CORNERS for ring in drawn):
        raise RefusedShapeError(N_("needs at least three corners"))
    check_valid(shapely.Polygon(drawn[0], drawn[1:]))
    return drawn


def check_valid(shape: shapely.Geometry) -> None:
    """Refuse a shape that crosses itself, and say where."""
    if shapely.is_valid(shape):
        return
    found = _AT.search(shapely.is_valid_reason(shape))
    if found is None:
        raise RefusedShapeError(N_("crosses or touches itself"))
    lon, lat = (f"{float(each):.5f}" for each in found.groups())
    raise RefusedShapeError(N_("crosses or touches itself at %(lat)s, %(lon)s"), lon=lon, lat=lat)


def area_km2(shape: shapely.Geometry) -> float:
    """Return the area of a shape in degrees, on the ellipsoid, in square kilometres."""
    return float(abs(_GEOD.geometry_area_perimeter(shape)[0]) / 1e6)


def check_on(ground: GroundInfo | None, geometry: Mapping[str, Any]) -> None:
    """Refuse what has nothing to do with the ground in use."""
    points = shapely.get_coordinates(shapely.geometry.shape(dict(geometry))).tolist()
    if ground is None or _overlaps(ground, points):
        return
    if _overlaps(ground, [[lat, lon] for lon, lat in points]):
        raise RefusedShapeError(
            N_("lies outside the map; longitude and latitude look swapped (longitude goes first)")
        )
    raise RefusedShapeError(N_("lies outside the map"))


def _position(raw: object) -> LonLat:
    if not isinstance(raw, list) or len(raw) not in {_LONLAT, _LONLAT + 1}:
        raise RefusedShapeError(N_("must have positions of two numbers: lon, lat"))
    for value in raw:
        if not _is_number(value):
            raise RefusedShapeError(N_("must have positions of two numbers: lon, lat"))
    lon, lat = raw[:_LONLAT]
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # noqa: PLR2004  (degrees of the globe)
        raise RefusedShapeError(
            N_("must be lon,lat in degrees; did you swap longitude and latitude?")
        )
    return round(float(lon), _DIGITS), round(float(lat), _DIGITS)


def _is_number(raw: object) -> bool:
    """Tell whether a value is a number that a calculation can use."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return False
    try:
        return math.isfinite(raw)
    except OverflowError:  # a whole number beyond any double
        return False


def _closed(ring: list[LonLat]) -> list[LonLat]:
    """Return a ring that ends where it begins; GeoJSON wants that, people forget it."""
    return ring if not ring or ring[0] == ring[-1] else [*ring, ring[0]]


def _overlaps(ground: GroundInfo, points: list[list[float]]) -> bool:
    west, south, east, north = ground.bounds
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return min(lons) <= east and max(lons) >= west and min(lats) <= north and max(lats) >= south
