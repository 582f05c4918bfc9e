"""Matching over towns drawn by hand."""

import numpy as np
import pytest

from routing.matching.matched_track import Fate
from routing.matching.matched_track import GapReason
from routing.router import Router
from tests.routing.drawing import Town
from tests.routing.drawing import draw
from tests.routing.drawing import street
from tests.routing.matching.driving import START_S
from tests.routing.matching.driving import drive
from tests.routing.matching.driving import edges_of

#   G --- H --- I     300 m apart; E > F is a one-way street
#   |     |     |
#   D --- E --> F
#   |     |     |
#   A --- B --- C
GRID = {
    name: (300.0 * column, 300.0 * row)
    for row, names in enumerate(("ABC", "DEF", "GHI"))
    for column, name in enumerate(names)
}
GRID_STREETS = [
    street(text)
    for text in ("A-B", "B-C", "D-E", "E>F", "G-H", "H-I", "A-D", "D-G", "B-E", "E-H", "C-F", "F-I")
]


@pytest.fixture(scope="module")
def grid() -> Town:
    """Return nine junctions."""
    return draw(GRID, GRID_STREETS)


def test_an_exact_track_gives_its_streets_places_and_metres(grid: Town) -> None:
    """From 50 m into A-B to 250 m into E-H: 250 + 300 + 250 = 800 m."""
    router = Router(grid.network)
    lonlat, at_s = drive(grid, [(50, 0), (300, 0), (300, 300), (300, 550)])

    track = router.match(lonlat, at_s)

    assert edges_of(track) == [grid.edge("A", "B"), grid.edge("B", "E"), grid.edge("E", "H")]
    assert track.driven_m == pytest.approx(800.0, abs=0.5)
    assert track.matched_share == 1.0
    assert (track.gaps, track.stops, track.left_out()) == ((), (), {})
    np.testing.assert_allclose(track.lonlat, lonlat, atol=1e-6)
    assert track.edge[0] == grid.edge("A", "B")
    assert track.offset_m[0] == pytest.approx(50.0, abs=0.5)
    assert track.way_id[0] == 1000
    assert track.path.enter_s[0] == START_S
    assert track.path.leave_s[0] == pytest.approx(START_S + 25.0, abs=0.1)
    assert len(track.lines) == 1
    np.testing.assert_allclose(track.lines[0][[0, -1]], lonlat[[0, -1]], atol=1e-6)


def test_nobody_is_matched_against_a_one_way_street(grid: Town) -> None:
    """Fixes from F to E in the one-way street: there is no such drive, no way is made up."""
    router = Router(grid.network)
    lonlat, at_s = drive(grid, [(550, 300), (350, 300)])

    track = router.match(lonlat, at_s)

    assert grid.edge("F", "E") not in track.path.edges
    assert track.driven_m < 200.0


@pytest.mark.parametrize("every_m", [20.0, 150.0])
def test_a_forbidden_turn_is_not_taken_though_the_fixes_cut_the_corner(every_m: float) -> None:
    """Straight from A over B to the north is forbidden; round by C it is 600 m more."""
    #         N ------ P
    #         |        |
    #   A --- B ------ C      no A B N: from A by C and P to N
    places = {"A": (-300, 0), "B": (0, 0), "N": (0, 200), "C": (300, 0), "P": (300, 200)}
    streets = [street("A-B"), street("B-N"), street("B-C"), street("C-P"), street("P-N")]
    town = draw(places, streets, rules=["no A B N"])
    free = draw(places, streets)
    corners = [(-280.0, 0.0), (0.0, 0.0), (300.0, 0.0), (300.0, 200.0), (10.0, 200.0)]
    lonlat, at_s = drive(town, corners, every_m=every_m)

    track = Router(town.network).match(lonlat, at_s)
    direct = Router(free.network).match(*drive(free, [(-280, 0), (0, 0), (0, 190)], every_m=100))
    refused = Router(town.network).match(*drive(town, [(-280, 0), (0, 0), (0, 190)], every_m=100))

    assert edges_of(track) == [town.edge(*pair) for pair in ("AB", "BC", "CP", "PN")]
    assert edges_of(direct) == [free.edge("A", "B"), free.edge("B", "N")]
    assert edges_of(refused) != edges_of(direct)


