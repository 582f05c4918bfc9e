"""The roads of a study: placing, and who reaches what in time."""

import numpy as np
import pytest

from routing.network.road_network import RoadNetwork
from routing.router import Router
from scripts.studies.inputs.points import Points
from scripts.studies.roads.study_roads import StudyRoads
from tests.cities import METRES_PER_DEGREE
from tests.cities import GridCity

CITY = GridCity()


@pytest.fixture(scope="module")
def roads(tmp_path_factory: pytest.TempPathFactory) -> StudyRoads:
    """Return a city of 12 by 12 blocks of 200 m, 20 s each."""
    file = CITY.write(tmp_path_factory.mktemp("city") / "grid.osm")
    return StudyRoads(Router(RoadNetwork.from_osm(file)))


def test_points_off_the_network_are_left_out_with_their_distance(roads: StudyRoads) -> None:
    """A kilometre south of the southernmost street; and one with its numbers swapped."""
    lon, lat = CITY.at(3, 0)
    away = (lon, lat - 1000.0 / METRES_PER_DEGREE)
    places = Points.at_places([CITY.at(3, 3), away, CITY.at(4, 4)[::-1]], [1.0, 20.0, 300.0])

    placed = roads.place(places)

    assert placed.points.names == ("1",)
    off, swapped = placed.points.left_out
    assert (off.name, off.reason, off.weight) == ("2", "off_network", 20.0)
    assert off.distance_m == pytest.approx(1000.0, rel=0.01)
    assert (swapped.name, swapped.reason, swapped.weight) == ("3", "swapped", 300.0)


def test_the_nearest_post_is_the_least_of_the_times(roads: StudyRoads) -> None:
    """And those that a post reaches in time are the times below the limit."""
    draw = np.random.default_rng(3)
    (west, south), (east, north) = CITY.at(0, 0), CITY.at(12, 12)
    posts = roads.place(Points.at_places(draw.uniform((west, south), (east, north), (20, 2))))
    demand = roads.place(Points.at_places(draw.uniform((west, south), (east, north), (200, 2))))
    times_s = roads.times(posts, demand)

    nearest = roads.nearest(posts, demand, 90.0)
    within = roads.within(posts, demand, 90.0)

    late = times_s.min(axis=0) > 90.0
    assert 0 < late.sum() < 200
    np.testing.assert_array_equal(nearest.travel_time_s[~late], times_s.min(axis=0)[~late])
    assert np.isinf(nearest.travel_time_s[late]).all()
    assert (nearest.post[late] == -1).all()
    assert [row.tolist() for row in within] == [
        np.flatnonzero(row <= 90.0).tolist() for row in times_s
    ]


def test_without_posts_nobody_is_reached(roads: StudyRoads) -> None:
    """Nothing is an answer too."""
    nobody = roads.place(Points.at_places([]))
    demand = roads.place(Points.at_places([CITY.at(1, 1)]))

    assert roads.nearest(nobody, demand, 60.0).post.tolist() == [-1]
    assert roads.within(nobody, demand, 60.0) == []
