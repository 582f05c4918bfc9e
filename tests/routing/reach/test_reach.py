"""Everything that is reached in time and nothing else; areas are valid and keep their holes."""

from datetime import UTC
from datetime import datetime

import numpy as np
import pytest
import shapely
from hypothesis import given

from routing.closures.types import ClosedArea
from routing.closures.types import Closure
from routing.errors import InvalidLimitError
from routing.network.road_network import RoadNetwork
from routing.reach.contours import CELL_M
from routing.reach.isochrones import Reach
from routing.router import Router
from tests.examples import examples
from tests.routing.drawing import Town
from tests.routing.drawing import draw
from tests.routing.drawing import street
from tests.routing.oracle import Oracle
from tests.routing.random_towns import RandomTrip
from tests.routing.random_towns import snapped
from tests.routing.random_towns import trips

_NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def _reached(town: Town, reach: Reach) -> dict[tuple[str, str], tuple[float, float]]:
    names = {}
    for one in town.streets:
        names[town.edge(one.begin, one.end)] = (one.begin, one.end)
        names[town.edge(one.begin, one.end) ^ 1] = (one.end, one.begin)
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for edge, from_m, to_m in zip(
        reach.edge.tolist(), reach.from_m.tolist(), reach.to_m.tolist(), strict=True
    ):
        low_m, high_m = found.get(names[edge], (from_m, to_m))
        found[names[edge]] = (round(min(low_m, from_m), 3), round(max(high_m, to_m), 3))
    return found


def test_a_reach_ends_in_the_middle_of_streets() -> None:
    """Twenty seconds from the middle of a street at 10 m/s: 200 m, less the turns."""
    #   W --100-- X --100-- E      from 50 m west of X
    #             |                straight on all of X-E and no further, there is none
    #            100               right into S (3 s): 5 + 3 s, so 120 m of 300
    #             S (300 m)
    nodes = {"W": (-100.0, 0.0), "X": (0.0, 0.0), "E": (100.0, 0.0), "S": (0.0, -300.0)}
    town = draw(nodes, [street("W-X"), street("X-E"), street("X-S")])
    router = Router(town.network)

    reach = router.reach(town.at(router, "W", "X", 50), 20.0)

    assert _reached(town, reach) == {
        ("W", "X"): (50.0, 100.0),
        ("X", "W"): (50.0, 100.0),
        ("X", "E"): (0.0, 100.0),
        ("X", "S"): (0.0, 120.0),
    }


def test_the_nearest_of_several_origins_counts() -> None:
    """From both ends of a long street, 30 s each: 300 m from either side, the middle is not."""
    town = draw({"A": (0.0, 0.0), "B": (1000.0, 0.0)}, [street("A-B")])
    router = Router(town.network)

    reach = router.reach([town.lonlat(0, 0), town.lonlat(1000, 0)], [10.0, 30.0])

    assert not reach.areas[1].contains(shapely.Point(town.lonlat(500, 0)))
    assert len(reach.areas[1].geoms) == 2
    for at_m, first, second in ((50, True, True), (290, False, True), (710, False, True)):
        point = shapely.Point(town.lonlat(at_m, 0))
        assert [area.contains(point) for area in reach.areas] == [first, second]


def test_a_large_block_is_a_hole() -> None:
    """A ring of 600 m a side: the roads are in, the field in the middle is not."""
    corners = {"A": (0.0, 0.0), "B": (600.0, 0.0), "C": (600.0, 600.0), "D": (0.0, 600.0)}
    town = draw(corners, [street(way) for way in ("A-B", "B-C", "C-D", "D-A")])
    router = Router(town.network)

    (area,) = router.reach([town.lonlat(0, 0)], 300.0).areas

    assert area.is_valid
    assert [len(part.interiors) for part in area.geoms] == [1]
    assert not area.contains(shapely.Point(town.lonlat(300, 300)))
    assert area.contains(shapely.Point(town.lonlat(600, 300)))


def test_a_reach_stops_at_a_closure() -> None:
    """A barrier at 200 m of a street of 1 000 m: the rest is not reached."""
    town = draw({"A": (0.0, 0.0), "B": (1000.0, 0.0)}, [street("A-B")])
    router = Router(town.network)
    corners = [(200.0, -20.0), (250.0, -20.0), (250.0, 20.0), (200.0, 20.0)]
    area = ClosedArea(shapely.Polygon([town.lonlat(*corner) for corner in corners]))
    router.set_closures([Closure("works", area, _NOW)], _NOW)

    reach = router.reach(town.at(router, "A", "B", 50), 600.0)
    router.set_closures([], _NOW)
    later = router.reach(town.at(router, "A", "B", 50), 600.0)

    # Back to A and round at the dead end: from A on as well, but never beyond the barrier.
    assert _reached(town, reach) == {("A", "B"): (0.0, 200.0), ("B", "A"): (950.0, 1000.0)}
    assert _reached(town, later) == {("A", "B"): (0.0, 1000.0), ("B", "A"): (0.0, 1000.0)}


