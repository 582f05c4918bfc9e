"""Candidates while a new ground is imported and its road network prepared.

``python -m tests.benchmarks.dispatch.importing FILE`` is the import: a process of its own, as the
command line's is.
"""

import os
import subprocess
import sys
from itertools import cycle
from pathlib import Path
from time import perf_counter
from time import sleep

from dispatch.settings import Settings
from geodata.db import make_engine
from geodata.ground import service as ground
from tests.benchmarks.city import City
from tests.benchmarks.clients import UnexpectedAnswerError
from tests.benchmarks.dispatch.traffic import CONNECTIONS
from tests.benchmarks.dispatch.traffic import candidates_path
from tests.benchmarks.server import Server

_PAUSE_S = 0.03
_PATIENCE_S = 600.0
_OWNER = "DATABASE_ADMIN_URL"


def ask_candidates_during_import(server: Server, city: City) -> list[float]:
    """Return how long each question took, from before the import until its network is in use.

    The same extract is imported as a new ground; the files of its network are taken away before,
    so that they have to be made. Desks ask one after the other, 30 ms apart.
    """
    for file in city.settings.cache_dir.iterdir():
        file.unlink()
    command = [sys.executable, "-m", "tests.benchmarks.dispatch.importing", str(city.extract)]
    environment = {**os.environ, _OWNER: city.owner_url}
    path, times_s = candidates_path(city), []
    importing = subprocess.Popen(command, env=environment)  # noqa: S603  (ourselves)
    with server.clients(city.desk_token, CONNECTIONS) as clients:
        began_s = ready_s = perf_counter()
        for client in cycle(clients):
            asked_s = perf_counter()
            client.get(path)
            times_s.append(perf_counter() - asked_s)
            if importing.poll() is None or not _is_prepared(city.settings):
                ready_s = perf_counter()
            if perf_counter() - ready_s > city.scale.loading_s:
                break
            if perf_counter() - began_s > _PATIENCE_S:
                importing.kill()
                message = "the new ground's network was not prepared"
                raise UnexpectedAnswerError(message)
            sleep(_PAUSE_S)
    if importing.wait():
        message = "the import failed"
        raise UnexpectedAnswerError(message)
    return times_s


def _is_prepared(settings: Settings) -> bool:
    return any(settings.cache_dir.glob("*.order"))


def main() -> None:
    """Import the extract named."""
    engine = make_engine(os.environ[_OWNER])
    ground.import_extract(engine, Path(sys.argv[1]))
    engine.dispose()


if __name__ == "__main__":
    main()
