"""Reads the place of a closure as somebody marked it on a map."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from dispatch.core.errors import N_
from dispatch.core.fields import FieldReader
from dispatch.roads import outlines
from dispatch.roads.outlines import RefusedShapeError
from dispatch.roads.types import LonLat
from geodata.ground.service import GroundInfo

KINDS = ("area", "road")
DIRECTIONS = ("both", "along", "against")
FIELD = "geometry"
MOST_POINTS = 1_000
LARGEST_KM2 = 100.0
_FEWEST_POINTS = 2


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
            outlines.check_on(ground, geometry)
        except RefusedShapeError as refused:
            reader.refuse(FIELD, refused.msgid, **refused.params)
    reader.finish()
    return MarkedPlace(kind, geometry, direction)


def _area(raw: object) -> dict[str, Any]:
    _, rings = outlines.coordinates(raw, "Polygon")
    drawn = outlines.polygon(rings, most_points=MOST_POINTS)
    area_km2 = outlines.area_km2(shapely.Polygon(drawn[0], drawn[1:]))
    if area_km2 > LARGEST_KM2:
        raise RefusedShapeError(
            N_("covers %(area)s km²; at most %(limit)s km² can be closed at once"),
            area=f"{area_km2:,.0f}",
            limit=f"{LARGEST_KM2:g}",
        )
    return {"type": "Polygon", "coordinates": [[list(each) for each in ring] for ring in drawn]}


def _road(raw: object) -> dict[str, Any]:
    _, found = outlines.coordinates(raw, "LineString")
    points = outlines.positions(found)
    if len(points) > MOST_POINTS:
        raise RefusedShapeError(N_("may have at most %(limit)s corners"), limit=MOST_POINTS)
    points = [each for at, each in enumerate(points) if at == 0 or each != points[at - 1]]
    if len(points) < _FEWEST_POINTS:
        raise RefusedShapeError(N_("needs two different points on a road"))
    return {"type": "LineString", "coordinates": [list(each) for each in points]}
