"""Validation of a closure's geometry as marked on the map."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from dispatch.closures.types import Direction
from dispatch.closures.types import Kind
from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.roads import outlines
from dispatch.roads.outlines import RefusedShapeError
from dispatch.roads.types import LonLat
from geodata.ground.service import GroundInfo

FIELD = "geometry"
MOST_POINTS = 1_000
LARGEST_KM2 = 100.0
_FEWEST_POINTS = 2


@dataclass(frozen=True, slots=True)
class MarkedPlace:
    """Validated geometry of a closure: GeoJSON, longitude first, rounded."""

    kind: Kind
    geometry: Mapping[str, Any]
    direction: Direction

    @property
    def points(self) -> Sequence[LonLat]:
        """Return the points of a road."""
        return [(lon, lat) for lon, lat in self.geometry["coordinates"]]


def read_place(
    kind: Kind,
    geometry: object,
    direction: Direction,
    ground: GroundInfo | None,
    wrong: Sequence[FieldError] = (),
) -> MarkedPlace:
    """Check the place of a closure; a road as far as one can without the roads.

    Parameters
    ----------
    kind, geometry, direction
        As somebody marked it.
    ground
        Where it has to lie.
    wrong
        What is known to be wrong with the same input.

    Raises
    ------
    InvalidInput
        Naming every field that is wrong, those known before included.
    """
    wrong = list(wrong)
    if kind == "area" and direction != "both":
        wrong.append(FieldError("direction", N_("an area is closed in both directions")))
    checked: dict[str, Any] = {}
    try:
        checked = _area(geometry) if kind == "area" else _road(geometry)
        outlines.check_on(ground, checked)
    except RefusedShapeError as refused:
        wrong.append(FieldError(FIELD, refused.msgid, refused.params))
    if wrong:
        raise InvalidInput(wrong)
    return MarkedPlace(kind, checked, direction)


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
