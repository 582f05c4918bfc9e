"""`nearcrew db` and databases of one's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.cluster import private_cluster as cluster
from scripts.cluster.databases import create_statement
from tests.scripts.command_line import Nearcrew

pytestmark = pytest.mark.postgis


@pytest.fixture
def bare_url(migrated: Path) -> Iterator[str]:
    """Give the owner's URL of a database without extensions."""
    urls = cluster.ensure_running(migrated)
    with urls.connect() as connection:
        connection.execute(create_statement("bare", "template0"))
    yield urls.owner("bare")
    cluster.drop_database("bare", migrated)


def test_a_database_without_postgis_is_explained(nearcrew: Nearcrew, bare_url: str) -> None:
    """Twice: when the tables are made, and by doctor with the words to type."""
    migrated = nearcrew("db", "migrate", DATABASE_URL=bare_url)
    examined = nearcrew("doctor", DATABASE_URL=bare_url)

    assert migrated.code == 1
    assert "The tables cannot be made" in migrated.err
    assert examined.code == 1
    assert "CREATE EXTENSION postgis" in examined.out


def test_status_tells_a_stopped_cluster_by_its_exit_code_and_starts_none(
    nearcrew: Nearcrew, migrated: Path
) -> None:
    """Looking must not start anything."""
    running = nearcrew("db", "status")
    nearcrew("db", "stop")

    stopped = nearcrew("db", "status")

    assert running.code == 0
    assert "0 incidents, 0 crews, 0 accounts" in running.out
    assert stopped.code == 3
    assert not cluster.status(migrated).running


def test_migrating_twice_changes_nothing(nearcrew: Nearcrew) -> None:
    """`serve` and `demo` do it at every start."""
    nearcrew("db", "migrate", NEARCREW_DEMO="1")

    again = nearcrew("db", "migrate", NEARCREW_DEMO="1")

    assert again.code == 0
    assert "up to date" in again.out


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://someone:s3cret@db/x", "Nearcrew needs PostgreSQL"),
        ("somewhere over there s3cret", "DATABASE_URL is not a database address"),
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_its_password(
    nearcrew: Nearcrew, url: str, said: str
) -> None:
    """What a command prints ends in logs."""
    answer = nearcrew("db", "migrate", DATABASE_URL=url)

    assert answer.code == 2
    assert said in answer.err
    assert "s3cret" not in answer.err


def test_a_database_that_does_not_answer_is_said_in_words(nearcrew: Nearcrew) -> None:
    """Not in a traceback."""
    url = "postgresql://someone:s3cret@127.0.0.1:1/nowhere"

    answer = nearcrew("db", "migrate", DATABASE_URL=url)

    assert answer.code == 1
    assert "cannot be reached" in answer.err
    assert "Traceback" not in answer.err
    assert "s3cret" not in answer.err
