"""The alarm about entries of the log that cannot be read."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Row

from dispatch.events.entries import why_unreadable

LOG = logging.getLogger(__name__)
_MOST_REMEMBERED = 10_000


class UnreadableEntries:
    """Reports each unreadable entry once in the life of a process, however often it is met."""

    def __init__(self) -> None:
        self._reported: set[int] = set()
        self._lock = threading.Lock()
        self._count: Callable[[], None] = lambda: None

    def count_with(self, count: Callable[[], None]) -> None:
        """Call this for each entry that is reported from now on."""
        self._count = count

    def can_read(self, entry: Row[Any]) -> bool:
        """Tell whether an entry can be read; report it if not."""
        reason = why_unreadable(entry)
        if reason is not None:
            self.report(entry.id, reason)
        return reason is None

    def report(self, entry_id: int, reason: str) -> None:
        """Log and count that an entry could not be read, unless that is known.

        Parameters
        ----------
        reason
            Without anything of the entry's own content, which may be personal.
        """
        with self._lock:
            if entry_id in self._reported:
                return
            if len(self._reported) >= _MOST_REMEMBERED:
                self._reported.clear()
            self._reported.add(entry_id)
        LOG.error("entry %d of the event log cannot be read and is left out: %s", entry_id, reason)
        self._count()
