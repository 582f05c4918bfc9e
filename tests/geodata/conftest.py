"""A database whose ground these tests may replace, apart from the one everybody shares."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dispatch import migrate
from geodata.db import make_engine
from geodata.ground.service import GroundSummary
from geodata.ground.service import import_extract
from scripts.cluster import private_cluster as cluster
from tests.conftest import Database
from tests.conftest import throwaway_database


@pytest.fixture(scope="session")
def ground_database() -> Iterator[Database]:
    """Give a migrated database without a ground."""
    with throwaway_database("test_ground") as made:
        migrate.upgrade(made.owner_url, cluster.APP_ROLE)
        yield made


@pytest.fixture(scope="session")
def importer(ground_database: Database) -> Iterator[Engine]:
    """Connect as the owner of the tables."""
    engine = make_engine(ground_database.owner_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def reader(ground_database: Database) -> Iterator[Engine]:
    """Connect as the role that serves."""
    engine = make_engine(ground_database.app_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def monaco(importer: Engine, monaco_pbf: Path) -> GroundSummary:
    """Make Monaco the ground in use, once for all tests of a module that leave it alone."""
    return import_extract(importer, monaco_pbf)
