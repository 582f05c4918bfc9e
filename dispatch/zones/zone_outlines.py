"""Reads zones as somebody drew them or a file has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from dispatch.core.errors import N_
from dispatch.core.fields import FieldReader
from dispatch.roads import outlines
from dispatch.roads.outlines import RefusedShapeError
from geodata.ground.service import GroundInfo

KINDS = ("district", "response_area")
FIELD = "geometry"
MOST_POINTS = 5_000
LARGEST_KM2 = 100_000.0
_NEEDED = ("name", "kind", FIELD)


@dataclass(frozen=True, slots=True)
class DrawnZone:
    """A zone, checked; what a change does not mention is None.

    ``geometry`` is a GeoJSON ``MultiPolygon``, longitude first, rounded to a centimetre.
    """

    name: str | None
    name_zh: str | None
    kind: str | None
    geometry: Mapping[str, Any] | None

    def changes(self) -> dict[str, Any]:
        """Return the columns that it names, all but the outline."""
        named = {"name": self.name, "name_zh": self.name_zh, "kind": self.kind}
        return {column: value for column, value in named.items() if value is not None}


def read_zone(
    reader: FieldReader, fields: Mapping[str, Any], ground: GroundInfo | None, *, whole: bool
) -> DrawnZone:
    """Read ``name``, ``name_zh``, ``kind`` and ``geometry``, the last of an input, and finish.

    Parameters
    ----------
    whole
        Whether all but ``name_zh`` are needed, as for a new zone; a change names some.

    Raises
    ------
    InvalidInput
        Naming every field of the input that was wrong.
    """
    needed = {name for name in _NEEDED if whole or name in fields}
    name = reader.text("name", required="name" in needed)
    name_zh = reader.text("name_zh")
    kind = reader.choice("kind", KINDS, required="kind" in needed)
    geometry = None
    raw = fields.get(FIELD)
    if raw is not None:
        try:
            geometry = outline(raw)
            outlines.check_on(ground, geometry)
        except RefusedShapeError as refused:
            reader.refuse(FIELD, refused.msgid, **refused.params)
    elif FIELD in needed:
        reader.refuse(FIELD, N_("is required"))
    reader.finish()
    return DrawnZone(name, name_zh, kind, geometry)


def outline(raw: object) -> dict[str, Any]:
    """Return a GeoJSON ``Polygon`` or ``MultiPolygon`` as a checked ``MultiPolygon``.

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
