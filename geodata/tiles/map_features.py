"""Read the features of an extract that the base map shows, as a stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from math import hypot
from pathlib import Path

import osmium
import osmium.filter
import osmium.geom
import shapely
from osmium.osm import Area
from osmium.osm import Node
from osmium.osm import Way

from geodata.osm.extract_file import extract_errors
from geodata.osm.name_tags import chinese_name
from geodata.osm.simplified_names import simplified_names
from geodata.progress import Progress
from geodata.tiles import map_layers
from geodata.tiles import map_points
from geodata.tiles.map_layers import LineMeaning

TELL_EVERY = 2000


@dataclass(frozen=True, slots=True)
class Names:
    """The local name and, where mapped, the English and Chinese ones."""

    local: str | None
    en: str | None
    zh: str | None


@dataclass(frozen=True, slots=True)
class DrawnArea:
    """A closed shape; ``wkb`` is hexadecimal WKB in WGS 84, longitude first."""

    layer: str
    kind: str
    names: Names
    wkb: str


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line; along the traffic if it is a one-way street."""

    meaning: LineMeaning
    backwards: bool
    names: Names
    wkb: str


@dataclass(frozen=True, slots=True)
class DrawnCoast:
    """A piece of coastline: land on its left, sea on its right."""

    wkb: str


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """A named settlement."""

    kind: str
    min_zoom: int
    names: Names
    population: int
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class DrawnPoint:
    """A point of interest for a repair service; ``wkb`` is its shape if it has one."""

    kind: str
    min_zoom: int
    names: Names
    lon: float
    lat: float
    wkb: str | None = None


@dataclass(frozen=True, slots=True)
class DrawnNumber:
    """A house number, at an entrance or inside a building.

    ``reach_deg`` is half the diagonal of the building's box, 0 for a door.
    """

    number: str
    lon: float
    lat: float
    reach_deg: float = 0.0


Drawn = DrawnArea | DrawnLine | DrawnCoast | DrawnPlace | DrawnPoint | DrawnNumber


@dataclass(slots=True)
class MapReader:
    """Reads the features of one extract and counts those that cannot be drawn.

    Attributes
    ----------
    undrawable
        Ways and areas left out because the extract lacks some of their nodes or because their
        rings do not close. A street with a hole in it is drivable at its ends but is not drawn.
    """

    path: Path
    progress: Progress
    undrawable: int = 0
    _wkb: osmium.geom.WKBFactory = field(default_factory=osmium.geom.WKBFactory)
    _simplified: dict[str, str] = field(default_factory=dict)

    def features(self) -> Iterator[Drawn]:
        """Yield all features that the map shows, in the order of the file.

        Raises
        ------
        TruncatedExtractError
            If the file breaks off.
        """
        closed = dict.fromkeys((*map_layers.AREA_KEYS, *map_points.POINT_KEYS))
        shown = (*closed, *map_layers.LINE_KEYS)
        areas = osmium.filter.KeyFilter(*closed)
        wanted = osmium.filter.KeyFilter(*dict.fromkeys((*shown, "place")))
        self._simplified = simplified_names(self.path)
        with extract_errors(self.path):
            objects = (
                osmium.FileProcessor(self.path)
                .with_locations("sparse_mem_array")
                .with_areas(areas)
                .with_filter(wanted)
            )
            for count, item in enumerate(objects):
                if count % TELL_EVERY == 0:
                    self.progress("Drawing the map", count, None)
                yield from self._features_of(item)

    def _features_of(self, item: object) -> Iterator[Drawn]:
        if isinstance(item, Way):
            line = self._line(item)
            if line is not None:
                yield line
        elif isinstance(item, Area):
            yield from self._area(item)
        elif isinstance(item, Node):
            yield from self._points(item)

    def _line(self, way: Way) -> DrawnLine | DrawnCoast | None:
        tags = {tag.k: tag.v for tag in way.tags}
        coast = tags.get("natural") == "coastline"
        meaning = None if coast else map_layers.line_meaning(tags)
        if not coast and meaning is None and not _is_ring(way, tags):
            return None
        try:
            wkb = self._wkb.create_linestring(way)
        except (RuntimeError, osmium.InvalidLocationError):
            self.undrawable += 1
            return None
        if coast:
            return DrawnCoast(wkb)
        if meaning is None:
            return None  # a whole ring: it comes again as an area
        return DrawnLine(meaning, map_layers.drawn_backwards(tags), self._names(tags), wkb)

    def _area(self, area: Area) -> Iterator[Drawn]:
        tags = {tag.k: tag.v for tag in area.tags}
        meaning = map_layers.area_meaning(tags)
        point = map_points.point_meaning(tags)
        number = map_points.house_number(tags)
        if meaning is None and point is None and number is None:
            return
        try:
            wkb = self._wkb.create_multipolygon(area)
        except (RuntimeError, osmium.InvalidLocationError):
            self.undrawable += meaning is not None
            return
        if meaning is not None:
            yield DrawnArea(*meaning, self._names(tags), wkb)
        if point is None and number is None:
            return
        shape = shapely.from_wkb(wkb)
        middle = shapely.point_on_surface(shape)
        if middle.is_empty:
            return
        if point is not None:
            yield DrawnPoint(*point, self._names(tags), middle.x, middle.y, wkb)
        if number is not None:
            west, south, east, north = shape.bounds
            yield DrawnNumber(number, middle.x, middle.y, hypot(east - west, north - south) / 2)

    def _points(self, node: Node) -> Iterator[Drawn]:
        if not node.location.valid():
            return
        tags = {tag.k: tag.v for tag in node.tags}
        lon, lat = node.location.lon, node.location.lat
        place = map_layers.place_meaning(tags)
        if place is not None:
            yield DrawnPlace(*place, self._names(tags), _population(tags), lon, lat)
        point = map_points.point_meaning(tags)
        if point is not None:
            yield DrawnPoint(*point, self._names(tags), lon, lat)
        number = map_points.house_number(tags)
        if number is not None:
            yield DrawnNumber(number, lon, lat)

    def _names(self, tags: map_layers.Tags) -> Names:
        number = (tags.get("ref") or "").replace(";", " / ")
        return Names(
            tags.get("name") or number or None,
            tags.get("name:en"),
            chinese_name(tags, self._simplified),
        )


def _is_ring(way: Way, tags: map_layers.Tags) -> bool:
    """Return whether a way alone is an area; osmium does not report those it cannot close."""
    return way.is_closed() and map_layers.area_meaning(tags) is not None


def _population(tags: map_layers.Tags) -> int:
    digits = tags.get("population", "").replace(" ", "").replace(",", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0  # noqa: PLR2004 - no town has 10¹⁰ people
