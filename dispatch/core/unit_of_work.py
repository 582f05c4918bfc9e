"""Units of work: the only place that opens write sessions, one per request."""

import random
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from typing import Any
from typing import Final
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import Executable
from sqlalchemy import Row
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from dispatch.core.scope import EVERYTHING
from dispatch.core.scope import Scope
from dispatch.core.scope import current

_T = TypeVar("_T")
_ATTEMPTS = 12
"""In a crush one attempt in three may lose its race: a dozen in a row do not."""
_PAUSE_S = 0.01
"""Before the third attempt, longer before each later one; by chance, so that who met parts."""
_TAKE_ON = text("SELECT set_config('role', :role, true)")
_SERIALIZATION_OR_DEADLOCK = {"40001", "40P01"}


# Settings of the transaction: forgotten at its end, whoever gets the connection next.
_SET: Final = text("""
    SELECT set_config('nearcrew.all', :everything, true),
           set_config('nearcrew.units', :units, true),
           set_config('nearcrew.above', :above, true),
           set_config('nearcrew.crews', :crews, true),
           set_config('nearcrew.crew', :crew, true),
           set_config('nearcrew.home', :home, true),
           set_config('nearcrew.actor_id', :actor_id, true),
           set_config('nearcrew.actor_name', :actor_name, true)
""")


def enter_scope(connection: Connection, scope: Scope) -> None:
    """Make the present transaction of a connection see what a scope says and nothing else."""
    connection.execute(_SET, scope.settings())


class ScopeChangedError(Exception):
    """The rows to lock changed before they were locked: the unit must be retried."""


class UnitOfWork:
    """Opens sessions on one engine, and retries a unit that lost a lock race.

    Parameters
    ----------
    engine
        Of the database.
    otherwise
        The scope of transactions that are opened outside of any: everything for the command line
        and for tests, nothing for whoever answers requests.
    act_as
        The role to take on within a scope that is less than everything, for an engine whose own
        role sees everything; None for the application's.
    """

    def __init__(
        self, engine: Engine, otherwise: Scope = EVERYTHING, act_as: str | None = None
    ) -> None:
        self._engine = engine
        self._otherwise = otherwise
        self._act_as = act_as
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
            self._enter_scope(session)
            yield session

    def ask(self, query: Executable, parameters: Mapping[str, Any]) -> Sequence[Row[Any]]:
        """Return the rows of a single query, run without a transaction and hence without a scope.

        One round trip to PostgreSQL instead of four, which counts where every request asks. For
        functions of the owner's and tables that nobody owns: of all others it sees no row.
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
            self._enter_scope(session)
            yield session

    def run(self, work: Callable[[Session], _T]) -> _T:
        """Run a unit of work in a transaction and return what it returns.

        Units that lock several rows can find, once they hold them, that the world moved on
        meanwhile (`ScopeChangedError`), or meet a deadlock: nothing of them is kept, so they are
        simply run again, a dozen times.
        """
        for attempt in range(_ATTEMPTS):
            last = attempt == _ATTEMPTS - 1
            if attempt > 1:
                time.sleep(_PAUSE_S * (attempt - 1) * random.random())  # noqa: S311  (no secret)
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

    def _enter_scope(self, session: Session) -> None:
        scope = current() or self._otherwise
        connection = session.connection()
        enter_scope(connection, scope)
        if self._act_as is not None and not scope.everything:
            connection.execute(_TAKE_ON, {"role": self._act_as})
