"""Keeps what a worker knows of the ground current: which road network is in use, what is closed.

It looks when the worker starts, whenever a new ground was imported or a closure was made or lifted,
and at the moment at which the next closure begins or ends by itself. A new network is prepared
beside that: what is closed meanwhile is closed at once on the former one.
"""

import logging
import threading

from dispatch.bootstrap import Services
from dispatch.events.listening import CLOSURE_CHANNEL
from dispatch.events.listening import GROUND_CHANNEL

LOG = logging.getLogger(__name__)
LOOK_ANYWAY_S = 30.0
_LOOK_WHILE_LOADING_S = 1.0
_TRY_AGAIN_S = 5.0


def start(services: Services) -> threading.Thread:
    """Watch in the background, for as long as the process lives.

    The worker answers meanwhile; travel times come as soon as the network is there, and `/readyz`
    tells.
    """
    watch = GroundWatch(services)
    thread = threading.Thread(target=watch.run, name="ground watch", daemon=True)
    thread.start()
    return thread


class GroundWatch:
    """Looks after the road network of one worker."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._wait_s = LOOK_ANYWAY_S
        self._loading: threading.Thread | None = None

    def run(self) -> None:
        """Look again and again."""
        channels = (GROUND_CHANNEL, CLOSURE_CHANNEL)
        while True:
            try:
                # At once, without waiting for news. What happens between this look and the
                # listening is seen at the look that listening begins with.
                self.look()
                for _ in self._services.listen(channels, lambda: self._wait_s):
                    self.look()
            except Exception:  # the database may be restarting; the old network goes on answering
                LOG.exception("the ground could not be read; trying again in %s s", _TRY_AGAIN_S)
            threading.Event().wait(_TRY_AGAIN_S)

    @property
    def loading(self) -> bool:
        """Whether a network is being loaded."""
        return self._loading is not None and self._loading.is_alive()

    def look(self) -> None:
        """Begin to load another network if one is in use, and close what is closed now."""
        if not self.loading:
            self._loading = threading.Thread(target=self._load, name="road loading", daemon=True)
            self._loading.start()
        change_in_s = self._services.roads.apply_closures()
        # The next change is known once a network is there.
        longest_s = LOOK_ANYWAY_S if self._services.roads.ready else _LOOK_WHILE_LOADING_S
        self._wait_s = longest_s if change_in_s is None else min(longest_s, change_in_s)

    def _load(self) -> None:
        try:
            while self._services.roads.refresh():
                pass  # what was imported while that one was loaded
        except Exception:  # as above
            LOG.exception("no road network could be loaded; it is tried again")
