"""The server of a private cluster under supervision: started as a child, or found running.

A server that runs already, because somebody typed `nearcrew db start` or an earlier supervisor was
killed, is adopted: watched like a child, and replaced by one when it is gone.
"""

import os
import signal
import time
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from scripts.cluster import private_cluster
from scripts.cluster.cluster_layout import Layout
from scripts.cluster.cluster_layout import find_layout
from scripts.cluster.cluster_lock import ClusterLock
from scripts.cluster.replication import is_fenced
from scripts.cluster.server_process import RunningServer
from scripts.cluster.server_process import is_ready
from scripts.cluster.server_process import living_server
from scripts.cluster.server_start import START_TIMEOUT_S
from scripts.cluster.server_start import start_child
from scripts.cluster.server_start import start_error
from scripts.cluster.urls import ClusterUrls
from scripts.exit_codes import how_ended

if TYPE_CHECKING:
    import subprocess

STOP_PATIENCE_S = 60.0
_HANG_UP_PATIENCE_S = 3.0
_LOOK_EVERY_S = 0.02
_CONNECTED = """
    SELECT count(*) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


class SupervisedServer:
    """Starts, watches and stops the server of one state folder.

    Parameters
    ----------
    var_dir
        State folder the cluster belongs to.
    left_behind
        Processes of a supervisor that was killed: a server among them is taken for our own.
    name
        What it is called in messages.
    """

    def __init__(
        self, var_dir: Path, left_behind: Collection[int] = (), *, name: str = "database"
    ) -> None:
        self.name = name
        self._var_dir = var_dir
        self._left_behind = left_behind
        self._layout: Layout | None = None
        self._lock: ClusterLock | None = None
        self._socket_dir: Path | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._adopted: RunningServer | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the server; None while there is none."""
        if self._child is not None:
            return self._child.pid
        return self._adopted.pid if self._adopted is not None else None

    def ensure_running(self) -> ClusterUrls:
        """Make, start or adopt the server and wait until it answers.

        Raises
        ------
        ClusterError
            If it cannot be started.
        """
        urls = private_cluster.ensure_running(self._var_dir, start=self._start_and_wait)
        self._learn(find_layout(self._var_dir), urls.socket_dir)
        if self._child is None:
            self._adopted = living_server(self._known()[0])
        return urls

    def expect(self) -> None:
        """Take over a server that is there already, as a standby is: `start` starts it."""
        layout = find_layout(self._var_dir)
        self._learn(layout, layout.fresh_socket_dir())

    def start(self) -> None:
        """Begin to start the server again, without waiting; `is_running` sees to the rest.

        One whose standby was promoted is left alone, until it has become a standby itself.
        """
        layout, lock, socket_dir = self._known()
        self._child = self._adopted = None
        if is_fenced(layout.folder) or not layout.exists:
            return
        if not lock.try_acquire():
            return  # a command is just starting it: `is_running` looks again
        self._adopted = living_server(layout)
        if self._adopted is not None:
            lock.release()
            return
        try:
            self._child = start_child(layout, socket_dir)
        except BaseException:
            lock.release()
            raise

    def is_running(self) -> bool:
        """Return whether the server runs or is being started; reaps it when it has ended."""
        layout, lock, _ = self._known()
        if self._child is None and self._adopted is None:
            self.start()
            return True
        if self._child is None:
            return living_server(layout) == self._adopted
        ended = self._child.poll() is not None
        if lock.is_held and (ended or is_ready(layout)):
            # Whoever starts a server holds the lock until its note is whole.
            lock.release()
        return not ended

    def how_it_ended(self) -> str:
        """Return what is known of the end of a server that has ended."""
        if is_fenced(self._known()[0].folder):
            return "its standby has taken over; it waits for `nearcrew standby create`"
        return how_ended(self._child.returncode) if self._child is not None else "it was stopped"

    def stop(self) -> str | None:
        """Stop a server that is ours, unless others use it; return why it was left, or None."""
        pid = self.pid
        if pid is None or not self.is_running():
            return None
        self._known()[1].release()
        if self._adopted is not None and pid not in self._left_behind:
            return "it ran before; `nearcrew db stop` stops it"
        if self._others_connected():
            return "others use it; `nearcrew db stop` stops it"
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            os.kill(pid, number)
            if self._gone_within(STOP_PATIENCE_S):
                break
        return None

    def _start_and_wait(self, layout: Layout) -> Path:
        """Start the server as a child, under the lock that the caller holds."""
        socket_dir = layout.fresh_socket_dir()
        self._learn(layout, socket_dir)
        self._child = start_child(layout, socket_dir)
        deadline_s = time.monotonic() + START_TIMEOUT_S
        while not is_ready(layout):
            if self._child.poll() is not None or time.monotonic() > deadline_s:
                raise start_error(layout)
            time.sleep(_LOOK_EVERY_S)
        return socket_dir

    def _others_connected(self) -> bool:
        """Return whether others are connected; those of who has just ended go in a moment."""
        _, _, socket_dir = self._known()
        deadline_s = time.monotonic() + _HANG_UP_PATIENCE_S
        try:
            with ClusterUrls(socket_dir).connect() as connection:
                while connection.execute(_CONNECTED).fetchone() != (0,):
                    if time.monotonic() > deadline_s:
                        return True
                    time.sleep(_LOOK_EVERY_S)
        except psycopg.OperationalError:
            return False  # just starting, or out of order: nobody works with it
        return False

    def _gone_within(self, seconds: float) -> bool:
        deadline_s = time.monotonic() + seconds
        while self.is_running():
            if time.monotonic() > deadline_s:
                return False
            time.sleep(_LOOK_EVERY_S)
        return True

    def _learn(self, layout: Layout, socket_dir: Path) -> None:
        self._layout, self._socket_dir = layout, socket_dir
        self._lock = ClusterLock(layout.lock_file)

    def _known(self) -> tuple[Layout, ClusterLock, Path]:
        if self._layout is None or self._lock is None or self._socket_dir is None:
            message = "ensure_running comes first"
            raise RuntimeError(message)
        return self._layout, self._lock, self._socket_dir
