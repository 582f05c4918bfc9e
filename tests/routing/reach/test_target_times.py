"""Who is first where: equal to the least of each column of the matrix, closures and all."""

from datetime import UTC
from datetime import datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from routing.closures.types import ClosedIntervals
from routing.closures.types import Closure
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.examples import examples
from tests.routing.drawing import Street
from tests.routing.drawing import lonlat
from tests.routing.drawing import roads_of
from tests.routing.random_towns import RandomTrip
from tests.routing.random_towns import snapped
from tests.routing.random_towns import trips

_NOW = datetime(2026, 11, 18, 8, 30, tzinfo=UTC)
_SPOTS = st.lists(
    st.tuples(st.integers(-450, 450), st.integers(-450, 450)).map(lonlat), min_size=1, max_size=4
)
_SPANS = st.sampled_from([(0.0, 1.0), (0.0, 1.0), (0.0, 0.5), (0.25, 0.75)])


def _close(data: st.DataObject, router: Router) -> None:
    """Close up to three streets, whole or in part, each by a closure of its own."""
    length_m = router.network.roads.segment_length_m.tolist()
    streets = data.draw(st.lists(st.integers(0, len(length_m) - 1), max_size=3, unique=True))
    closures = []
    for street in streets:
        low, high = data.draw(_SPANS)
        whole = length_m[street]
        ways = data.draw(st.sampled_from([(0, 1), (0,), (1,)]))
        drawn, against = (low * whole, high * whole), ((1 - high) * whole, (1 - low) * whole)
        pieces = tuple((2 * street + way, *(against if way else drawn)) for way in ways)
        intervals = ClosedIntervals(pieces, router.network.content_hash)
        closures.append(Closure(str(street), intervals, _NOW))
    router.set_closures(closures, _NOW)


@examples(40)
@given(data=st.data(), trip=trips(), spots=st.tuples(_SPOTS, _SPOTS), limit=st.integers(1, 120))
def test_the_first_arrival_is_the_least_of_the_matrix(
    data: st.DataObject,
    trip: RandomTrip,
    spots: tuple[list[tuple[float, float]], list[tuple[float, float]]],
    limit: int,
) -> None:
    """From positions beside streets and from points on them, with turns forbidden and closures."""
    router = Router(RoadNetwork.from_roads(trip.roads))
    _close(data, router)
    beside = spots
    on_streets = snapped(router, trip.origins), snapped(router, trip.targets)
    for origins, targets in (beside, on_streets):
        for limit_s in (float(limit), np.inf):
            times_s = router.matrix(origins, targets)
            in_time = np.where(times_s <= limit_s, times_s, np.inf)

            first_s, origin = router.first_arrivals(origins, targets, limit_s)
            each_s = router.matrix_within(origins, targets, limit_s)

            np.testing.assert_array_equal(first_s, in_time.min(axis=0))
            np.testing.assert_array_equal(each_s, in_time)
            met = np.flatnonzero(origin >= 0)
            # Of equally fast ones the first, as `argmin` has it.
            np.testing.assert_array_equal(origin[met], in_time.argmin(axis=0)[met])
            assert not np.isfinite(first_s[origin < 0]).any()


def test_without_origins_nobody_is_there() -> None:
    """Neither first nor at all."""
    roads = roads_of(nodes=[(0, 0), (100, 0)], ends=[(0, 1)], streets=[Street("0", "1")])
    router = Router(RoadNetwork.from_roads(roads))
    target = [lonlat((50, 0))]

    times_s, origin = router.first_arrivals([], target)

    assert times_s.tolist() == [np.inf]
    assert origin.tolist() == [-1]
    assert router.matrix_within([], target, 60.0).shape == (0, 1)