def test_nothing_is_reached_from_nowhere() -> None:
    """No origins, origins off road, no limits."""
    town = draw({"A": (0.0, 0.0), "B": (1000.0, 0.0)}, [street("A-B")])
    router = Router(town.network)

    for origins in ([], [town.lonlat(0, 5000)]):
        reach = router.reach(origins, [60.0])
        assert (len(reach.edge), reach.areas[0].is_empty) == (0, True)
    assert router.reach([town.lonlat(0, 0)], []).areas == ()


@pytest.mark.parametrize("limits", [0.0, -1.0, np.nan, [60.0, np.inf], "long", [[60.0]]])
def test_impossible_limits_are_refused(limits: float) -> None:
    """Nought, negative, missing, infinite, no number, of another shape."""
    town = draw({"A": (0.0, 0.0), "B": (1000.0, 0.0)}, [street("A-B")])

    with pytest.raises(InvalidLimitError):
        Router(town.network).reach([town.lonlat(0, 0)], limits)


def test_ten_thousand_origins_reach_what_one_of_them_does() -> None:
    """All at one place."""
    town = draw({"A": (0.0, 0.0), "B": (1000.0, 0.0)}, [street("A-B")])
    router = Router(town.network)

    many = router.reach([town.lonlat(100, 0)] * 10_000, 30.0)
    one = router.reach([town.lonlat(100, 0)], 30.0)

    assert many.areas[0].equals(one.areas[0])


@examples(50)
@given(trips())
def test_a_place_is_reached_exactly_when_dijkstra_gets_there_in_time(trip: RandomTrip) -> None:
    """Whether a target lies on a reached piece says the same as its travel time."""
    router = Router(RoadNetwork.from_roads(trip.roads))
    oracle = Oracle(router.network)
    limit_s = 30.0
    times_s = np.array(oracle.travel_times_s(trip.origins, trip.targets)).min(axis=0)

    reach = router.reach(snapped(router, trip.origins), limit_s)

    length_m = trip.roads.segment_length_m
    for (edge, at_m), time_s in zip(trip.targets, times_s.tolist(), strict=True):
        sides = ((edge, at_m), (edge ^ 1, float(length_m[edge // 2]) - at_m))
        seen_s = [
            begin_s + (end_s - begin_s) * (side_m - low_m) / (high_m - low_m)
            for side, side_m in sides
            for one, low_m, high_m, begin_s, end_s in zip(
                reach.edge.tolist(),
                reach.from_m.tolist(),
                reach.to_m.tolist(),
                reach.from_s.tolist(),
                reach.to_s.tolist(),
                strict=True,
            )
            if one == side and low_m - 1e-6 <= side_m <= high_m + 1e-6
        ]
        if 0.0 < time_s < limit_s - 0.01:  # to a millisecond at each end of a piece
            assert min(seen_s) == pytest.approx(time_s, abs=0.003)
        if time_s > limit_s + 0.01:
            assert not seen_s
    for area in reach.areas:
        assert area.is_valid


def test_every_reached_road_of_monaco_lies_in_the_area_and_little_else_does(
    monaco_router: Router,
) -> None:
    """Five limits, nested, valid; nothing is further than two cells from a reached road."""
    router = monaco_router
    origin = [[7.4246, 43.7392]]
    limits_s = [60.0, 120.0, 240.0, 480.0, 900.0]

    reach = router.reach(origin, limits_s)

    scale = np.array([80_570.0, 111_110.0])
    for limit_s, area in zip(limits_s, reach.areas, strict=True):
        intervals = reach.intervals_within(limit_s)
        shares = np.linspace(0.0, 1.0, 17)[:, np.newaxis]
        at_m = intervals.from_m + shares * (intervals.to_m - intervals.from_m)
        spots = router.on_edges(np.tile(intervals.edge, 17), at_m.ravel()).lonlat
        assert area.is_valid
        assert shapely.contains_xy(area, spots).all()
        outline = shapely.points(shapely.get_coordinates(area) * scale)
        tree = shapely.STRtree(shapely.points(spots * scale))
        _, far_m = tree.query_nearest(outline, all_matches=False, return_distance=True)
        assert far_m.max() < 2 * CELL_M + 20.0  # spots stand up to 40 m apart on long streets
    for small, large in zip(reach.areas[:-1], reach.areas[1:], strict=True):
        assert small.difference(large).area < 1e-13  # square degrees: 0.001 m2, rounding


def test_an_area_of_too_many_cells_is_coarser_and_leaves_nothing_out() -> None:
    """Cells are joined by fours until there are few enough; what a street reaches stays inside."""
    nodes = {"W": (-900.0, 0.0), "X": (0.0, 0.0), "E": (1500.0, 0.0), "S": (0.0, -1200.0)}
    town = draw(nodes, [street("W-X"), street("X-E"), street("X-S")])
    router = Router(town.network)
    reached = router.intervals_reached(town.at(router, "W", "X", 500), 120.0)

    cells = router.cells_of(reached)
    fine, coarse = router.area_of(cells), router.area_of(cells, 10)

    assert fine.equals(router.reach(town.at(router, "W", "X", 500), 120.0).areas[0])
    assert fine.area < coarse.area
    assert shapely.difference(fine, coarse.buffer(1e-9)).area == pytest.approx(0.0, abs=1e-12)
