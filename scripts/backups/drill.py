"""Restore the newest backup into a database of its own and look whether all is there."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from psycopg import sql

from scripts.backups.drill_record import Drill
from scripts.backups.drill_record import write_drill
from scripts.backups.kept_backups import KeptBackup
from scripts.backups.kept_backups import whole_backups
from scripts.backups.manifest import Manifest
from scripts.backups.manifest import differences
from scripts.backups.manifest import digest_of
from scripts.backups.manifest import holdings_of
from scripts.cluster import backup as backups
from scripts.cluster import private_cluster as cluster
from scripts.errors import DatabaseError
from scripts.errors import ScriptError

_DATABASE = "nearcrew_drill"


def run_drill(folder: Path, var_dir: Path, clock: Callable[[], datetime]) -> Drill:
    """Restore the newest backup beside the database in use, compare, remove it and keep the result.

    Parameters
    ----------
    folder
        Where the nightly backups are.
    var_dir
        State folder of the private cluster.
    clock
        What time it is.

    Raises
    ------
    DatabaseError
        If there is no backup yet.
    """
    there = whole_backups(folder)
    if not there:
        message = f"There is no backup in {folder}."
        raise DatabaseError(message, mend="nearcrew backup nightly")
    newest, began_s = there[-1], time.monotonic()
    try:
        rows, troubles = _restored(newest, var_dir)
    except ScriptError as error:
        rows, troubles = 0, [error.message]
    drill = Drill(
        clock(), newest.path.name, tuple(troubles), round(time.monotonic() - began_s, 1), rows
    )
    write_drill(folder, drill)
    return drill


def _restored(newest: KeptBackup, var_dir: Path) -> tuple[int, list[str]]:
    """Return how many rows a backup restores to, and what is wrong."""
    manifest = Manifest.read(newest.manifest)
    if digest_of(newest.path) != manifest.sha256:
        return 0, [f"{newest.path.name} is not the file any more that was written"]
    cluster.drop_database(_DATABASE, var_dir)  # a killed drill left it
    urls = cluster.create_database(_DATABASE, var_dir)
    try:
        with urls.connect() as connection:
            # Thrown away in a minute: neither the disk nor a standby is waited for.
            setting = sql.SQL("ALTER DATABASE {} SET synchronous_commit = off")
            connection.execute(setting.format(sql.Identifier(_DATABASE)))
        backups.restore_to(newest.path, urls.owner(_DATABASE))
        found = holdings_of(urls.owner(_DATABASE))
    finally:
        cluster.drop_database(_DATABASE, var_dir)
    return sum(found.rows.values()), differences(manifest.holdings, found)
