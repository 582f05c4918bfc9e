"""Start the server of a private cluster: detached, or as a child of this process."""

import os
import subprocess
from pathlib import Path

from scripts.cluster.cluster_config import write_access_rules
from scripts.cluster.cluster_config import write_server_settings
from scripts.cluster.cluster_layout import Layout
from scripts.cluster.replication import refuse_fenced
from scripts.cluster.replication_settings import write_replication_settings
from scripts.cluster.server_process import clear_the_way
from scripts.cluster.server_process import make_socket_dir
from scripts.cluster.urls import APP_ROLE
from scripts.cluster.urls import OWNER_ROLE
from scripts.cluster.urls import STANDBY_ROLE
from scripts.cluster.urls import SUPERUSER
from scripts.cluster.urls import WORKER_ROLE
from scripts.cluster.urls import ClusterUrls
from scripts.errors import ClusterError

START_TIMEOUT_S = 60
_ROLES = (SUPERUSER, OWNER_ROLE, APP_ROLE, WORKER_ROLE, STANDBY_ROLE)


def prepare(layout: Layout, socket_dir: Path, *, unwatched: bool) -> None:
    """Write the configuration and remove what a killed server left. Under the cluster's lock.

    Parameters
    ----------
    unwatched
        Whether nobody is going to watch the server's standby.

    Raises
    ------
    FencedError
        If the server's standby was promoted.
    """
    refuse_fenced(layout.folder)
    make_socket_dir(socket_dir, layout.user)
    clear_the_way(layout, socket_dir)
    write_server_settings(layout, socket_dir)
    write_replication_settings(layout, unwatched=unwatched)
    write_access_rules(layout, _ROLES)


def let_roles_in(layout: Layout, urls: ClusterUrls) -> None:
    """Write anew who may connect, for a server that runs."""
    write_access_rules(layout, _ROLES)
    with urls.connect() as connection:
        connection.execute("SELECT pg_reload_conf()")


def start_detached(layout: Layout) -> Path:
    """Start the server so that it outlives this process; return the folder of its socket.

    Raises
    ------
    ClusterError
        If it does not start.
    """
    socket_dir = layout.fresh_socket_dir()
    prepare(layout, socket_dir, unwatched=True)
    done = layout.user.run(
        [
            str(layout.binaries / "pg_ctl"),
            "start",
            "-w",
            f"--timeout={START_TIMEOUT_S}",
            f"--pgdata={layout.data_dir}",
            f"--log={_start_log(layout)}",
            "-s",
        ]
    )
    if done.returncode != 0:
        raise start_error(layout, done.stdout)
    return socket_dir


def start_child(layout: Layout, socket_dir: Path) -> subprocess.Popen[bytes]:
    """Begin to start the server as a child of this process, which has to reap it.

    A detached one, once killed, stays in the way as a zombie where the machine's first process
    buries no dead.
    """
    prepare(layout, socket_dir, unwatched=False)
    log = os.open(_start_log(layout), os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    try:
        os.fchown(log, layout.user.uid, layout.user.gid)
        command = [str(layout.binaries / "postgres"), "-D", str(layout.data_dir)]
        return layout.user.start(command, log)
    finally:
        os.close(log)


def start_error(layout: Layout, said: str = "") -> ClusterError:
    """Return the error of a server that did not start, with what its log ends with."""
    message = f"PostgreSQL did not start. {said.strip()}\n{_last_lines(layout)}"
    return ClusterError(message, mend=f"Look at {layout.data_dir}/log.")


def _start_log(layout: Layout) -> Path:
    return layout.data_dir / "start.log"


def _last_lines(layout: Layout, count: int = 12) -> str:
    logs = [_start_log(layout), *(layout.data_dir / "log").glob("*.log")]
    there = [log for log in logs if log.is_file()]
    if not there:
        return ""
    newest = max(there, key=lambda log: log.stat().st_mtime)
    return "\n".join(newest.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
