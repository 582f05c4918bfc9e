"""Bring a database to the newest shape, as its owner."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from geodata.db import make_engine

_LOCK_KEY = 0x6E_65_61_72  # any fixed number: one migration at a time per database


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
    finally:
        engine.dispose()


def current(url: str) -> str | None:
    """Return the revision a database is at; None for one never migrated."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def head() -> str | None:
    """Return the newest revision that this code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
