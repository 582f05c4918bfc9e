"""A database whose ground these tests may replace, apart from the one everybody shares."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dispatch import migrate
from geodata.db import make_engine
from geodata.ground import GroundSummary
from geodata.ground import import_extract
from scripts import cluster
from scripts.cluster import ClusterUrls


@pytest.fixture(scope="session")
def ground_database() -> Iterator[tuple[ClusterUrls, str]]:
    """Give a migrated database without a ground."""
    name = f"nearcrew_test_ground_{os.getpid()}"
    urls = cluster.create_database(name)
    try:
        migrate.upgrade(urls.owner(name), cluster.APP_ROLE)
        yield urls, name
    finally:
        cluster.drop_database(name)


@pytest.fixture(scope="session")
def importer(ground_database: tuple[ClusterUrls, str]) -> Iterator[Engine]:
    """Connect as the owner of the tables."""
    urls, name = ground_database
    engine = make_engine(urls.owner(name))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def reader(ground_database: tuple[ClusterUrls, str]) -> Iterator[Engine]:
    """Connect as the role that serves."""
    urls, name = ground_database
    engine = make_engine(urls.app(name))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def monaco(importer: Engine, monaco_pbf: Path) -> GroundSummary:
    """Make Monaco the ground in use, once for all tests of a module that leave it alone."""
    return import_extract(importer, monaco_pbf)
