"""Vector tiles of the utility's own layers, made by PostGIS on request.

One layer ``features`` per tile. From zoom 14 on it holds every feature with the attributes
``feature`` (its number) and ``label`` (absent when empty); the other attributes are
requested when a feature is clicked. At lower zooms a city's pipes would be megabytes of
indistinguishable lines: there an overview is used, made once at import, without attributes.
"""

from functools import cache

from sqlalchemy import Connection
from sqlalchemy import TextClause
from sqlalchemy import text

MIN_ZOOM, MAX_ZOOM = 4, 18
DETAIL_FROM = 14
OVERVIEWS = (8, 10, 12, 13)
"""Zooms that an overview is made for; a tile is cut from the first that is no coarser than it."""
# A marker or a stroke must not end where its tile does: 256 of 4096 are 16 pixels of 256.
_BUFFER = 256
_EXTENT = 4096
_TILE_PX = 512  # tiles are drawn at this size
_DOT_PX = 4
_GIRTH_M = 40_075_016.685578488

_MAKE = text("""
WITH flat AS (
    SELECT ST_Transform(geom, 3857) AS shape, ST_Dimension(geom) AS dimension
    FROM layer_feature WHERE layer_id = :layer
), kept AS (
    SELECT DISTINCT ST_SnapToGrid((ST_Dump(shape)).geom, :dot_m) AS geom
    FROM flat WHERE dimension = 0
    UNION ALL
    SELECT geom FROM (
        SELECT (ST_Dump(ST_Simplify(ST_LineMerge(ST_Collect(shape)), :pixel_m))).geom
        FROM flat WHERE dimension = 1
    ) AS joined WHERE ST_Length(geom) > :pixel_m
    UNION ALL
    SELECT ST_SimplifyPreserveTopology(shape, :pixel_m)
    FROM flat WHERE dimension = 2 AND ST_Area(shape) > :pixel_m * :pixel_m
)
INSERT INTO layer_overview (layer_id, zoom, number, geom)
SELECT :layer, :zoom, row_number() OVER (), geom FROM kept WHERE NOT ST_IsEmpty(geom)
""")


def make_overviews(connection: Connection, layer_id: int) -> None:
    """Store the overview of a layer for low zooms, in the transaction of its import.

    Points that fall on one dot become one. Lines are joined end to end first: pipes come in
    pieces of some metres, each of them less than a pixel and all of them a street's main.
    """
    for zoom in OVERVIEWS:
        pixel_m = _GIRTH_M / 2**zoom / _TILE_PX
        asked = {"layer": layer_id, "zoom": zoom, "pixel_m": pixel_m, "dot_m": _DOT_PX * pixel_m}
        connection.execute(_MAKE, asked)


def tile(connection: Connection, layer_id: int, z: int, x: int, y: int) -> bytes:
    """Return one tile, uncompressed; empty where there is nothing or the zoom has no tiles."""
    if not (MIN_ZOOM <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        return b""
    asked = {"layer": layer_id, "x": x, "y": y}
    return bytes(connection.execute(_statement(z), asked).scalar_one())


@cache
def _statement(zoom: int) -> TextClause:
    # Zoom and the sizes are digits of our own making; nothing of a caller's is pasted in.
    if zoom >= DETAIL_FROM:
        columns, wide = "feature, nullif(label, '') AS label,", "ST_Transform({}, 4326)"
        shape, source = "ST_Transform(geom, 3857)", "seen_layer_feature WHERE layer_id = :layer"
        order = "ORDER BY feature"
    else:
        band = next(each for each in OVERVIEWS if each >= zoom)
        columns, wide, shape, order = "", "{}", "geom", ""
        source = f"seen_layer_overview WHERE layer_id = :layer AND zoom = {band}"
    envelope = f"ST_TileEnvelope({zoom}, :x, :y, margin => {_BUFFER}.0 / {_EXTENT})"
    return text(
        f"WITH tile AS MATERIALIZED (SELECT ST_TileEnvelope({zoom}, :x, :y) AS box, "  # noqa: S608 - constants
        f"{wide.format(envelope)} AS wide) "
        "SELECT coalesce(ST_AsMVT(cut, 'features', 4096, 'geom'), '') FROM ("
        f"SELECT {columns} ST_AsMVTGeom({shape}, (SELECT box FROM tile), {_EXTENT}, {_BUFFER}) "
        f"AS geom FROM {source} AND geom && (SELECT wide FROM tile) {order}"
        ") AS cut WHERE geom IS NOT NULL"
    )
