"""The table of travel times is what the engine says."""

from datetime import UTC
from datetime import datetime

import numpy as np
import pytest

from routing.closures.types import ClosedStretch
from routing.closures.types import Closure
from routing.network.road_network import RoadNetwork
from routing.router import Router
from scripts.studies.inputs.points import Points
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.simulation.travel_table import TravelTable
from scripts.studies.simulation.travel_table import line_distances_m
from scripts.studies.simulation.travel_table import measure
from scripts.studies.simulation.travel_table import merged
from scripts.studies.simulation.travel_table import place_calls
from tests.cities import METRES_PER_DEGREE
from tests.cities import GridCity

CITY = GridCity(one_way_rows=(4, 7))
RNG = np.random.default_rng(21)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def roads(tmp_path_factory: pytest.TempPathFactory) -> StudyRoads:
    """Return a city of 12 by 12 blocks, two of its streets one-way."""
    file = CITY.write(tmp_path_factory.mktemp("city") / "grid.osm")
    return StudyRoads(Router(RoadNetwork.from_osm(file)))


def _somewhere(count: int) -> Points:
    (west, south), (east, north) = CITY.at(0, 0), CITY.at(12, 12)
    return Points.at_places(RNG.uniform((west, south), (east, north), (count, 2)))


@pytest.mark.parametrize("closed", [False, True])
def test_every_time_is_the_engines(roads: StudyRoads, closed: bool) -> None:  # noqa: FBT001 - a parameter
    """Between posts and incidents, both ways, on streets and in their middle; under a closure."""
    stretch = ClosedStretch((CITY.at(5, 2), CITY.at(5, 9)))
    roads.close([Closure("1", stretch, NOON)] if closed else [], NOON)
    found = place_calls(roads, _somewhere(4), _somewhere(26))

    times_s = measure(roads, found.places)

    lonlat = found.places.points.lonlat
    for target in range(0, len(lonlat), 3):
        expected = roads.router.travel_times_to(lonlat, lonlat[target])
        np.testing.assert_allclose(times_s[:, target], expected, atol=1e-3)
    roads.close([], NOON)


def test_incidents_at_one_spot_share_a_place_and_those_off_the_roads_have_none(
    roads: StudyRoads,
) -> None:
    """Names may occur twice; who is left out is told by its own."""
    lon, lat = CITY.at(3, 0)
    away = (lon, lat - 1_000.0 / METRES_PER_DEGREE)
    incidents = Points(
        ("same", "away", "same", "other"),
        np.array([CITY.at(3, 3), away, CITY.at(3, 3), CITY.at(6, 6)]),
        np.ones(4),
    )

    found = place_calls(roads, _somewhere(2), incidents)

    assert found.posts == 2
    assert found.of_call[0] == found.of_call[2] >= 2
    assert found.of_call[1] == -1
    assert [each.name for each in found.left_out] == ["away"]
    assert len(found.places) == 4
    lonlat = found.places.points.lonlat
    assert lonlat[found.of_call[[0, 3]]].tolist() == incidents.lonlat[[0, 3]].tolist()


def test_a_post_off_the_roads_is_refused(roads: StudyRoads) -> None:
    """By its name."""
    lon, lat = CITY.at(3, 0)
    posts = Points(("Quay",), np.array([[lon, lat - 0.1]]), np.ones(1))

    with pytest.raises(ValueError, match="Quay"):
        place_calls(roads, posts, _somewhere(2))


def test_too_many_places_are_merged_with_their_neighbours() -> None:
    """No more than asked for, each with the one that stands for it, and the shift is told."""
    lonlat = RNG.uniform((7.40, 43.70), (7.43, 43.72), (600, 2))

    chosen, of_each, moved_m = merged(lonlat, 50)

    assert len(chosen) <= 50
    stands_for = lonlat[chosen][of_each]
    shifts_m = [line_distances_m(lonlat[row][None], stands_for[row])[0] for row in range(600)]
    assert moved_m == pytest.approx(max(shifts_m), rel=0.01)
    # 2.4 x 2.2 km in 50 squares: sides of 330 m and more, diagonals of 700 at most.
    assert moved_m < 800.0
    assert (of_each[chosen] == np.arange(len(chosen))).all()


def test_times_change_at_their_instant() -> None:
    """From it on, and before zero as at zero."""
    zero, one = np.zeros((1, 1), dtype=np.float32), np.ones((1, 1), dtype=np.float32)
    table = TravelTable(np.zeros((1, 2)), 1, ((0.0, zero), (50.0, one)))

    assert [float(table.at(now_s)[0, 0]) for now_s in (-1.0, 0.0, 49.9, 50.0, 99.0)] == [
        0.0,
        0.0,
        0.0,
        1.0,
        1.0,
    ]
