"""A city whose every travel time is known, and its roads."""

from pathlib import Path

import pytest

from routing.network.road_network import RoadNetwork
from routing.router import Router
from scripts.studies.roads.study_roads import StudyRoads
from tests.cities import GridCity

CITY = GridCity()


@pytest.fixture(scope="session")
def grid_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a city of 12 by 12 blocks of 200 m, 20 s each."""
    return CITY.write(tmp_path_factory.mktemp("city") / "grid.osm")


@pytest.fixture
def roads(grid_file: Path) -> StudyRoads:
    """Return its roads, all open."""
    return StudyRoads(Router(RoadNetwork.from_osm(grid_file)))
