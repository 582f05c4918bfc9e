"""Vector tiles of the base map (Mapbox Vector Tile 2.1), made by PostGIS.

Layers, in the order they are best drawn in, and their attributes. Attributes without a value are
absent. ``name`` is the local name; ``name_en`` and ``name_zh`` where the map has them.

============ ======== ============================================================================
layer        geometry attributes
============ ======== ============================================================================
landuse      polygon  class: residential commercial retail industrial railway military quarry
                      construction farmland brownfield port school hospital utility sports
                      parking pedestrian pier beach sand bare_rock shingle scree aerodrome apron
                      runway taxiway; names
green        polygon  class: park garden forest grass scrub heath wetland cemetery pitch
                      playground golf_course allotments orchard vineyard plant_nursery; names
water        polygon  class: sea lake river canal reservoir pond basin swimming_pool fountain;
                      names
waterways    line     class: river canal stream drain ditch; tunnel; names
buildings    polygon  class: value of OpenStreetMap's ``building``; names
rail         line     class: rail light_rail subway tram narrow_gauge funicular monorail; bridge;
                      tunnel; names
roads        line     class: motorway trunk primary secondary tertiary residential service track
                      path; oneway (line runs along the traffic); bridge; tunnel; link (ramp);
                      level (of a bridge over bridges, 2 and more); names. In drawing order.
road_names   line     class as of roads (the most important of the street); names. Streets joined
                      end to end whatever their bridges and classes: for labels, not for drawing.
places       point    kind: city town suburb neighbourhood village locality; population; names.
                      The most important first.
pois         point    kind: hospital clinic school fire_station police substation power_plant
                      heating_plant gas pumping_station water_works water_tower wastewater
                      station park square; names. The most important first.
housenumbers point    number. From tile zoom 16.
============ ======== ============================================================================

``oneway``, ``bridge``, ``tunnel`` and ``link`` are true or absent. Zooms 8 to 18; coordinates 0 to
4096 with 64 more on each side. Large areas come first within a layer, so small ones lie on top.
"""

from functools import cache

from sqlalchemy import Connection
from sqlalchemy import TextClause
from sqlalchemy import text

from geodata.tiles.zoom_bands import MAX_ZOOM
from geodata.tiles.zoom_bands import MIN_ZOOM
from geodata.tiles.zoom_bands import band_of

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"

_NAMES = "name, name_en, name_zh"
_FLAGS = ", ".join(
    f"nullif({flag}, false) AS {flag}" for flag in ("oneway", "bridge", "tunnel", "link")
)
# Ten steps of the drawing order are a level; ramps stand one step below their road.
_LEVEL = "CASE WHEN bridge AND z_order >= 19 THEN (z_order + 1) / 10 END AS level"
_SOME_FLAGS = ", ".join(f"nullif({flag}, false) AS {flag}" for flag in ("bridge", "tunnel"))

# Layer: table, its rows of the layer, attributes, order within.
_LAYERS: tuple[tuple[str, str, str, str, str], ...] = (
    ("landuse", "map_area", "layer = 'landuse'", f"kind AS class, {_NAMES}", "area_m2 DESC"),
    ("green", "map_area", "layer = 'green'", f"kind AS class, {_NAMES}", "area_m2 DESC"),
    ("water", "map_area", "layer = 'water'", f"kind AS class, {_NAMES}", "area_m2 DESC"),
    ("waterways", "map_line", "layer = 'waterways'", f"kind AS class, {_SOME_FLAGS}, {_NAMES}", ""),
    ("buildings", "map_building", "", f"kind AS class, {_NAMES}", ""),
    ("rail", "map_line", "layer = 'rail'", f"kind AS class, {_SOME_FLAGS}, {_NAMES}", "z_order"),
    (
        "roads",
        "map_line",
        "layer = 'roads'",
        f"kind AS class, {_FLAGS}, {_LEVEL}, {_NAMES}",
        "z_order",
    ),
    ("road_names", "map_line", "layer = 'road_names'", f"kind AS class, {_NAMES}", ""),
)

_POINT_LAYERS: tuple[tuple[str, str, str, str], ...] = (
    ("places", "map_place", f"kind, population, {_NAMES}", "min_zoom, population DESC"),
    ("pois", "map_poi", f"kind, {_NAMES}", "min_zoom"),
)
NUMBERS_FROM = 16  # tile zoom; there are too many of them farther out


def tile(connection: Connection, ground_id: int, z: int, x: int, y: int) -> bytes:
    """Return one tile, empty where there is nothing or the zoom has no tiles.

    Parameters
    ----------
    connection
        Any role that may read the ground's tables.
    ground_id
        Whose map; that of a ground replaced meanwhile is empty.
    z, x, y
        Zoom, column from the west, row from the north.

    Returns
    -------
    tile
        Uncompressed Mapbox Vector Tile.
    """
    if not (MIN_ZOOM <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        return b""
    made = connection.execute(_statement(z), {"ground": ground_id, "x": x, "y": y}).scalar_one()
    return bytes(made)


@cache
def _statement(zoom: int) -> TextClause:
    """Return the query of a zoom, with the band as a literal to match the partial index."""
    layers = [
        _layer(
            name,
            table,
            attributes,
            order,
            f"{rows and rows + ' AND '}band = {band} AND min_zoom <= {zoom} AND ",
        )
        for band in [band_of(zoom).number]
        for name, table, rows, attributes, order in _LAYERS
    ]
    layers += [
        _layer(name, table, attributes, order, f"min_zoom <= {zoom} AND ")
        for name, table, attributes, order in _POINT_LAYERS
    ]
    if zoom >= NUMBERS_FROM:
        layers.append(_layer("housenumbers", "map_house_number", "house_number AS number", "", ""))
    # Zoom is a digit of our own making; nothing of a caller's is pasted in.
    return text(
        f"WITH tile AS MATERIALIZED (SELECT ST_TileEnvelope({zoom}, :x, :y) AS box, "
        f"ST_TileEnvelope({zoom}, :x, :y, margin => 64.0 / 4096) AS wide) "
        "SELECT " + " || ".join(layers)
    )


def _layer(name: str, table: str, attributes: str, order: str, rows: str) -> str:
    order_by = f"ORDER BY {order}" if order else ""
    return (
        f"coalesce((SELECT ST_AsMVT(shape, '{name}', 4096, 'geom') FROM ("  # noqa: S608 - constants
        f"SELECT {attributes}, ST_AsMVTGeom(geom, (SELECT box FROM tile), 4096, 64) AS geom "
        f"FROM {table} WHERE {rows}ground_id = :ground "
        f"AND geom && (SELECT wide FROM tile) {order_by}) AS shape WHERE geom IS NOT NULL), '')"
    )
