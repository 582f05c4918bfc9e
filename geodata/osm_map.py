"""What of an OpenStreetMap extract the base map shows, streamed feature by feature."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

import osmium
import osmium.filter
import osmium.geom
from osmium.osm import Area
from osmium.osm import Node
from osmium.osm import TagList
from osmium.osm import Way

from geodata import osm_layers
from geodata.osm_file import extract_errors
from geodata.osm_layers import LineMeaning
from geodata.progress import Progress

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


Drawn = DrawnArea | DrawnLine | DrawnCoast | DrawnPlace


@dataclass(slots=True)
class MapReader:
    """Reads the features of one extract and counts those it could not place.

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

    def features(self) -> Iterator[Drawn]:
        """Yield everything the map shows, in the order of the file.

        Raises
        ------
        TruncatedExtractError
            If the file breaks off.
        """
        shown = (*osm_layers.AREA_KEYS, *osm_layers.LINE_KEYS)
        areas = osmium.filter.KeyFilter(*osm_layers.AREA_KEYS)
        wanted = osmium.filter.KeyFilter(*dict.fromkeys((*shown, "place")))
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
                feature = self._feature(item)
                if feature is not None:
                    yield feature

    def _feature(self, item: object) -> Drawn | None:
        if isinstance(item, Way):
            return self._line(item)
        if isinstance(item, Area):
            return self._area(item)
        if isinstance(item, Node):
            return _place(item)
        return None

    def _line(self, way: Way) -> DrawnLine | DrawnCoast | None:
        tags = {tag.k: tag.v for tag in way.tags}
        coast = tags.get("natural") == "coastline"
        meaning = None if coast else osm_layers.line_meaning(tags)
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
        return DrawnLine(meaning, osm_layers.drawn_backwards(tags), _names(way.tags), wkb)

    def _area(self, area: Area) -> DrawnArea | None:
        meaning = osm_layers.area_meaning({tag.k: tag.v for tag in area.tags})
        if meaning is None:
            return None
        try:
            wkb = self._wkb.create_multipolygon(area)
        except (RuntimeError, osmium.InvalidLocationError):
            self.undrawable += 1
            return None
        return DrawnArea(*meaning, _names(area.tags), wkb)


def _is_ring(way: Way, tags: osm_layers.Tags) -> bool:
    """Return whether a way by itself is an area; osmium says nothing of those it cannot close."""
    return way.is_closed() and osm_layers.area_meaning(tags) is not None


def _place(node: Node) -> DrawnPlace | None:
    meaning = osm_layers.place_meaning({tag.k: tag.v for tag in node.tags})
    if meaning is None or not node.location.valid():
        return None
    digits = (node.tags.get("population") or "").replace(" ", "").replace(",", "")
    population = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0  # noqa: PLR2004 - no town has 10¹⁰ people
    location = node.location
    return DrawnPlace(*meaning, _names(node.tags), population, location.lon, location.lat)


def _names(tags: TagList) -> Names:
    return Names(tags.get("name") or tags.get("ref"), tags.get("name:en"), tags.get("name:zh"))
