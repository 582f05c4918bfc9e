"""Every answer of the engine equals plain Dijkstra, on random towns full of traps."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from geodata.roads import RESTRICTED_ACCESS
from geodata.roads import ROUNDABOUT
from geodata.roads import RoadData
from routing.errors import UnreachableError
from routing.network import RoadNetwork
from routing.router import Router
from routing.snapping import Snaps
from tests.routing.drawing import Street
from tests.routing.drawing import roads_of
from tests.routing.oracle import Oracle
from tests.routing.oracle import Place

_FLAGS = st.sampled_from([0, 0, 0, 0, ROUNDABOUT, RESTRICTED_ACCESS])
_SHARES = st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0.0, 1.0))


@dataclass(frozen=True)
class Trip:
    """A random town with places in it."""

    roads: RoadData
    origins: list[Place]
    targets: list[Place]


@st.composite
def _streets(draw: st.DrawFn, nodes: int) -> tuple[tuple[int, int], Street]:
    begin, end = draw(st.integers(0, nodes - 1)), draw(st.integers(0, nodes - 1))
    open_ = draw(st.sampled_from([(True, True), (True, True), (True, False), (False, True)]))
    bend = draw(st.tuples(st.integers(-300, 300), st.integers(-300, 300)))
    return (begin, end), Street(
        begin=str(begin),
        end=str(end),
        forward=open_[0],
        backward=open_[1],
        speed_mps=draw(st.sampled_from([5.0, 10.0, 20.0])),
        flags=draw(_FLAGS),
        # A street from a node to itself needs a point to go out to.
        through=(bend,) if begin == end or draw(st.integers(0, 4)) == 0 else (),
    )


def _walks(ends: list[tuple[int, int]]) -> st.SearchStrategy[tuple[bool, list[int]]]:
    """Return restrictions over edges that do follow each other."""
    edges = range(2 * len(ends))
    begin = [ends[edge // 2][edge % 2] for edge in edges]
    end = [ends[edge // 2][1 - edge % 2] for edge in edges]

    @st.composite
    def walk(draw: st.DrawFn) -> tuple[bool, list[int]]:
        path = [draw(st.sampled_from(edges))]
        for _ in range(draw(st.integers(1, 3))):
            path.append(draw(st.sampled_from([e for e in edges if begin[e] == end[path[-1]]])))
        return draw(st.booleans()), path

    return walk()


@st.composite
def trips(draw: st.DrawFn) -> Trip:
    """Return towns of two to seven nodes with restrictions, loops, doubles and one-way streets."""
    count = draw(st.integers(2, 7))
    nodes = draw(
        st.lists(
            st.tuples(st.integers(-400, 400), st.integers(-400, 400)),
            min_size=count,
            max_size=count,
            unique=True,
        )
    )
    drawn = draw(st.lists(_streets(count), min_size=1, max_size=12))
    ends = [pair for pair, _ in drawn]
    roads = roads_of(
        nodes=nodes,
        ends=ends,
        streets=[street for _, street in drawn],
        rules=draw(st.lists(_walks(ends), max_size=4)),
        signals=draw(st.lists(st.integers(0, count - 1), max_size=2)),
    )
    places = st.tuples(st.integers(0, 2 * len(ends) - 1), _SHARES).map(
        lambda place: (place[0], place[1] * float(roads.segment_length_m[place[0] // 2]))
    )
    origins = draw(st.lists(places, min_size=1, max_size=4))
    return Trip(roads, origins, draw(st.lists(places, min_size=1, max_size=4)))


def _snapped(router: Router, places: list[Place]) -> Snaps:
    return router.on_edges(
        np.array([edge for edge, _ in places]), np.array([offset_m for _, offset_m in places])
    )


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trips())
def test_times_equal_dijkstra_in_every_form_of_the_question(trip: Trip) -> None:
    """One target, one origin and the matrix both ways round give the same exact numbers."""
    router = Router(RoadNetwork.from_roads(trip.roads))
    expected_s = np.array(Oracle(router.network).travel_times_s(trip.origins, trip.targets))
    origins, targets = _snapped(router, trip.origins), _snapped(router, trip.targets)

    matrix_s = router.matrix(origins, targets)

    np.testing.assert_allclose(matrix_s, expected_s, atol=1e-9)
    for column in range(len(targets)):
        times_s = router.travel_times_to(origins, targets[column : column + 1])
        np.testing.assert_allclose(times_s, expected_s[:, column], atol=1e-9)
    for row in range(len(origins)):
        times_s = router.travel_times_from(origins[row : row + 1], targets)
        np.testing.assert_allclose(times_s, expected_s[row], atol=1e-9)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trips())
def test_a_route_is_permitted_connected_and_takes_as_long_as_it_says(trip: Trip) -> None:
    """The edges of a route follow each other, break no rule and add up to Dijkstra's time."""
    router = Router(RoadNetwork.from_roads(trip.roads))
    oracle = Oracle(router.network)
    origin, target = _snapped(router, trip.origins[:1]), _snapped(router, trip.targets[:1])
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
        oracle.permitted(tuple(edges[max(0, at - oracle.memory) : at]), edges[at])
        for at in range(1, len(edges))
    )
    assert sum(leg.travel_time_s for leg in route.legs) == pytest.approx(expected_s, abs=1e-6)
    assert sum(leg.length_m for leg in route.legs) == pytest.approx(route.length_m, abs=1e-6)
    assert np.all(route.edge_length_m >= -1e-6)
    np.testing.assert_allclose(route.line[0], origin.lonlat[0], atol=1e-9)
    np.testing.assert_allclose(route.line[-1], target.lonlat[0], atol=1e-9)
