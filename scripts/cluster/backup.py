"""Back up the whole database to one file, and restore it.

A backup that was never read is a hope: the file is read to its end before it gets its name, and a
restore goes into a fresh database that replaces the old one only when everything is in it.
"""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL
from sqlalchemy.engine import make_url

from scripts.cluster import private_cluster as cluster
from scripts.cluster.cluster_layout import newest_server
from scripts.errors import DatabaseError

# Made by a superuser when the database was: restoring them again is neither needed nor allowed.
_NOT_RESTORED = (" EXTENSION ", " COMMENT - EXTENSION ", " spatial_ref_sys ")


@dataclass(frozen=True, slots=True)
class Contents:
    """Counts of what a database holds, to recognise it by."""

    revision: str | None
    rows: dict[str, int]

    @property
    def is_empty(self) -> bool:
        """Whether the database holds nothing worth keeping."""
        return not any(self.rows.values())

    def sentence(self) -> str:
        """Return the counts as a sentence."""
        if self.revision is None:
            return "nothing yet"
        return ", ".join(f"{count} {name}" for name, count in self.rows.items())


def backup(admin_url: str, target: Path, *, snapshot: str | None = None) -> int:
    """Write the database to one compressed file and verify it.

    Parameters
    ----------
    admin_url
        SQLAlchemy URL of the owner of the tables.
    target
        The file; it appears whole or not at all, readable by its owner only.
    snapshot
        Which exported snapshot to dump; what is there now by default.

    Returns
    -------
    size_bytes
        Size of the file.

    Raises
    ------
    DatabaseError
        If the file exists already, or dumping or reading it back fails.
    """
    if target.exists():
        message = f"{target} is already there."
        raise DatabaseError(message, mend="Name another file.")
    target.parent.mkdir(parents=True, exist_ok=True)
    url = make_url(admin_url)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    fresh = Path(name)  # mkstemp makes it 0600: it holds callers' names and numbers
    try:
        options = ["--format=custom", f"--file={fresh}"]
        _run("pg_dump", [*options, *([f"--snapshot={snapshot}"] if snapshot else [])], url)
        check_file(fresh)
        with fresh.open("rb") as written:
            os.fsync(written.fileno())
        # A link, not a rename: it fails if somebody made the target meanwhile.
        target.hardlink_to(fresh)
    finally:
        fresh.unlink()
    return target.stat().st_size


def check_file(path: Path) -> None:
    """Raise an error if a backup is truncated or damaged.

    Raises
    ------
    DatabaseError
        If it is missing, not a backup, or damaged.
    """
    if not path.is_file():
        message = f"There is no file {path}."
        raise DatabaseError(message)
    done = _tool("pg_restore", [f"--file={os.devnull}", str(path)], {})
    if done.returncode != 0:
        message = f"{path} is not a whole Nearcrew backup: {done.stderr.strip()}"
        raise DatabaseError(message, mend="Take another copy of it.")


def contents(url: str) -> Contents:
    """Return what a database holds; an empty one has no revision."""
    tables = {"incidents": "incident", "crews": "crew", "accounts": "account"}
    with psycopg.connect(conninfo(make_url(url))) as connection:
        row = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
        if row is None or row[0] is None:
            return Contents(None, {})
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        rows = {name: _count(connection, table) for name, table in tables.items()}
    return Contents(found[0] if found else None, rows)


def restore_private(path: Path, database: str, stamp: datetime) -> tuple[Contents, str]:
    """Restore to a new database of the private cluster, then replace the old one by it.

    Parameters
    ----------
    path
        A file that `backup` made.
    database
        The database to replace.
    stamp
        Now; the old database is kept under a name that ends in it.

    Returns
    -------
    contents, kept_as
        What is now in use, and the name of the former database.
    """
    check_file(path)
    suffix = stamp.strftime("%Y%m%d%H%M%S")
    fresh, kept_as = f"{database}_restoring_{suffix}", f"{database}_before_{suffix}"
    urls = cluster.create_database(fresh)
    try:
        restored = restore_to(path, urls.owner(fresh))
    except BaseException:
        cluster.drop_database(fresh)
        raise
    with urls.connect() as connection, connection.transaction():
        # Both names change in one transaction. Workers lose their connections and come back to
        # the restored database by themselves.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY(%s)",
            ([database, fresh],),
        )
        _rename(connection, database, kept_as)
        _rename(connection, fresh, database)
    return restored, kept_as


def restore_elsewhere(path: Path, admin_url: str) -> Contents:
    """Restore to an external database, which must be empty.

    Raises
    ------
    DatabaseError
        If it already holds tables of ours: what to do with them is for its administrator.
    """
    check_file(path)
    if contents(admin_url).revision is not None:
        message = "The database that DATABASE_URL names already holds Nearcrew's tables."
        mend = "Make an empty database with the postgis extension and name that one."
        raise DatabaseError(message, mend=mend)
    return restore_to(path, admin_url)


def conninfo(url: URL) -> str:
    """Return a SQLAlchemy URL as a libpq connection string."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def restore_to(path: Path, admin_url: str) -> Contents:
    """Restore to a database that is empty; return what it holds then."""
    listed = _tool("pg_restore", ["--list", str(path)], {})
    wanted = [
        line
        for line in listed.stdout.splitlines()
        if not any(mark in f"{line} " for mark in _NOT_RESTORED)
    ]
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".list") as order:
        order.write("\n".join(wanted) + "\n")
        order.flush()
        options = ["--single-transaction", "--exit-on-error", "--no-owner"]
        _run("pg_restore", [*options, f"--use-list={order.name}", str(path)], make_url(admin_url))
    restored = contents(admin_url)
    if restored.revision is None:
        message = f"{path} holds no Nearcrew database."
        raise DatabaseError(message)
    return restored


def _rename(connection: psycopg.Connection[tuple[object, ...]], old: str, new: str) -> None:
    statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    connection.execute(statement.format(sql.Identifier(old), sql.Identifier(new)))


def _count(connection: psycopg.Connection[tuple[object, ...]], table: str) -> int:
    statement = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    row = connection.execute(statement).fetchone()
    return int(str(row[0])) if row else 0


def _run(tool: str, options: list[str], url: URL) -> None:
    """Run a PostgreSQL tool on a database, with the password in the environment."""
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    database = conninfo(url.set(password=None))
    done = _tool(tool, [f"--dbname={database}", "--no-password", *options], secret)
    if done.returncode != 0:
        message = f"{tool} failed: {done.stderr.strip()}"
        raise DatabaseError(message)


def _tool(
    name: str, options: list[str], secret: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    newest = newest_server()
    found = str(newest / name) if newest else shutil.which(name)
    if found is None:
        message = f"{name} is not installed."
        raise DatabaseError(message, mend="apt-get install postgresql-client")
    return subprocess.run(  # noqa: S603
        [found, *options],
        env={**os.environ, "LC_ALL": "C.UTF-8", **secret},
        capture_output=True,
        text=True,
        check=False,
    )
