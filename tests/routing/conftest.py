"""Real ground for routing tests."""

from pathlib import Path

import pytest

from routing.network.road_network import RoadNetwork
from routing.router import Router


@pytest.fixture(scope="session")
def monaco(monaco_pbf: Path) -> RoadNetwork:
    """Return the streets of Monaco and its surroundings."""
    return RoadNetwork.from_osm(monaco_pbf)


@pytest.fixture(scope="session")
def monaco_router(monaco: RoadNetwork) -> Router:
    """Return a router of Monaco for all tests that close no road of it."""
    return Router(monaco)
