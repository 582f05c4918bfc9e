"""One connection of a worker that hears of new events, for all that wait for them.

A notification only says *when* to ask the log; what is found there differs by who may see it.
"""

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from dispatch.events.log import ACCESS_CHANNEL
from dispatch.events.log import CHANNEL

if TYPE_CHECKING:
    from dispatch.bootstrap import Services

_CHANNELS = (CHANNEL, ACCESS_CHANNEL)
LOG = logging.getLogger(__name__)


class Bell:
    """Wakes those that wait for events; listens only while somebody does."""

    def __init__(
        self, services: "Services", asked_every_s: float, rights_changed: Callable[[str], None]
    ) -> None:
        self._services = services
        self._rights_changed = rights_changed
        self._asked_every_s = asked_every_s
        self._lock = threading.Lock()
        self._waiting: set[threading.Event] = set()
        self._listens = False

    def wake(self, waiting: threading.Event) -> None:
        """Wake somebody from now on, until told to leave off."""
        with self._lock:
            self._waiting.add(waiting)
            if not self._listens:
                self._listens = True
                threading.Thread(target=self._listen, name="stream_bell", daemon=True).start()

    def leave_off(self, waiting: threading.Event) -> None:
        """Wake somebody no longer."""
        with self._lock:
            self._waiting.discard(waiting)

    def _listen(self) -> None:
        while self._goes_on():
            try:
                for notice in self._services.listen(_CHANNELS, self._asked_every_s):
                    if notice is not None and notice[0] == ACCESS_CHANNEL:
                        self._rights_changed(notice[1])
                    elif notice is not None:
                        self._ring()
                    if not self._goes_on():
                        return
            except Exception:  # the database may restart; the stream goes on when it is back
                LOG.exception("the notification connection was lost; asking every second instead")
            threading.Event().wait(self._asked_every_s)

    def _ring(self) -> None:
        with self._lock:
            for each in self._waiting:
                each.set()

    def _goes_on(self) -> bool:
        """Tell whether anybody waits; if nobody does, the next who comes begins anew."""
        with self._lock:
            self._listens = bool(self._waiting)
            return self._listens
