"""The whole product in a state folder of its own, and a hand that kills parts of it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from enum import StrEnum
from pathlib import Path
from random import Random
from time import perf_counter
from time import sleep

from scripts.cluster import private_cluster as cluster
from scripts.cluster.cluster_layout import find_layout
from scripts.cluster.private_cluster import ClusterUrls
from scripts.cluster.urls import APP_ROLE
from scripts.serving.serving_record import read_records
from tests.benchmarks.city import SEED
from tests.benchmarks.server import HOST
from tests.benchmarks.server import NotServingError
from tests.benchmarks.server import is_ready
from tests.workers import workers_of

WORKERS = 2
_PATIENCE_S = 120.0
_BACKENDS = (
    "SELECT pid FROM pg_stat_activity WHERE usename = %s AND backend_type = 'client backend'"
)


class Part(StrEnum):
    """What can be killed."""

    WEB_WORKER = "web worker"
    MASTER = "gunicorn master"
    JOB_WORKER = "job worker"
    BACKEND = "database backend"
    POSTMASTER = "postmaster"


_CHILDREN = {
    Part.MASTER: "web server",
    Part.JOB_WORKER: "job worker",
    Part.POSTMASTER: "database",
}


@dataclass(frozen=True, slots=True)
class Product:
    """A running `nearcrew serve` with its private database."""

    port: int
    var_dir: Path
    urls: ClusterUrls
    process: subprocess.Popen[bytes]
    chance: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311  (which one is killed)

    def kill(self, part: Part) -> int:
        """Kill a part outright and return its process id."""
        pid = self.chance.choice(self.processes(part))
        os.kill(pid, signal.SIGKILL)
        return pid

    def processes(self, part: Part) -> list[int]:
        """Return the processes that are, or do the work of, a part just now."""
        if part is Part.WEB_WORKER:
            return workers_of(self._child("web server"))
        if part is Part.BACKEND:
            with self.urls.connect() as connection:
                return [int(str(row[0])) for row in connection.execute(_BACKENDS, (APP_ROLE,))]
        return [self._child(_CHILDREN[part])]

    def is_whole(self) -> bool:
        """Return whether all parts are there and requests can be served."""
        if self.process.poll() is not None:
            message = f"nearcrew serve ended (exit code {self.process.returncode})"
            raise NotServingError(message)
        try:
            workers = self.processes(Part.WEB_WORKER)
        except (StopIteration, KeyError, TypeError):
            return False
        return len(workers) == WORKERS and is_ready(self.port)

    def _child(self, name: str) -> int:
        record = next(each for each in read_records(self.var_dir) if each.is_alive)
        pid = record.children[name].pid
        if pid is None:
            raise KeyError(name)
        return pid


@contextmanager
def state_folder() -> Iterator[Path]:
    """Give a state folder that the database's account can enter; its cluster goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="nearcrew-bench-"))
    folder.chmod(0o755)
    var_dir = folder / "var"
    try:
        yield var_dir
    finally:
        cluster.stop(var_dir)
        layout = find_layout(var_dir)
        shutil.rmtree(layout.data_dir, ignore_errors=True)
        shutil.rmtree(layout.fresh_socket_dir(), ignore_errors=True)
        shutil.rmtree(folder)


@contextmanager
def supervised(var_dir: Path, log: Path) -> Iterator[Product]:
    """Run `nearcrew serve`, database included, until the end of the block."""
    urls = cluster.ensure_running(var_dir)
    cluster.stop(var_dir)  # it is to be the supervisor's own
    port = _free_port()
    others = ("DATABASE_", "NEARCREW_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    own = {"NEARCREW_VAR": var_dir, "NEARCREW_PORT": port, "NEARCREW_WORKERS": WORKERS}
    guard = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603
            [*guard, sys.executable, "-m", "scripts.cli", "serve"],
            env={**env, **{name: str(value) for name, value in own.items()}},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        product = Product(port, var_dir, urls, process)
        wait_for(product.is_whole, "the product did not become ready")
        yield product
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)


def wait_for(fact: Callable[[], bool], otherwise: str) -> None:
    """Wait until something holds.

    Raises
    ------
    NotServingError
        If it does not come to pass.
    """
    give_up_s = perf_counter() + _PATIENCE_S
    while not fact():
        if perf_counter() > give_up_s:
            raise NotServingError(otherwise)
        sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
