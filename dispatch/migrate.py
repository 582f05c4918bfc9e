"""Bring a database to the newest shape, as its owner."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy import text

from geodata.db import make_engine

NEWER_MEND = (
    "Run that release again, or restore a backup from before: nearcrew db restore FILE --yes"
)
_LOCK_KEY = 0x6E_65_61_72  # any fixed number: one migration at a time per database

_EXEMPT = """
DO $body$
DECLARE
    unexempted text;
BEGIN
    FOR unexempted IN
        SELECT pg_class.oid::regclass::text FROM pg_class
        WHERE relrowsecurity AND relnamespace = 'public'::regnamespace AND NOT EXISTS (
            SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'worker')
    LOOP
        EXECUTE format('CREATE POLICY worker ON %s TO nearcrew_worker USING (true)', unexempted);
    END LOOP;
END
$body$
"""


def upgrade(admin_url: str, app_role: str = "nearcrew_app", revision: str = "head") -> None:
    """Apply all missing migrations in one transaction.

    Parameters
    ----------
    admin_url
        The owner's database URL.
    app_role
        The role that the application connects as; it is granted only what serving needs.
    revision
        Where to stop.
    """
    engine = make_engine(admin_url)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
            config = _config()
            config.attributes["connection"] = connection
            config.attributes["app_role"] = app_role
            command.upgrade(config, revision)
            exempt_the_worker(connection)
    finally:
        engine.dispose()


def exempt_the_worker(connection: Connection) -> None:
    """Let the worker's role see the rows of all units, in every table that has policies.

    It acts on deadlines and jobs of all companies. A role of its own, and a policy for it: the
    role that serves requests cannot become it. Without that role, as in a database of one's own
    that has none, the worker serves with the application's role and sets what it sees.
    """
    known = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = 'nearcrew_worker'"))
    if known is not None:
        connection.execute(text(_EXEMPT))


def current(url: str) -> str | None:
    """Return the revision a database is at; None for one never migrated."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def is_newer(revision: str | None) -> bool:
    """Return whether a newer release has migrated a database: its revision is unknown here."""
    return revision is not None and revision not in _known_revisions()


def newer_sentence(revision: str | None) -> str:
    """Return what to say of a database that a newer release has migrated."""
    return (
        f"The tables are at {revision}, made by a newer release of Nearcrew; this one knows them up"
        f" to {head()}."
    )


@cache
def _known_revisions() -> frozenset[str]:
    scripts = ScriptDirectory.from_config(_config())
    return frozenset(each.revision for each in scripts.walk_revisions())


@cache  # all migrations are imported to find it, and every look at `/readyz` asks for it
def head() -> str | None:
    """Return the newest revision that this code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
