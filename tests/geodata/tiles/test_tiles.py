"""Tiles hold what a map draws, named and cut to size."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection
from sqlalchemy import Engine

from geodata.ground.service import GroundSummary
from geodata.tiles.vector_tiles import tile
from tests.geodata.mvt import LINE
from tests.geodata.mvt import POINT
from tests.geodata.mvt import POLYGON
from tests.geodata.mvt import Feature
from tests.geodata.mvt import decode
from tests.geodata.mvt import tile_at

pytestmark = pytest.mark.postgis

HARBOUR = (7.4246, 43.7335)  # Port Hercule, Monaco
OPEN_SEA = (7.46, 43.715)


@pytest.fixture
def connection(reader: Engine) -> Iterator[Connection]:
    """Read as the console does."""
    with reader.connect() as connected:
        yield connected


@pytest.fixture
def harbour(connection: Connection, monaco: GroundSummary) -> dict[str, list[Feature]]:
    """Return the decoded tile over the harbour at street level."""
    return decode(tile(connection, monaco.ground_id, *tile_at(*HARBOUR, 15)))


def test_a_city_tile_holds_all_layers(harbour: dict[str, list[Feature]]) -> None:
    """In the order they are drawn in, each of its own sort of shape."""
    sorts = {name: {feature.sort for feature in features} for name, features in harbour.items()}

    assert list(sorts) == [
        name
        for name in (
            *("landuse", "green", "water", "waterways", "buildings", "rail"),
            *("roads", "road_names", "places", "pois"),
        )
        if name in sorts
    ]
    assert {"landuse", "green", "water", "buildings", "roads", "road_names"} <= set(sorts)
    for name in ("landuse", "green", "water", "buildings"):
        assert sorts[name] == {POLYGON}
    for name in ("roads", "road_names"):
        assert sorts[name] == {LINE}


def test_roads_carry_their_names_and_classes(harbour: dict[str, list[Feature]]) -> None:
    """From motorways to footpaths."""
    roads = harbour["roads"]
    kinds = {feature.attributes["class"] for feature in roads}

    assert kinds <= {
        *("motorway", "trunk", "primary", "secondary", "tertiary", "residential"),
        *("service", "track", "path"),
    }
    assert "Boulevard Albert 1er" in {feature.attributes.get("name") for feature in roads}
    assert any(feature.attributes.get("tunnel") is True for feature in roads)
    assert not any(feature.attributes.get("tunnel") is False for feature in roads)


def test_the_sea_is_water(connection: Connection, monaco: GroundSummary) -> None:
    """Coastlines are lines; somebody has to fill the sea."""
    layers = decode(tile(connection, monaco.ground_id, *tile_at(*OPEN_SEA, 14)))

    (sea,) = [f for f in layers["water"] if f.attributes["class"] == "sea"]
    assert len(sea.parts[0]) >= 4


def test_places_name_the_city_from_afar(connection: Connection, monaco: GroundSummary) -> None:
    """At zoom 10 the cities and towns, no localities."""
    layers = decode(tile(connection, monaco.ground_id, *tile_at(*HARBOUR, 10)))

    places = layers["places"]
    assert {place.sort for place in places} == {POINT}
    assert {place.attributes["kind"] for place in places} <= {"city", "town"}
    assert places[0].attributes["name"] == "Monaco"


def test_far_out_there_are_main_roads_only(connection: Connection, monaco: GroundSummary) -> None:
    """A tile of a whole country's width must stay small."""
    made = tile(connection, monaco.ground_id, *tile_at(*HARBOUR, 9))
    kinds = {feature.attributes["class"] for feature in decode(made)["roads"]}

    assert kinds <= {"motorway", "trunk", "primary"}
    assert "buildings" not in decode(made)
    assert len(made) < 20_000


@pytest.mark.parametrize(
    "address",
    [(7, 66, 46), (19, 0, 0), (10, -1, 5), (10, 1024, 5), (10, 5, 1024), (12, 0, 0)],
)
def test_where_nothing_is_made_the_tile_is_empty(
    connection: Connection, monaco: GroundSummary, address: tuple[int, int, int]
) -> None:
    """Too far, too near, off the edge of the world, the other side of it."""
    assert tile(connection, monaco.ground_id, *address) == b""


def test_the_tiles_of_a_replaced_ground_are_empty(
    connection: Connection, monaco: GroundSummary
) -> None:
    """Until the console has taken up the new one."""
    assert tile(connection, monaco.ground_id + 1, *tile_at(*HARBOUR, 15)) == b""
