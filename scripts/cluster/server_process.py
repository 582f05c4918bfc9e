"""Find the server process of a private cluster, and clean up after a killed one."""

import os
import signal
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from scripts.cluster.cluster_layout import Layout
from scripts.cluster.cluster_layout import OsUser
from scripts.errors import ClusterError

ORPHAN_PATIENCE_S = 0.2
KILL_AFTER_S = 5.0
READY = "ready"
READY_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A running postmaster and its socket."""

    pid: int
    socket_dir: Path


def running_server(layout: Layout) -> RunningServer | None:
    """Return the running server of this data directory, once it answers.

    A note of a process id proves nothing: after `kill -9` or a reboot the number may be somebody
    else's, and in a copied checkout it is the original's. A postmaster's working directory is its
    data directory, so that is what is compared.
    """
    deadline = time.monotonic() + READY_PATIENCE_S
    while True:
        living = living_server(layout)
        if living is None or is_ready(layout):
            return living
        if time.monotonic() > deadline:
            message = f"PostgreSQL (process {living.pid}) has been starting for too long."
            raise ClusterError(message, mend=f"See {layout.data_dir}/log.")
        time.sleep(0.05)


def living_server(layout: Layout) -> RunningServer | None:
    """Return the server of this data directory, whether or not it answers yet."""
    noted = _noted_server(layout)
    return noted if noted is not None and _works_in(noted.pid, layout.data_dir) else None


def is_ready(layout: Layout) -> bool:
    """Return whether the server says that it takes connections."""
    return _state(layout) == READY


def clear_the_way(layout: Layout, socket_dir: Path) -> None:
    """Remove what prevents a start after `kill -9`.

    Backends outlive their postmaster while they compute, and PostgreSQL rightly refuses to start
    beside them. Idle ones leave by themselves; the others are told to quit the way the postmaster
    would have told them, so that nothing is committed of which its sender will never hear. Only
    then is the dead server's note removed, for it is what guards the data against two servers at
    once. The note beside the socket goes too: in a container whose first process buries no dead,
    the killed server's number stays taken for ever.
    """
    began_s = told_s = time.monotonic()
    number = None
    while orphans := processes_in(layout.data_dir):
        now_s = time.monotonic()
        if number is None or now_s - told_s > ORPHAN_PATIENCE_S:
            number = signal.SIGKILL if now_s - began_s > KILL_AFTER_S else signal.SIGQUIT
            told_s = now_s
            for pid in orphans:
                _send(pid, number)
        time.sleep(0.01)
    layout.pid_file.unlink(missing_ok=True)
    for left_behind in socket_dir.glob(".s.PGSQL.*"):
        left_behind.unlink()


def make_socket_dir(folder: Path, user: OsUser) -> None:
    """Create the socket's folder, accessible only to its owner and root.

    Raises
    ------
    ClusterError
        If somebody else has put something at that place, as anybody can in a shared folder.
    """
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        os.chown(folder, user.uid, user.gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user.uid:
        message = f"{folder} is not a folder of {user.name}'s; somebody else made it."
        raise ClusterError(message, mend=f"Look at it, and if it is safe: rm -r {folder}")
    folder.chmod(0o700)


def _noted_server(layout: Layout) -> RunningServer | None:
    try:
        lines = layout.pid_file.read_text(encoding="utf-8").splitlines()
        return RunningServer(pid=int(lines[0]), socket_dir=Path(lines[4]))
    except (FileNotFoundError, IndexError, ValueError):
        # No note, or half a note: a server that just begins writes it before it listens, and
        # whoever starts one holds the lock until it is whole.
        return None


def _state(layout: Layout) -> str:
    try:
        return layout.pid_file.read_text(encoding="utf-8").splitlines()[7].strip()
    except (FileNotFoundError, IndexError):
        return ""


def _works_in(pid: int, folder: Path) -> bool:
    process = Path(f"/proc/{pid}")
    try:
        # The name too: a person's shell may stand in that folder.
        is_postgres = (process / "comm").read_text(encoding="utf-8").strip() == "postgres"
        return is_postgres and (process / "cwd").samefile(folder)
    except OSError:
        return False


def processes_in(folder: Path) -> list[int]:
    """Return the processes of PostgreSQL that work in a data directory, its backends included."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if _works_in(pid, folder)]


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
