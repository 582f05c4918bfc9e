"""Closures, hours, profiles and headings: every answer equals layers of plain Dijkstra."""

from dataclasses import replace
from datetime import UTC
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.roads.types import ROAD_CLASSES
from routing.engine.hourly_speeds import SpeedTable
from routing.errors import UnreachableError
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.examples import examples
from tests.routing.closure_oracle import ClosureOracle
from tests.routing.closure_oracle import Piece
from tests.routing.drawing import Street
from tests.routing.drawing import roads_of
from tests.routing.oracle import Oracle
from tests.routing.random_closures import as_closures
from tests.routing.random_closures import closings_of
from tests.routing.random_towns import RandomTrip
from tests.routing.random_towns import snapped
from tests.routing.random_towns import trips

_NOW = datetime(2026, 11, 18, 8, 30, tzinfo=UTC)  # a Wednesday
_MODEST = examples(40)


def _rush_hour() -> SpeedTable:
    factors = np.ones((len(ROAD_CLASSES), 168))
    factors[ROAD_CLASSES.index("primary"), 2 * 24 + 8] = 0.4
    return SpeedTable(factors)


@_MODEST
@given(data=st.data(), trip=trips(), emergency=st.booleans())
def test_times_under_closures_equal_dijkstra(
    data: st.DataObject, trip: RandomTrip, *, emergency: bool
) -> None:
    """Out of closures, into them, through them where one stands; every form of the question."""
    closings = data.draw(closings_of(trip))
    network = RoadNetwork.from_roads(trip.roads)
    router = Router(network, profile="emergency" if emergency else "normal")
    router.set_closures(as_closures(network, closings, _NOW), _NOW)
    oracle = ClosureOracle(Oracle(network, emergency=emergency), closings)
    expected_s = np.array(
        [[oracle.travel_time_s(origin, goal) for goal in trip.targets] for origin in trip.origins]
    )
    origins, targets = snapped(router, trip.origins), snapped(router, trip.targets)

    np.testing.assert_allclose(router.matrix(origins, targets), expected_s, atol=1e-9)
    for column in range(len(targets)):
        times_s = router.travel_times_to(origins, targets[column : column + 1])
        np.testing.assert_allclose(times_s, expected_s[:, column], atol=1e-9)
    for row in range(len(origins)):
        times_s = router.travel_times_from(origins[row : row + 1], targets)
        np.testing.assert_allclose(times_s, expected_s[row], atol=1e-9)


def test_a_hairs_breadth_into_a_closed_street_is_its_beginning() -> None:
    """Whoever was asked for before, farther into that street."""
    roads = roads_of(
        nodes=[(0, 0), (100, 0), (200, 0)],
        ends=[(0, 1), (1, 2)],
        streets=[Street(begin="a", end="b"), Street(begin="b", end="c")],
    )
    network = RoadNetwork.from_roads(roads)
    router = Router(network)
    closing: list[list[Piece]] = [[(2, 0.0, float(roads.segment_length_m[1]))]]
    router.set_closures(as_closures(network, closing, _NOW), _NOW)
    origin = snapped(router, [(0, 0.0)])

    router.travel_times_from(origin, snapped(router, [(2, 1.0)]))
    actual_s = router.travel_times_from(origin, snapped(router, [(2, 1e-200)]))

    at_beginning_s = router.travel_times_from(origin, snapped(router, [(2, 0.0)]))
    np.testing.assert_array_equal(actual_s, at_beginning_s)


