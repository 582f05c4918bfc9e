"""Vector tiles of the utility's own layers, cut by PostGIS as they are asked for.

One layer ``features`` per tile; attributes: ``feature`` (its number), ``label`` (absent when
empty). Everything else that is known of a feature is asked for when somebody clicks on it.
"""

from functools import cache

from sqlalchemy import Connection
from sqlalchemy import TextClause
from sqlalchemy import text

MIN_ZOOM, MAX_ZOOM = 4, 18
# A marker or a stroke must not end where its tile does: 256 of 4096 are 16 pixels of 256.
_BUFFER = 256
_EXTENT = 4096
_CROWDED_BELOW = 14
_PIXELS = 512


def tile(connection: Connection, layer_id: int, z: int, x: int, y: int) -> bytes:
    """Return one tile, uncompressed; empty bytes where there is nothing or none are made.

    Below zoom 14 lines and areas smaller than a pixel are left out, and of points that fall on one
    pixel one stays: nobody could tell them apart, and a city's valves would be a megabyte.
    """
    if not (MIN_ZOOM <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        return b""
    asked = {"layer": layer_id, "x": x, "y": y}
    return bytes(connection.execute(_statement(z), asked).scalar_one())


@cache
def _statement(zoom: int) -> TextClause:
    crowded = zoom < _CROWDED_BELOW
    # Zoom and the sizes are digits of our own making; nothing of a caller's is pasted in.
    size = "(SELECT ST_XMax(box) - ST_XMin(box) FROM tile)"
    pixel = f"({size} / {_PIXELS})"
    once = f"DISTINCT ON (ST_SnapToGrid(shape, {pixel}))" if crowded else ""
    large = (
        f"AND (ST_Dimension(shape) = 0 OR ST_XMax(shape) - ST_XMin(shape) > {pixel} "
        f"OR ST_YMax(shape) - ST_YMin(shape) > {pixel})"
        if crowded
        else ""
    )
    return text(
        f"WITH tile AS MATERIALIZED (SELECT ST_TileEnvelope({zoom}, :x, :y) AS box, "  # noqa: S608
        f"ST_Transform(ST_TileEnvelope({zoom}, :x, :y, margin => {_BUFFER}.0 / {_EXTENT}), 4326) "
        "AS wide), found AS (SELECT feature, nullif(label, '') AS label, "
        "ST_Transform(geom, 3857) AS shape FROM layer_feature "
        "WHERE layer_id = :layer AND geom && (SELECT wide FROM tile)), "
        f"kept AS (SELECT {once} feature, label, shape FROM found WHERE true {large}) "
        "SELECT coalesce(ST_AsMVT(cut, 'features', 4096, 'geom'), '') FROM ("
        "SELECT feature, label, ST_AsMVTGeom(shape, (SELECT box FROM tile), "
        f"{_EXTENT}, {_BUFFER}) AS geom FROM kept ORDER BY feature) AS cut WHERE geom IS NOT NULL"
    )
