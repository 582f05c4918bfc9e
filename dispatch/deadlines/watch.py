"""Watching for deadlines in a worker: asleep until the next is due or an earlier one is set."""

import logging
import threading
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg
from sqlalchemy.exc import DBAPIError

from dispatch.core.instants import Clock
from dispatch.deadlines.deadline_rows import CHANNEL
from dispatch.deadlines.service import DeadlineService

LOG = logging.getLogger(__name__)
AT_ONCE = 3
"""As many deadlines are acted on beside each other, each on a connection of its own."""
_LOOK_EVERY_S = 1.0
"""The longest sleep: a worker asked to stop, or a clock that was set, is noticed so soon."""
_LEAST_S = 0.01
_TRY_AGAIN_S = 0.5
Listen = Callable[[Sequence[str], Callable[[], float]], Iterator[object]]


class DeadlineWatch:
    """Acts on deadlines until told to stop, whatever the database does meanwhile.

    Parameters
    ----------
    deadlines
        Acts on them.
    listen
        Listens to channels of the database; see `dispatch.events.listening.listen`.
    clock
        What time it is.
    """

    def __init__(self, deadlines: DeadlineService, listen: Listen, clock: Clock) -> None:
        self._deadlines = deadlines
        self._listen = listen
        self._clock = clock

    def run(self, stop: threading.Event) -> None:
        """Act on all that falls due; return once told to stop."""
        lost = False
        while not stop.is_set():
            try:
                with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="deadlines") as threads:
                    for _ in self._listen([CHANNEL], self._sleep_s):
                        if lost:
                            LOG.info("The database is back; deadlines go on")
                            lost = False
                        if stop.is_set():
                            return
                        self._deadlines.run_due(run_all=threads.map)
            except (DBAPIError, psycopg.OperationalError) as error:
                if not lost:
                    LOG.warning("The database was lost (%s)", type(error).__name__)
                lost = True
                stop.wait(_TRY_AGAIN_S)

    def _sleep_s(self) -> float:
        next_at = self._deadlines.next_at()
        if next_at is None:
            return _LOOK_EVERY_S
        left_s = (next_at - self._clock()).total_seconds()
        return min(max(left_s, _LEAST_S), _LOOK_EVERY_S)


def in_a_thread(watch: DeadlineWatch, stop: threading.Event) -> threading.Thread:
    """Start watching beside whatever else the process does."""
    thread = threading.Thread(target=watch.run, args=(stop,), name="deadlines", daemon=True)
    thread.start()
    return thread
