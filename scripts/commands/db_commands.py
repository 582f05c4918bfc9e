"""`nearcrew db …`: start, stop, migrate, back up and restore the database."""

import os
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from dispatch import migrate as migrations
from scripts.cluster import backup as backups
from scripts.cluster import private_cluster as cluster
from scripts.commands.progress import waiting
from scripts.environment import Surroundings
from scripts.environment import look_around
from scripts.errors import DatabaseError

NOT_RUNNING = 3
app = typer.Typer(no_args_is_help=True, help="The database: start, migrate, back up, restore.")


@app.command()
def start() -> None:
    """Start the private PostgreSQL of this checkout, unless it runs."""
    with waiting("Starting the database"):
        urls = cluster.ensure_running()
    print(f"The database runs; its socket is in {urls.socket_dir}.")


@app.command()
def stop() -> None:
    """Stop the private PostgreSQL of this checkout, with its connections."""
    with waiting("Stopping the database"):
        was_running = cluster.stop()
    print("The database has stopped." if was_running else "The database was not running.")


@app.command()
def status() -> None:
    """Show whether the database runs and what it holds; exit code 3 if it does not run."""
    if not os.environ.get("DATABASE_URL"):
        found = cluster.status()
        if not found.running:
            state = "is there but does not run" if found.exists else "has not been made yet"
            print(f"The database in {found.data_dir} {state}. `nearcrew db start` starts it.")
            raise typer.Exit(NOT_RUNNING)
        print(f"PostgreSQL {found.version} runs in {found.data_dir}; socket {found.socket_dir}.")
    surroundings = look_around()
    held = backups.contents(surroundings.admin_url)
    url = make_url(surroundings.settings.database_url)
    print(f"Address   {url.render_as_string(hide_password=True)}")
    print(f"Revision  {held.revision or 'none'} (newest {migrations.head()})")
    print(f"Holds     {held.sentence()}")


@app.command()
def migrate() -> None:
    """Migrate the tables to the newest version."""
    before, after = bring_up_to_date(look_around())
    print(f"The tables are up to date ({after})." if before == after else f"Now at {after}.")


@app.command()
def backup(
    file: Annotated[
        Path | None, typer.Argument(help="Where to; var/backups/… if left out.")
    ] = None,
) -> None:
    """Back up the database to one file and verify it."""
    surroundings = look_around()
    now = datetime.now(UTC)
    named = surroundings.settings.var_dir / "backups" / f"nearcrew-{now:%Y%m%dT%H%M%SZ}.dump"
    target = (file or named).resolve()
    with waiting("Backing up"):
        size_bytes = backups.backup(surroundings.admin_url, target)
    print(f"{target} ({size_bytes / 1e6:.1f} MB), read back and whole.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `nearcrew db backup` made.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Replace what is there.")] = False,
) -> None:
    """Restore a backup. The former database is kept under another name."""
    surroundings = look_around()
    backups.check_file(file)
    if not surroundings.private:
        with waiting("Restoring"):
            held = backups.restore_elsewhere(file, surroundings.admin_url)
        print(f"Restored: {held.sentence()}.")
        return
    present = backups.contents(surroundings.admin_url)
    if not (yes or present.is_empty):
        message = f"The database holds {present.sentence()}."
        raise DatabaseError(message, mend="Add --yes to put the backup in its place.")
    database = make_url(surroundings.admin_url).database or cluster.DATABASE
    with waiting("Restoring"):
        held, kept_as = backups.restore_private(file, database, datetime.now(UTC))
    print(f"Restored: {held.sentence()}. The former database is kept as {kept_as}.")
    if migrations.is_newer(held.revision):
        print(f"{migrations.newer_sentence(held.revision)} Run that release on it.")
    elif held.revision != migrations.head():
        print("It was made by another version: run `nearcrew db migrate` now.")


def bring_up_to_date(surroundings: Surroundings) -> tuple[str | None, str | None]:
    """Apply missing migrations; return the revisions before and after.

    Raises
    ------
    DatabaseError
        If the database lacks an extension or the role lacks the right, or if a newer release has
        migrated it.
    """
    before = migrations.current(surroundings.admin_url)
    if before == migrations.head():
        return before, before
    if migrations.is_newer(before):
        raise DatabaseError(migrations.newer_sentence(before), mend=migrations.NEWER_MEND)
    try:
        with waiting("Bringing the tables up to date"):
            migrations.upgrade(surroundings.admin_url, app_role=surroundings.app_role)
    except ProgrammingError as error:
        # No PostGIS in a database of one's own, or a role that may not make tables.
        said = str(error.orig).strip().splitlines()[0]
        message = f"The tables cannot be made: {said}."
        mend = (
            "`nearcrew doctor` tells what the database lacks; DATABASE_ADMIN_URL names its owner."
        )
        raise DatabaseError(message, mend=mend) from error
    return before, migrations.current(surroundings.admin_url)
