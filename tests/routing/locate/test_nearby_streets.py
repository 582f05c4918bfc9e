"""Which streets a place can be reached by, and that the best total of drive and walk wins."""

from datetime import UTC
from datetime import datetime

import numpy as np
import pytest
import shapely

from routing.closures.types import ClosedStretch
from routing.closures.types import Closure
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.routing.drawing import Point
from tests.routing.drawing import Town
from tests.routing.drawing import draw
from tests.routing.drawing import street

WALKING_MPS = 1.4
_NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

#   C ---- farm track, 58 m north of the main road, comes back to it after 22 km ---- B
#        x     the place: 18 m from the track, 40 m from the main road
#   A ------------------------------------------------------------------------------- B
_FARM = {"A": (-2000.0, 0.0), "B": (2000.0, 0.0), "C": (0.0, 58.0)}
_DETOUR: tuple[Point, ...] = ((10_000.0, 58.0), (10_000.0, 2000.0))
_PLACE = (500.0, 40.0)


@pytest.fixture(scope="module")
def farm() -> Town:
    """Return a main road, and beside it a track that joins it far away."""
    return draw(_FARM, [street("A-B", name="Main Road"), street("C-B", through=_DETOUR)])


def test_a_place_beside_a_farm_track_is_reached_from_the_main_road(farm: Town) -> None:
    """1 000 m at 10 m/s and 40 m on foot, not 22 km and 18 m on foot."""
    router = Router(farm.network)
    crew, place = farm.lonlat(-500, 0), farm.lonlat(*_PLACE)
    expected_s = 100.0 + 40.0 / WALKING_MPS

    route = router.route(crew, place)

    assert router.travel_times_to([crew], place) == pytest.approx([expected_s], abs=0.02)
    assert router.travel_times_from(crew, [place]) == pytest.approx([expected_s], abs=0.02)
    assert route.travel_time_s == pytest.approx(expected_s, abs=0.02)
    assert route.length_m == pytest.approx(1000.0, abs=0.1)
    assert route.edges.tolist() == [farm.edge("A", "B")]
    assert route.walks == pytest.approx((0.0, 40.0), abs=0.05)
    np.testing.assert_allclose(route.line[-1], farm.lonlat(500, 0), atol=1e-7)


def test_a_crew_that_stands_beside_a_farm_track_sets_out_on_the_main_road(farm: Town) -> None:
    """The other way about, for times, lengths and what is reached within two minutes and a half."""
    router = Router(farm.network)
    crew, place = farm.lonlat(*_PLACE), farm.lonlat(-500, 0)

    lengths_m = router.path_lengths_to([crew], place)
    reach = router.reach([crew], 150.0)

    expected_s = 100.0 + 40.0 / WALKING_MPS
    assert router.travel_times_to([crew], place) == pytest.approx([expected_s], abs=0.02)
    assert lengths_m == pytest.approx([1000.0], abs=0.1)
    assert reach.areas[0].covers(shapely.Point(place))


def test_the_nearest_street_is_taken_when_it_leads_there_as_quickly(farm: Town) -> None:
    """On the track the walk to it is all that counts."""
    router = Router(farm.network)

    route = router.route(farm.lonlat(3000, 58), farm.lonlat(4000, 40))

    assert route.walks == pytest.approx((0.0, 18.0), abs=0.05)
    assert route.travel_time_s == pytest.approx(100.0 + 18.0 / WALKING_MPS, abs=0.02)


def test_a_snapped_place_is_that_point_with_no_walk(farm: Town) -> None:
    """Whoever says on which street it is means that street."""
    router = Router(farm.network)
    snapped = router.snap([farm.lonlat(*_PLACE)])

    times_s = router.travel_times_to(snapped, farm.lonlat(4000, 58))

    assert times_s == pytest.approx([350.0], abs=0.02)


