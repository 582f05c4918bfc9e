"""The files of a road network: made once for a ground, loaded by every worker.

Making them takes a minute and more for a large city and holds Python's lock for most of it; loading
them takes a second or so. So they are made apart (see `dispatch.roads.preparation`).
"""

import logging
from pathlib import Path

from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from geodata.roads.types import RoadData
from routing.engine import order_cache
from routing.engine.hourly_speeds import SpeedTable
from routing.errors import NetworkFileError
from routing.errors import SpeedTableError
from routing.network.road_network import RoadNetwork
from routing.router import Router

SPEEDS = "NEARCREW_SPEEDS"
_log = logging.getLogger(__name__)


def network_path(cache_dir: Path, network_hash: str) -> Path:
    """Return where a network's file is."""
    return cache_dir / f"roads-{network_hash}.bin"


def load_router(cache_dir: Path, network_hash: str, speeds: SpeedTable) -> Router | None:
    """Return a router over a network; None if its files are not there, or cannot be used."""
    network = load_network(cache_dir, network_hash)
    if network is None or not order_cache.is_kept(network, cache_dir):
        return None
    # Labels would take the desk's first questions seconds, and each worker 100 MB: docs/adr/0017.
    return Router(network, speeds=speeds, cache_dir=cache_dir, labels=False)


def load_network(cache_dir: Path, network_hash: str) -> RoadNetwork | None:
    """Return the streets without what routing makes of them; None if their file is not there."""
    return _load(network_path(cache_dir, network_hash))


def load_speeds(path: Path | None) -> SpeedTable:
    """Return the speed factors by road class and hour of the week; free flow without a file.

    Raises
    ------
    InvalidInput
        Naming the setting, if the file cannot be read or holds something impossible.
    """
    if path is None:
        return SpeedTable()
    try:
        return SpeedTable.load(path)
    except SpeedTableError as error:
        message = N_("holds no speed factors: %(error)s")
        raise InvalidInput.one(SPEEDS, message, error=str(error)) from error


def make_files(cache_dir: Path, network_hash: str, data: RoadData) -> None:
    """Make the files of a network from a ground's roads, whichever of them are missing."""
    path = network_path(cache_dir, network_hash)
    network = _load(path)
    if network is None:
        network = RoadNetwork.from_roads(data)
        network.save(path)
    order_cache.keep_order(network, cache_dir)


def _load(path: Path) -> RoadNetwork | None:
    if not path.exists():
        return None
    try:
        return RoadNetwork.load(path)
    except NetworkFileError as error:
        _log.warning("%s cannot be used and is made again: %s", path.name, error)
        return None
