"""Every answer of the engine equals plain Dijkstra, on random towns full of traps."""

import numpy as np
import pytest
from hypothesis import given

from routing.errors import UnreachableError
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.examples import examples
from tests.routing.oracle import Oracle
from tests.routing.random_towns import RandomTrip
from tests.routing.random_towns import snapped
from tests.routing.random_towns import trips


@examples(75)
@given(trips())
def test_times_equal_dijkstra_in_every_form_of_the_question(trip: RandomTrip) -> None:
    """One target, one origin and the matrix both ways round give the same exact numbers."""
    router = Router(RoadNetwork.from_roads(trip.roads))
    expected_s = np.array(Oracle(router.network).travel_times_s(trip.origins, trip.targets))
    origins, targets = snapped(router, trip.origins), snapped(router, trip.targets)

    matrix_s = router.matrix(origins, targets)

    np.testing.assert_allclose(matrix_s, expected_s, atol=1e-9)
    for column in range(len(targets)):
        times_s = router.travel_times_to(origins, targets[column : column + 1])
        np.testing.assert_allclose(times_s, expected_s[:, column], atol=1e-9)
    for row in range(len(origins)):
        times_s = router.travel_times_from(origins[row : row + 1], targets)
        np.testing.assert_allclose(times_s, expected_s[row], atol=1e-9)


@examples(75)
@given(trips())
def test_a_route_is_permitted_connected_and_takes_as_long_as_it_says(trip: RandomTrip) -> None:
    """The edges of a route follow each other, break no rule and add up to Dijkstra's time."""
    router = Router(RoadNetwork.from_roads(trip.roads))
    oracle = Oracle(router.network)
    origin, target = snapped(router, trip.origins[:1]), snapped(router, trip.targets[:1])
    expected_s = oracle.travel_time_s(trip.origins[0], trip.targets[0])

    if np.isinf(expected_s):
        with pytest.raises(UnreachableError):
            router.route(origin, target)
        assert np.isposinf(router.path_lengths_to(origin, target)).all()
        return
    route = router.route(origin, target)

    edges = route.edges.tolist()
    assert route.travel_time_s == pytest.approx(expected_s, abs=1e-9)
    assert route.edge_travel_time_s.sum() == pytest.approx(expected_s, abs=1e-9)
    assert all(
        oracle.permitted(tuple(edges[max(0, at - oracle.memory) : at]), edges[at])
        for at in range(1, len(edges))
    )
    assert sum(leg.travel_time_s for leg in route.legs) == pytest.approx(expected_s, abs=1e-6)
    assert sum(leg.length_m for leg in route.legs) == pytest.approx(route.length_m, abs=1e-6)
    assert np.all(route.edge_length_m >= -1e-6)
    assert router.path_lengths_to(origin, target) == pytest.approx([route.length_m], abs=1e-6)
    np.testing.assert_allclose(route.line[0], origin.lonlat[0], atol=1e-9)
    np.testing.assert_allclose(route.line[-1], target.lonlat[0], atol=1e-9)