def test_a_vehicle_stands_on_one_of_the_streets_nearest_to_it() -> None:
    """Nobody carries it to one 60 m further away; a place may be reached from there."""
    town = draw(
        {"A": (0.0, 0.0), "B": (900.0, 0.0), "C": (0.0, 80.0), "D": (900.0, 80.0)},
        [street("A-B", name="a"), street("C-D", name="c"), street("A-C"), street("B-D")],
    )
    router = Router(town.network)
    place = [town.lonlat(450, 10)]

    leaving, arriving = router.streets_from(place), router.streets_to(place)

    assert _edges(leaving.edge) == [town.edge("A", "B")]
    assert _edges(arriving.edge) == [town.edge("A", "B"), town.edge("C", "D")]
    assert arriving.distance_m[0, :2] == pytest.approx([10.0, 70.0], abs=0.05)


def test_the_parts_of_one_street_are_listed_once() -> None:
    """Twelve short parts of an unnamed lane do not hide the road behind it; a name is another."""
    lane = {f"L{at}": (20.0 * at, 0.0) for at in range(13)}
    parts = [street(f"L{at}-L{at + 1}") for at in range(12)]
    nodes = {**lane, "A": (-500.0, 30.0), "B": (700.0, 30.0), "S": (120.0, -200.0)}
    streets = [*parts, street("A-B", name="Road"), street("L0-A"), street("L6-S", name="Side")]
    town = draw(nodes, streets)

    found = Router(town.network).streets_to([town.lonlat(130, 5)])

    assert _edges(found.edge) == [
        town.edge("L6", "L7"),
        town.edge("L6", "S"),
        town.edge("A", "B"),
    ]


#   D <------------------- C      a divided road, 15 m apart, joined at both ends
#   |                      |
#   A -------------------> B
_DIVIDED = {"A": (0.0, 0.0), "B": (500.0, 0.0), "C": (500.0, 15.0), "D": (0.0, 15.0)}


@pytest.fixture(scope="module")
def divided() -> Town:
    """Return the two carriageways of one road."""
    return draw(_DIVIDED, [street("A>B"), street("C>D"), street("B-C"), street("D-A")])


@pytest.mark.parametrize(
    ("heading_deg", "speed_mps", "expected_s"),
    [
        # Westwards on C to D, 10 m away: 250 + 15 + 250 m round the end; a bend is free.
        (270.0, 10.0, 51.5 + 10.0 / WALKING_MPS),
        (90.0, 10.0, 5.0 / WALKING_MPS),  # it is there already
        # Standing, the direction of the receiver is noise: the best street of the two.
        (270.0, 0.5, 5.0 / WALKING_MPS),
        (np.nan, np.nan, 5.0 / WALKING_MPS),
    ],
)
def test_a_driving_crew_is_on_a_carriageway_that_runs_its_way(
    divided: Town, heading_deg: float, speed_mps: float, expected_s: float
) -> None:
    """A fix between them, nearer to the eastbound one, where the incident is."""
    router = Router(divided.network)
    crew = router.streets_from([divided.lonlat(250, 5)], heading_deg, speed_mps)
    incident = divided.at(router, "A", "B", 250.0)

    assert router.travel_times_to(crew, incident) == pytest.approx([expected_s], abs=0.02)
    assert router.route(crew, incident).travel_time_s == pytest.approx(expected_s, abs=0.02)


def test_a_driving_crew_is_not_on_the_street_it_crosses() -> None:
    """4 m from the middle of the crossing street, 6 m from its own."""
    town = draw(
        {
            "W": (-300.0, 0.0),
            "E": (300.0, 0.0),
            "N": (0.0, 300.0),
            "S": (0.0, -300.0),
            "X": (0.0, 0.0),
        },
        [street("W-X"), street("X-E"), street("S-X"), street("X-N")],
    )
    router = Router(town.network)

    driving = router.streets_from([town.lonlat(-6, 4)], 10.0, 8.0)

    assert set(_edges(driving.edge)) <= {town.edge("S", "X"), town.edge("X", "N")}
    assert driving.headed[0, : len(_edges(driving.edge))].all()


def test_a_driving_crew_with_no_street_that_runs_its_way_is_on_the_nearest(divided: Town) -> None:
    """Across a yard, northwards, between two one-way lanes."""
    found = Router(divided.network).streets_from([divided.lonlat(250, 5)], 0.0, 8.0)

    assert _edges(found.edge) == [divided.edge("A", "B")]
    assert found.on_road.all()


