"""The benchmark of the simulation measures what it says, on a small city."""

from pathlib import Path

from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.benchmarks.planning.simulation import measure
from tests.cities import GridCity


def test_each_rule_is_measured_on_the_same_incidents(tmp_path: Path) -> None:
    """The recommended crew against its target, the others told."""
    router = Router(RoadNetwork.from_osm(GridCity().write(tmp_path / "grid.osm")))

    found = measure(router, incidents=60, crews=4, places=40, target_s=60.0)

    assert [each.name.rpartition(": ")[2] for each in found[1:-1]] == [
        "nearest_line",
        "best_arrival",
        "batch",
        "grab",
        "best_arrival+move_up",
    ]
    assert [each.name for each in found if each.target is not None] == [found[2].name]
    assert found[2].met
    assert all(each.value > 0.0 for each in found)
