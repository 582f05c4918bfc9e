"""Open the router of the commands, for an extract or for the ground in the database."""

import hashlib
import os
from pathlib import Path

from geodata.db import make_engine
from geodata.errors import MissingExtractError
from geodata.ground.service import active_ground
from geodata.ground.service import read_roads
from routing.engine.hourly_speeds import SpeedTable
from routing.errors import NetworkFileError
from routing.errors import SpeedTableError
from routing.network.road_network import RoadNetwork
from routing.router import Router
from scripts.cluster import private_cluster as cluster
from scripts.commands.db_commands import bring_up_to_date
from scripts.commands.progress import waiting
from scripts.environment import look_around
from scripts.errors import DatabaseError
from scripts.errors import UsageError


def open_router(extract: Path | None, profile: str, speeds: Path | None = None) -> Router:
    """Return a router, using cached files of earlier runs where they are still valid.

    Parameters
    ----------
    extract
        An OpenStreetMap extract; ``None``: the ground in use.
    profile
        ``"normal"`` or ``"emergency"``.
    speeds
        A file of speed factors by class and hour; ``None``: free flow.

    Raises
    ------
    GroundError
        If the extract cannot be read.
    DatabaseError
        If no ground has been imported.
    UsageError
        If the file of speeds cannot be read.
    """
    table = None if speeds is None else read_speeds(speeds)
    network, cache_dir = open_network(extract)
    with waiting("Making the streets ready"):
        return Router(network, profile=profile, cache_dir=cache_dir, speeds=table)


def open_network(extract: Path | None) -> tuple[RoadNetwork, Path]:
    """Return the streets alone, and the folder of what is kept for their routers.

    Raises
    ------
    GroundError, DatabaseError
        As `open_router`.
    """
    if extract is None:
        return _of_ground()
    cache_dir = cluster.default_var_dir(os.environ) / "cache"
    return _of_extract(extract, cache_dir), cache_dir


def read_speeds(file: Path) -> SpeedTable:
    """Return the speed factors of a file.

    Raises
    ------
    UsageError
        If it cannot be read.
    """
    try:
        return SpeedTable.load(file)
    except SpeedTableError as error:
        text = str(error)
        message = f"{text[:1].upper()}{text[1:]}."
        raise UsageError(message, mend="docs/routing.md shows such a file.") from error


def _of_extract(extract: Path, cache_dir: Path) -> RoadNetwork:
    try:
        with extract.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise MissingExtractError(extract) from None
    kept = cache_dir / f"extract-{digest}.bin"
    network = _kept(kept)
    if network is None:
        with waiting(f"Reading {extract.name}"):
            network = RoadNetwork.from_osm(extract)
            _keep(network, kept)
    return network


def _of_ground() -> tuple[RoadNetwork, Path]:
    surroundings = look_around()
    bring_up_to_date(surroundings)
    cache_dir = surroundings.settings.cache_dir
    engine = make_engine(surroundings.settings.database_url)
    try:
        with engine.connect() as connection:
            ground = active_ground(connection)
            if ground is None:
                message = "No city has been imported."
                raise DatabaseError(message, mend="nearcrew import-osm FILE, or give --pbf FILE")
            kept = cache_dir / f"roads-{ground.network_hash}.bin"  # the servers' own file
            network = _kept(kept)
            if network is None:
                with waiting(f"Reading the streets of {ground.name}"):
                    network = RoadNetwork.from_roads(read_roads(connection, ground.id))
                    _keep(network, kept)
    finally:
        engine.dispose()
    return network, cache_dir


def _kept(path: Path) -> RoadNetwork | None:
    try:
        return RoadNetwork.load(path) if path.exists() else None
    except NetworkFileError:
        return None


def _keep(network: RoadNetwork, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    network.save(path)
