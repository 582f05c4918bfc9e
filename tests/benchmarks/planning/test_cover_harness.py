"""The benchmark of cover measures what it says, on a small city."""

from pathlib import Path

from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.benchmarks.planning.cover import measure
from tests.cities import GridCity


def test_cover_is_measured_and_held_equal_to_the_matrix(tmp_path: Path) -> None:
    """Six numbers, the first of them against its target."""
    router = Router(RoadNetwork.from_osm(GridCity().write(tmp_path / "grid.osm")))

    found = measure(router, demand_points=100, post_count=3, target_s=60.0)

    assert found[0].name == "cover from 3 posts, 100 places"
    assert found[0].met
    assert all(result.value > 0.0 for result in found)
    assert found[2].peers["least of the matrix"] > 0.0
