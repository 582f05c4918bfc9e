"""Whether the database takes and keeps what is written.

A database whose disk is full, or that may only be read, answers every question and looks healthy
until somebody sends a crew.
"""

import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import SQLAlchemyError

LOG = logging.getLogger(__name__)
HOLDS_S = 2.0
"""How long an answer holds: probes of a load balancer come from all sides and cost nothing."""
_LIMITS = text(
    "SELECT set_config('statement_timeout', '1s', true), set_config('lock_timeout', '500ms', true),"
    " set_config('work_mem', '64kB', true)"
)
_WRITE = text(
    "INSERT INTO write_check (id, checked_at) VALUES (1, now())"
    " ON CONFLICT (id) DO UPDATE SET checked_at = excluded.checked_at"
)
# The row above finds room in a page and a log file that exist already. This takes new room, as
# every new order and position will: more than the memory it may use goes to a file, which is gone
# with the statement.
_ALLOCATE = text("SELECT count(*) FROM generate_series(1, 8000)")


class WriteCheck:
    """Writes for trial, every two seconds at most.

    Parameters
    ----------
    engine
        Of the role that serves.
    clock
        Seconds that do not go back.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._looked_at_s = float("-inf")
        self._works = True

    def works(self) -> bool:
        """Return whether something could just now be written, and would be kept."""
        with self._lock:
            if self._clock() - self._looked_at_s >= HOLDS_S:
                self._look()
                self._looked_at_s = self._clock()
            return self._works

    def _look(self) -> None:
        worked = self._works
        try:
            with self._engine.begin() as connection:
                connection.execute(_LIMITS)
                connection.execute(_WRITE)
                connection.execute(_ALLOCATE)
            self._works = True
        except SQLAlchemyError as error:
            self._works = False
            if worked:
                LOG.error("the database cannot be written (%s)", _kind(error))  # noqa: TRY400  (the kind says it all)
        if self._works and not worked:
            LOG.warning("the database can be written again")


def _kind(error: SQLAlchemyError) -> str:
    """Return the name of an error, the driver's own where there is one."""
    return type(error.orig if isinstance(error, DBAPIError) else error).__name__
