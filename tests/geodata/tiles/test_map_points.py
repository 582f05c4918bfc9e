"""Points that matter to a repair service, and house numbers, from tags to tiles."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from geodata.ground.service import import_extract
from geodata.tiles.map_points import house_number
from geodata.tiles.map_points import point_meaning
from geodata.tiles.vector_tiles import tile
from tests.geodata.mvt import POINT
from tests.geodata.mvt import Feature
from tests.geodata.mvt import decode
from tests.geodata.mvt import tile_at
from tests.geodata.street_map import METRES_PER_DEGREE_EAST
from tests.geodata.street_map import METRES_PER_DEGREE_NORTH
from tests.geodata.street_map import StreetMap
from tests.geodata.street_map import Tags


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"amenity": "hospital"}, "hospital"),
        ({"amenity": "kindergarten"}, "school"),
        ({"amenity": "fire_station"}, "fire_station"),
        ({"amenity": "police"}, "police"),
        ({"power": "substation", "voltage": "110000"}, "substation"),
        ({"man_made": "pumping_station"}, "pumping_station"),
        ({"pipeline": "substation", "substance": "water"}, "pumping_station"),
        ({"man_made": "gasometer"}, "gas"),
        ({"pipeline": "valve_group", "substance": "gas"}, "gas"),
        ({"man_made": "water_works"}, "water_works"),
        ({"power": "plant", "plant:output:hot_water": "yes"}, "heating_plant"),
        ({"power": "generator", "generator:output:hot_water": "20 MW"}, "heating_plant"),
        ({"power": "plant", "plant:output:electricity": "5 MW"}, "power_plant"),
        ({"leisure": "park", "name": "Parc Fontvieille"}, "park"),
    ],
)
def test_what_a_repair_service_looks_for_is_known(tags: Tags, kind: str) -> None:
    """Whichever of OpenStreetMap's ways of writing it was used."""
    meaning = point_meaning(tags)

    assert meaning is not None
    assert meaning[0] == kind


@pytest.mark.parametrize(
    "tags",
    [
        {"amenity": "restaurant"},
        {"power": "generator", "generator:source": "solar"},  # a roof with panels
        {"pipeline": "marker", "substance": "gas"},
        {"leisure": "park"},  # nothing to write beside it
        {},
    ],
)
def test_other_things_are_no_points(tags: Tags) -> None:
    """A map full of restaurants hides the pumping station."""
    assert point_meaning(tags) is None


def test_small_substations_come_later() -> None:
    """There is one at every corner."""
    big = point_meaning({"power": "substation", "substation": "transmission"})
    small = point_meaning({"power": "substation", "substation": "minor_distribution"})

    assert big is not None
    assert small is not None
    assert big[1] < small[1]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("12", "12"),
        ("12;14", "12, 14"),
        ("12,14", "12, 14"),
        (" 7 bis ", "7 bis"),
        ("12号", "12号"),
        ("", None),
        (";", None),
        ("1;2;3;4;5;6;7;8;9", None),  # flats, not a door
    ],
)
def test_house_numbers_are_what_stands_at_the_door(written: str, shown: str | None) -> None:
    """Several of one door stay together; a list of flats is none."""
    assert house_number({"addr:housenumber": written}) == shown
    assert house_number({"addr:conscriptionnumber": written}) == shown


#        A-----B      building ABDC is number 12, and so is its door E;
#   X    |  E  |      building FGIH is number 14 and has no door of its own;
#        C-----D      K is a hospital's node in the grounds ABDC of the same hospital
#    F----G
#    |    |
#    H----I    P--Q
PICTURE = """
   A     B
   X  E
      K
   C     D
 F    G
 H    I   P  Q
"""


@pytest.fixture
def corner(importer: Engine, tmp_path: Path) -> int:
    """Import two buildings, a door, a hospital and a street; return the ground's id."""
    clinic = {"amenity": "hospital", "name": "Saint Roch"}
    drawn = StreetMap(
        PICTURE,
        {
            "ABDCA": {"building": "yes", "addr:housenumber": "12", **clinic},
            "FGIHF": {"building": "yes", "addr:housenumber": "14"},
            "PQ": {"highway": "residential"},
        },
        node_tags={
            "E": {"addr:housenumber": "12"},
            "K": {"amenity": "hospital", "name": "Saint Roch, entrance"},
            "X": {"amenity": "police"},
        },
    )
    return import_extract(importer, drawn.write(tmp_path / "corner.osm")).ground_id


def points(reader: Engine, ground_id: int, layer: str, zoom: int) -> list[Feature]:
    """Return a layer's features in the tile over the picture."""
    lon, lat = 40 / METRES_PER_DEGREE_EAST, -40 / METRES_PER_DEGREE_NORTH
    with reader.connect() as connection:
        return decode(tile(connection, ground_id, *tile_at(lon, lat, zoom))).get(layer, [])


@pytest.mark.postgis
def test_each_house_number_is_written_once(reader: Engine, corner: int) -> None:
    """At the door where there is one, else in the middle of the building."""
    numbers = points(reader, corner, "housenumbers", 16)

    assert {feature.sort for feature in numbers} == {POINT}
    assert sorted(str(feature.attributes["number"]) for feature in numbers) == ["12", "14"]


@pytest.mark.postgis
def test_house_numbers_come_close_up_only(reader: Engine, corner: int) -> None:
    """A tile of half a city's numbers would be nothing but numbers."""
    assert points(reader, corner, "housenumbers", 15) == []
    assert len(points(reader, corner, "housenumbers", 18)) == 2


@pytest.mark.postgis
def test_a_hospital_drawn_twice_is_shown_once(reader: Engine, corner: int) -> None:
    """Its grounds and a node on its door are one hospital; the police beside it stays."""
    found = [dict(feature.attributes) for feature in points(reader, corner, "pois", 15)]

    assert {"kind": "hospital", "name": "Saint Roch"} in found
    assert sorted(str(each["kind"]) for each in found) == ["hospital", "police"]
