"""A database that can only be read is told apart from one that works."""

from collections.abc import Iterator

import pytest
from psycopg import sql
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.writes.write_check import HOLDS_S
from dispatch.writes.write_check import WriteCheck
from geodata.db import make_engine
from scripts.cluster.urls import APP_ROLE
from tests.conftest import Database

pytestmark = pytest.mark.postgis


class _Clock:
    now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> _Clock:
    """Return a clock that stands still."""
    return _Clock()


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    """Connect as the role that serves, anew: what the role may do is told at sign-in."""
    made = make_engine(database.app_url)
    yield made
    made.dispose()


@pytest.fixture(
    params=[
        # No room for a file, as on a full disk; and a database that only answers, as a standby.
        ("temp_file_limit", "0"),
        ("default_transaction_read_only", "on"),
    ],
    ids=["no room", "read only"],
)
def hindered(request: pytest.FixtureRequest, database: Database) -> Iterator[None]:
    """Keep the role that serves from writing, for connections made from now on."""
    name, value = request.param
    role = sql.SQL("ALTER ROLE {} IN DATABASE {}").format(
        sql.Identifier(APP_ROLE), sql.Identifier(database.name)
    )
    setting = sql.Identifier(name)
    with database.urls.connect() as connection:
        connection.execute(sql.SQL("{} SET {} = {}").format(role, setting, sql.Literal(value)))
        yield
        connection.execute(sql.SQL("{} RESET {}").format(role, setting))


def test_a_database_in_order_can_be_written(engine: Engine, clock: _Clock) -> None:
    """As often as it is asked; one row is all that is kept."""
    check = WriteCheck(engine, clock)

    for _ in range(3):
        assert check.works()
        clock.now_s += HOLDS_S

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM write_check")) == 1


@pytest.mark.usefixtures("hindered")
def test_one_that_cannot_be_written_says_so_once(
    engine: Engine, clock: _Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """It answers every question all the same, and would look healthy."""
    check = WriteCheck(engine, clock)

    for _ in range(3):
        assert not check.works()
        clock.now_s += HOLDS_S

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    assert caplog.text.count("cannot be written") == 1


def test_an_answer_holds_for_a_moment(
    engine: Engine, clock: _Clock, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Probes are cheap, however many come; and a database that is well again is so soon."""
    check = WriteCheck(engine, clock)
    assert check.works()
    with database.urls.connect(database.name) as connection:
        connection.execute("ALTER TABLE write_check RENAME TO elsewhere")
        try:
            at_once = check.works()
            clock.now_s += HOLDS_S
            later = check.works()
        finally:
            connection.execute("ALTER TABLE elsewhere RENAME TO write_check")
    clock.now_s += HOLDS_S

    assert (at_once, later, check.works()) == (True, False, True)
    assert "can be written again" in caplog.text
