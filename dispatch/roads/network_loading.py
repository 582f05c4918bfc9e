"""Loads the network of a ground, or builds it, and makes a router of it."""

import logging
from pathlib import Path

from geodata.roads.types import RoadData
from routing.errors import NetworkFileError
from routing.network.road_network import RoadNetwork
from routing.router import Router

_log = logging.getLogger(__name__)


def load_file(path: Path) -> RoadNetwork | None:
    """Return the network of a file; None if there is none or it cannot be used."""
    if not path.exists():
        return None
    try:
        return RoadNetwork.load(path)
    except NetworkFileError as error:
        _log.warning("%s cannot be used and is made again: %s", path.name, error)
        return None


def build(data: RoadData, path: Path) -> RoadNetwork:
    """Return the network of a ground's roads, and keep it in a file."""
    network = RoadNetwork.from_roads(data)
    path.parent.mkdir(parents=True, exist_ok=True)
    network.save(path)
    return network


def make_router(network: RoadNetwork, cache_dir: Path) -> Router:
    """Return a router over a network; its contraction order is kept in the folder."""
    return Router(network, cache_dir=cache_dir)
