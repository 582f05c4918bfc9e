"""The benchmark of matrices asks what it says and finds the engine's numbers."""

from pathlib import Path

import numpy as np
import pytest

from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.benchmarks.planning import matrix
from tests.benchmarks.planning.matrix import Scale

_SMALL = Scale(sizes=((60, 60, None), (90, 20, None)), compared=40, compiling=False)


@pytest.mark.long  # three processes
def test_matrices_under_closures_are_measured_and_equal(grid_extract: Path) -> None:
    """No pair differs; what is told of a process and of closing is above zero."""
    router = Router(RoadNetwork.from_osm(grid_extract))

    found = {each.name: each for each in matrix.measure(router, scale=_SMALL)}

    unlike = [each for name, each in found.items() if "unlike" in name]
    assert [each.met for each in unlike] == [True, True]
    assert all(each.value > 0 for each in found.values() if each not in unlike)
    assert set(found["matrix 60 × 60, streets closed"].peers) == {"the engine alone", "scipy"}
    assert router._search._current.closed.edge.size == 0


def test_places_are_the_same_for_the_same_seed(grid_extract: Path) -> None:
    """So runs can be compared."""
    router = Router(RoadNetwork.from_osm(grid_extract))

    np.testing.assert_array_equal(
        matrix.random_places(router, 9, 1), matrix.random_places(router, 9, 1)
    )
    assert (router.snap(matrix.random_places(router, 50, 2)).distance_m < 100.0).all()
