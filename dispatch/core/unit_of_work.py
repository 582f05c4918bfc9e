"""Units of work: the only place that opens write sessions, one per request."""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from typing import Any
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy import Executable
from sqlalchemy import Row
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

_T = TypeVar("_T")
_ATTEMPTS = 5
_SERIALIZATION_OR_DEADLOCK = {"40001", "40P01"}


class ScopeChangedError(Exception):
    """The rows to lock changed before they were locked: the unit must be retried."""


class UnitOfWork:
    """Opens sessions on one engine, and retries a unit that lost a lock race."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # Both use the same pool; they differ in how a transaction begins, or that none does.
        self._read_only = engine.execution_options(postgresql_readonly=True)
        self._without = engine.execution_options(isolation_level="AUTOCOMMIT")
        self.session_info: dict[str, Any] = {}
        """What every write session carries as its ``info``."""

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a read-only session, enforced by PostgreSQL.

        It ends with a commit: psycopg forgets every prepared statement at a rollback, and the
        next request would have all of them parsed and planned again.
        """
        with Session(self._read_only, expire_on_commit=False) as session, session.begin():
            yield session

    def ask(self, query: Executable, parameters: Mapping[str, Any]) -> Sequence[Row[Any]]:
        """Return the rows of a single query, run without a transaction.

        One round trip to PostgreSQL instead of three, which counts where every request asks.
        """
        with self._without.connect() as connection:
            return connection.execute(query, parameters).all()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a session that commits at the end, or rolls back on an error."""
        with (
            Session(self._engine, expire_on_commit=False, info=self.session_info) as session,
            session.begin(),
        ):
            yield session

    def run(self, work: Callable[[Session], _T]) -> _T:
        """Run a unit of work in a transaction and return what it returns.

        Units that lock several rows can find, once they hold them, that the world moved on
        meanwhile (`ScopeChangedError`), or meet a deadlock: nothing of them is kept, so they are
        simply run again, a few times.
        """
        for attempt in range(_ATTEMPTS):
            last = attempt == _ATTEMPTS - 1
            try:
                with self.writing() as session:
                    return work(session)
            except ScopeChangedError:
                if last:
                    raise
            except OperationalError as error:
                if last or getattr(error.orig, "sqlstate", None) not in _SERIALIZATION_OR_DEADLOCK:
                    raise
        raise AssertionError  # pragma: no cover  (the last attempt returns or raises)
