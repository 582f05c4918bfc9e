"""Reads the place of a closure as somebody marked it on a map."""

import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from pyproj import Geod

from dispatch.errors import N_
from dispatch.fields import FieldReader
from dispatch.fields import is_number
from dispatch.ports import LonLat
from geodata.ground import GroundInfo

KINDS = ("area", "road")
DIRECTIONS = ("both", "along", "against")
FIELD = "geometry"
MOST_POINTS = 1_000
LARGEST_KM2 = 100.0
_TYPE_OF = {"area": "Polygon", "road": "LineString"}
_CORNERS = 3
_LONLAT = 2
_DIGITS = 7  # a centimetre
_GEOD = Geod(ellps="WGS84")
_AT = re.compile(r"\[(\S+) (\S+)\]")


@dataclass(frozen=True, slots=True)
class MarkedPlace:
    """A place that can be closed: GeoJSON, longitude first, checked and rounded."""

    kind: str
    geometry: Mapping[str, Any]
    direction: str

    @property
    def points(self) -> Sequence[LonLat]:
        """Return the points of a road."""
        return [(lon, lat) for lon, lat in self.geometry["coordinates"]]


class _RefusedError(Exception):
    """A geometry that cannot be one; says why."""

    def __init__(self, msgid: str, **params: object) -> None:
        super().__init__(msgid)
        self.msgid, self.params = msgid, params


def read_place(
    reader: FieldReader, fields: Mapping[str, Any], ground: GroundInfo | None
) -> MarkedPlace:
    """Read ``kind``, ``geometry`` and ``direction``, the last fields of an input, and finish.

    A road is checked here as far as one can without the roads.

    Raises
    ------
    InvalidInput
        Naming every field of the input that was wrong.
    """
    kind = reader.choice("kind", KINDS, required=True) or ""
    direction = reader.choice("direction", DIRECTIONS) or "both"
    if kind == "area" and direction != "both":
        reader.refuse("direction", N_("an area is closed in both directions"))
    raw = fields.get(FIELD)
    geometry: dict[str, Any] = {}
    if raw is None:
        reader.refuse(FIELD, N_("is required"))
    elif kind:
        try:
            geometry = _area(raw) if kind == "area" else _road(raw)
            _check_on(ground, geometry)
        except _RefusedError as refused:
            reader.refuse(FIELD, refused.msgid, **refused.params)
    reader.finish()
    return MarkedPlace(kind, geometry, direction)


def _area(raw: object) -> dict[str, Any]:
    rings = _coordinates(raw, "area")
    if not rings:
        raise _RefusedError(N_("needs at least three corners"))
    drawn = [_closed(_positions(ring)) for ring in rings]
    if sum(len(ring) for ring in drawn) > MOST_POINTS:
        raise _RefusedError(N_("may have at most %(limit)s corners"), limit=MOST_POINTS)
    if any(len(set(ring)) < _CORNERS for ring in drawn):
        raise _RefusedError(N_("needs at least three corners"))
    polygon = shapely.Polygon(drawn[0], drawn[1:])
    if not polygon.is_valid:
        raise _crossing(polygon)
    area_km2 = abs(_GEOD.geometry_area_perimeter(polygon)[0]) / 1e6
    if area_km2 > LARGEST_KM2:
        raise _RefusedError(
            N_("covers %(area)s km²; at most %(limit)s km² can be closed at once"),
            area=f"{area_km2:,.0f}",
            limit=f"{LARGEST_KM2:g}",
        )
    return {"type": "Polygon", "coordinates": [[list(each) for each in ring] for ring in drawn]}


def _road(raw: object) -> dict[str, Any]:
    points = _positions(_coordinates(raw, "road"))
    if len(points) > MOST_POINTS:
        raise _RefusedError(N_("may have at most %(limit)s corners"), limit=MOST_POINTS)
    points = [each for at, each in enumerate(points) if at == 0 or each != points[at - 1]]
    if len(points) < _LONLAT:
        raise _RefusedError(N_("needs two different points on a road"))
    return {"type": "LineString", "coordinates": [list(each) for each in points]}


def _coordinates(raw: object, kind: str) -> list[Any]:
    wanted = _TYPE_OF[kind]
    if not isinstance(raw, Mapping) or raw.get("type") != wanted:
        raise _RefusedError(N_("must be a GeoJSON %(type)s"), type=wanted)
    found = raw.get("coordinates")
    if not isinstance(found, list):
        raise _RefusedError(N_("must be a GeoJSON %(type)s"), type=wanted)
    return found


def _positions(raw: object) -> list[LonLat]:
    if not isinstance(raw, list):
        raise _RefusedError(N_("must have positions of two numbers: lon, lat"))
    return [_position(each) for each in raw]


def _position(raw: object) -> LonLat:
    if not isinstance(raw, list) or len(raw) not in {_LONLAT, _LONLAT + 1}:
        raise _RefusedError(N_("must have positions of two numbers: lon, lat"))
    for value in raw:
        if not is_number(value):
            raise _RefusedError(N_("must have positions of two numbers: lon, lat"))
    lon, lat = raw[:_LONLAT]
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # noqa: PLR2004  (degrees of the globe)
        raise _RefusedError(N_("must be lon,lat in degrees; did you swap longitude and latitude?"))
    return round(float(lon), _DIGITS), round(float(lat), _DIGITS)


def _closed(ring: list[LonLat]) -> list[LonLat]:
    """Return a ring that ends where it begins; GeoJSON wants that, people forget it."""
    return ring if not ring or ring[0] == ring[-1] else [*ring, ring[0]]


def _crossing(polygon: shapely.Polygon) -> _RefusedError:
    found = _AT.search(shapely.is_valid_reason(polygon))
    if found is None:
        return _RefusedError(N_("crosses or touches itself"))
    lon, lat = (f"{float(each):.5f}" for each in found.groups())
    return _RefusedError(N_("crosses or touches itself at %(lat)s, %(lon)s"), lon=lon, lat=lat)


def _check_on(ground: GroundInfo | None, geometry: Mapping[str, Any]) -> None:
    """Refuse what has nothing to do with the ground in use."""
    points = shapely.get_coordinates(shapely.geometry.shape(dict(geometry))).tolist()
    if ground is None or _overlaps(ground, points):
        return
    if _overlaps(ground, [[lat, lon] for lon, lat in points]):
        raise _RefusedError(
            N_("lies outside the map; longitude and latitude look swapped (longitude goes first)")
        )
    raise _RefusedError(N_("lies outside the map"))


def _overlaps(ground: GroundInfo, points: list[list[float]]) -> bool:
    west, south, east, north = ground.bounds
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return min(lons) <= east and max(lons) >= west and min(lats) <= north and max(lats) >= south
