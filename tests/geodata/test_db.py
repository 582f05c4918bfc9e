"""Engines: what a request notices of a database that was restarted."""

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from geodata.db import make_engine
from scripts.cluster import private_cluster as cluster
from tests.conftest import Database

pytestmark = pytest.mark.postgis


@pytest.fixture
def engine(database: Database) -> Engine:
    """Return an engine with one pooled connection that is not in use."""
    engine = make_engine(database.app_url)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return engine


def test_a_server_that_hung_up_costs_a_new_connection_and_no_error(
    engine: Engine, database: Database
) -> None:
    """Whoever asks next after a restart of the database gets an answer."""
    with database.urls.connect() as superuser:
        _hang_up(superuser, database.name)

    with engine.connect() as connection:
        answer = connection.scalar(text("SELECT 42"))

    assert answer == 42
    engine.dispose()


def test_connections_speak_utc_whatever_the_server_thinks(engine: Engine) -> None:
    """Local days are the application's to compute."""
    with engine.connect() as connection:
        zone = connection.scalar(text("SHOW timezone"))

    assert zone == "UTC"
    engine.dispose()


def _hang_up(superuser: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    """End the idle connections of the serving role to a database and wait until they are gone."""
    superuser.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = %s AND usename = %s",
        (name, cluster.APP_ROLE),
    )
