"""The one ``MetaData`` of all tables, and how an engine is made.

No engine is made here: entry points make theirs and pass it on.
"""

from sqlalchemy import Engine
from sqlalchemy import MetaData
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase

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


class Base(DeclarativeBase):
    """Parent of every mapped class; they all share ``geodata.db.metadata``."""

    metadata = metadata


def make_engine(url: str) -> Engine:
    """Return an engine whose sessions speak UTC.

    Connections are checked before use, so a restarted database costs a reconnect and not an error.

    Parameters
    ----------
    url
        SQLAlchemy address of a PostgreSQL database, ``postgresql+psycopg://…``.

    Returns
    -------
    engine
        With its own pool; dispose of it when done.
    """
    return create_engine(url, pool_pre_ping=True, connect_args={"options": "-c timezone=UTC"})
