"""Matching over Monaco: what routes of ours are recorded as comes back as these routes."""

from itertools import pairwise

import numpy as np
import pytest

from routing.errors import UnreachableError
from routing.network.line_geometry import metres_per_degree
from routing.network.road_network import RoadNetwork
from routing.paths.route import Route
from routing.router import Router
from tests.routing.matching.driving import broken_rules
from tests.routing.matching.driving import drive_route
from tests.routing.matching.driving import edges_of
from tests.routing.matching.driving import is_in_order
from tests.routing.oracle import Oracle


@pytest.fixture(scope="module")
def routes(monaco_router: Router) -> list[Route]:
    """Return some ways across the city, a kilometre or more each."""
    rng = np.random.default_rng(11)
    streets = np.flatnonzero(monaco_router.main_streets)
    found: list[Route] = []
    while len(found) < 12:
        ends = monaco_router.on_edges(2 * rng.choice(streets, 2), np.zeros(2))
        try:
            route = monaco_router.route(ends[:1], ends[1:])
        except UnreachableError:
            continue
        if route.length_m > 1_000:
            found.append(route)
    return found


def _noise(
    count: int, sigma_m: float, seed: int
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    metres = np.stack(metres_per_degree(np.array([43.73])), axis=1)
    return np.asarray(np.random.default_rng(seed).normal(0.0, sigma_m, (count, 2)) / metres)


@pytest.mark.parametrize("every_s", [1.0, 5.0])
def test_a_track_without_noise_gives_its_route(
    monaco_router: Router, routes: list[Route], every_s: float
) -> None:
    """Every edge in order, the length to a metre in a thousand, every fix where it is."""
    for route in routes:
        lonlat, at_s = drive_route(route, every_s)

        track = monaco_router.match(lonlat, at_s)

        driven = route.edges[route.edge_length_m > 0.5].tolist()
        whole = [edge for edge in driven[1:-1] if edge in edges_of(track)]
        assert whole == driven[1:-1]
        assert track.driven_m == pytest.approx(route.length_m, rel=0.004, abs=8.0)
        assert np.nanmax(track.distance_m) < 8.0
        assert track.gaps == ()


@pytest.mark.parametrize("sigma_m", [8.0, 25.0])
@pytest.mark.parametrize("every_s", [1.0, 15.0, 45.0])
def test_whatever_is_matched_may_be_driven(
    monaco: RoadNetwork, monaco_router: Router, routes: list[Route], every_s: float, sigma_m: float
) -> None:
    """Edges follow each other by permitted turns, times and offsets never go back."""
    oracle = Oracle(monaco)
    for seed, route in enumerate(routes):
        lonlat, at_s = drive_route(route, every_s)

        track = monaco_router.match(lonlat + _noise(len(lonlat), sigma_m, seed), at_s)

        assert broken_rules(track, oracle) == []
        assert is_in_order(track)
        assert all(monaco.edge_driveable[track.path.edges])
        assert np.all(track.path.length_m >= 0)
        for line, other in pairwise(track.lines):
            assert len(line) > 1 < len(other)
        on = track.edge >= 0
        assert np.isfinite(track.lonlat[on]).all()
        assert np.isnan(track.lonlat[~on]).all()


def test_a_prefix_of_a_track_is_matched_as_the_whole_but_for_its_end(
    monaco_router: Router, routes: list[Route]
) -> None:
    """What comes later changes the latest streets only, not those of a minute ago."""
    for seed, route in enumerate(routes):
        lonlat, at_s = drive_route(route, 1.0)
        lonlat = lonlat + _noise(len(lonlat), 5.0, seed)
        half = len(lonlat) // 2 + 30

        whole = monaco_router.match(lonlat, at_s, accuracy_m=7.5)
        begin = monaco_router.match(lonlat[:half], at_s[:half], accuracy_m=7.5)

        settled = slice(0, half - 60)
        same = whole.edge[settled] == begin.edge[settled]
        assert same.mean() > 0.97