@_MODEST
@given(st.data(), trips())
def test_a_route_under_closures_takes_dijkstras_time_and_tells_what_is_closed(
    data: st.DataObject, trip: RandomTrip
) -> None:
    """Closed metres are there only if an end lies in a closure, and are those of the pieces."""
    closings = data.draw(closings_of(trip))
    network = RoadNetwork.from_roads(trip.roads)
    router, plain = Router(network), Oracle(network)
    router.set_closures(as_closures(network, closings, _NOW), _NOW)
    oracle = ClosureOracle(plain, closings)
    origin, target = snapped(router, trip.origins[:1]), snapped(router, trip.targets[:1])
    expected_s = oracle.travel_time_s(trip.origins[0], trip.targets[0])

    if np.isinf(expected_s):
        with pytest.raises(UnreachableError):
            router.route(origin, target)
        return
    route = router.route(origin, target)

    edges = route.edges.tolist()
    assert route.travel_time_s == pytest.approx(expected_s, abs=1e-9)
    assert route.edge_travel_time_s.sum() == pytest.approx(expected_s, abs=1e-9)
    assert all(
        plain.permitted(tuple(edges[max(0, at - plain.memory) : at]), edges[at])
        for at in range(1, len(edges))
    )
    assert np.all(route.edge_closed_m <= route.edge_length_m + 1e-6)
    through = [edge for edge in edges[1:-1] if edge in oracle.shut]
    assert np.count_nonzero(route.edge_closed_m[1:-1]) <= len(through)
    assert (route.closed_length_m > 1e-6) or not any(
        high > low for _, edge, low, high in oracle.pieces if edge in through
    )


@_MODEST
@given(data=st.data(), trip=trips(), again=st.booleans())
def test_opening_again_is_exact(data: st.DataObject, trip: RandomTrip, *, again: bool) -> None:
    """After any sequence of closures and openings the times are those of the last state."""
    network = RoadNetwork.from_roads(trip.roads)
    router = Router(network)
    origins, targets = snapped(router, trip.origins), snapped(router, trip.targets)
    before_s = router.matrix(origins, targets)

    for _ in range(data.draw(st.integers(1, 3))):
        router.set_closures(as_closures(network, data.draw(closings_of(trip)), _NOW), _NOW)
        if again:
            router.matrix(origins, targets)
    router.set_closures([], _NOW)

    np.testing.assert_array_equal(router.matrix(origins, targets), before_s)


@_MODEST
@given(trip=trips(), emergency=st.booleans())
def test_profiles_and_hours_equal_dijkstra(trip: RandomTrip, *, emergency: bool) -> None:
    """Four metrics over one topology; asking for one leaves the others as they were."""
    network = RoadNetwork.from_roads(trip.roads)
    router = Router(network, speeds=_rush_hour())
    origins, targets = snapped(router, trip.origins), snapped(router, trip.targets)
    slow = [0.4 if name == "primary" else 1.0 for name in ROAD_CLASSES]
    profile = "emergency" if emergency else "normal"

    rush_s = router.under(profile=profile, at=_NOW).matrix(origins, targets)
    later_s = router.under(profile=profile, at=_NOW.replace(hour=9)).matrix(origins, targets)
    plain_s = router.matrix(origins, targets)

    for actual_s, oracle in (
        (rush_s, Oracle(network, emergency=emergency, factors=slow)),
        (later_s, Oracle(network, emergency=emergency)),
        (plain_s, Oracle(network)),
    ):
        expected_s = np.array(oracle.travel_times_s(trip.origins, trip.targets))
        np.testing.assert_allclose(actual_s, expected_s, atol=1e-9)


@_MODEST
@given(st.data(), trips())
def test_turning_round_costs_those_who_are_headed_the_other_way(
    data: st.DataObject, trip: RandomTrip
) -> None:
    """With and without closures; routes agree with the times."""
    closings = data.draw(st.one_of(st.just([]), closings_of(trip)))
    network = RoadNetwork.from_roads(trip.roads)
    router = Router(network)
    router.set_closures(as_closures(network, closings, _NOW), _NOW)
    oracle = ClosureOracle(Oracle(network), closings)
    places = snapped(router, trip.origins)
    origins = replace(places, headed=np.ones(len(places), dtype=np.bool_))
    targets = snapped(router, trip.targets)
    expected_s = np.array(
        [
            [oracle.travel_time_s(origin, goal, headed=True) for goal in trip.targets]
            for origin in trip.origins
        ]
    )

    np.testing.assert_allclose(router.matrix(origins, targets), expected_s, atol=1e-9)
    times_s = router.travel_times_from(origins[:1], targets)
    np.testing.assert_allclose(times_s, expected_s[0], atol=1e-9)
    if np.isfinite(expected_s[0, 0]):
        route = router.route(origins[:1], targets[:1])
        assert route.travel_time_s == pytest.approx(expected_s[0, 0], abs=1e-9)
