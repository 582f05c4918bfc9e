"""The ``MetaData`` of all tables, and a factory for database engines.

No engine is made at import: entry points make theirs and pass it on.
"""

from typing import Any

from psycopg import OperationalError
from sqlalchemy import BigInteger
from sqlalchemy import Engine
from sqlalchemy import FetchedValue
from sqlalchemy import MetaData
from sqlalchemy import create_engine
from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

# Alembic can only drop or alter a constraint that has a name, so every one gets its name here.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


_PATIENCE = (
    "-c lock_timeout=10s -c statement_timeout=30s -c idle_in_transaction_session_timeout=20s"
)
# A web host that vanished without a word must not hold its locks for the hours TCP would wait.
_KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}


class Base(DeclarativeBase):
    """Base of all mapped classes; they share ``geodata.db.metadata``."""

    metadata = metadata


class OfUnit:
    """A row of a unit of the organisation: of whoever enters it, unless it says otherwise.

    The company is worked out by the database; names are unique within it.
    """

    unit_id: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())
    company_id: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())


def make_engine(url: str, *, serving: bool = False) -> Engine:
    """Return an engine whose sessions use UTC and whose errors repeat no values.

    Connections are checked before use, so a restarted database costs a reconnect and not an error.
    The check only looks whether the server has closed the connection, without a round trip: the
    pool's own ping would be a third of the cost of a short request.

    Parameters
    ----------
    url
        SQLAlchemy address of a PostgreSQL database, ``postgresql+psycopg://…``.
    serving
        For requests that somebody waits for: a lock, a statement or a forgotten transaction that
        takes too long is given up, so that one stuck worker never stops all the others. Not for
        imports and migrations, which take what they take.

    Returns
    -------
    engine
        With its own pool; dispose of it when done.
    """
    options = "-c timezone=UTC"
    if not serving:
        engine = create_engine(url, connect_args={"options": options}, hide_parameters=True)
    else:
        engine = create_engine(
            url,
            connect_args={"options": f"{options} {_PATIENCE}", **_KEEPALIVE},
            # None beyond the pool: what is opened for a rush and closed after each use costs
            # PostgreSQL ten times what it is asked. Requests wait for each other instead.
            pool_size=20,
            max_overflow=0,
            pool_timeout=5,
            hide_parameters=True,
        )
    event.listen(engine, "checkout", _check_line)
    return engine


def _check_line(connection: Any, _record: object, _proxy: object) -> None:  # noqa: ANN401  (psycopg's, whatever its rows)
    """Invalidate a connection that the server has closed; reads pending bytes, without waiting."""
    try:
        # A server that goes says why before it hangs up: the first look may find only the reason.
        connection.pgconn.consume_input()
        connection.pgconn.consume_input()
    except OperationalError as error:
        message = "the server has closed the connection"
        raise InvalidatePoolError(message) from error
