"""The database is what the code thinks it is, and the serving role may do no more than it must."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from dispatch import migrate
from dispatch.incidents.models import Incident
from dispatch.migrations import tables
from geodata.db import metadata
from tests.conftest import Database

pytestmark = pytest.mark.postgis
_OURS = set(metadata.tables)


def _is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _to: object) -> bool:  # noqa: FBT001  (alembic's signature)
    """Leave out PostGIS's own tables, partitions by day, and names of indexes and keys."""
    return kind not in {"index", "unique_constraint", "foreign_key_constraint"} and (
        kind != "table" or name in _OURS
    )


def test_migrations_give_the_tables_that_the_code_names(owner_engine: Engine) -> None:
    """A column added in one place only is found here."""
    assert Incident.__tablename__ in _OURS
    assert tables.__name__
    with owner_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_ours})
        differences = [
            each
            for each in compare_metadata(context, metadata)
            if (not isinstance(each, list) and each[0] in {"add_table", "remove_table"})
            or (isinstance(each, tuple) and each[0] in {"add_column", "remove_column"})
        ]

    assert differences == []


def test_migrations_give_the_indexes_that_the_code_names(owner_engine: Engine) -> None:
    """One that is missing is noticed only when there is a year of data."""
    named = {str(each.name) for table in metadata.tables.values() for each in table.indexes}
    with owner_engine.connect() as connection:
        there = set(connection.execute(text("SELECT indexname FROM pg_indexes")).scalars())

    assert "ix_event_duty_changed" in named
    assert named - there == set()


def test_the_database_is_at_the_newest_revision(database: Database) -> None:
    """`doctor` and `/readyz` rely on it."""
    assert migrate.current(database.app_url) == migrate.head()


def test_migrating_again_changes_nothing(database: Database) -> None:
    """`make run` migrates at every start."""
    migrate.upgrade(database.owner_url)

    assert migrate.current(database.owner_url) == migrate.head()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM event",
        "UPDATE event SET actor = 'nobody'",
        "TRUNCATE event",
        "DELETE FROM incident",
        "DELETE FROM assignment",
        "DELETE FROM position_report",
        "UPDATE ground SET name = 'x'",
        "DELETE FROM procrastinate_events",
        "UPDATE procrastinate_events SET type = 'succeeded'",
        "TRUNCATE procrastinate_jobs CASCADE",
        "UPDATE photo SET state = 'shown'",
        "DELETE FROM photo_file",
        "UPDATE incident_note SET words = ''",
        "CREATE TABLE mine (id int)",
        "DROP TABLE incident",
    ],
)
def test_the_serving_role_cannot(app_engine: Engine, statement: str) -> None:
    """Even a hole in the web code cannot rewrite the log or lose an order."""
    with (
        app_engine.connect() as connection,
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
    ):
        connection.execute(text(statement))


def test_the_serving_role_is_no_superuser_and_bypasses_nothing(app_connection: Connection) -> None:
    """Two attributes that would make every grant meaningless."""
    row = app_connection.execute(
        text(
            "SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
    ).one()

    assert tuple(row) == (False, False, False)


@pytest.fixture
def app_connection(app_engine: Engine) -> object:
    """Return a connection of the serving role."""
    with app_engine.connect() as connection:
        yield connection
