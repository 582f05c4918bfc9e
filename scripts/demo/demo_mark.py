"""Mark demo databases, to distinguish them from real ones.

Its accounts have a password that everybody knows, so neither may be taken for the other: the demo
must not fill a real database, and a real service must not start on the demo's.
"""

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from scripts.cluster.backup import conninfo
from scripts.cluster.backup import contents
from scripts.doctor.machine_checks import is_loopback
from scripts.errors import DatabaseError
from scripts.errors import UsageError

# A comment on a table of ours: it needs no table for one bit, and backups carry it along.
_TABLE = "station"
_MARK = "nearcrew demo city"


def is_demo(url: str) -> bool:
    """Return whether this database is marked as a demo."""
    with psycopg.connect(conninfo(make_url(url))) as connection:
        row = connection.execute(
            "SELECT obj_description(to_regclass(%s), 'pg_class')", (_TABLE,)
        ).fetchone()
    return row is not None and row[0] == _MARK


def claim_for_demo(admin_url: str) -> None:
    """Mark an empty database as a demo; do nothing if it is marked.

    Raises
    ------
    DatabaseError
        If it holds anything that the demo did not put there.
    """
    if is_demo(admin_url):
        return
    held = contents(admin_url)
    if not held.is_empty:
        message = f"This database is in real use: it holds {held.sentence()}."
        mend = "The demo wants a database of its own; name another in DATABASE_URL, or none."
        raise DatabaseError(message, mend=mend)
    with psycopg.connect(conninfo(make_url(admin_url))) as connection:
        statement = sql.SQL("COMMENT ON TABLE {} IS {}")
        connection.execute(statement.format(sql.Identifier(_TABLE), sql.Literal(_MARK)))


def refuse_demo(url: str) -> None:
    """Raise an error if a demo database is to be served as a real one.

    Raises
    ------
    DatabaseError
        If the demo marked it: its passwords are published.
    """
    if is_demo(url):
        message = "This is a demo database; everybody knows its passwords."
        raise DatabaseError(message, mend="Use `nearcrew demo`, or name a database of your own.")


def refuse_strangers(host: str) -> None:
    """Raise an error if the demo would be reachable from other machines.

    Raises
    ------
    UsageError
        If the address is more than this machine's own: the sign-in page shows the password.
    """
    if not is_loopback(host):
        message = f"The demo's passwords are published: it serves this machine only, not {host}."
        raise UsageError(message, mend="Unset NEARCREW_HOST, or use `nearcrew init` and `serve`.")
