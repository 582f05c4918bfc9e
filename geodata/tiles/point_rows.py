"""Convert points of the base map to table rows, without duplicates. No database."""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.table_copy import Row
from geodata.tiles.map_features import DrawnNumber
from geodata.tiles.map_features import DrawnPlace
from geodata.tiles.map_features import DrawnPoint
from geodata.tiles.shape_rows import hex_of
from geodata.tiles.web_mercator import project

POINT_COLUMNS = ("number", "min_zoom", "kind", "name", "name_en", "name_zh", "geom")
PLACE_COLUMNS = (*POINT_COLUMNS[:-1], "population", "geom")
NUMBER_COLUMNS = ("number", "house_number", "geom")


def place_rows(places: Sequence[DrawnPlace]) -> Iterator[Row]:
    """Yield rows of ``map_place``."""
    for number, (place, point) in enumerate(zip(places, _projected(places), strict=True)):
        names = place.names
        yield (
            number, place.min_zoom, place.kind, names.local, names.en, names.zh,
            place.population, point,
        )  # fmt: skip


def point_rows(points: Sequence[DrawnPoint]) -> Iterator[Row]:
    """Yield rows of ``map_poi``.

    A hospital is often mapped as an area and again as a node at its entrance; the node is dropped.
    """
    kept = [point for point, again in zip(points, _again(points), strict=True) if not again]
    for number, (point, geom) in enumerate(zip(kept, _projected(kept), strict=True)):
        names = point.names
        yield number, point.min_zoom, point.kind, names.local, names.en, names.zh, geom


def number_rows(numbers: Sequence[DrawnNumber]) -> Iterator[Row]:
    """Yield rows of ``map_house_number``, once for a building numbered at its entrance too."""
    kept = [each for each, again in zip(numbers, _at_the_door(numbers), strict=True) if not again]
    for number, (each, geom) in enumerate(zip(kept, _projected(kept), strict=True)):
        yield number, each.number, geom


def _again(points: Sequence[DrawnPoint]) -> NDArray[np.bool_]:
    """Return which nodes are inside an area of their own kind."""
    again = np.zeros(len(points), dtype=np.bool_)
    areas = [index for index, point in enumerate(points) if point.wkb is not None]
    nodes = [index for index, point in enumerate(points) if point.wkb is None]
    if not areas or not nodes:
        return again
    shapes = shapely.from_wkb(np.array([points[index].wkb for index in areas], dtype=np.object_))
    tree = shapely.STRtree(shapely.points([(points[i].lon, points[i].lat) for i in nodes]))
    for area, node in tree.query(shapes, predicate="intersects").T.tolist():
        again[nodes[node]] |= points[areas[area]].kind == points[nodes[node]].kind
    return again


def _at_the_door(numbers: Sequence[DrawnNumber]) -> NDArray[np.bool_]:
    """Return which buildings have an entrance of the same number nearby (within their size)."""
    again = np.zeros(len(numbers), dtype=np.bool_)
    buildings = [index for index, each in enumerate(numbers) if each.reach_deg > 0]
    doors = [index for index, each in enumerate(numbers) if each.reach_deg == 0]
    if not buildings or not doors:
        return again
    tree = shapely.STRtree(shapely.points([(numbers[i].lon, numbers[i].lat) for i in doors]))
    middles = shapely.points([(numbers[i].lon, numbers[i].lat) for i in buildings])
    reach = np.array([numbers[index].reach_deg for index in buildings])
    for building, door in tree.query(middles, predicate="dwithin", distance=reach).T.tolist():
        again[buildings[building]] |= (
            numbers[buildings[building]].number == numbers[doors[door]].number
        )
    return again


def _projected(things: Iterable[DrawnPlace | DrawnPoint | DrawnNumber]) -> list[str]:
    lonlat = np.array([(thing.lon, thing.lat) for thing in things]).reshape(-1, 2)
    return hex_of(np.asarray(shapely.points(project(lonlat)), dtype=np.object_))
