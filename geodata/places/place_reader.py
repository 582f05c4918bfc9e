"""Read the searchable features of an extract: streets, addresses, named places."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

import numpy as np
import osmium
import osmium.filter
from numpy.typing import NDArray
from osmium.osm import NODE
from osmium.osm import RELATION
from osmium.osm import WAY
from osmium.osm import Node
from osmium.osm import Relation
from osmium.osm import TagList
from osmium.osm import Way

from geodata.crs.great_circle import LonLat
from geodata.osm.extract_file import extract_errors
from geodata.osm.name_tags import NUMBER_KEYS
from geodata.osm.name_tags import chinese_name
from geodata.osm.name_tags import house_numbers
from geodata.places.place_kinds import LOCALITIES
from geodata.places.place_kinds import Meaning
from geodata.places.place_kinds import Tags
from geodata.places.place_kinds import place_meaning
from geodata.places.place_kinds import street_name
from geodata.progress import Progress

STAGE = "Reading addresses"
_TELL_EVERY = 5_000
_OTHER_NAMES = (
    "alt_name", "official_name", "short_name", "loc_name", "old_name", "int_name", "nat_name",
    "alt_name:en", "alt_name:zh", "name:zh", "name:zh-Hans", "name:zh_pinyin", "name:fr",
    "name:pt",
)  # fmt: skip
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Spellings:
    """The names of a feature: local, English, Chinese, and others."""

    local: str
    en: str | None
    zh: str | None
    others: tuple[str, ...]

    def all(self) -> tuple[str, ...]:
        """Return every name once, the local one first."""
        known = (self.local, self.en, self.zh, *self.others)
        return tuple(dict.fromkeys(name for name in known if name))


@dataclass(frozen=True, slots=True)
class StreetWay:
    """One way of a named street; ``lonlat`` has shape ``(n, 2)``, ``nodes`` the n node ids."""

    names: Spellings
    nodes: NDArray[np.int64]
    lonlat: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class House:
    """A house number as mapped, with the name of its street if tagged."""

    number: str
    street: str | None
    lonlat: LonLat
    of_building: bool


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A feature that is searched by name."""

    names: Spellings
    meaning: Meaning
    settlement: str | None
    lonlat: LonLat
    house: str | None
    street: str | None


Found = StreetWay | House | NamedPlace


@dataclass(slots=True)
class PlaceReader:
    """Reads one extract; the position of a relation is that of its ways."""

    path: Path
    progress: Progress
    _members: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _relations: list[dict[str, str]] = field(default_factory=list)
    _boxes: dict[int, list[LonLat]] = field(default_factory=lambda: defaultdict(list))

    def found(self) -> Iterator[Found]:
        """Yield all features in the order of the file, relations at the end.

        Raises
        ------
        TruncatedExtractError
            If the file breaks off.
        """
        with extract_errors(self.path):
            self._read_relations()
            # Most nodes are but points of lines; ways are many fewer, and any may be a part of a
            # relation that has the name.
            tagged = osmium.filter.KeyFilter("name", *NUMBER_KEYS)
            tagged.enable_for(NODE)
            objects = (
                osmium.FileProcessor(self.path, NODE | WAY)
                .with_locations("sparse_mem_array")
                .with_filter(tagged)
            )
            for count, item in enumerate(objects):
                if count % _TELL_EVERY == 0:
                    self.progress(STAGE, count, None)
                if isinstance(item, Way):
                    yield from self._way(item)
                elif isinstance(item, Node) and item.location.valid():
                    tags = _tags(item.tags)
                    yield from _things(tags, (item.location.lon, item.location.lat))
        for number, tags in enumerate(self._relations):
            corners = self._boxes.get(number)
            if corners:
                yield from _things(tags, _middle(np.array(corners)), of_building=True)

    def _read_relations(self) -> None:
        named = osmium.filter.KeyFilter("name", *NUMBER_KEYS)
        for relation in osmium.FileProcessor(self.path, RELATION).with_filter(named):
            if not isinstance(relation, Relation):
                continue
            tags = _tags(relation.tags)
            if tags.get("type") != "multipolygon" and "place" not in tags:
                continue
            for member in relation.members:
                if member.type == "w" and member.role != "inner":
                    self._members[member.ref].append(len(self._relations))
            self._relations.append(tags)

    def _way(self, way: Way) -> Iterator[Found]:
        of = self._members.get(way.id)
        tags = _tags(way.tags)
        if of is None and not ("name" in tags or "ref" in tags or house_numbers(tags)):
            return
        known = [(node.ref, node.lon, node.lat) for node in way.nodes if node.location.valid()]
        if not known:
            return
        lonlat = np.array([(lon, lat) for _, lon, lat in known])
        for relation in of or ():
            self._boxes[relation] += [tuple(lonlat.min(axis=0)), tuple(lonlat.max(axis=0))]
        name = street_name(tags)
        if name and len(known) > 1:
            nodes = np.array([ref for ref, _, _ in known], dtype=np.int64)
            yield StreetWay(_spellings(tags, name), nodes, lonlat)
            return
        yield from _things(tags, _middle(lonlat), of_building=True)


def _things(tags: Tags, lonlat: LonLat, *, of_building: bool = False) -> Iterator[Found]:
    numbers = house_numbers(tags)
    street = tags.get("addr:street") or tags.get("addr:place")
    name = tags.get("name")
    meaning = place_meaning(tags) if name else None
    # A shop's number is its building's, but it may stand at the other end of it.
    alone = of_building or meaning is None
    for number in numbers:
        yield House(number[:_LONGEST_NAME], street, lonlat, alone)
    if name and meaning is not None:
        kind = tags.get("place")
        settlement = kind if kind in LOCALITIES else None
        house = ", ".join(numbers) or None
        yield NamedPlace(_spellings(tags, name), meaning, settlement, lonlat, house, street)


def _tags(tags: TagList) -> dict[str, str]:
    """Return tags without NUL, which PostgreSQL cannot store."""
    return {tag.k: tag.v.replace("\0", "") for tag in tags}


def _spellings(tags: Tags, name: str) -> Spellings:
    others = [
        other.strip()[:_LONGEST_NAME]
        for key in _OTHER_NAMES
        for other in tags.get(key, "").split(";")
        if other.strip()
    ]
    return Spellings(name[:_LONGEST_NAME], tags.get("name:en"), chinese_name(tags), tuple(others))


def _middle(lonlat: NDArray[np.float64]) -> LonLat:
    least, most = lonlat.min(axis=0), lonlat.max(axis=0)
    lon, lat = ((least + most) / 2).tolist()
    return lon, lat
