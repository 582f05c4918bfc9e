"""What the import makes of an extract: streets out of ways, houses on streets, places once."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import TruncatedExtractError
from geodata.places.houses import settle
from geodata.places.named_streets import crossings
from geodata.places.named_streets import join_streets
from geodata.places.place_kinds import place_meaning
from geodata.places.place_kinds import street_name
from geodata.places.place_reader import House
from geodata.places.place_reader import NamedPlace
from geodata.places.place_reader import PlaceReader
from geodata.places.place_reader import Spellings
from geodata.places.place_reader import StreetWay
from geodata.progress import silent
from tests.geodata.street_map import METRES_PER_DEGREE_EAST
from tests.geodata.street_map import METRES_PER_DEGREE_NORTH
from tests.geodata.street_map import StreetMap

EAST, NORTH = 1 / METRES_PER_DEGREE_EAST, 1 / METRES_PER_DEGREE_NORTH
STREET = {"highway": "residential"}


def way(name: str, *metres: tuple[float, float], nodes: Sequence[int] | None = None) -> StreetWay:
    """Return a way through points given in metres east and north of the origin."""
    lonlat = np.array(metres, dtype=np.float64) * np.array([EAST, NORTH])
    ids = np.array(nodes or range(len(metres)), dtype=np.int64)
    return StreetWay(Spellings(name, None, None, ()), ids, lonlat)


def house(number: str, street: str | None, east: float, north: float) -> House:
    """Return a house at metres from the origin."""
    return House(number, street, (east * EAST, north * NORTH), of_building=False)


def test_ways_of_one_name_are_one_street_until_a_gap_of_300_m() -> None:
    """0-100, 350-400 and, 500 m on, 900-1000: the gap of 250 m joins, that of 500 m does not."""
    ways = [
        way("Rue A", (0, 0), (100, 0)),
        way("Rue A", (900, 0), (1000, 0)),
        way("RUE A", (350, 0), (400, 0)),
    ]

    streets = join_streets(ways)

    assert [len(street.ways) for street in streets] == [2, 1]
    assert streets[0].names.local == "Rue A"
    assert streets[0].names.others == ("RUE A",)


def test_a_streets_point_lies_on_the_street() -> None:
    """The middle of a horseshoe is a lawn; 200 m wide, 200 m deep."""
    bent = way("Rue A", (0, 0), (0, 200), (100, 200), (200, 200), (200, 0))

    (street,) = join_streets([bent])

    assert street.lonlat == pytest.approx((100 * EAST, 200 * NORTH))


def test_streets_cross_where_they_share_a_node_once_for_a_dual_carriageway() -> None:
    """B's two carriageways, 20 m apart, meet A at nodes 1 and 2; C meets A at 3, 500 m on."""
    ways = [
        way("A", (0, 0), (20, 0), (520, 0), nodes=[1, 2, 3]),
        way("B", (0, 0), (0, 100), nodes=[1, 4]),
        way("B", (20, 100), (20, 0), nodes=[5, 2]),
        way("C", (520, 0), (520, 100), nodes=[3, 6]),
        way("A", (520, 0), (900, 0), nodes=[3, 7]),
    ]
    streets = join_streets(ways)

    met = crossings(streets)

    names = [(streets[each.street].names.local, streets[each.other].names.local) for each in met]
    assert names == [("A", "B"), ("A", "C")]
    assert met[1].lonlat == pytest.approx((520 * EAST, 0))


@given(
    st.lists(
        st.tuples(st.sampled_from("ABCD"), st.lists(st.integers(0, 12), min_size=2, max_size=4)),
        max_size=12,
    )
)
def test_crossings_are_those_of_plain_counting(drawn: list[tuple[str, list[int]]]) -> None:
    """Two streets cross if a node is in ways of both; all within 60 m here, so once each."""
    ways = [way(name, *((n * 1.0, 0.0) for n in nodes), nodes=nodes) for name, nodes in drawn]

    met = crossings(join_streets(ways)) if ways else []

    of = {name: {node for own, nodes in drawn if own == name for node in nodes} for name in "ABCD"}
    expected = sum(bool(of[one] & of[other]) for one in "ABCD" for other in "ABCD" if one < other)
    assert len(met) == expected
    assert all(each.street < each.other for each in met)


def test_a_house_goes_to_the_street_it_names_the_nearest_of_that_name() -> None:
    """Two villages, 5 km apart, each with its Rue A; the house is in the second."""
    streets = join_streets(
        [
            way("Rue A", (0, 0), (100, 0)),
            way("Rue A", (5000, 0), (5100, 0)),
            way("Rue B", (5000, 5), (5100, 5)),
        ]
    )

    (found,) = settle([house("7", "rue a", 5050, 10)], streets)

    assert (found.street, found.key) == (1, "7")


def test_a_house_that_names_no_street_goes_to_the_nearest_within_150_m() -> None:
    """The other, 200 m off, has no street at all."""
    streets = join_streets([way("Rue A", (0, 0), (100, 0)), way("Rue B", (0, 60), (100, 60))])

    found = settle([house("1", None, 50, 45), house("2", None, 50, 260)], streets)

    assert [(each.street, each.house) for each in found] == [(1, "1")]


def test_a_street_known_by_its_houses_only_is_a_street_too() -> None:
    """Its point is its first house's."""
    streets = join_streets([way("Rue A", (0, 0), (100, 0))])

    found = settle([house("1", "Villa C", 10, 10), house("2", "Villa C", 30, 10)], streets)

    assert [street.names.local for street in streets] == ["Rue A", "Villa C"]
    assert [each.street for each in found] == [1, 1]
    assert streets[1].ways == []


