"""Store the features of the base map in batches, while the extract is read."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

import shapely

from geodata.table_copy import GroundCopy
from geodata.tiles import point_rows
from geodata.tiles import shape_rows
from geodata.tiles.map_features import Drawn
from geodata.tiles.map_features import DrawnArea
from geodata.tiles.map_features import DrawnCoast
from geodata.tiles.map_features import DrawnLine
from geodata.tiles.map_features import DrawnNumber
from geodata.tiles.map_features import DrawnPlace
from geodata.tiles.map_features import DrawnPoint
from geodata.tiles.map_features import MapReader
from geodata.tiles.sea_polygons import sea_polygons

AREAS_AT_ONCE = 5_000  # simplified and copied together; holds memory down in a large city

Bounds = tuple[float, float, float, float]


@dataclass(slots=True)
class MapStore:
    """Stores the features of one extract in the tables of the base map.

    Areas are written as soon as there are enough of a layer. Lines are kept to the end, because
    streets are joined over the whole ground; so are coastlines, which need all others.
    """

    copy: GroundCopy
    _areas: dict[str, list[DrawnArea]] = field(default_factory=lambda: defaultdict(list))
    _lines: list[DrawnLine] = field(default_factory=list)
    _places: list[DrawnPlace] = field(default_factory=list)
    _points: list[DrawnPoint] = field(default_factory=list)
    _numbers: list[DrawnNumber] = field(default_factory=list)
    _coast: list[shapely.LineString] = field(default_factory=list)

    def store(self, path: Path, bounds: Bounds) -> int:
        """Store the base map of an extract; return the number of features that cannot be drawn."""
        reader = MapReader(path, self.copy.progress)
        for feature in reader.features():
            self._sort(feature)
        stage = "Storing the map"
        self.copy.progress(stage, 0, None)
        for layer in list(self._areas):
            self._store_areas(layer, self._areas.pop(layer), stage)
        sea = sea_polygons(self._coast, bounds)
        self._store_areas("water", shape_rows.sea_areas(sea), stage)
        rows = shape_rows.line_rows(self._lines)
        self.copy.fill("map_line", shape_rows.LINE_COLUMNS, rows, stage)
        rows = point_rows.place_rows(self._places)
        self.copy.fill("map_place", point_rows.PLACE_COLUMNS, rows, stage)
        rows = point_rows.point_rows(self._points)
        self.copy.fill("map_poi", point_rows.POINT_COLUMNS, rows, stage)
        rows = point_rows.number_rows(self._numbers)
        self.copy.fill("map_house_number", point_rows.NUMBER_COLUMNS, rows, stage)
        return reader.undrawable

    def store_lines(self, lines: Iterable[DrawnLine]) -> None:
        """Store a base map that has only streets."""
        stage = "Storing the map"
        self.copy.progress(stage, 0, None)
        self.copy.fill(
            "map_line", shape_rows.LINE_COLUMNS, shape_rows.line_rows(list(lines)), stage
        )

    def _sort(self, feature: Drawn) -> None:
        match feature:
            case DrawnArea(layer=layer):
                self._areas[layer].append(feature)
                if len(self._areas[layer]) >= AREAS_AT_ONCE:
                    self._store_areas(layer, self._areas.pop(layer), "Drawing the map")
            case DrawnLine():
                self._lines.append(feature)
            case DrawnPlace() | DrawnPoint() | DrawnNumber():
                self._sort_point(feature)
            case DrawnCoast(wkb=wkb):
                shore = shapely.from_wkb(wkb)
                if isinstance(shore, shapely.LineString):
                    self._coast.append(shore)

    def _sort_point(self, feature: DrawnPlace | DrawnPoint | DrawnNumber) -> None:
        match feature:
            case DrawnPlace():
                self._places.append(feature)
            case DrawnPoint():
                self._points.append(feature)
            case DrawnNumber():
                self._numbers.append(feature)

    def _store_areas(self, layer: str, areas: list[DrawnArea], stage: str) -> None:
        table = "map_building" if layer == "buildings" else "map_area"
        columns = shape_rows.BUILDING_COLUMNS if layer == "buildings" else shape_rows.AREA_COLUMNS
        rows = shape_rows.area_rows(areas, self.copy.rows[table])
        self.copy.fill(table, columns, rows, stage)
