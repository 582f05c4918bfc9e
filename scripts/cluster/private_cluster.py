"""The private PostgreSQL + PostGIS cluster of one checkout.

`make run` must not need a database administrator, nor disturb a PostgreSQL that is already there:
this one listens on no port, only on a unix socket in a folder that its owner (and root) alone may
enter. Peer authentication behind that folder lets the two of them be any database role.
"""

import os
import time
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

from scripts.cluster.cluster_layout import Layout
from scripts.cluster.cluster_layout import find_layout
from scripts.cluster.cluster_layout import layout_if_there
from scripts.cluster.cluster_lock import ClusterLock
from scripts.cluster.databases import TEMPLATE
from scripts.cluster.databases import create_statement
from scripts.cluster.databases import drop_statement
from scripts.cluster.databases import ensure_database
from scripts.cluster.databases import provision
from scripts.cluster.replication import primary_folder
from scripts.cluster.replication import read_replication
from scripts.cluster.server_process import living_server
from scripts.cluster.server_process import running_server
from scripts.cluster.server_start import let_roles_in
from scripts.cluster.server_start import start_detached
from scripts.cluster.urls import APP_ROLE
from scripts.cluster.urls import DATABASE
from scripts.cluster.urls import DEMO_DATABASE
from scripts.cluster.urls import SUPERUSER
from scripts.cluster.urls import ClusterUrls
from scripts.errors import ClusterError

__all__ = [
    "APP_ROLE",
    "CHECKOUT",
    "DATABASE",
    "DEMO_DATABASE",
    "KEPT_ELSEWHERE",
    "ClusterStatus",
    "ClusterUrls",
    "create_database",
    "default_var_dir",
    "drop_database",
    "ensure_database",
    "ensure_running",
    "status",
    "stop",
    "stop_server",
    "wait_until_running",
]
CHECKOUT = Path(__file__).resolve().parents[2]
KEPT_ELSEWHERE = "NEARCREW_CLUSTER_KEPT"
"""Variable that says that another unit keeps the cluster: it is waited for and never started."""
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


def ensure_running(
    var_dir: Path | None = None, *, start: Callable[[Layout], Path] = start_detached
) -> ClusterUrls:
    """Create and start the cluster unless it runs; safe to call concurrently.

    Parameters
    ----------
    var_dir
        State folder the cluster belongs to; this checkout's own when left out. Where its standby
        was promoted, that one is started, and never the former primary.
    start
        How to start it: returns the folder of its socket once it is ready.

    Raises
    ------
    ClusterError
        If PostgreSQL is missing, belongs to somebody else or does not start.
    """
    layout = _primary(var_dir)
    with ClusterLock(layout.lock_file).held():
        deadline = time.monotonic() + ANSWER_TIMEOUT_S
        while True:
            urls = _running_or_started(layout, start)
            try:
                # Also after an interrupted first start: each step asks whether it is needed.
                if provision(urls):
                    # One that was made by an older release, and runs: it lets the new role in.
                    let_roles_in(layout, urls)
            except psycopg.OperationalError as error:
                # A server that is just being killed still looks alive for an instant.
                if time.monotonic() > deadline:
                    message = f"PostgreSQL does not answer: {str(error).strip()}"
                    raise ClusterError(message, mend=f"See {layout.data_dir}/log.") from error
                time.sleep(0.1)
            else:
                return urls


def wait_until_running(var_dir: Path, patience_s: float) -> ClusterUrls:
    """Return the URLs of a cluster that somebody else starts and keeps.

    Raises
    ------
    ClusterError
        If it does not run in time.
    """
    deadline_s = time.monotonic() + patience_s
    while True:
        layout = _primary(var_dir)
        server = running_server(layout) if layout.exists else None
        if server is not None:
            return _urls(layout, server.socket_dir)
        if time.monotonic() > deadline_s:
            message = f"The database in {layout.data_dir} does not run."
            raise ClusterError(message, mend="systemctl start nearcrew.target")
        time.sleep(0.1)


def stop(var_dir: Path | None = None) -> bool:
    """Stop the cluster, its standby and their connections; return whether it was running.

    The primary first: its last words reach the standby.
    """
    layout = _primary(var_dir)
    was_running = stop_server(layout)
    record = read_replication(layout.folder)
    other = None if record is None else layout_if_there(record.other_folder)
    if other is not None:
        stop_server(other)
    return was_running


def stop_server(layout: Layout, *, patience_s: float = STOP_TIMEOUT_S) -> bool:
    """Stop the server of one data directory; return whether it was running."""
    with ClusterLock(layout.lock_file).held():
        if not layout.exists or running_server(layout) is None:
            return False
        command = [str(layout.binaries / "pg_ctl"), "stop", "-D", str(layout.data_dir)]
        done = layout.user.run([*command, "-m", "fast", "-w", "-t", str(patience_s)])
        if done.returncode != 0:
            message = f"PostgreSQL did not stop: {done.stdout.strip()}"
            raise ClusterError(message, mend=f"See {layout.data_dir}/log.")
        return True


def status(var_dir: Path | None = None) -> ClusterStatus:
    """Return whether the cluster exists and runs, without changing anything."""
    layout = _primary(var_dir)
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


def _running_or_started(layout: Layout, start: Callable[[Layout], Path]) -> ClusterUrls:
    server = running_server(layout)
    if server is not None:
        return _urls(layout, server.socket_dir)
    if not layout.exists:
        _initialise(layout)
    return _urls(layout, start(layout))


def _primary(var_dir: Path | None) -> Layout:
    return find_layout(primary_folder(var_dir or default_var_dir()))


def _urls(layout: Layout, socket_dir: Path) -> ClusterUrls:
    """Return the URLs of a primary and, if it has one, its standby."""
    record = read_replication(layout.folder)
    if record is None:
        return ClusterUrls(socket_dir)
    other = layout_if_there(record.other_folder)
    if other is None:
        return ClusterUrls(socket_dir)
    living = living_server(other) if other.exists else None
    standby = living.socket_dir if living is not None else other.fresh_socket_dir()
    return ClusterUrls(socket_dir, standby, layout.user.name)


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
