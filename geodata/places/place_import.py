"""Store the searchable places of an extract and their index, in the import's transaction."""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import insert
from sqlalchemy import text

from geodata.crs.flat_plane import Plane
from geodata.crs.great_circle import LonLat
from geodata.names.house_numbers import address_label
from geodata.names.name_index import IndexBuilder
from geodata.names.name_matching import index_names
from geodata.names.name_matching import sounds
from geodata.names.name_text import has_han
from geodata.names.pinyin import reading_table
from geodata.names.pinyin import syllables
from geodata.places.houses import settle
from geodata.places.models import PlaceIndex
from geodata.places.named_streets import NamedStreet
from geodata.places.named_streets import crossings
from geodata.places.named_streets import join_streets
from geodata.places.named_streets import name_key
from geodata.places.place_reader import Found
from geodata.places.place_reader import House
from geodata.places.place_reader import NamedPlace
from geodata.places.place_reader import PlaceReader
from geodata.places.place_reader import Spellings
from geodata.places.place_reader import StreetWay
from geodata.table_copy import GroundCopy
from geodata.table_copy import Row

_STORE = "Storing addresses"
_TABLES = ("place", "address", "street_line", "street_crossing")
_PLACE_COLUMNS = (
    "number", "kind", "category", "name", "name_en", "name_zh", "other_names", "syllables",
    "address", "locality", "weight", "geom",
)  # fmt: skip
_SAME_PLACE_M = 150.0
"""One thing is often mapped twice, as a point and as the building around it."""
_BOTH_SIDES_M = 400.0
"""The stops of a bus to and fro are one to whoever looks for it."""
_LOCALITY_M = 8_000.0
_STREET_WEIGHT = 2


@dataclass(slots=True)
class _Harvest:
    """The searchable features of an extract, by kind."""

    ways: list[StreetWay] = field(default_factory=list)
    houses: list[House] = field(default_factory=list)
    places: list[NamedPlace] = field(default_factory=list)


def store_places(copy: GroundCopy, path: Path) -> None:
    """Store streets, crossings, addresses and named places of an extract, and their index.

    Parameters
    ----------
    copy
        Of the ground that is being imported, in its transaction.
    path
        The extract.

    Raises
    ------
    TruncatedExtractError
        If the file breaks off.
    """
    store_found(copy, PlaceReader(path, copy.progress).found())


def store_found(copy: GroundCopy, everything: Iterable[Found]) -> None:
    """Store features from any source."""
    harvest = _Harvest()
    for found in everything:
        match found:
            case StreetWay():
                harvest.ways.append(found)
            case House():
                harvest.houses.append(found)
            case NamedPlace():
                harvest.places.append(found)
    streets = join_streets(harvest.ways)
    meetings = crossings(streets)
    houses = settle(harvest.houses, streets)
    places = _once(harvest.places)
    copy.progress(_STORE, 0, None)
    rows = _Rows(places, streets)
    copy.fill("place", _PLACE_COLUMNS, rows.rows(), _STORE)
    lines = [(number, way) for number, street in enumerate(streets) for way in street.ways]
    shapes = _hex(np.array([shapely.linestrings(way.lonlat) for _, way in lines], dtype=object))
    line_rows = ((at, lines[at][0], shape) for at, shape in enumerate(shapes))
    copy.fill("street_line", ("number", "street", "geom"), line_rows, _STORE)
    points = _hex(_points([meeting.lonlat for meeting in meetings]))
    meeting_rows = (
        (at, meeting.street, meeting.other, points[at]) for at, meeting in enumerate(meetings)
    )
    copy.fill("street_crossing", ("number", "street", "other", "geom"), meeting_rows, _STORE)
    points = _hex(_points([house.lonlat for house in houses]))
    house_rows = (
        (at, house.street, house.house, house.key, points[at]) for at, house in enumerate(houses)
    )
    columns = ("number", "street", "house", "house_key", "geom")
    copy.fill("address", columns, house_rows, _STORE)
    content = rows.index.build(reading_table()).to_bytes()
    copy.connection.execute(insert(PlaceIndex).values(ground_id=copy.ground_id, content=content))
    for table in _TABLES:
        copy.connection.execute(text(f"ANALYZE {table}"))