def test_islands_are_passed_over_for_the_streets_behind_them() -> None:
    """As for the nearest point: only where no main street is within reach are they taken."""
    nodes = {"A": (0.0, 0.0), "B": (1000.0, 0.0), "P": (400.0, 50.0), "Q": (450.0, 50.0)}
    town = draw(
        {**nodes, "R": (400.0, 900.0), "S": (450.0, 900.0)},
        [street("A-B"), street("P-Q"), street("R-S")],
    )
    router = Router(town.network)

    found = router.streets_from([town.lonlat(425, 45), town.lonlat(425, 890), (0.0, 0.0)])

    assert _edges(found.edge[:1]) == [town.edge("A", "B")]
    assert _edges(found.edge[1:2]) == [town.edge("R", "S")]
    assert found.on_road.tolist() == [True, True, False]


def test_all_main_streets_within_reach_are_found_with_their_distances(
    monaco: RoadNetwork, monaco_router: Router
) -> None:
    """Compared with shapely, street by street; what is left out continues a nearer one."""
    random = np.random.default_rng(11)
    nodes = monaco.roads.node_lonlat
    points = random.choice(nodes, 60) + random.normal(0.0, 3e-4, (60, 2))
    scale = np.array([80_570.0, 111_110.0])
    start = monaco.roads.geometry_start
    main = np.flatnonzero(monaco_router.main_streets)
    lines = [
        shapely.LineString(monaco.roads.geometry_lonlat[start[one] : start[one + 1]] * scale)
        for one in main
    ]

    found = monaco_router.streets_to(points)

    for row, point in enumerate(points * scale):
        away_m = shapely.distance(shapely.Point(point), lines)
        listed = found.edge[row][found.edge[row] >= 0] // 2
        distances_m = found.distance_m[row, : len(listed)]
        if not monaco_router.main_streets[listed].any():
            assert away_m.min() > 298.0
            continue
        by_street = dict(zip(main.tolist(), away_m.tolist(), strict=True))
        np.testing.assert_allclose(
            distances_m, [by_street[one] for one in listed.tolist()], rtol=2e-3, atol=0.05
        )
        assert np.all(np.diff(distances_m) >= 0.0)
        assert distances_m[0] == pytest.approx(away_m.min(), rel=2e-3, abs=0.05)
        nearer = [one for one in main.tolist() if by_street[one] < distances_m[-1] - 0.1]
        left_out = set(nearer) - set(listed.tolist())
        names = {int(monaco.roads.segment_name[one]) for one in nearer}
        assert {int(monaco.roads.segment_name[one]) for one in left_out} <= names
        two_way = monaco.roads.segment_forward & monaco.roads.segment_backward
        assert all(two_way[one] for one in left_out)


def _edges(edge: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> list[int]:
    """Return the edges of a single place."""
    return [one for one in edge.ravel().tolist() if one >= 0]


def test_a_closed_street_further_away_is_not_driven_into_for_a_walk(farm: Town) -> None:
    """Only a place that is in the closure itself, beside the closed road, is reached through it."""
    router = Router(farm.network)
    works = ClosedStretch((farm.lonlat(300, 0), farm.lonlat(700, 0)))
    router.set_closures([Closure("works", works, _NOW)], _NOW)
    crew = [farm.lonlat(-500, 0)]

    inside_s = router.travel_times_to(crew, farm.lonlat(500, 10))
    beside_s = router.travel_times_to(crew, farm.lonlat(*_PLACE))
    leaving_s = router.travel_times_from(farm.lonlat(*_PLACE), crew)

    assert inside_s == pytest.approx([100.0 + 10.0 / WALKING_MPS], abs=0.02)
    assert np.isposinf(beside_s).all()
    assert np.isposinf(leaving_s).all()


def test_a_place_in_a_closure_is_also_reached_on_foot_from_an_open_street(farm: Town) -> None:
    """The track is closed at its end; the main road, 22 m further away, is not."""
    router = Router(farm.network)
    works = ClosedStretch((farm.lonlat(100, 58), farm.lonlat(900, 58)))
    router.set_closures([Closure("works", works, _NOW)], _NOW)

    route = router.route(farm.lonlat(-500, 0), farm.lonlat(*_PLACE))

    assert route.travel_time_s == pytest.approx(100.0 + 40.0 / WALKING_MPS, abs=0.02)
    assert route.closed_length_m == 0.0
