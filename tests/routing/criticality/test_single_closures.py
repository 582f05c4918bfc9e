"""Closing one street, or some: every first arrival equals that of the engine and of Dijkstra."""

from datetime import UTC
from datetime import datetime

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import given
from hypothesis import strategies as st

from routing.closures.types import ClosedIntervals
from routing.closures.types import ClosedSegments
from routing.closures.types import Closure
from routing.criticality.single_closures import SingleClosures
from routing.errors import ClosureError
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.examples import examples
from tests.routing.closure_oracle import ClosureOracle
from tests.routing.drawing import draw
from tests.routing.drawing import lonlat
from tests.routing.drawing import street
from tests.routing.oracle import Oracle
from tests.routing.random_towns import RandomTrip
from tests.routing.random_towns import snapped
from tests.routing.random_towns import trips

_NOW = datetime(2026, 11, 18, 8, 30, tzinfo=UTC)


def _first_s(closures: SingleClosures, group: int) -> FloatArray:
    """Return all first arrivals under one closure."""
    first_s = closures.first_s.copy()
    target, then_s = closures.changed_by(group)
    first_s[target] = then_s
    return first_s


def _close(router: Router, streets: IntArray) -> None:
    place = ClosedSegments(tuple(streets.tolist()), router.network.content_hash)
    router.set_closures([Closure("one", place, _NOW)], _NOW)


def _grouped(data: st.DataObject, network: RoadNetwork) -> IntArray:
    """Return streets each for itself, or some of them closed together."""
    count = network.segment_count
    if data.draw(st.booleans()):
        return np.arange(count)
    drawn = data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    return np.unique(np.array(drawn), return_inverse=True)[1].reshape(-1)


def _leave_some_open(network: RoadNetwork, group: IntArray) -> None:
    """Refuse towns of which one group is all that may be driven: nobody is closed in there."""
    driven = network.roads.segment_forward | network.roads.segment_backward
    assume(len(np.unique(group[driven])) > 1)


@examples(25)
@given(data=st.data(), trip=trips(), emergency=st.booleans())
def test_first_arrivals_equal_the_engine_under_each_closure(
    data: st.DataObject, trip: RandomTrip, *, emergency: bool
) -> None:
    """Restrictions, loops, one-way streets, and posts and targets in the middle of streets."""
    network = RoadNetwork.from_roads(trip.roads)
    group = _grouped(data, network)
    _leave_some_open(network, group)
    router = Router(network, profile="emergency" if emergency else "normal")
    posts, targets = snapped(router, trip.origins), snapped(router, trip.targets)

    closures = router.single_closures(posts, targets, group)

    assert closures.first_s.tolist() == router.matrix(posts, targets).min(axis=0).tolist()
    ones = np.ones(len(targets))
    bounds = closures.bounds(ones)
    for one in range(closures.count):
        _close(router, np.flatnonzero(group == one))
        expected_s = router.matrix(posts, targets).min(axis=0)
        assert _first_s(closures, one).tolist() == expected_s.tolist()
        assert bounds[one] >= np.count_nonzero(expected_s > closures.first_s)


@examples(15)
@given(data=st.data(), trip=trips())
def test_places_beside_several_streets_equal_the_engine(
    data: st.DataObject, trip: RandomTrip
) -> None:
    """A street that is closed is open to those only whose nearest street it is."""
    network = RoadNetwork.from_roads(trip.roads)
    group = np.arange(network.segment_count)
    _leave_some_open(network, group)
    router = Router(network)
    places = st.tuples(st.integers(-450, 450), st.integers(-450, 450)).map(lonlat)
    posts = router.streets_from(data.draw(st.lists(places, min_size=1, max_size=3)))
    targets = router.streets_to(data.draw(st.lists(places, min_size=1, max_size=5)))

    closures = router.single_closures(posts, targets, group)

    for one in range(closures.count):
        _close(router, np.array([one]))
        expected_s = router.matrix(posts, targets).min(axis=0)
        assert _first_s(closures, one).tolist() == expected_s.tolist()


