"""Turn restrictions become paths of directed edges."""

from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

import pytest

from geodata.osm.road_reader import OsmReport
from geodata.osm.road_reader import read_roads
from geodata.roads.types import RoadData
from tests.geodata.street_map import Member
from tests.geodata.street_map import StreetMap
from tests.geodata.street_map import restrictions

STREET = {"highway": "residential"}
ONE_WAY = {"highway": "residential", "oneway": "yes"}

# A crossing of four ways: 1 is AX, 2 is XB, 3 is CX, 4 is XD.
CROSSING = """
     C
A    X    B
     D
"""
CROSSING_WAYS = {"AX": STREET, "XB": STREET, "CX": STREET, "XD": STREET}
LEFT_TURN: Sequence[Member] = [("from", 1), ("via", "X"), ("to", 3)]

Reader = Callable[..., tuple[RoadData, OsmReport]]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Return a function that reads a map with one restriction."""

    def read_map(
        picture: str,
        ways: dict[str, dict[str, str]],
        members: Sequence[Member],
        **tags: str,
    ) -> tuple[RoadData, OsmReport]:
        relation = {"type": "restriction"} | {k.replace("__", ":"): v for k, v in tags.items()}
        drawn = StreetMap(picture, ways, relations=[(relation, members)])
        return read_roads(drawn.write(tmp_path / "map.osm"))

    return read_map


def test_a_forbidden_turn_is_two_directed_edges(read: Reader) -> None:
    """Towards the node and away from it, not the other way about."""
    roads, _ = read(CROSSING, CROSSING_WAYS, LEFT_TURN, restriction="no_left_turn")

    assert restrictions(roads) == {"AXC": False}


def test_a_mandatory_turn_is_marked_so(read: Reader) -> None:
    """``only_`` allows one way on and forbids the others."""
    members = [("from", 1), ("via", "X"), ("to", 2)]
    roads, _ = read(CROSSING, CROSSING_WAYS, members, restriction="only_straight_on")

    assert restrictions(roads) == {"AXB": True}


def test_a_u_turn_may_be_forbidden_on_the_spot(read: Reader) -> None:
    """From and to are the same way."""
    members = [("from", 1), ("via", "X"), ("to", 1)]
    roads, _ = read(CROSSING, CROSSING_WAYS, members, restriction="no_u_turn")

    assert restrictions(roads) == {"AXA": False}


def test_a_u_turn_on_a_way_running_through_is_forbidden_on_both_sides(read: Reader) -> None:
    """The way is not cut at the node; turning round is meant whichever way one comes."""
    members = [("from", 1), ("via", "X"), ("to", 1)]
    roads, _ = read(CROSSING, {"AXB": STREET, "CXD": STREET}, members, restriction="no_u_turn")

    assert restrictions(roads) == {"AXA": False, "BXB": False}


def test_no_entry_holds_from_every_way_in(read: Reader) -> None:
    """One relation may forbid several turns."""
    members = [("from", 1), ("from", 2), ("via", "X"), ("to", 3)]
    roads, _ = read(CROSSING, CROSSING_WAYS, members, restriction="no_entry")

    assert restrictions(roads) == {"AXC": False, "BXC": False}


def test_a_restriction_cuts_a_street_that_nothing_else_cuts(read: Reader) -> None:
    """Its node may be a mere bend of the drivable network; it must be a place to turn at."""
    members = [("from", 1), ("via", "X"), ("to", 1)]
    roads, _ = read("A  X  B", {"AXB": STREET}, members, restriction="no_u_turn")

    assert restrictions(roads) == {"AXA": False, "BXB": False}


def test_a_turn_through_a_way_is_three_edges(read: Reader) -> None:
    """Turning round over the short link between two carriageways."""
    #   A --> B --> C        way 1 AB, way 2 BC, way 3 BE (two-way link),
    #         |              way 4 DE, way 5 EF
    #   F <-- E <-- D
    ways = {"AB": ONE_WAY, "BC": ONE_WAY, "BE": STREET, "DE": ONE_WAY, "EF": ONE_WAY}
    members = [("from", 1), ("via", 3), ("to", 5)]
    roads, _ = read("A  B  C\n\nF  E  D", ways, members, restriction="no_u_turn")

    assert restrictions(roads) == {"ABEF": False}


def test_a_turn_through_a_way_with_junctions_names_all_its_edges(read: Reader) -> None:
    """The via way BDE is cut at D by a side street; the path runs over both halves."""
    ways = {"AB": STREET, "BDE": STREET, "EF": STREET, "DG": STREET}
    members = [("from", 1), ("via", 2), ("to", 3)]
    roads, _ = read("A  B  D  E  F\n      G", ways, members, restriction="no_straight_on")

    assert restrictions(roads) == {"ABDEF": False}


def test_several_via_ways_follow_one_another(read: Reader) -> None:
    """From way 1 through 2 and 3 to 4."""
    ways = {"AB": STREET, "BC": STREET, "DC": STREET, "DE": STREET}
    members = [("from", 1), ("via", 2), ("via", 3), ("to", 4)]
    roads, _ = read("A  B  C  D  E", ways, members, restriction="only_straight_on")

    assert restrictions(roads) == {"ABCDE": True}


@pytest.mark.parametrize("vehicle", ["motorcar", "bicycle;motor_vehicle", "psv;motorcar"])
def test_what_excepts_cars_does_not_bind_them(read: Reader, vehicle: str) -> None:
    """``except`` lists whom the sign leaves free."""
    tags = {"restriction": "no_left_turn", "except": vehicle}
    roads, report = read(CROSSING, CROSSING_WAYS, LEFT_TURN, **tags)

    assert restrictions(roads) == {}
    assert report.restrictions_excepted == 1


def test_an_exception_for_others_changes_nothing(read: Reader) -> None:
    """A repair van is neither bus nor ambulance."""
    tags = {"restriction": "no_left_turn", "except": "bus;emergency"}
    roads, _ = read(CROSSING, CROSSING_WAYS, LEFT_TURN, **tags)

    assert restrictions(roads) == {"AXC": False}


def test_restrictions_for_lorries_do_not_bind(read: Reader) -> None:
    """``restriction:hgv`` is not for vans, ``restriction:motorcar`` is."""
    lorries, _ = read(CROSSING, CROSSING_WAYS, LEFT_TURN, restriction__hgv="no_left_turn")
    cars, _ = read(CROSSING, CROSSING_WAYS, LEFT_TURN, restriction__motorcar="no_left_turn")

    assert restrictions(lorries) == {}
    assert restrictions(cars) == {"AXC": False}


def test_restrictions_of_some_hours_are_counted_and_not_applied(read: Reader) -> None:
    """A ban from 7 to 9 must not close a turn all day."""
    tags = {"restriction__conditional": "no_left_turn @ (Mo-Fr 07:00-09:00)"}
    roads, report = read(CROSSING, CROSSING_WAYS, LEFT_TURN, **tags)

    assert restrictions(roads) == {}
    assert report.restrictions_conditional == 1


@pytest.mark.parametrize(
    "members",
    [
        [("from", 1), ("to", 3)],
        [("from", 1), ("via", "A"), ("to", 3)],
        [("from", 1), ("via", "X"), ("to", 99)],
        [("from", 1), ("via", "X"), ("via", "A"), ("to", 3)],
        [("from", 1), ("via", 4), ("to", 3)],
    ],
)
def test_senseless_restrictions_are_counted_and_skipped(
    read: Reader, members: list[Member]
) -> None:
    """No via, ways that do not touch, ways that are not there."""
    roads, report = read(CROSSING, CROSSING_WAYS, members, restriction="no_left_turn")

    assert restrictions(roads) == {}
    assert report.restrictions_unusable == 1


def test_an_ambiguous_turn_is_skipped(read: Reader) -> None:
    """The from way runs through the node: nothing says from which side the turn is forbidden."""
    ways = {"AXB": STREET, "CX": STREET}
    members = [("from", 1), ("via", "X"), ("to", 2)]
    roads, report = read(CROSSING, ways, members, restriction="no_left_turn")

    assert restrictions(roads) == {}
    assert report.restrictions_unusable == 1


def test_a_one_way_street_through_the_node_leaves_no_doubt(read: Reader) -> None:
    """The same with traffic one way only: there is one way in."""
    ways = {"AXB": ONE_WAY, "CX": STREET}
    members = [("from", 1), ("via", "X"), ("to", 2)]
    roads, _ = read(CROSSING, ways, members, restriction="no_left_turn")

    assert restrictions(roads) == {"AXC": False}
