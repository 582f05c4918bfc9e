"""Convert features of the base map to table rows: projected, merged, simplified per band."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import count

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.table_copy import Row
from geodata.tiles.map_features import DrawnArea
from geodata.tiles.map_features import DrawnLine
from geodata.tiles.map_features import Names
from geodata.tiles.map_layers import ROAD_KINDS
from geodata.tiles.map_layers import LineMeaning
from geodata.tiles.web_mercator import ground_scale
from geodata.tiles.web_mercator import project_shapes
from geodata.tiles.zoom_bands import BANDS
from geodata.tiles.zoom_bands import EARTH_GIRTH_M
from geodata.tiles.zoom_bands import Band

AREA_COLUMNS = (
    "number", "band", "min_zoom", "kind", "name", "name_en", "name_zh", "layer", "area_m2", "geom",
)  # fmt: skip
BUILDING_COLUMNS = tuple(column for column in AREA_COLUMNS if column != "layer")
LINE_COLUMNS = (
    "number", "band", "min_zoom", "kind", "name", "name_en", "name_zh", "layer", "oneway",
    "bridge", "tunnel", "link", "z_order", "geom",
)  # fmt: skip

TILE_PX = 512  # tiles are drawn at this size

# Below so many square pixels a shape is a speck: it costs bytes and shows nothing.
SPECK_PX2 = {"water": 6.0, "green": 12.0, "landuse": 16.0, "buildings": 3.0}
FIRST_ZOOM = {"water": 8, "green": 9, "landuse": 10, "buildings": 13}
SHORTEST_LINE_PX = 1.0

Style = tuple[LineMeaning, Names]


def area_rows(areas: list[DrawnArea], first_number: int) -> Iterator[Row]:
    """Yield rows of ``map_area``, or of ``map_building`` for the layer ``buildings``.

    Parameters
    ----------
    areas
        All of one layer.
    first_number
        Number of the first row; the others follow.
    """
    if not areas:
        return
    numbers = count(first_number)
    layer = areas[0].layer
    shapes = project_shapes(_from_hex([area.wkb for area in areas]))
    plane_m2 = shapely.area(shapes)
    middle_y = shapely.get_coordinates(shapely.point_on_surface(shapes))[:, 1]
    area_m2 = plane_m2 * ground_scale(middle_y) ** 2
    in_layer = () if layer == "buildings" else (layer,)
    for band in BANDS:
        min_zoom = np.maximum(_first_zoom_of_area(plane_m2, layer, band), FIRST_ZOOM[layer])
        shown = np.flatnonzero(min_zoom <= band.last)
        simple = _as_multipolygons(_simplified(shapes[shown], band))
        good = ~shapely.is_empty(simple)
        for index, wkb in zip(shown[good], hex_of(simple[good]), strict=True):
            area = areas[index]
            names = area.names
            yield (
                next(numbers), band.number, int(min_zoom[index]), area.kind,
                names.local, names.en, names.zh, *in_layer, float(area_m2[index]), wkb,
            )  # fmt: skip


def line_rows(lines: list[DrawnLine]) -> Iterator[Row]:
    """Yield rows of ``map_line``, joined where drawn alike, with separate rows of street names.

    A street comes in many short ways; its name fits on the whole and on none of the pieces.
    """
    numbers = count()
    shapes = project_shapes(_from_hex([line.wkb for line in lines]))
    backwards = np.array([line.backwards for line in lines], dtype=np.bool_)
    if backwards.any():
        shapes[backwards] = shapely.reverse(shapes[backwards])
    groups: dict[Style, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        groups[line.meaning, line.names].append(index)
    for style, members in (*groups.items(), *_street_names(lines).items()):
        yield from _rows_of_style(style, shapes[members], numbers)


def sea_areas(sea: list[shapely.Polygon]) -> list[DrawnArea]:
    """Return sea polygons in WGS 84 as areas of the layer ``water``."""
    nameless = Names(None, None, None)
    return [DrawnArea("water", "sea", nameless, shapely.to_wkb(piece, hex=True)) for piece in sea]


def _rows_of_style(
    style: Style, shapes: NDArray[np.object_], numbers: Iterator[int]
) -> Iterator[Row]:
    meaning, names = style
    joined = shapely.line_merge(shapely.multilinestrings(shapes), directed=meaning.oneway)
    parts = shapely.get_parts(joined)
    length = shapely.length(parts)
    for band in BANDS:
        min_zoom = max(meaning.min_zoom, band.first)
        if min_zoom > band.last:
            continue
        least_m = SHORTEST_LINE_PX * _pixel_m(band.last) if band is not BANDS[-1] else 0.0
        for wkb in hex_of(_simplified(parts[length >= least_m], band)):
            yield (
                next(numbers), band.number, min_zoom, meaning.kind, names.local, names.en,
                names.zh, meaning.layer, meaning.oneway, meaning.bridge, meaning.tunnel,
                meaning.link, meaning.z_order, wkb,
            )  # fmt: skip


def _street_names(lines: list[DrawnLine]) -> dict[Style, list[int]]:
    """Return the streets of each name, styled as the most important road among them."""
    members: dict[Names, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if line.meaning.layer == "roads" and line.names.local and not line.meaning.link:
            members[line.names].append(index)
    order = list(ROAD_KINDS)
    named: dict[Style, list[int]] = {}
    for names, indices in members.items():
        kind = min((lines[index].meaning.kind for index in indices), key=order.index)
        style = LineMeaning("road_names", kind, min(ROAD_KINDS[kind] + 1, 14))
        named[style, names] = indices
    return named


def _pixel_m(zoom: int) -> float:
    return EARTH_GIRTH_M / (TILE_PX << zoom)


def _first_zoom_of_area(plane_m2: NDArray[np.float64], layer: str, band: Band) -> NDArray[np.int64]:
    """Return the first zoom of a band at which shapes are large enough, past it if none."""
    first = np.full(len(plane_m2), band.last + 1, dtype=np.int64)
    for zoom in range(band.last, band.first - 1, -1):
        first[plane_m2 >= SPECK_PX2[layer] * _pixel_m(zoom) ** 2] = zoom
    if band is BANDS[-1]:
        first[:] = band.first  # close up, everything is shown
    return first


def _simplified(shapes: NDArray[np.object_], band: Band) -> NDArray[np.object_]:
    if band.tolerance_m == 0:
        return shapes
    simple: NDArray[np.object_] = shapely.simplify(shapes, band.tolerance_m)
    return simple


def _as_multipolygons(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return shapes as valid multipolygons; empty where no area is left."""
    fixed = shapes.copy()
    bad = np.flatnonzero(~shapely.is_valid(fixed))
    fixed[bad] = shapely.make_valid(fixed[bad])
    multi = np.empty(len(fixed), dtype=np.object_)
    for index, shape in enumerate(fixed):
        parts = shapely.get_parts(shape)
        if shape.geom_type == "GeometryCollection":
            parts = shapely.get_parts(parts)
        multi[index] = shapely.MultiPolygon([p for p in parts if p.geom_type == "Polygon"])
    return multi


def _from_hex(wkb: list[str]) -> NDArray[np.object_]:
    # As objects: an array of strings gives every one the room of the longest, gigabytes for lines.
    shapes: NDArray[np.object_] = shapely.from_wkb(np.array(wkb, dtype=np.object_))
    return shapes


def hex_of(shapes: NDArray[np.object_]) -> list[str]:
    """Return hexadecimal EWKB in web Mercator, as COPY takes it."""
    wkb = shapely.to_wkb(shapely.set_srid(shapes, 3857), hex=True, include_srid=True)
    return [str(one) for one in np.atleast_1d(wkb)]
