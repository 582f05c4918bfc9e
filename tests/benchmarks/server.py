"""The product as it is served: gunicorn with its own configuration, started and stopped here."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.client import HTTPException
from time import perf_counter
from time import sleep

from dispatch.settings import Settings
from scripts.serving.serve import serve_command
from tests.benchmarks.clients import Client
from tests.workers import all_ready

HOST = "127.0.0.1"
_PATIENCE_S = 120.0


class NotServingError(Exception):
    """The server ended, or never became ready."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is ready; ``ready_s`` is how long that took from the start of the process."""

    port: int
    pid: int
    ready_s: float

    @contextmanager
    def clients(self, token: str, count: int) -> Iterator[list[Client]]:
        """Give keep-alive clients; with several of them every worker gets some."""
        clients = [Client(HOST, self.port, token) for _ in range(count)]
        try:
            yield clients
        finally:
            for client in clients:
                client.close()


@contextmanager
def serving(settings: Settings, workers: int = 2) -> Iterator[Server]:
    """Serve a database until the end of the block."""
    port = _free_port()
    ours = settings.model_copy(update={"host": HOST, "port": port, "workers": workers})
    variables = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "NEARCREW_VAR": str(settings.var_dir),
    }
    # Nobody should be left serving when the benchmark itself is killed.
    guard = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
    began_s = perf_counter()
    process = subprocess.Popen([*guard, *serve_command(ours)], env=variables)  # noqa: S603
    try:
        _wait_until_ready(process, port, workers)
        yield Server(port, process.pid, perf_counter() - began_s)
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, workers: int) -> None:
    give_up_s = perf_counter() + _PATIENCE_S
    while not all_ready(process.pid, workers, lambda: is_ready(port)):
        if process.poll() is not None or perf_counter() > give_up_s:
            message = f"the server did not become ready (exit code {process.returncode})"
            raise NotServingError(message)
        sleep(0.05)


def is_ready(port: int) -> bool:
    """Tell whether whoever answers at this port says that it is ready."""
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
