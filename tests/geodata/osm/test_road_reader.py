"""Streets come out of an extract as a driver finds them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from geodata.osm.road_reader import OsmReport
from geodata.osm.road_reader import read_roads
from geodata.roads.types import RESTRICTED_ACCESS
from geodata.roads.types import ROAD_CLASSES
from geodata.roads.types import RoadData
from tests.geodata.street_map import StreetMap
from tests.geodata.street_map import coordinates
from tests.geodata.street_map import edges
from tests.geodata.street_map import lengths_m
from tests.geodata.street_map import segment

STREET = {"highway": "residential"}

Reader = Callable[[StreetMap], tuple[RoadData, OsmReport]]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Return a function that reads a drawn map through a real file."""
    return lambda drawn: read_roads(drawn.write(tmp_path / "map.osm"))


def test_a_street_is_cut_where_another_one_meets_it(read: Reader) -> None:
    """Bends stay inside a segment, junctions end it."""
    #   A to B 40 m, B to D 40 + 40 m round the bend C; E joins at B
    roads, _ = read(
        StreetMap(
            "A   B   C\n\n    E   D",
            {"ABCD": STREET, "EB": STREET},
        )
    )

    # C is 40 m east of B; D two lines (40 m) south of C: 80 m. E is 40 m south of B.
    assert lengths_m(roads) == {"AB": 40.0, "BD": 80.0, "EB": 40.0}
    assert len(coordinates(roads, segment(roads, "BD"))) == 3


def test_both_directions_of_a_street_share_one_segment(read: Reader) -> None:
    """Directed edges are 2 × segment along the drawing and one more against it."""
    roads, _ = read(StreetMap("A  B  C", {"AB": STREET, "BC": STREET}))

    assert edges(roads) == {"AB": 0, "BA": 1, "BC": 2, "CB": 3}


def test_a_way_that_crosses_itself_is_cut_at_the_crossing(read: Reader) -> None:
    """A loop road has a junction where it meets itself."""
    #   A--B--C
    #      |  |
    #      E--D
    roads, _ = read(StreetMap("A  B  C\n   E  D", {"ABCDEB": STREET}))

    assert set(lengths_m(roads)) == {"AB", "BB"}


def test_an_extract_may_lack_nodes_and_the_gap_stays_open(read: Reader) -> None:
    """No straight line is invented over the missing node."""
    roads, report = read(StreetMap("A B   D E", {"ABxDE": STREET}))

    assert set(edges(roads)) == {"AB", "BA", "DE", "ED"}
    assert (report.nodes_missing, report.ways_with_gaps) == (1, 1)


def test_a_way_with_one_known_node_is_no_street(read: Reader) -> None:
    """What is left of a cut way may be a single point; that is nothing to drive on."""
    roads, report = read(StreetMap("A B  C", {"AB": STREET, "xCy": STREET}))

    assert set(edges(roads)) == {"AB", "BA"}
    assert report.nodes_missing == 2


def test_the_same_node_twice_running_makes_no_street_of_no_length(read: Reader) -> None:
    """A mapper's double click is not a loop."""
    roads, _ = read(StreetMap("A B C", {"ABBC": STREET}))

    assert lengths_m(roads) == {"AC": 40.0}


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"oneway": "yes"}, {"AB"}),
        ({"oneway": "-1"}, {"BA"}),
        ({"oneway": "no"}, {"AB", "BA"}),
        ({"oneway": "yes", "oneway:motor_vehicle": "no"}, {"AB", "BA"}),
        ({"highway": "motorway"}, {"AB"}),
        ({"highway": "motorway", "oneway": "no"}, {"AB", "BA"}),
        ({"junction": "roundabout"}, {"AB"}),
        ({"junction": "roundabout", "oneway": "-1"}, {"BA"}),
        ({"motor_vehicle:backward": "no"}, {"AB"}),
    ],
)
def test_one_way_streets_are_driven_one_way(
    read: Reader, tags: dict[str, str], expected: set[str]
) -> None:
    """Signed or implied; drawn along or against."""
    roads, _ = read(StreetMap("A B", {"AB": STREET | tags}))

    assert set(edges(roads)) == expected


@pytest.mark.parametrize(
    "closed",
    [
        {"highway": "footway"},
        {"highway": "construction"},
        {"highway": "residential", "access": "no"},
        {"highway": "residential", "motor_vehicle": "no"},
        {"highway": "service", "route": "ferry"},
        {"highway": "service", "area": "yes"},
        {"highway": "primary", "oneway": "reversible"},
        {"highway": "pedestrian"},
    ],
)
def test_what_no_car_may_use_is_left_out(read: Reader, closed: dict[str, str]) -> None:
    """Closed roads, paths, ferries and squares are no part of the network."""
    roads, report = read(StreetMap("A B C", {"AB": STREET, "BC": closed}))

    assert set(edges(roads)) == {"AB", "BA"}
    assert (report.ways_seen, report.ways_drivable) == (2, 1)


@pytest.mark.parametrize(
    ("tags", "restricted"),
    [
        ({"access": "private"}, True),
        ({"access": "destination"}, True),
        ({"access": "no", "motorcar": "destination"}, True),
        ({"access": "private", "motor_vehicle": "yes"}, False),
        ({"highway": "service", "service": "driveway"}, True),
        ({"highway": "service", "service": "driveway", "access": "yes"}, False),
        ({"access": "permissive"}, False),
    ],
)
def test_restricted_streets_are_kept_and_marked(
    read: Reader, tags: dict[str, str], *, restricted: bool
) -> None:
    """A repair crew may enter a private road to reach a house on it, not to cut a corner."""
    roads, _ = read(StreetMap("A B", {"AB": STREET | tags}))

    assert bool(roads.segment_flags[0] & RESTRICTED_ACCESS) is restricted