def test_a_restriction_through_a_way_is_obeyed_by_those_who_came_from_there() -> None:
    """From A over B and C not to D, though others may: E over B and C to D is matched."""
    #   E           D
    #    \         /
    #     B ----- C
    #    /         \
    #   A           F
    places = {
        "A": (-200, -200), "B": (0, 0), "C": (100, 0),
        "D": (300, 200), "E": (-200, 200), "F": (300, -200),
    }  # fmt: skip
    streets = [street(text) for text in ("A-B", "E-B", "B-C", "C-D", "C-F")]
    town = draw(places, streets, rules=["no A B C D"])
    router = Router(town.network)

    others = router.match(*drive(town, [(-190, 190), (0, 0), (100, 0), (290, 190)], every_m=40))
    refused = router.match(*drive(town, [(-190, -190), (0, 0), (100, 0), (290, 190)], every_m=40))

    assert edges_of(others) == [town.edge(*pair) for pair in ("EB", "BC", "CD")]
    way = edges_of(refused)
    assert [town.edge(*pair) for pair in ("AB", "BC", "CD")] != way


@pytest.mark.parametrize("apart_m", [12.0, 25.0])
@pytest.mark.parametrize("every_m", [15.0, 150.0])
def test_of_parallel_carriageways_the_one_that_runs_the_right_way_is_taken(
    apart_m: float, every_m: float
) -> None:
    """Fixes lie on the wrong carriageway all along, but that one may only be driven back."""
    places = {
        "A": (0, 0), "B": (1500, 0), "C": (1500, apart_m), "D": (0, apart_m),
        "W": (-200, 0), "E": (1700, 0),
    }  # fmt: skip
    streets = [
        street("A>B", road_class="primary"), street("C>D", road_class="primary"),
        street("B-C"), street("D-A"), street("W-A"), street("B-E"),
    ]  # fmt: skip
    town = draw(places, streets)
    lonlat, at_s = drive(
        town, [(-150, 0), (0, 0), (50, apart_m), (1450, apart_m), (1650, 0)], every_m=every_m
    )

    track = Router(town.network).match(lonlat, at_s, accuracy_m=15.0)

    assert edges_of(track) == [town.edge(*pair) for pair in ("WA", "AB", "BE")]


def test_a_recorded_heading_decides_where_the_track_alone_could_not() -> None:
    """A single fix between two carriageways: the receiver knows which way it drives."""
    places = {"A": (0, 0), "B": (1000, 0), "C": (1000, 20), "D": (0, 20)}
    town = draw(places, [street("A>B"), street("C>D"), street("B-C"), street("D-A")])
    router = Router(town.network)
    place = [town.lonlat(500, 12)]

    west = router.match(place, [START_S], heading_deg=270.0, speed_mps=12.0)
    east = router.match(place, [START_S], heading_deg=90.0, speed_mps=12.0)
    standing = router.match(place, [START_S], heading_deg=90.0, speed_mps=0.0)

    assert west.edge[0] == town.edge("C", "D")
    assert east.edge[0] == town.edge("A", "B")
    assert standing.edge[0] == town.edge("C", "D")  # the nearer one


def test_a_tunnel_without_fixes_is_driven_through() -> None:
    """Two kilometres under the hill in 100 s; over the hill it would have been six."""
    places = {"A": (-500, 0), "T": (0, 0), "U": (2000, 0), "B": (2500, 0)}
    town = draw(
        places,
        [
            street("A-T"),
            street("T-U", speed_mps=20.0, flags=2),
            street("T-U", through=((0.0, 2000.0), (2000.0, 2000.0))),
            street("U-B"),
        ],
    )
    before, before_s = drive(town, [(-450, 0), (-10, 0)], every_m=10)
    after, after_s = drive(town, [(2010, 0), (2450, 0)], every_m=10)
    after_s += before_s[-1] - START_S + 100.0

    track = Router(town.network).match(np.vstack((before, after)), np.append(before_s, after_s))

    assert edges_of(track) == [town.edge("A", "T"), 2, town.edge("U", "B")]
    assert track.gaps == ()
    assert track.driven_m == pytest.approx(2900.0, abs=5.0)


