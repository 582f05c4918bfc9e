"""The queue in the database is the one that the installed procrastinate expects."""

import pytest
from alembic import command
from procrastinate.schema import SchemaManager
from sqlalchemy import text

from dispatch import migrate
from geodata.db import make_engine
from scripts.cluster import private_cluster as cluster
from tests.conftest import CHECKOUT
from tests.conftest import throwaway_database

VERSIONS = CHECKOUT / "dispatch" / "migrations" / "versions"
FROZEN = VERSIONS / "0011_procrastinate_3_10_0.sql"
BEGINS = "-- procrastinate's own text begins here.\n"
_OURS = text(
    "SELECT proname FROM pg_proc WHERE proname LIKE 'procrastinate%'"
    " UNION SELECT typname FROM pg_type WHERE typname LIKE 'procrastinate%'"
)


def test_an_upgrade_of_procrastinate_that_changes_its_tables_is_noticed() -> None:
    """Then a migration of ours has to follow: its own stand in its folder sql/migrations."""
    frozen = FROZEN.read_text(encoding="utf-8").partition(BEGINS)[2]

    assert frozen == SchemaManager.get_schema()


@pytest.mark.postgis
def test_the_queue_can_be_taken_back_and_made_again() -> None:
    """Nothing of it is left in between."""
    with throwaway_database("test_queue_back") as made:
        engine = make_engine(made.owner_url)
        try:
            migrate.upgrade(made.owner_url, cluster.APP_ROLE, revision="0011")
            with engine.connect() as connection:
                before = set(connection.scalars(_OURS))
            with engine.begin() as connection:
                config = migrate._config()
                config.attributes.update(connection=connection, app_role=cluster.APP_ROLE)
                command.downgrade(config, "0010")
            with engine.connect() as connection:
                between = set(connection.scalars(_OURS))
            migrate.upgrade(made.owner_url, cluster.APP_ROLE)
            with engine.connect() as connection:
                again = set(connection.scalars(_OURS))
        finally:
            engine.dispose()

    assert "procrastinate_fetch_job_v2" in before
    assert between == set()
    assert again == before
