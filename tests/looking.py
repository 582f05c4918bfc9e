"""Looking into the database beside the product: as its role, at the rows of all units."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy import Engine

from dispatch.core.scope import EVERYTHING
from dispatch.core.unit_of_work import enter_scope


@contextmanager
def looking(engine: Engine) -> Iterator[Connection]:
    """Open a connection whose first transaction sees everything; what it changes is committed."""
    with engine.begin() as connection:
        enter_scope(connection, EVERYTHING)
        yield connection
