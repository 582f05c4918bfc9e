"""On a real city every number equals plain Dijkstra."""

from datetime import UTC
from datetime import datetime

import numpy as np
import pytest
import shapely

from routing.closures.types import ClosedArea
from routing.closures.types import Closure
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.routing.oracle import Oracle

_NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def test_two_thousand_random_pairs_in_monaco_equal_dijkstra(
    monaco: RoadNetwork, monaco_router: Router
) -> None:
    """Forty origins and fifty targets in the middle of streets, islands and all."""
    router = monaco_router
    random = np.random.default_rng(11)
    drivable = np.flatnonzero(monaco.edge_driveable)
    edges = random.choice(drivable, 90)
    offsets_m = random.random(90) * monaco.roads.segment_length_m[edges // 2]
    places = list(zip(edges.tolist(), offsets_m.tolist(), strict=True))
    snaps = router.on_edges(edges, offsets_m)

    expected_s = np.array(Oracle(monaco).travel_times_s(places[:40], places[40:]))
    actual_s = router.matrix(snaps[:40], snaps[40:])

    assert np.isfinite(expected_s).mean() > 0.8
    np.testing.assert_allclose(actual_s, expected_s, atol=1e-9)


def test_monaco_equals_dijkstra_before_and_after_a_hundred_random_closures(
    monaco: RoadNetwork,
) -> None:
    """Under them the closed roads are taken out of the oracle; opened again all is as before."""
    router, random = Router(monaco), np.random.default_rng(5)
    edges = random.choice(np.flatnonzero(monaco.edge_driveable), 190)
    snaps = router.on_edges(edges, random.random(190) * monaco.roads.segment_length_m[edges // 2])
    closures = [
        Closure(str(number), ClosedArea(shapely.Point(centre).buffer(0.0003)), _NOW)
        for number, centre in enumerate(snaps.lonlat[90:].tolist())
    ]
    before_s = router.matrix(snaps[:90], snaps[:90])

    closed = router.set_closures(closures, _NOW).closed
    assert closed is not None
    in_the_open = np.flatnonzero(~closed.shut[edges[:90]] & ~closed.shut[edges[:90] ^ 1])
    origins, targets = in_the_open[::2], in_the_open[1::2]
    under_s = router.matrix(snaps[origins], snaps[targets])
    router.set_closures([], _NOW)
    after_s = router.matrix(snaps[:90], snaps[:90])

    places = list(zip(edges.tolist(), snaps.offset_m.tolist(), strict=True))
    oracle = Oracle(monaco, closed=np.flatnonzero(closed.shut).tolist())
    expected_s = np.array(
        oracle.travel_times_s([places[at] for at in origins], [places[at] for at in targets])
    )
    np.testing.assert_allclose(under_s, expected_s, atol=1e-9)
    assert (under_s > before_s[np.ix_(origins, targets)] + 1e-9).mean() > 0.1
    np.testing.assert_array_equal(after_s, before_s)


def test_routes_in_monaco_are_permitted_and_as_long_as_their_lines(
    monaco: RoadNetwork, monaco_router: Router
) -> None:
    """Edges follow each other by permitted turns; the line has the length of the route."""
    router, oracle = monaco_router, Oracle(monaco)
    random = np.random.default_rng(12)
    edges = random.choice(np.flatnonzero(np.repeat(router.main_streets, 2)), 60)
    snaps = router.on_edges(edges, np.zeros(60))
    scale = np.array([80_570.0, 111_110.0])  # metres per degree at this latitude

    for number in range(0, 60, 2):
        if np.isinf(router.matrix(snaps[number : number + 1], snaps[number + 1 : number + 2])):
            continue
        route = router.route(snaps[number : number + 1], snaps[number + 1 : number + 2])
        driven = route.edges.tolist()
        assert all(
            oracle.permitted(tuple(driven[max(0, at - oracle.memory) : at]), driven[at])
            for at in range(1, len(driven))
        )
        line_m = np.hypot(*(np.diff(route.line, axis=0) * scale).T).sum()
        assert line_m == pytest.approx(route.length_m, rel=5e-3, abs=1.0)