def test_a_number_mapped_twice_is_kept_once_at_the_building() -> None:
    """A shop's node may stand at the wrong end of the block."""
    streets = join_streets([way("Rue A", (0, 0), (100, 0))])
    shop = house("12 bis", "Rue A", 10, 5)
    building = House("12Bis", "Rue A", (90 * EAST, 5 * NORTH), of_building=True)

    (found,) = settle([shop, building, shop], streets)

    assert (found.house, found.key) == ("12Bis", "12bis")
    assert found.lonlat == building.lonlat


def read(tmp_path: Path, street_map: StreetMap) -> list[object]:
    """Return what a reader finds on a map."""
    return list(PlaceReader(street_map.write(tmp_path / "map.osm"), silent).found())


def test_a_relation_lies_where_its_ways_lie(tmp_path: Path) -> None:
    """A school of two buildings 40 m apart: in the middle of both, and with its house number."""
    picture = "ab  ef\ncd  gh"
    ways = {"abdca": {"building": "yes"}, "efhge": {"building": "yes"}}
    tags = {"type": "multipolygon", "amenity": "school", "name": "École", "addr:housenumber": "3"}
    relation = (tags, [("outer", 1), ("outer", 2)])

    found = read(tmp_path, StreetMap(picture, ways, relations=[relation]))

    number, school = found
    assert isinstance(number, House)
    assert isinstance(school, NamedPlace)
    assert school.meaning.category == "school"
    middle = (25 * EAST, -10 * NORTH)  # 0 to 50 m east, 0 to 20 m south
    assert school.lonlat == number.lonlat == pytest.approx(middle, abs=1e-7)


def test_every_number_of_an_entry_with_several_is_kept(tmp_path: Path) -> None:
    """Doors "12;14" are two."""
    tags = {"addr:housenumber": "12;14, 16", "addr:street": "Rue A"}

    found = read(tmp_path, StreetMap("a", {}, node_tags={"a": tags}))

    assert [each.number for each in found if isinstance(each, House)] == ["12", "14", "16"]


def test_ways_with_missing_nodes_keep_what_is_there(tmp_path: Path) -> None:
    """Extracts are cut somewhere; a street with one node left is none."""
    ways = {"abx": {**STREET, "name": "A"}, "ay": {**STREET, "name": "B"}}

    found = read(tmp_path, StreetMap("a--b", ways))

    (street,) = (each for each in found if isinstance(each, StreetWay))
    assert street.names.local == "A"
    assert len(street.lonlat) == len(street.nodes) == 2


def test_all_names_of_a_thing_are_kept(tmp_path: Path) -> None:
    """Local, English, Chinese, and the old one people still say."""
    tags = {
        "amenity": "theatre",
        "name": "Opéra",
        "name:en": "Opera",
        "name:zh": "歌剧院",
        "old_name": "Salle Garnier; Garnier",
    }

    (place,) = read(tmp_path, StreetMap("a", {}, node_tags={"a": tags}))

    assert isinstance(place, NamedPlace)
    assert place.names.all() == ("Opéra", "Opera", "歌剧院", "Salle Garnier", "Garnier")


def test_the_simplified_chinese_name_goes_first_and_the_other_is_found_too(tmp_path: Path) -> None:
    """As on the map: both read one function."""
    tags = {"amenity": "theatre", "name": "Opéra", "name:zh": "歌劇院", "name:zh-Hans": "歌剧院"}

    (place,) = read(tmp_path, StreetMap("a", {}, node_tags={"a": tags}))

    assert isinstance(place, NamedPlace)
    assert place.names.zh == "歌剧院"
    assert place.names.all() == ("Opéra", "歌剧院", "歌劇院")


def test_a_truncated_extract_is_told(tmp_path: Path, monaco_pbf: Path) -> None:
    """The import's transaction is given up as a whole."""
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(monaco_pbf.read_bytes()[:900_000])

    with pytest.raises(TruncatedExtractError):
        list(PlaceReader(path, silent).found())


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        ({"highway": "residential", "name": "A"}, "A"),
        ({"highway": "steps", "name": "A"}, "A"),
        ({"highway": "primary_link", "ref": "D 7"}, "D 7"),
        ({"highway": "residential", "ref": "7"}, None),
        ({"highway": "bus_stop", "name": "A"}, None),
        ({"highway": "proposed", "name": "A"}, None),
        ({"name": "A"}, None),
    ],
)
def test_what_counts_as_a_street(tags: dict[str, str], name: str | None) -> None:
    """Steps and paths do; stops and plans do not."""
    assert street_name(tags) == name


@pytest.mark.parametrize(
    ("tags", "category"),
    [
        ({"amenity": "fire_station"}, "fire_station"),
        ({"power": "substation"}, "utility"),
        ({"shop": "bakery"}, "shop"),
        ({"place": "suburb"}, "settlement"),
        ({"building": "apartments"}, "building"),
        ({"building": "yes", "amenity": "pharmacy"}, "pharmacy"),
        ({"building": "no"}, None),
        ({"shop": "abandoned"}, None),
        ({"route": "bus"}, None),
    ],
)
def test_what_a_named_thing_is_looked_for_as(tags: dict[str, str], category: str | None) -> None:
    """What it is used for goes before that it is a building."""
    meaning = place_meaning(tags)

    assert (meaning.category if meaning else None) == category
