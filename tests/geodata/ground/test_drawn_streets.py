"""How single streets get onto the map."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from geodata.ground.service import import_extract
from geodata.tiles.vector_tiles import tile
from tests.geodata.mvt import Feature
from tests.geodata.mvt import decode
from tests.geodata.mvt import tile_at
from tests.geodata.street_map import StreetMap

pytestmark = pytest.mark.postgis

STREET = {"highway": "residential"}

Draw = Callable[[StreetMap], dict[str, list[Feature]]]


@pytest.fixture
def draw(importer: Engine, reader: Engine, tmp_path: Path) -> Draw:
    """Return a function that imports a map and decodes the tile south-east of 0, 0."""

    def drawn(streets: StreetMap) -> dict[str, list[Feature]]:
        ground = import_extract(importer, streets.write(tmp_path / "streets.osm"))
        with reader.connect() as connection:
            made = tile(connection, ground.ground_id, *tile_at(0.001, -0.0001, 16))
        return decode(made)

    return drawn


def test_one_way_streets_are_drawn_along_their_traffic(draw: Draw) -> None:
    """``oneway=-1`` is drawn against it by the mapper; the map's arrows must not be."""
    (road,) = draw(StreetMap("A           B", {"AB": STREET | {"oneway": "-1"}}))["roads"]

    # A is west of B and traffic runs from B to A.
    assert road.attributes["oneway"] is True
    assert road.parts[0][0][0] > road.parts[0][-1][0]


def test_a_street_is_one_line_for_its_name(draw: Draw) -> None:
    """It is drawn in three pieces because of its bridge; the label goes along the whole."""
    street = STREET | {"name": "Quai"}
    layers = draw(
        StreetMap(
            "A    B    C    D", {"AB": street, "BC": street | {"bridge": "yes"}, "CD": street}
        )
    )

    assert len(layers["roads"]) == 3
    (label,) = layers["road_names"]
    assert label.attributes == {"class": "residential", "name": "Quai"}
    assert label.length == pytest.approx(sum(piece.length for piece in layers["roads"]), abs=3)


def test_streets_drawn_alike_are_joined(draw: Draw) -> None:
    """Fewer and longer lines: two ways end to end are one feature."""
    street = STREET | {"name": "Quai"}
    layers = draw(StreetMap("A    B    C", {"AB": street, "BC": street}))

    assert len(layers["roads"]) == 1


def test_bridges_lie_on_top(draw: Draw) -> None:
    """What is drawn last covers the rest: a minor bridge over a main road too."""
    layers = draw(
        StreetMap(
            "  C\nA   B\n  D",
            {"CD": STREET | {"bridge": "yes"}, "AB": {"highway": "primary"}},
        )
    )

    assert [road.attributes["class"] for road in layers["roads"]] == ["primary", "residential"]


def test_markup_and_sql_in_names_arrive_as_text(draw: Draw) -> None:
    """Unchanged: escaping is the business of whoever shows them."""
    nasty = "<img src=x onerror=alert(1)>'; DROP TABLE ground; --"
    layers = draw(StreetMap("A    B", {"AB": STREET | {"name": nasty, "name:en": "Nasty"}}))

    assert layers["road_names"][0].attributes["name"] == nasty
    assert layers["roads"][0].attributes["name_en"] == "Nasty"


@pytest.mark.parametrize(
    ("tags", "layer", "kind"),
    [
        ({"building": "yes"}, "buildings", "yes"),
        ({"natural": "water", "leisure": "park"}, "water", "lake"),
        ({"waterway": "riverbank"}, "water", "river"),
        ({"landuse": "forest"}, "green", "forest"),
        ({"leisure": "park"}, "green", "park"),
        ({"amenity": "grave_yard"}, "green", "cemetery"),
        ({"landuse": "industrial"}, "landuse", "industrial"),
        ({"power": "substation"}, "landuse", "utility"),
        ({"highway": "pedestrian", "area": "yes"}, "landuse", "pedestrian"),
    ],
)
def test_areas_find_their_layer(draw: Draw, tags: dict[str, str], layer: str, kind: str) -> None:
    """A ring of nodes with the right tag is a filled shape."""
    layers = draw(StreetMap("A    B  S\n\n\nD    C  T", {"ABCDA": tags, "ST": STREET}))

    (area,) = layers[layer]
    assert area.attributes["class"] == kind
    assert {name for name in layers if name not in {"roads", "pois"}} == {layer}


def test_a_roundabout_is_a_ring_and_no_area(draw: Draw) -> None:
    """A closed street does not cover what it goes round."""
    circle = STREET | {"junction": "roundabout"}
    layers = draw(StreetMap("A    B\n\n\nD    C", {"ADCBA": circle}))

    assert set(layers) == {"roads"}


def test_an_area_with_missing_corners_is_left_out_and_counted(
    importer: Engine, tmp_path: Path
) -> None:
    """The rest of the map is drawn all the same."""
    drawn = StreetMap("A    B\n\nD    C", {"ABCxDA": {"building": "yes"}, "AB": STREET})

    summary = import_extract(importer, drawn.write(tmp_path / "corner.osm"))

    assert summary.undrawable == 1
    assert summary.shapes["map_line"] > 0
    assert summary.shapes.get("map_building", 0) == 0


@pytest.mark.parametrize("highway", ["path", "residential", "motorway", "trunk_link"])
def test_bridges_over_bridges_tell_their_level(draw: Draw, highway: str) -> None:
    """Whatever road they carry: a footbridge over a motorway's bridge lies on top."""
    road = {"highway": highway, "bridge": "yes"}
    layers = draw(
        StreetMap(
            "A    B\nC    D\nE    F\nG    H\nI    J",
            {
                "AB": {**road, "name": "first"},
                "CD": {**road, "name": "too", "layer": "1"},
                "EF": {**road, "name": "second", "layer": "2"},
                "GH": {**road, "name": "third", "layer": "3"},
                "IJ": {"highway": "primary", "name": "no bridge", "layer": "2"},
            },
        )
    )
    levels = {road.attributes["name"]: road.attributes.get("level") for road in layers["roads"]}

    assert levels == {"first": None, "too": None, "second": 2, "third": 3, "no bridge": None}


def test_a_road_without_a_name_is_called_by_its_numbers(draw: Draw) -> None:
    """Two of them are told apart; Chinese readers get the simplified name where there is one."""
    names = {"name": "Ring", "name:zh": "環路", "name:zh-Hans": "环路"}
    layers = draw(
        StreetMap(
            "A    B\n\nC    D",
            {"AB": {"highway": "primary", "ref": "A 8;E 80"}, "CD": {**STREET, **names}},
        )
    )

    assert [
        (road.attributes["name"], road.attributes.get("name_zh")) for road in layers["road_names"]
    ] == [("A 8 / E 80", None), ("Ring", "环路")]
