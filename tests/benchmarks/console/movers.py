"""Crews that drive while something else is measured: so many of them report each second."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from tests.benchmarks.city import City
from tests.benchmarks.dispatch.traffic import fixes
from tests.benchmarks.server import Server

_BATCH = 250


@contextmanager
def moving(server: Server, city: City, crews: int) -> Iterator[None]:
    """Let so many crews report a new place once a second, as through a tracking gateway."""
    over = threading.Event()
    drivers = list(zip(city.crew_ids, city.places.tolist(), strict=True))[-crews:]

    def drive() -> None:
        with server.clients(city.tracker_token, 1) as (client,):
            step = 0
            while not over.is_set():
                next_s = monotonic() + 1
                step += 1
                for first in range(0, len(drivers), _BATCH):
                    client.post("/api/v1/positions", fixes(drivers[first : first + _BATCH], step))
                over.wait(max(0.0, next_s - monotonic()))

    thread = threading.Thread(target=drive, name="movers", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
