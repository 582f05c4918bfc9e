"""The benchmark of large studies measures what it says, on a small city."""

from pathlib import Path

import pytest

from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.benchmarks.planning.spread import measure
from tests.cities import GridCity


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a killed worker's
def test_large_studies_are_measured_and_held_equal(tmp_path: Path) -> None:
    """In this process, in one and in two, and with one of two killed."""
    router = Router(RoadNetwork.from_osm(GridCity().write(tmp_path / "grid.osm")))

    found = measure(router, demand_points=200, site_count=100)

    names = [result.name for result in found]
    assert sum("killed" in name for name in names) == 1
    assert sum(name.startswith("starting") for name in names) == 2
    assert all(result.value > 0.0 for result in found)


def test_without_workers_only_this_process_is_measured(tmp_path: Path) -> None:
    """What a site costs by its limit, and what the demand on the streets is."""
    router = Router(RoadNetwork.from_osm(GridCity().write(tmp_path / "grid.osm")))

    found = measure(router, demand_points=100, site_count=20, workers=())

    assert sum(result.name.startswith("a site's search") for result in found) == 3
    assert all(result.value > 0.0 for result in found)
