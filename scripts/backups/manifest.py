"""What a backup holds, counted in the very snapshot that was dumped.

A restored database is compared with it: that `pg_restore` did not complain is not yet a proof.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from scripts.cluster.backup import conninfo
from scripts.errors import DatabaseError

# Tables of extensions are not in the dump.
_TABLES = """
    SELECT oid::regclass::text FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
    ORDER BY 1
"""
_EVENT_HEAD = "SELECT id, md5(event::text) FROM event ORDER BY id DESC LIMIT 1"
Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a database holds.

    Attributes
    ----------
    rows
        How many, by table.
    event_head
        Number and digest of the last entry of the event log; None while there is none.
    """

    rows: dict[str, int]
    event_head: tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is noted beside a backup: it is whole only if this is there.

    Attributes
    ----------
    size_bytes, sha256
        Of the file.
    holdings
        Of the database when it was dumped.
    """

    size_bytes: int
    sha256: str
    holdings: Holdings

    def text(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        """Return what a file holds.

        Raises
        ------
        DatabaseError
            If it cannot be understood.
        """
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            held = content["holdings"]
            head = held["event_head"]
            rows = {str(table): int(count) for table, count in held["rows"].items()}
            holdings = Holdings(rows, None if head is None else (int(head[0]), str(head[1])))
            return cls(int(content["size_bytes"]), str(content["sha256"]), holdings)
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"{path} cannot be read: {error}"
            raise DatabaseError(message, mend="Take another backup.") from error


@contextmanager
def snapshot_of(admin_url: str) -> Iterator[tuple[str, Connection]]:
    """Give a snapshot that `pg_dump` can dump, and a connection that sees the same."""
    with psycopg.connect(conninfo(make_url(admin_url)), autocommit=True) as connection:
        _see_everything(connection)
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield str(row[0] if row else ""), connection
        connection.execute("COMMIT")


def holdings_of(admin_url: str) -> Holdings:
    """Return what a database holds now."""
    with psycopg.connect(conninfo(make_url(admin_url)), autocommit=True) as connection:
        _see_everything(connection)
        return count(connection)


def count(connection: Connection) -> Holdings:
    """Return what a connection sees."""
    tables = [str(row[0]) for row in connection.execute(_TABLES).fetchall()]
    rows: dict[str, int] = {}
    for table in tables:
        asked = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(*_parts(table)))
        found = connection.execute(asked).fetchone()
        rows[table] = int(str(found[0])) if found else 0
    head = connection.execute(_EVENT_HEAD).fetchone() if "event" in rows else None
    return Holdings(rows, None if head is None else (int(str(head[0])), str(head[1])))


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def differences(noted: Holdings, found: Holdings) -> list[str]:
    """Return in what two databases differ, in words; empty if in nothing."""
    told = [
        f"{table} has {found.rows.get(table, 0)} rows instead of {noted.rows.get(table, 0)}"
        for table in sorted(noted.rows.keys() | found.rows.keys())
        if noted.rows.get(table, 0) != found.rows.get(table, 0)
    ]
    if noted.event_head != found.event_head:
        told.append("the event log ends otherwise")
    return told


def _see_everything(connection: Connection) -> None:
    """Have a policy that would hide rows raise an error, and times be written in UTC."""
    connection.execute("SET row_security = off")
    connection.execute("SET timezone = 'UTC'")


def _parts(table: str) -> list[str]:
    return [part.strip('"') for part in table.split(".")]
