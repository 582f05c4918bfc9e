"""Loads the road network when a worker starts, and again whenever a new ground was imported."""

import logging
import threading

from dispatch.bootstrap import Services
from dispatch.feed import GROUND_CHANNEL

LOG = logging.getLogger(__name__)
LOOK_ANYWAY_S = 30.0
_TRY_AGAIN_S = 5.0


def start(services: Services) -> threading.Thread:
    """Watch in the background, for as long as the process lives.

    The worker answers meanwhile; travel times come as soon as the network is there, and `/readyz`
    tells.
    """
    thread = threading.Thread(target=_watch, args=(services,), name="ground watch", daemon=True)
    thread.start()
    return thread


def _watch(services: Services) -> None:
    while True:
        try:
            # At once, without waiting for news. An import between this look and the listening is
            # seen at the first look that silence brings.
            services.roads.refresh()
            for _ in services.listen((GROUND_CHANNEL,), LOOK_ANYWAY_S):
                services.roads.refresh()
        except Exception:  # the database may be restarting; the old network goes on answering
            LOG.exception("the ground could not be read; trying again in %s s", _TRY_AGAIN_S)
        threading.Event().wait(_TRY_AGAIN_S)
