"""Store the utility's layers, and find their features by position."""

import json
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from typing import Literal

import shapely
from sqlalchemy import Connection
from sqlalchemy import Text
from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import BigInteger

from geodata.layers.features import LayerFile
from geodata.layers.layer_tiles import make_overviews
from geodata.layers.models import Layer
from geodata.layers.models import LayerFeature
from geodata.layers.models import LayerOverview

Kind = Literal["mains", "valves", "stations", "districts", "other"]
# One import at a time: two of one name must not both find that there is none. Any number does.
_LOCK_KEY = 0x6C_61_79_65_72_73
# Not COPY: PostgreSQL refuses it to roles that a policy holds for.
_ADD = text("""
INSERT INTO layer_feature (layer_id, feature, label, attributes, geom)
SELECT :layer, feature, label, attributes::jsonb, shape::geometry
FROM unnest(:features, :labels, :attributes, :shapes) AS row (feature, label, attributes, shape)
""").bindparams(
    bindparam("features", type_=ARRAY(BigInteger)),
    *(bindparam(name, type_=ARRAY(Text)) for name in ("labels", "attributes", "shapes")),
)
_AT_ONCE = 2_000
_LONGEST_LABEL = 200
_Row = tuple[int, str, str, str]
"""Number, label, attributes as JSON, shape as WKB in hexadecimal digits."""
_CLOSE_M = 250.0


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """Name and style of a layer.

    ``name_zh``, ``colour`` and ``utility`` None: as they were; empty: none, the colour of its kind,
    and of every utility.
    """

    name: str
    name_zh: str | None
    kind: str
    colour: str | None
    label_field: str | None
    utility: str | None = None


def store(connection: Connection, style: LayerStyle, file: LayerFile) -> tuple[int, bool]:
    """Store a layer, replacing the one of that name, in the caller's transaction.

    Parameters
    ----------
    connection
        Of the owner of the tables, over psycopg.
    style
        What it is called and how it is drawn.
    file
        What is in it.

    Returns
    -------
    layer_id, replaced
        A replaced layer keeps its number, so that what people had switched on stays on.
    """
    connection.execute(select(func.pg_advisory_xact_lock(_LOCK_KEY)))
    known = connection.scalar(select(Layer.id).where(Layer.name == style.name).with_for_update())
    values = {
        "kind": style.kind,
        "label_field": style.label_field,
        "fields": [each.replace("\0", "") for each in file.attributes],
        "shapes": file.shapes,
        "features": len(file),
        "bounds": f"SRID=4326;{_envelope(file.bounds).wkt}",
        "source_file": file.path.name,
        "imported_at": func.clock_timestamp(),
    }
    if style.name_zh is not None:
        values["name_zh"] = style.name_zh
    if style.colour is not None:
        values["colour"] = style.colour or None
    if style.utility is not None:
        values["utility"] = style.utility or None
    if known is None:
        values = {"name_zh": "", **values}
        statement = insert(Layer).values(name=style.name, version=1, **values)
        layer_id = int(connection.execute(statement.returning(Layer.id)).scalar_one())
    else:
        layer_id = known
        for table in (LayerFeature, LayerOverview):
            connection.execute(delete(table).where(table.layer_id == layer_id))
        connection.execute(
            update(Layer).where(Layer.id == layer_id).values(version=Layer.version + 1, **values)
        )
    _add(connection, layer_id, _rows(style.label_field, file))
    make_overviews(connection, layer_id)
    for name in (LayerFeature.__tablename__, LayerOverview.__tablename__):
        connection.execute(text(f"ANALYZE {name}"))
    return layer_id, known is not None


def _envelope(bounds: tuple[float, float, float, float]) -> shapely.Polygon:
    """Return the bounding box of a layer, enlarged for a single point, since it is a polygon."""
    west, south, east, north = bounds
    edge = 1e-7
    return shapely.box(west - edge, south - edge, east + edge, north + edge)


def _rows(label_field: str | None, file: LayerFile) -> Iterable[_Row]:
    for number, feature in enumerate(file.features(), 1):
        label = feature.attributes.get(label_field) if label_field else None
        shape = shapely.to_wkb(shapely.set_srid(feature.shape, 4326), hex=True, include_srid=True)
        attributes = json.dumps(feature.attributes, ensure_ascii=False)
        said = "" if label is None else str(label)[:_LONGEST_LABEL]
        yield number, said, attributes, str(shape)