def test_turning_back_at_a_dead_end_and_in_the_street_is_matched_as_it_was_driven() -> None:
    """To the dead end and back, and on the way home once more round in the middle of the street."""
    town = draw({"A": (0, 0), "B": (400, 0), "C": (400, 300)}, [street("A-B"), street("B-C")])
    router = Router(town.network)

    ended = router.match(*drive(town, [(50, 0), (400, 0), (400, 300), (400, 20)], every_m=25))
    turned = router.match(*drive(town, [(50, 0), (250, 0), (60, 0)], every_m=25))

    assert edges_of(ended) == [town.edge(*pair) for pair in ("AB", "BC", "CB")]
    assert edges_of(turned) == [town.edge("A", "B"), town.edge("B", "A")]
    assert turned.driven_m == pytest.approx(390.0, abs=5.0)


def test_standing_still_is_a_stop_and_no_driving(grid: Town) -> None:
    """Ten minutes of jitter at a door are a stop of ten minutes and hardly a metre."""
    rng = np.random.default_rng(5)
    before, before_s = drive(grid, [(20, 0), (200, 0)], every_m=10)
    jitter = rng.normal(0.0, 6.0, (600, 2)) + np.array([200.0, 0.0])
    there = np.array([grid.lonlat(*place) for place in jitter.tolist()])
    there_s = before_s[-1] + 1.0 + np.arange(600.0)
    after, after_s = drive(grid, [(200, 0), (580, 0)], every_m=10)
    after_s += there_s[-1] + 1.0 - START_S

    track = Router(grid.network).match(
        np.vstack((before, there, after)), np.concatenate((before_s, there_s, after_s))
    )

    assert len(track.stops) == 1
    stop = track.stops[0]
    assert stop.edge // 2 == grid.edge("A", "B") // 2
    assert stop.offset_m == pytest.approx(200.0, abs=8.0)
    assert stop.until_s - stop.from_s == pytest.approx(600.0, abs=10.0)
    assert track.driven_m == pytest.approx(560.0, abs=10.0)
    assert edges_of(track) == [grid.edge("A", "B"), grid.edge("B", "C")]


def test_a_stretch_off_the_streets_is_a_gap(grid: Town) -> None:
    """Round over a field: the path ends where it began and begins where it ended."""
    corners = [
        (20.0, 0.0),
        (300.0, 0.0),
        (300.0, -250.0),
        (590.0, -250.0),
        (600.0, 0.0),
        (600.0, 280.0),
    ]
    lonlat, at_s = drive(grid, corners, every_m=20)

    track = Router(grid.network).match(lonlat, at_s)

    assert [gap.reason for gap in track.gaps] == [GapReason.OFF_ROAD]
    assert len(track.lines) == 2
    assert track.left_out().keys() == {Fate.OFF_ROAD}
    assert track.driven_m == pytest.approx(560.0, abs=120.0)
    gap = track.gaps[0]
    assert track.fate[gap.before_fix] == track.fate[gap.after_fix] == Fate.MATCHED
    assert gap.from_s < gap.until_s


def test_where_no_way_leads_the_path_is_broken_and_begins_anew_at_the_right_place() -> None:
    """Two towns without a road between them; after the break the path is as if it began there."""
    places = {"A": (0, 0), "B": (500, 0), "C": (570, 0), "D": (1070, 0)}
    town = draw(places, [street("A-B"), street("C-D")])
    lonlat, at_s = drive(town, [(20, 0), (500, 0), (570, 0), (1020, 0)], every_m=20)

    track = Router(town.network).match(lonlat, at_s)

    assert edges_of(track) == [town.edge("A", "B"), town.edge("C", "D")]
    assert track.path.chain.tolist() == [0, 1]
    assert [gap.reason for gap in track.gaps] == [GapReason.NO_WAY]
    assert track.driven_m == pytest.approx(480.0 + 450.0, abs=30.0)