def test_a_bollard_cuts_the_street_and_a_gate_does_not(read: Reader) -> None:
    """Each side of the bollard has a node of its own: nothing connects them."""
    roads, report = read(
        StreetMap(
            "A  B  C  G  D",
            {"ABCGD": STREET},
            node_tags={"B": {"barrier": "bollard"}, "G": {"barrier": "gate"}},
        )
    )

    assert lengths_m(roads) == {"AB": 30.0, "BD": 90.0}
    assert roads.segment_to[0] != roads.segment_from[1]
    assert report.barriers_cutting == 1


@pytest.mark.parametrize(
    ("tags", "cut"),
    [
        ({"barrier": "bollard", "motor_vehicle": "yes"}, False),
        ({"barrier": "bollard", "bollard": "rising"}, False),
        ({"barrier": "gate", "access": "no"}, True),
        ({"barrier": "gate", "access": "private"}, False),
        ({"barrier": "toll_booth"}, False),
        ({"barrier": "block"}, True),
    ],
)
def test_access_on_a_barrier_decides(read: Reader, tags: dict[str, str], *, cut: bool) -> None:
    """The tags on the barrier say more than its kind."""
    roads, _ = read(StreetMap("A B C", {"ABC": STREET}, node_tags={"B": tags}))

    assert len(np.unique(roads.node_osm_id)) == (3 if cut else 2)


def test_a_bollard_on_a_junction_leaves_the_junction_whole(read: Reader) -> None:
    """It is drawn sloppily and stands in the side path."""
    roads, _ = read(
        StreetMap(
            "A  B  C\n   D", {"ABC": STREET, "BD": STREET}, node_tags={"B": {"barrier": "bollard"}}
        )
    )

    assert len(roads.node_osm_id) == 4


def test_traffic_lights_are_nodes(read: Reader) -> None:
    """Lights halfway along a street cost time too, so the street is cut there."""
    signal = {"highway": "traffic_signals"}
    roads, _ = read(StreetMap("A  B  C", {"ABC": STREET}, node_tags={"B": signal}))

    lit = {chr(n) for n, lit in zip(roads.node_osm_id, roads.node_signal, strict=True) if lit}
    assert lit == {"B"}
    assert lengths_m(roads) == {"AB": 30.0, "BC": 30.0}


def test_limits_hold_per_direction(read: Reader) -> None:
    """36 km/h is 10 m/s along, 72 km/h is 20 m/s against."""
    tags = STREET | {"maxspeed:forward": "36", "maxspeed:backward": "72"}
    roads, _ = read(StreetMap("A B", {"AB": tags}))

    assert roads.segment_forward_mps.tolist() == [10.0]
    assert roads.segment_backward_mps.tolist() == [20.0]


def test_names_are_kept_as_they_are(read: Reader) -> None:
    """Quotes, angle brackets and Chinese are text like any other; a number serves as a name."""
    nasty = "<b>'; DROP TABLE ground; --"
    ways = {
        "AB": STREET | {"name": nasty},
        "BC": STREET | {"name": "解放路"},
        "CD": STREET | {"ref": "A 8"},
        "DE": STREET,
    }
    roads, _ = read(StreetMap("A B C D E", ways))

    assert [roads.names[index] for index in roads.segment_name] == [nasty, "解放路", "A 8", ""]
    assert roads.names[0] == ""


def test_equal_streets_have_equal_hashes_and_others_do_not(read: Reader) -> None:
    """The cache file of a network is named by it."""
    one, _ = read(StreetMap("A B", {"AB": STREET}))
    same, _ = read(StreetMap("A B", {"AB": STREET}))
    named, _ = read(StreetMap("A B", {"AB": STREET | {"name": "B"}}))

    assert one.content_hash() == same.content_hash() != named.content_hash()


def test_the_order_of_a_file_does_not_matter(tmp_path: Path) -> None:
    """Ways may stand before their nodes, as some tools write them."""
    drawn = StreetMap("A B C", {"AB": STREET, "BC": STREET}).write(tmp_path / "map.osm")
    lines = drawn.read_text().splitlines()
    ways = [line for line in lines if line.startswith("<way")]
    others = [line for line in lines if not line.startswith("<way")]
    turned = tmp_path / "turned.osm"
    turned.write_text("\n".join([*others[:2], *ways, *others[2:]]))

    assert read_roads(turned)[0].content_hash() == read_roads(drawn)[0].content_hash()


def test_a_whole_city_is_read(monaco_pbf: Path) -> None:
    """Monaco and its surroundings: nothing lacking, nothing impossible."""
    roads, report = read_roads(monaco_pbf)

    assert 350 < roads.segment_length_m.sum() / 1000 < 400
    assert report.nodes_missing == 0
    assert report.restrictions_kept == 27
    assert set(np.unique(roads.segment_class)) <= set(range(len(ROAD_CLASSES)))
    assert (roads.segment_forward | roads.segment_backward).all()
    assert (np.minimum(roads.segment_forward_mps, roads.segment_backward_mps) > 1).all()
    assert (np.maximum(roads.segment_forward_mps, roads.segment_backward_mps) < 40).all()
    assert (np.diff(roads.geometry_start) >= 2).all()
    ends = roads.geometry_lonlat[roads.geometry_start[:-1]]
    assert np.array_equal(ends, roads.node_lonlat[roads.segment_from])
    assert "Boulevard Albert 1er" in roads.names
