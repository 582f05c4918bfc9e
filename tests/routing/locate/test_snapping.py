"""Positions find the nearest place on a road, in metres, and the right side of it."""

import numpy as np
import pytest
import shapely

from routing.errors import OutsideNetworkError
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.routing.drawing import draw
from tests.routing.drawing import street

_LONG = {"A": (0.0, 0.0), "B": (1000.0, 0.0)}


def test_a_position_beside_a_long_street_lies_on_it_where_it_stands() -> None:
    """Not at a node: 430 m along, 20 m off."""
    town = draw(_LONG, [street("A-B")])

    snaps = Router(town.network).snap([town.lonlat(430, 20)])

    assert snaps.edge.tolist() == [town.edge("A", "B")]
    assert snaps.offset_m == pytest.approx([430.0], abs=0.01)
    assert snaps.distance_m == pytest.approx([20.0], abs=0.01)
    np.testing.assert_allclose(snaps.lonlat, [town.lonlat(430, 0)], atol=1e-7)


@pytest.mark.parametrize(("off_m", "on_road"), [(299.0, True), (301.0, False)])
def test_the_limit_is_three_hundred_metres(off_m: float, *, on_road: bool) -> None:
    """Just within is on the road, just beyond is not."""
    town = draw(_LONG, [street("A-B")])

    snaps = Router(town.network).snap([town.lonlat(500, off_m)])

    assert snaps.on_road.tolist() == [on_road]


def test_the_error_says_how_far_the_road_is() -> None:
    """Two kilometres out at sea."""
    town = draw(_LONG, [street("A-B")])
    router = Router(town.network)

    with pytest.raises(OutsideNetworkError, match=r"2,000 m away, further than 300 m") as caught:
        router.travel_times_to([town.lonlat(0, 0)], town.lonlat(500, 2000))

    assert caught.value.distance_m == pytest.approx(2000, abs=1)


def test_swapped_coordinates_are_recognised() -> None:
    """Latitude first lands far away; the message asks the right question."""
    town = draw(_LONG, [street("A-B")])
    longitude, latitude = town.lonlat(500, 0)

    with pytest.raises(OutsideNetworkError, match="swapped"):
        Router(town.network).route([latitude, longitude], town.lonlat(0, 0))


def test_an_origin_off_road_is_infinitely_far_and_spoils_nothing() -> None:
    """The other origins keep their times."""
    town = draw(_LONG, [street("A-B")])
    origins = [town.lonlat(0, 0), town.lonlat(0, 5000), town.lonlat(1000, 0)]

    times_s = Router(town.network).travel_times_to(origins, town.lonlat(400, 0))

    assert times_s == pytest.approx([40.0, np.inf, 60.0], abs=0.01)


#   D <------------------- C      a divided road, 15 m apart, joined at both ends
#   |                      |
#   A -------------------> B
_DIVIDED = {"A": (0.0, 0.0), "B": (500.0, 0.0), "C": (500.0, 15.0), "D": (0.0, 15.0)}
_CARRIAGEWAYS = [street("A>B"), street("C>D"), street("B-C"), street("D-A")]


@pytest.mark.parametrize(
    ("heading_deg", "begin", "end"), [(90.0, "A", "B"), (270.0, "C", "D"), (np.nan, "A", "B")]
)
def test_the_heading_chooses_the_carriageway(heading_deg: float, begin: str, end: str) -> None:
    """A fix 5 m from the eastbound lane, 10 m from the westbound one."""
    town = draw(_DIVIDED, _CARRIAGEWAYS)

    snaps = Router(town.network).snap([town.lonlat(250, 5)], heading_deg)

    assert snaps.edge.tolist() == [town.edge(begin, end)]


@pytest.mark.parametrize(("heading_deg", "begin", "end"), [(80.0, "A", "B"), (280.0, "B", "A")])
def test_the_heading_chooses_the_direction_of_a_two_way_street(
    heading_deg: float, begin: str, end: str
) -> None:
    """The offset counts from the beginning of the direction driven."""
    town = draw(_LONG, [street("A-B")])

    snaps = Router(town.network).snap([town.lonlat(300, 0)], heading_deg)

    assert snaps.edge.tolist() == [town.edge(begin, end)]
    assert snaps.offset_m == pytest.approx([300.0 if begin == "A" else 700.0], abs=0.01)


def test_a_small_island_is_passed_over_when_a_main_street_is_within_reach() -> None:
    """A car park without a mapped driveway, 5 m away; the street is 45 m away."""
    nodes = {**_LONG, "P": (400.0, 50.0), "Q": (450.0, 50.0)}
    town = draw(nodes, [street("A-B"), street("P-Q")])
    router = Router(town.network)

    snaps = router.snap([town.lonlat(425, 45)])

    assert router.main_streets.tolist() == [True, False]
    assert snaps.edge.tolist() == [town.edge("A", "B")]
    assert snaps.distance_m == pytest.approx([45.0], abs=0.01)


def test_an_island_far_from_everything_else_is_taken() -> None:
    """With no main street within reach the island is still a road."""
    nodes = {**_LONG, "P": (400.0, 900.0), "Q": (450.0, 900.0)}
    town = draw(nodes, [street("A-B"), street("P-Q")])

    snaps = Router(town.network).snap([town.lonlat(425, 895)])

    assert snaps.edge.tolist() == [town.edge("P", "Q")]


def test_thousands_of_positions_agree_with_shapely(
    monaco: RoadNetwork, monaco_router: Router
) -> None:
    """Grids, steps and batches change nothing: the distance is that of the nearest main street."""
    router = monaco_router
    random = np.random.default_rng(7)
    west, south, east, north = monaco.bounds
    points = random.uniform([west - 0.01, south - 0.01], [east + 0.01, north + 0.01], (3000, 2))
    # Shapely measures on a plane: Monaco is small enough for one scale, to a tenth of a per mille.
    scale = np.array([80_570.0, 111_110.0])
    lines = [
        shapely.LineString(
            monaco.roads.geometry_lonlat[
                monaco.roads.geometry_start[number] : monaco.roads.geometry_start[number + 1]
            ]
            * scale
        )
        for number in np.flatnonzero(router.main_streets)
    ]
    nearest = shapely.STRtree(lines).query_nearest(
        shapely.points(points * scale), all_matches=False, return_distance=True
    )[1]

    snaps = router.snap(points)

    sure = (nearest < 295) & snaps.on_road
    assert np.count_nonzero(sure) > 500
    np.testing.assert_allclose(snaps.distance_m[sure], nearest[sure], rtol=2e-3, atol=0.05)
    assert snaps.on_road[nearest < 295].all()