def _add(connection: Connection, layer_id: int, rows: Iterable[_Row]) -> None:
    waiting = iter(rows)
    while part := list(islice(waiting, _AT_ONCE)):
        features, labels, attributes, shapes = map(list, zip(*part, strict=True))
        values: dict[str, Any] = {"features": features, "labels": labels}
        values |= {"attributes": attributes, "shapes": shapes, "layer": layer_id}
        connection.execute(_ADD, values)


_AT = text("""
WITH place AS (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography AS here)
SELECT layer_id, feature, label, attributes, ST_AsGeoJSON(geom, 7) AS geometry,
    ST_Distance(geom::geography, here) AS distance_m
FROM seen_layer_feature, place
WHERE layer_id = ANY(:layers) AND ST_DWithin(geom::geography, here, :tolerance_m)
ORDER BY ST_Dimension(geom), distance_m, ST_Area(geom), layer_id, feature LIMIT :most
""").bindparams(bindparam("layers", type_=ARRAY(BigInteger)))
# Mercator keeps angles, so what is nearest on it is nearest; degrees of longitude are too short.
_NEAR = text("""
WITH place AS (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS here),
found AS (
    SELECT layer_id, feature, label, attributes, geom,
        (SELECT utility FROM layer WHERE id = layer_id) AS utility,
        geom::geography <-> (SELECT here::geography FROM place) AS away
    FROM seen_layer_feature
    WHERE layer_id IN (
        SELECT id FROM layer
        WHERE kind = :kind AND (utility IS NULL OR utility = coalesce(:utility, utility)))
        AND ST_DWithin(geom::geography, (SELECT here::geography FROM place), :within_m)
    ORDER BY away, layer_id, feature LIMIT :most
)
SELECT layer_id, feature, label, attributes, utility,
    ST_Distance(geom::geography, here::geography) AS distance_m,
    degrees(ST_Azimuth(here::geography, nearest::geography)) AS bearing_deg,
    ST_X(nearest) AS lon, ST_Y(nearest) AS lat
FROM found, place, LATERAL (SELECT ST_Transform(
    ST_ClosestPoint(ST_Transform(geom, 3857), ST_Transform(here, 3857)), 4326
) AS nearest) AS edge
ORDER BY away, layer_id, feature
""").bindparams(bindparam("utility", type_=Text))


def features_at(
    connection: Connection,
    lonlat: tuple[float, float],
    layers: Sequence[int],
    *,
    tolerance_m: float,
    most: int,
) -> list[dict[str, Any]]:
    """Return the features of some layers at a position or within a tolerance.

    Points first, then lines, then areas, as they lie upon each other; of each the nearest first,
    and of areas that all contain the place the smallest.
    """
    asked = {"lon": lonlat[0], "lat": lonlat[1], "layers": list(layers)}
    rows = connection.execute(_AT, {**asked, "tolerance_m": tolerance_m, "most": most})
    return [{**row, "geometry": json.loads(row["geometry"])} for row in rows.mappings()]


def features_near(
    connection: Connection,
    lonlat: tuple[float, float],
    kind: str,
    *,
    utility: str | None = None,
    within_m: float,
    most: int,
) -> list[dict[str, Any]]:
    """Return the features of one kind of layer nearest to a position, with ellipsoidal metres.

    With ``utility`` only those of its layers, and of layers that belong to none.
    ``lon``, ``lat`` and ``bearing_deg`` (clockwise from north; None at the place itself) are of
    the nearest point of a line or area.
    """
    asked = {"lon": lonlat[0], "lat": lonlat[1], "kind": kind, "utility": utility, "most": most}
    found: list[dict[str, Any]] = []
    # Where records are dense a small circle has enough, and every one outside it is farther.
    for reach_m in sorted({min(_CLOSE_M, within_m), within_m}):
        rows = connection.execute(_NEAR, {**asked, "within_m": reach_m})
        found = [dict(row) for row in rows.mappings()]
        if len(found) == most:
            break
    return found