@examples(8)
@given(trip=trips())
def test_first_arrivals_equal_plain_dijkstra_under_each_closure(trip: RandomTrip) -> None:
    """The meaning of a closure as it was written a second time, without the engine."""
    network = RoadNetwork.from_roads(trip.roads)
    group = np.arange(network.segment_count)
    _leave_some_open(network, group)
    router = Router(network)
    posts, targets = snapped(router, trip.origins), snapped(router, trip.targets)
    closures = router.single_closures(posts, targets, group)
    length_m = network.roads.segment_length_m

    for one in range(closures.count):
        whole = [(2 * one + way, 0.0, float(length_m[one])) for way in (0, 1)]
        oracle = ClosureOracle(Oracle(network), [whole])
        expected_s = [
            min(oracle.travel_time_s(post, target) for post in trip.origins)
            for target in trip.targets
        ]
        assert _first_s(closures, one).tolist() == pytest.approx(expected_s)


@examples(8)
@given(trip=trips(), limit_s=st.floats(5.0, 200.0))
def test_arrivals_within_a_limit_are_the_same_with_it(trip: RandomTrip, limit_s: float) -> None:
    """A limit saves looking at what is late anyway."""
    network = RoadNetwork.from_roads(trip.roads)
    _leave_some_open(network, np.arange(network.segment_count))
    router = Router(network)
    posts, targets = snapped(router, trip.origins), snapped(router, trip.targets)
    closures = router.single_closures(posts, targets, np.arange(network.segment_count))

    for one in range(closures.count):
        whole_s, then_s = _first_s(closures, one), closures.first_s.copy()
        target, changed_s = closures.changed_by(one, limit_s)
        then_s[target] = changed_s
        in_time = whole_s <= limit_s
        assert then_s[in_time].tolist() == whole_s[in_time].tolist()
        assert (then_s[~in_time] > limit_s).all()


def test_a_closed_bridge_lengthens_the_way_of_those_beyond() -> None:
    """Those on the bridge itself are still reached, over the other bridge if need be."""
    #   A --200-- B ==100 bridge== C --100-- D        10 m/s; post at A, targets at 50 m of B-C,
    #   |                                    |        and at D; round over E: 300 + 300 m.
    #   +---------------- E -----------------+
    town = draw(
        {"A": (0, 0), "B": (200, 0), "C": (300, 0), "D": (400, 0), "E": (200, -300)},
        [street("A-B"), street("B-C"), street("C-D"), street("A-E"), street("E-D")],
    )
    router = Router(town.network)
    post = town.at(router, "A", "B", 0.0)
    targets = router.on_edges(
        np.array([town.edge("B", "C"), town.edge("C", "D")]), np.array([50.0, 100.0])
    )

    closures = router.single_closures(post, targets, np.arange(5))

    # Over the bridge: 20 + 5 s and 20 + 10 + 10 s. Closed: the first as before, the second round
    # about, 2 x sqrt(200^2 + 300^2) = 721 m; nodes of two streets cost no turn.
    assert closures.first_s.tolist() == pytest.approx([25.0, 40.0], abs=0.01)
    target, then_s = closures.changed_by(town.edge("B", "C") // 2)
    assert dict(zip(target.tolist(), then_s.tolist(), strict=True)) == pytest.approx(
        {0: 25.0, 1: 72.1}, abs=0.05
    )
    # Whoever stands on A-B or wants to C-D is not kept out there: only the bridge is passed.
    assert closures.bounds(np.array([1.0, 10.0])).tolist() == [0.0, 10.0, 0.0, 0.0, 0.0]


def test_a_closure_of_everything_is_refused() -> None:
    """With nothing open, nobody drives: there is nothing to rank."""
    town = draw({"A": (0, 0), "B": (300, 0), "C": (0, 400)}, [street(s) for s in ("A-B", "B-C")])
    router = Router(town.network)
    post = town.at(router, "A", "B", 100.0)

    with pytest.raises(ClosureError, match="leaves nothing open"):
        router.single_closures(post, post, np.zeros(2, dtype=np.int64))


def test_intervals_of_both_directions_are_the_same_closure() -> None:
    """What is closed here is what a desk closes: whole streets, both ways."""
    town = draw({"A": (0, 0), "B": (300, 0), "C": (0, 400)}, [street(s) for s in ("A-B", "B-C")])
    router = Router(town.network)
    post, target = town.at(router, "A", "B", 100.0), town.at(router, "B", "C", 100.0)
    closures = router.single_closures(post, target, np.arange(2))
    both = tuple((edge, 0.0, 500.0) for edge in (2, 3))
    place = ClosedIntervals(both, town.network.content_hash)
    router.set_closures([Closure("one", place, _NOW)], _NOW)

    assert _first_s(closures, 1).tolist() == router.matrix(post, target)[0].tolist()
