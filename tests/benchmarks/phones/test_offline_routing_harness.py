"""The benchmark of kept roads measures what it says; how fast things are is not tested."""

from pathlib import Path

import pytest

from routing.network.road_network import RoadNetwork
from tests.benchmarks.phones import offline_routing
from tests.benchmarks.phones.offline_routing import Scale
from tests.routing.ways.test_against_the_engine import middle

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_the_roads_of_a_small_city_are_measured(grid_extract: Path, tmp_path: Path) -> None:
    """Some kilobytes, some milliseconds, ways as good as the engine's."""
    network = RoadNetwork.from_osm(grid_extract)

    found = {
        each.name.rpartition(": ")[2]: each
        for each in offline_routing.measure(network, middle(network), Scale(2_000.0, 20), tmp_path)
    }

    assert 1 < found["packed"].value < 20
    assert found["packed"].target == offline_routing.MOST_KB
    assert found["ways within 2 % of the engine's"].value == 100
    assert found["path, Node, p50"].value > 0
    assert found["way with words, Chromium, p95"].value > 0
