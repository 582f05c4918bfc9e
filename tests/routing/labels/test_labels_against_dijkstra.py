"""Matrices by labels equal plain Dijkstra on random towns full of traps, whatever is closed."""

from dataclasses import replace
from datetime import UTC
from datetime import datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geodata.roads.types import ROAD_CLASSES
from routing.engine.hourly_speeds import SpeedTable
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.examples import examples
from tests.routing.closure_oracle import ClosureOracle
from tests.routing.drawing import Street
from tests.routing.drawing import roads_of
from tests.routing.labels.by_labels import matrix_by_labels
from tests.routing.oracle import Oracle
from tests.routing.random_closures import as_closures
from tests.routing.random_closures import closings_of
from tests.routing.random_towns import RandomTrip
from tests.routing.random_towns import snapped
from tests.routing.random_towns import trips

_NOW = datetime(2026, 11, 18, 8, 30, tzinfo=UTC)  # a Wednesday
_MODEST = examples(30)


@_MODEST
@given(data=st.data(), trip=trips(), emergency=st.booleans())
def test_times_equal_dijkstra_before_under_and_after_closures(
    data: st.DataObject, trip: RandomTrip, *, emergency: bool
) -> None:
    """Labels made in the open follow the closures and come back to what they were."""
    closings = data.draw(closings_of(trip))
    network = RoadNetwork.from_roads(trip.roads)
    router = Router(network, profile="emergency" if emergency else "normal")
    plain = Oracle(network, emergency=emergency)
    oracle = ClosureOracle(plain, closings)
    origins, targets = snapped(router, trip.origins), snapped(router, trip.targets)

    before_s = matrix_by_labels(router, origins, targets)
    router.set_closures(as_closures(network, closings, _NOW), _NOW)
    under_s = matrix_by_labels(router, origins, targets)
    router.set_closures([], _NOW)
    after_s = matrix_by_labels(router, origins, targets)

    expected_s = np.array(plain.travel_times_s(trip.origins, trip.targets))
    np.testing.assert_allclose(before_s, expected_s, atol=1e-9)
    closed_s = [[oracle.travel_time_s(one, goal) for goal in trip.targets] for one in trip.origins]
    np.testing.assert_allclose(under_s, np.array(closed_s), atol=1e-9)
    np.testing.assert_array_equal(after_s, before_s)


@_MODEST
@given(trip=trips(), emergency=st.booleans())
def test_each_profile_and_hour_has_labels_of_its_own(trip: RandomTrip, *, emergency: bool) -> None:
    """Asking for one leaves the others as they were."""
    network = RoadNetwork.from_roads(trip.roads)
    factors = np.ones((len(ROAD_CLASSES), 168))
    factors[ROAD_CLASSES.index("primary"), 2 * 24 + 8] = 0.4
    router = Router(network, speeds=SpeedTable(factors))
    origins, targets = snapped(router, trip.origins), snapped(router, trip.targets)
    slow = [0.4 if name == "primary" else 1.0 for name in ROAD_CLASSES]

    rush = router.under(profile="emergency" if emergency else "normal", at=_NOW)
    rush_s = matrix_by_labels(rush, origins, targets)
    plain_s = matrix_by_labels(router, origins, targets)
    again_s = matrix_by_labels(rush, origins, targets)

    expected_s = Oracle(network, emergency=emergency, factors=slow).travel_times_s(
        trip.origins, trip.targets
    )
    np.testing.assert_allclose(rush_s, np.array(expected_s), atol=1e-9)
    np.testing.assert_array_equal(again_s, rush_s)
    expected_s = Oracle(network).travel_times_s(trip.origins, trip.targets)
    np.testing.assert_allclose(plain_s, np.array(expected_s), atol=1e-9)


@_MODEST
@given(data=st.data(), trip=trips())
def test_several_streets_each_walks_and_headings_are_as_the_engine_has_them(
    data: st.DataObject, trip: RandomTrip
) -> None:
    """Positions beside the streets, some driving, some off road, under closures."""
    network = RoadNetwork.from_roads(trip.roads)
    router = Router(network)
    shift = st.floats(-2e-3, 2e-3)
    middle = network.roads.node_lonlat.mean(axis=0)
    spots = st.lists(st.tuples(shift, shift), min_size=1, max_size=4)
    origins, targets = middle + data.draw(spots), middle + data.draw(spots)
    starts = router.streets_from(origins, data.draw(st.floats(0, 360)), 5.0)
    router.set_closures(as_closures(network, data.draw(closings_of(trip)), _NOW), _NOW)

    actual_s = matrix_by_labels(router, starts, targets)

    np.testing.assert_array_equal(actual_s, router.matrix(starts, targets))


def test_a_target_just_behind_on_the_same_street_means_the_round() -> None:
    """Also of one and the same place ahead, and where the street is closed behind both."""
    #   A --100 m--> B        origin at 60 m on A→B; targets at 40 m and at 80 m on it:
    #   ^            |        40 on + 3 × 100 round + 40 = 380 m at 10 m/s, three turns of 3 s
    #   D <--------- C        to the right and one more into A→B; and 20 m ahead
    roads = roads_of(
        nodes=[(0, 100), (100, 100), (100, 0), (0, 0)],
        ends=[(0, 1), (1, 2), (2, 3), (3, 0)],
        streets=[
            Street(begin=begin, end=end, backward=False) for begin, end in ("AB", "BC", "CD", "DA")
        ],
    )
    router = Router(RoadNetwork.from_roads(roads))
    origin, targets = snapped(router, [(0, 60.0)]), snapped(router, [(0, 40.0), (0, 80.0)])

    actual_s = matrix_by_labels(router, origin, targets)

    np.testing.assert_allclose(actual_s, [[38.0, 2.0]], atol=0.01)


def test_turning_round_counts_against_a_known_heading() -> None:
    """On a straight two-way street: 15 s before anybody drives back."""
    roads = roads_of(
        nodes=[(0, 0), (100, 0), (200, 0)],
        ends=[(0, 1), (1, 2)],
        streets=[Street(begin="A", end="B"), Street(begin="B", end="C")],
    )
    router = Router(RoadNetwork.from_roads(roads))
    place = snapped(router, [(2, 50.0)])
    headed = replace(place, headed=np.ones(1, dtype=np.bool_))
    target = snapped(router, [(0, 50.0)])

    parked_s = matrix_by_labels(router, place, target)
    driving_s = matrix_by_labels(router, headed, target)

    # 100 m back at 10 m/s; at the bend with two streets a turn costs nothing.
    np.testing.assert_allclose(parked_s, [[10.0]], atol=0.01)
    np.testing.assert_allclose(driving_s, [[25.0]], atol=0.01)


def test_islands_cannot_be_reached() -> None:
    """Two streets that meet no other: finite within, infinite between, both ways."""
    roads = roads_of(
        nodes=[(0, 0), (100, 0), (0, 300), (100, 300)],
        ends=[(0, 1), (2, 3)],
        streets=[Street(begin="A", end="B"), Street(begin="C", end="D")],
    )
    router = Router(RoadNetwork.from_roads(roads))
    places = snapped(router, [(0, 20.0), (2, 70.0)])

    actual_s = matrix_by_labels(router, places, places)

    np.testing.assert_array_equal(actual_s, [[0.0, np.inf], [np.inf, 0.0]])