class _Rows:
    """Rows of the table of places, streets first, with the index built from them."""

    def __init__(self, places: Sequence[NamedPlace], streets: Sequence[NamedStreet]) -> None:
        self.index = IndexBuilder()
        self._places = places
        self._streets = streets

    def rows(self) -> Iterator[Row]:
        """Yield the rows, after adding each to the index."""
        spots = [street.lonlat for street in self._streets]
        spots += [place.lonlat for place in self._places]
        localities = _localities(self._places, spots)
        geometries = _hex(_points(spots))
        number = 0
        for street in self._streets:
            named = self._named(street.names, street.lonlat, street=True)
            where: Row = (None, localities[number], _STREET_WEIGHT)
            yield (number, "street", "street", *named, *where, geometries[number])
            number += 1
        for place in self._places:
            named = self._named(place.names, place.lonlat, street=False)
            known = place.house and place.street
            address = address_label(place.street or "", place.house or "") if known else None
            kind, weight = place.meaning
            locality = localities[number]
            where = (address, None if locality == place.names.local else locality, weight)
            yield (number, "place", kind, *named, *where, geometries[number])
            number += 1

    def _named(self, names: Spellings, lonlat: LonLat, *, street: bool) -> Row:
        known = names.all()
        chinese = next((name for name in known if has_han(name)), None)
        heard = sounds(chinese, syllables) if chinese else ()
        kept = [
            found for name in known for found in index_names(name, heard if name == chinese else ())
        ]
        self.index.add(lonlat, street=street, names=kept)
        others = [name for name in names.others if name not in {names.en, names.zh}]
        return (names.local, names.en, names.zh, others, list(heard))


def _once(places: Sequence[NamedPlace]) -> list[NamedPlace]:
    """Return features without duplicates of one name at one position; the weightier is kept."""
    kept: dict[str, list[NamedPlace]] = {}
    for place in sorted(places, key=lambda each: -each.meaning.weight):
        alike = kept.setdefault(name_key(place.names.local), [])
        plane = Plane(place.lonlat[1])
        spots = np.array([other.lonlat for other in alike]).reshape(-1, 2)
        reach_m = _BOTH_SIDES_M if place.meaning.category == "stop" else _SAME_PLACE_M
        if not (plane.distances_m(spots, np.array(place.lonlat)) < reach_m).any():
            alike.append(place)
    return [place for alike in kept.values() for place in alike]


def _localities(places: Sequence[NamedPlace], spots: Sequence[LonLat]) -> list[str | None]:
    """Return the nearest settlement of each position; a city only where none smaller is near."""
    known = [place for place in places if place.settlement is not None]
    small = [place for place in known if place.settlement not in {"city", "town"}]
    found: list[str | None] = [None] * len(spots)
    if not spots:
        return found
    plane = Plane(spots[0][1])
    at = shapely.points(plane.project(np.array(spots)))
    for group in (known, small):
        if not group:
            continue
        centres = plane.project(np.array([place.lonlat for place in group]))
        tree = shapely.STRtree(_points(centres.tolist()))
        reach_m = _LOCALITY_M if group is known else _LOCALITY_M / 4
        pairs = tree.query_nearest(at, max_distance=reach_m, all_matches=False)
        for spot, nearest in zip(*pairs.tolist(), strict=True):
            found[spot] = group[nearest].names.local
    return found


def _points(lonlat: Sequence[LonLat]) -> NDArray[np.object_]:
    return np.atleast_1d(np.asarray(shapely.points(np.array(lonlat).reshape(-1, 2))))


def _hex(shapes: NDArray[np.object_]) -> list[str]:
    wkb = shapely.to_wkb(shapely.set_srid(np.atleast_1d(shapes), 4326), hex=True, include_srid=True)
    return [str(one) for one in wkb]
