"""The private PostgreSQL + PostGIS cluster of one checkout.

`make run` must not need a database administrator, nor disturb a PostgreSQL that is already there:
this one listens on no port, only on a unix socket in a folder that its owner (and root) alone may
enter. Peer authentication behind that folder lets the two of them be any database role.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

from scripts.cluster.cluster_config import write_access_rules
from scripts.cluster.cluster_config import write_server_settings
from scripts.cluster.cluster_layout import Layout
from scripts.cluster.cluster_layout import find_layout
from scripts.cluster.databases import TEMPLATE
from scripts.cluster.databases import create_statement
from scripts.cluster.databases import drop_statement
from scripts.cluster.databases import ensure_database
from scripts.cluster.databases import provision
from scripts.cluster.server_process import clear_the_way
from scripts.cluster.server_process import make_socket_dir
from scripts.cluster.server_process import running_server
from scripts.cluster.urls import APP_ROLE
from scripts.cluster.urls import DATABASE
from scripts.cluster.urls import DEMO_DATABASE
from scripts.cluster.urls import OWNER_ROLE
from scripts.cluster.urls import SUPERUSER
from scripts.cluster.urls import ClusterUrls
from scripts.errors import ClusterError

__all__ = [
    "APP_ROLE",
    "CHECKOUT",
    "DATABASE",
    "DEMO_DATABASE",
    "ClusterStatus",
    "ClusterUrls",
    "create_database",
    "default_var_dir",
    "drop_database",
    "ensure_database",
    "ensure_running",
    "status",
    "stop",
]
CHECKOUT = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 60
ANSWER_TIMEOUT_S = 10
STOP_TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class ClusterStatus:
    """The state of the cluster, read without starting it."""

    exists: bool
    running: bool
    data_dir: Path
    socket_dir: Path | None
    version: str | None


def default_var_dir(env: Mapping[str, str] | None = None) -> Path:
    """Return the state folder of this checkout, or that of NEARCREW_VAR."""
    named = (os.environ if env is None else env).get("NEARCREW_VAR")
    return Path(named or CHECKOUT / "var").resolve()


def ensure_running(var_dir: Path | None = None) -> ClusterUrls:
    """Create and start the cluster unless it runs; safe to call concurrently.

    Parameters
    ----------
    var_dir
        State folder the cluster belongs to; this checkout's own when left out.

    Raises
    ------
    ClusterError
        If PostgreSQL is missing, belongs to somebody else or does not start.
    """
    layout = find_layout(var_dir or default_var_dir())
    with _locked(layout):
        deadline = time.monotonic() + ANSWER_TIMEOUT_S
        while True:
            urls = _running_or_started(layout)
            try:
                # Also after an interrupted first start: each step asks whether it is needed.
                provision(urls)
            except psycopg.OperationalError as error:
                # A server that is just being killed still looks alive for an instant.
                if time.monotonic() > deadline:
                    message = f"PostgreSQL does not answer: {str(error).strip()}"
                    raise ClusterError(message, mend=f"See {layout.data_dir}/log.") from error
                time.sleep(0.1)
            else:
                return urls


def stop(var_dir: Path | None = None) -> bool:
    """Stop the cluster and its connections; return whether it was running."""
    layout = find_layout(var_dir or default_var_dir())
    with _locked(layout):
        if not layout.exists or running_server(layout) is None:
            return False
        command = [str(layout.binaries / "pg_ctl"), "stop", "-D", str(layout.data_dir)]
        done = layout.user.run([*command, "-m", "fast", "-w", "-t", str(STOP_TIMEOUT_S)])
        if done.returncode != 0:
            message = f"PostgreSQL did not stop: {done.stdout.strip()}"
            raise ClusterError(message, mend=f"See {layout.data_dir}/log.")
        return True


def status(var_dir: Path | None = None) -> ClusterStatus:
    """Return whether the cluster exists and runs, without changing anything."""
    layout = find_layout(var_dir or default_var_dir())
    server = running_server(layout) if layout.exists else None
    version = None
    if layout.exists:
        version = (layout.data_dir / "PG_VERSION").read_text(encoding="ascii").strip()
    return ClusterStatus(
        exists=layout.exists,
        running=server is not None,
        data_dir=layout.data_dir,
        socket_dir=server.socket_dir if server else None,
        version=version,
    )


def create_database(name: str, var_dir: Path | None = None) -> ClusterUrls:
    """Create an empty database with PostGIS for the owner role, from the template in under 1 s.

    Raises
    ------
    ClusterError
        If a database of that name is already there.
    """
    urls = ensure_running(var_dir)
    try:
        with urls.connect() as connection:
            connection.execute(create_statement(name, TEMPLATE))
    except psycopg.errors.DuplicateDatabase:
        message = f"There is already a database named {name}."
        raise ClusterError(message, mend="Choose another name, or drop it first.") from None
    return urls


def drop_database(name: str, var_dir: Path | None = None) -> None:
    """Drop a database and its connections; a missing one is no error."""
    urls = ensure_running(var_dir)
    with urls.connect() as connection:
        connection.execute(drop_statement(name))


@contextlib.contextmanager
def _locked(layout: Layout) -> Iterator[None]:
    """Hold the lock for creating, starting and stopping; the kernel releases it at exit."""
    try:
        handle = os.open(layout.lock_file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except PermissionError as error:
        message = f"{layout.lock_file} may not be opened by this user."
        raise ClusterError(message, mend="Run as the owner of the checkout or root.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _running_or_started(layout: Layout) -> ClusterUrls:
    server = running_server(layout)
    if server is not None:
        return ClusterUrls(server.socket_dir)
    if not layout.exists:
        _initialise(layout)
    return ClusterUrls(_start(layout))


def _initialise(layout: Layout) -> None:
    """Run `initdb` in a temporary folder, then move it, so that it is never half done."""
    parent = layout.data_dir.parent
    parent.mkdir(parents=True, exist_ok=True)
    fresh = parent / f"{layout.data_dir.name}.new-{os.getpid()}-{time.monotonic_ns()}"
    fresh.mkdir(mode=0o700)
    os.chown(fresh, layout.user.uid, layout.user.gid)
    done = layout.user.run(
        [
            str(layout.binaries / "initdb"),
            f"--pgdata={fresh}",
            f"--username={SUPERUSER}",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
            "--auth=reject",
        ]
    )
    if done.returncode != 0:
        message = f"initdb failed: {done.stdout.strip()}"
        raise ClusterError(message, mend=f"Is there space and write access in {parent}?")
    fresh.rename(layout.data_dir)


def _start(layout: Layout) -> Path:
    socket_dir = layout.fresh_socket_dir()
    make_socket_dir(socket_dir, layout.user)
    clear_the_way(layout, socket_dir)
    write_server_settings(layout, socket_dir)
    write_access_rules(layout, (SUPERUSER, OWNER_ROLE, APP_ROLE))
    start_log = layout.data_dir / "start.log"
    done = layout.user.run(
        [
            str(layout.binaries / "pg_ctl"),
            "start",
            "-w",
            f"--timeout={START_TIMEOUT_S}",
            f"--pgdata={layout.data_dir}",
            f"--log={start_log}",
            "-s",
        ]
    )
    if done.returncode != 0:
        said = f"{done.stdout.strip()}\n{_last_lines(layout, start_log)}"
        message = f"PostgreSQL did not start. {said}"
        raise ClusterError(message, mend=f"Look at {layout.data_dir}/log.")
    return socket_dir


def _last_lines(layout: Layout, start_log: Path, count: int = 12) -> str:
    logs = [start_log, *(layout.data_dir / "log").glob("*.log")]
    there = [log for log in logs if log.is_file()]
    if not there:
        return ""
    newest = max(there, key=lambda log: log.stat().st_mtime)
    return "\n".join(newest.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
