"""Of all streets near both places, the best total of walk, drive and walk: plain Dijkstra's."""

from datetime import UTC
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from routing.closures.types import ClosedIntervals
from routing.closures.types import Closure
from routing.errors import UnreachableError
from routing.locate.checked_positions import PositionsLike
from routing.locate.nearby_streets import NearbyStreets
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.routing.closure_oracle import ClosureOracle
from tests.routing.drawing import lonlat
from tests.routing.oracle import Oracle
from tests.routing.oracle import Place
from tests.routing.random_towns import RandomTrip
from tests.routing.random_towns import trips

_NOW = datetime(2026, 11, 18, 8, 30, tzinfo=UTC)
_SPOT = st.tuples(st.integers(-450, 450), st.integers(-450, 450)).map(lonlat)
_SPOTS = st.lists(_SPOT, min_size=1, max_size=3)


def _choices(streets: NearbyStreets, row: int) -> list[tuple[Place, int]]:
    """Return the places on the streets near a position, and the walk to each, milliseconds."""
    return [
        ((edge, offset_m), round(walk_m / 1.4 * 1000))
        for edge, offset_m, walk_m in zip(
            streets.edge[row].tolist(),
            streets.offset_m[row].tolist(),
            streets.distance_m[row].tolist(),
            strict=True,
        )
        if edge >= 0
    ]


@settings(max_examples=40)
@given(trip=trips(), spots=st.tuples(_SPOTS, _SPOTS))
def test_the_best_total_over_all_streets_wins(
    trip: RandomTrip, spots: tuple[list[tuple[float, float]], ...]
) -> None:
    """In every form of the question."""
    router = Router(RoadNetwork.from_roads(trip.roads))
    oracle = Oracle(router.network)
    origins, targets = spots
    starts, goals = router.streets_from(origins), router.streets_to(targets)
    leaving = [_choices(starts, row) for row in range(len(origins))]
    arriving = [_choices(goals, row) for row in range(len(targets))]
    times_s = np.array(
        oracle.travel_times_s(
            [place for choices in leaving for place, _ in choices],
            [place for choices in arriving for place, _ in choices],
        )
    ).reshape(sum(map(len, leaving)), sum(map(len, arriving)))
    expected_s = np.full((len(origins), len(targets)), np.inf)
    for row, column in np.ndindex(expected_s.shape):
        first, second = sum(map(len, leaving[:row])), sum(map(len, arriving[:column]))
        expected_s[row, column] = min(
            (
                (before_ms + after_ms) / 1000 + times_s[first + here, second + there]
                for here, (_, before_ms) in enumerate(leaving[row])
                for there, (_, after_ms) in enumerate(arriving[column])
            ),
            default=np.inf,
        )

    np.testing.assert_allclose(router.matrix(origins, targets), expected_s, atol=1e-9)
    np.testing.assert_allclose(router.matrix(starts, goals), expected_s, atol=1e-9)
    for column in np.flatnonzero(goals.on_road).tolist():
        to_one_s = router.travel_times_to(origins, targets[column])
        np.testing.assert_allclose(to_one_s, expected_s[:, column], atol=1e-9)
    if starts.on_road[0]:
        np.testing.assert_allclose(
            router.travel_times_from(origins[0], targets), expected_s[0], atol=1e-9
        )
    for row, column in np.ndindex(expected_s.shape):
        if starts.on_road[row] and goals.on_road[column]:
            _hold_route(router, origins[row], targets[column], float(expected_s[row, column]))


@settings(max_examples=40)
@given(data=st.data(), trip=trips(), origin=_SPOT, target=_SPOT)
def test_the_best_total_wins_under_closures(
    data: st.DataObject, trip: RandomTrip, origin: tuple[float, float], target: tuple[float, float]
) -> None:
    """A place is in the closures around its nearest point; no other closure is driven into."""
    network = RoadNetwork.from_roads(trip.roads)
    router = Router(network)
    whole_m = trip.roads.segment_length_m.tolist()
    shut = data.draw(st.lists(st.integers(0, len(whole_m) - 1), min_size=1, max_size=2))
    pieces = [(2 * street + way, 0.0, whole_m[street]) for street in set(shut) for way in (0, 1)]
    closure = Closure("works", ClosedIntervals(tuple(pieces), network.content_hash), _NOW)
    router.set_closures([closure], _NOW)
    oracle = ClosureOracle(Oracle(network), [pieces])
    starts = router.streets_from([origin]).nearest(3)
    goals = router.streets_to([target]).nearest(2)
    expected_s = min(
        (
            (before_ms + after_ms) / 1000 + oracle.travel_time_s(here, there)
            for here, before_ms in _outside_others(oracle, _choices(starts, 0))
            for there, after_ms in _outside_others(oracle, _choices(goals, 0))
        ),
        default=np.inf,
    )

    assert router.matrix(starts, goals) == pytest.approx(expected_s, abs=1e-9)
    if starts.on_road[0] and goals.on_road[0]:
        _hold_route(router, starts, goals, expected_s)


def _outside_others(
    oracle: ClosureOracle, choices: list[tuple[Place, int]]
) -> list[tuple[Place, int]]:
    """Return the choices but for those inside closures that the first one is not in."""
    around = [oracle.closures_around(place) for place, _ in choices]
    return [choice for choice, here in zip(choices, around, strict=True) if here <= around[0]]


def _hold_route(
    router: Router, origin: PositionsLike, target: PositionsLike, expected_s: float
) -> None:
    """Hold that a route takes as long as the times say, walks included."""
    if np.isinf(expected_s):
        with pytest.raises(UnreachableError):
            router.route(origin, target)
        return
    route = router.route(origin, target)
    drive_s = float(route.edge_travel_time_s.sum())
    assert route.travel_time_s == pytest.approx(expected_s, abs=1e-9)
    assert drive_s + sum(route.walks) / 1.4 == pytest.approx(route.travel_time_s, abs=2e-3)
    lengths_m = router.path_lengths_to(origin, target)
    assert lengths_m == pytest.approx([route.length_m], abs=1e-6)
