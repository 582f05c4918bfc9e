"""Streets near many positions: the compiled scan equals the one in numpy."""

import numpy as np
import pytest

from routing.locate import street_finding
from routing.locate.street_scan import scan_streets
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.cities import GridCity


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> RoadNetwork:
    """Return a city whose blocks are so short that many streets are as near as each other."""
    folder = tmp_path_factory.mktemp("city")
    return RoadNetwork.from_osm(GridCity(block_m=40.0, blocks=14).write(folder / "grid.osm"))


def test_the_compiled_scan_finds_the_same_streets(network: RoadNetwork) -> None:
    """To the last bit, crossings and places off every road included."""
    router = Router(network)
    finder = router._snapper._finder
    grid = finder._snapper.grids[-2]
    west, south, east, north = network.bounds
    draw = np.random.default_rng(5)
    lonlat = draw.uniform((west - 0.01, south - 0.01), (east + 0.01, north + 0.01), (300, 2))
    lonlat = np.vstack((lonlat, network.roads.node_lonlat))
    expected = grid.of_each_street(lonlat, np.full(len(lonlat), np.nan))
    first = street_finding._rank(expected.position) < street_finding._CONSIDERED

    found = scan_streets(grid, lonlat, street_finding._CONSIDERED)

    for actual, whole in zip(found, expected, strict=True):
        np.testing.assert_array_equal(actual, whole[first])


def test_many_positions_are_snapped_as_few_are(network: RoadNetwork) -> None:
    """The one way or the other to look makes no difference."""
    router = Router(network)
    west, south, east, north = network.bounds
    lonlat = np.random.default_rng(6).uniform((west, south), (east, north), (2_000, 2))

    together = router.streets_to(lonlat)

    apart = router.streets_to(lonlat[:100])
    np.testing.assert_array_equal(together.edge[:100], apart.edge)
    np.testing.assert_array_equal(together.offset_m[:100], apart.offset_m)
    np.testing.assert_array_equal(together.distance_m[:100], apart.distance_m)
