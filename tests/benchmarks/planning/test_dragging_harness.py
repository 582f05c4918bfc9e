"""The benchmark of dragging measures what it says, on a small city."""

from pathlib import Path

from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.benchmarks.planning.dragging import measure
from tests.cities import GridCity


def test_moves_of_one_point_are_measured(tmp_path: Path) -> None:
    """Median and 95th percentile of the moves, and the first look at all points."""
    router = Router(RoadNetwork.from_osm(GridCity().write(tmp_path / "grid.osm")))

    found = measure(router, post_count=3, minutes=1.0, moves=4)

    what = "cover while one of 3 points is dragged, 1 min"
    assert [each.name for each in found] == [
        f"{what}, p50",
        f"{what}, p95",
        f"{what}: the first look",
    ]
    assert all(each.value > 0.0 for each in found)
