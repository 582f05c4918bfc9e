"""Configuration of gunicorn; `nearcrew serve` adds address, workers and certificates.

The application must not be loaded before the fork (no `preload_app`): the gevent worker replaces
the blocking calls of the standard library as its first act, and psycopg decides while it is
imported how it will wait. Imported too early it waits in C and one LISTEN stops every request of
the worker. Loading in the worker keeps that order without patching the arbiter, which only forks
and watches.
"""

import contextlib
import gc
import os
import shutil
import signal
import time
from pathlib import Path
from typing import Any

from gunicorn import util

from scripts.serving import server_refusals
from scripts.serving.gunicorn_log import FaultLogger
from scripts.serving.metrics_folder import make_metrics_folder

preload_app = False
worker_class = "gevent"
# Each open console and crew page holds one stream; one worker carries a whole control room.
worker_connections = 2_000
keepalive = 30
# A worker that does not come back to its loop for this long is stuck: computing has its own thread.
timeout = 60
# Streams never end by themselves, so waiting longer only delays a stop.
graceful_timeout = 5
max_requests = 0
# Longest time that a worker serves on without its arbiter, should no other one come.
ORPHAN_SERVES_S = 60.0
# The heartbeat file must not wait for a busy disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
# Nobody's X-Forwarded-… is believed here: NEARCREW_TRUSTED_PROXIES decides that, in one place.
forwarded_allow_ips = ""
accesslog = None
errorlog = "-"
loglevel = "warning"
logger_class = FaultLogger

# Every worker counts for itself; whichever is asked for /metrics adds up. The workers' library
# reads this when it is imported, and the counts must not outlive the arbiter.
_counts = make_metrics_folder(Path(os.environ.get("NEARCREW_VAR") or "var").resolve())
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_counts)


def when_ready(server: Any) -> None:  # noqa: ANN401, ARG001 - gunicorn's hook
    """Handle Ctrl-C as a graceful stop: running requests are answered."""
    signal.signal(signal.SIGINT, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def post_fork(server: Any, worker: Any) -> None:  # noqa: ANN401, ARG001 - gunicorn's hook
    """Ignore Ctrl-C in workers: a terminal sends it to the whole process group.

    Said before the worker loads the application: stopped in the midst of that it would complain.
    """
    quit_ = worker.handle_quit
    worker.handle_quit = lambda number, frame: (
        None if number == signal.SIGINT else quit_(number, frame)
    )
    # What loading makes stays. Searching it for garbage again and again takes a fifth of loading.
    gc.disable()


def post_worker_init(worker: Any) -> None:  # noqa: ANN401 - gunicorn carries no types
    """Let the application say when streams end, and how a request is refused.

    Streams would block their worker's end for ever. What gunicorn itself refuses (an address too
    long, headers that are none) it would tell as HTML; programs read problem+json.
    """
    gc.enable()
    worker.wsgi.extensions["nearcrew.stream"].while_(lambda: worker.alive)
    util.write_error = server_refusals.writer(worker.wsgi.extensions["nearcrew.refused_by_server"])
    _serve_on_without_arbiter(worker)


def worker_exit(server: Any, worker: Any) -> None:  # noqa: ANN401, ARG001 - gunicorn's hook
    """Write down what the worker still holds in memory."""
    if hasattr(worker, "wsgi"):  # one that failed to load has nothing
        worker.wsgi.extensions["nearcrew.services"].readings.close()


def _serve_on_without_arbiter(worker: Any) -> None:  # noqa: ANN401 - as above
    """Have a worker whose arbiter was killed serve on until the next one's workers are there.

    gunicorn's own would exit at its next heartbeat, in the middle of requests; the supervisor's
    next arbiter needs some seconds to load the application. Once the supervisor is gone as well,
    there is nobody to wait for.
    """
    arbiter, heartbeat, note = worker.ppid, worker.notify, _ready_note(worker)
    supervisor = _parent_of(arbiter)
    ends_at_s: list[float] = []
    if os.getppid() == arbiter:
        with contextlib.suppress(OSError):  # on a full disk, too, there is something to serve
            note.parent.mkdir(parents=True, exist_ok=True)
            note.write_text(str(arbiter), encoding="ascii")

    def notify() -> None:
        if os.getppid() == arbiter:
            heartbeat()
            return
        now_s = time.monotonic()
        if not ends_at_s:
            ends_at_s.append(now_s + ORPHAN_SERVES_S)
        alone = supervisor is None or _parent_of(supervisor) is None
        if alone or now_s > ends_at_s[0] or _is_replaced(note, arbiter):
            worker.alive = False  # what is running may finish, as when it is asked to stop

    worker.notify = notify


def _ready_note(worker: Any) -> Path:  # noqa: ANN401 - as above
    """Return the file that names the arbiter whose workers serve at this address."""
    port = worker.sockets[0].getsockname()[1]
    return Path(os.environ.get("NEARCREW_VAR") or "var") / "serving" / f"web-{port}"


def _parent_of(pid: int) -> int | None:
    """Return who started a process that lives; None if it does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return None
    # The name of the program stands in brackets and may hold anything.
    state, parent = stat.rpartition(")")[2].split()[:2]
    return None if state in {"Z", "X"} else int(parent)


def _is_replaced(note: Path, arbiter: int) -> bool:
    try:
        return note.read_text(encoding="ascii") not in {"", str(arbiter)}
    except OSError:
        return False


def child_exit(server: Any, worker: Any) -> None:  # noqa: ANN401, ARG001 - gunicorn's hook
    """Remove the metrics of a worker that has ended."""
    from prometheus_client import multiprocess  # noqa: PLC0415 - not before the workers patch

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:  # noqa: ANN401, ARG001 - gunicorn's hook
    """Remove the metrics files."""
    shutil.rmtree(_counts, ignore_errors=True)
