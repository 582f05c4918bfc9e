"""Validation of zones that were drawn or come from a file."""

from typing import Any

import shapely

from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.roads import outlines
from dispatch.roads.outlines import RefusedShapeError
from geodata.ground.service import GroundInfo

FIELD = "geometry"
MOST_POINTS = 5_000
LARGEST_KM2 = 100_000.0


def checked_outline(raw: object, ground: GroundInfo | None) -> dict[str, Any]:
    """Return an outline as a GeoJSON ``MultiPolygon``, longitude first, rounded to a centimetre.

    Raises
    ------
    InvalidInput
        On ``geometry``, if it is none or lies elsewhere.
    """
    try:
        geometry = outline(raw)
        outlines.check_on(ground, geometry)
    except RefusedShapeError as refused:
        raise InvalidInput.one(FIELD, refused.msgid, **refused.params) from None
    return geometry


def outline(raw: object) -> dict[str, Any]:
    """Return a validated ``MultiPolygon`` from a GeoJSON ``Polygon`` or ``MultiPolygon``.

    Raises
    ------
    RefusedShapeError
        If it is none, has too many corners, crosses itself or is larger than any district.
    """
    sort, found = outlines.coordinates(raw, "Polygon", "MultiPolygon")
    parts = [found] if sort == "Polygon" else found
    if not parts:
        raise RefusedShapeError(N_("needs at least three corners"))
    drawn = [outlines.polygon(rings, most_points=MOST_POINTS) for rings in parts]
    if sum(len(ring) for rings in drawn for ring in rings) > MOST_POINTS:
        raise RefusedShapeError(N_("may have at most %(limit)s corners"), limit=MOST_POINTS)
    whole = shapely.MultiPolygon([(rings[0], rings[1:]) for rings in drawn])
    outlines.check_valid(whole)  # its parts may overlap, which none of them shows alone
    area_km2 = outlines.area_km2(whole)
    if area_km2 > LARGEST_KM2:
        raise RefusedShapeError(
            N_("covers %(area)s km²; a zone has at most %(limit)s km²"),
            area=f"{area_km2:,.0f}",
            limit=f"{LARGEST_KM2:,.0f}",
        )
    return {
        "type": "MultiPolygon",
        "coordinates": [[[list(each) for each in ring] for ring in rings] for rings in drawn],
    }
