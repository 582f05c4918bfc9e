"""Keeps the roads of a worker current: the network of the ground in use, and what is closed on it.

It looks when the worker starts, whenever a new ground was imported or a closure was made or lifted,
and at the moment at which the next closure begins or ends by itself.
"""

import logging
import threading

from dispatch.bootstrap import Services
from dispatch.events.listening import CLOSURE_CHANNEL
from dispatch.events.listening import GROUND_CHANNEL

LOG = logging.getLogger(__name__)
LOOK_ANYWAY_S = 30.0
_TRY_AGAIN_S = 5.0


def start(services: Services) -> threading.Thread:
    """Watch in the background, for as long as the process lives.

    The worker answers meanwhile; travel times come as soon as the network is there, and `/readyz`
    tells.
    """
    watch = _Watch(services)
    thread = threading.Thread(target=watch.run, name="ground watch", daemon=True)
    thread.start()
    return thread


class _Watch:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._wait_s = LOOK_ANYWAY_S

    def run(self) -> None:
        channels = (GROUND_CHANNEL, CLOSURE_CHANNEL)
        while True:
            try:
                # At once, without waiting for news. What happens between this look and the
                # listening is seen at the look that listening begins with.
                self._look()
                for _ in self._services.listen(channels, lambda: self._wait_s):
                    self._look()
            except Exception:  # the database may be restarting; the old network goes on answering
                LOG.exception("the ground could not be read; trying again in %s s", _TRY_AGAIN_S)
            threading.Event().wait(_TRY_AGAIN_S)

    def _look(self) -> None:
        self._services.roads.refresh()
        change_in_s = self._services.roads.apply_closures()
        self._wait_s = LOOK_ANYWAY_S if change_in_s is None else min(LOOK_ANYWAY_S, change_in_s)
