"""Real ground for routing tests."""

from pathlib import Path

import pytest

from routing.network import RoadNetwork


@pytest.fixture(scope="session")
def monaco(monaco_pbf: Path) -> RoadNetwork:
    """Return the streets of Monaco and its surroundings."""
    return RoadNetwork.from_osm(monaco_pbf)
