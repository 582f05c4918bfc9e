"""Stop a server so that it is certain that it does not run, whatever state it is in."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator

from scripts.cluster.cluster_layout import Layout
from scripts.cluster.cluster_lock import ClusterLock
from scripts.cluster.private_cluster import stop_server
from scripts.cluster.server_process import is_ready
from scripts.cluster.server_process import processes_in
from scripts.errors import ClusterError

_ORDERLY_WITHIN_S = 30
_GONE_WITHIN_S = 30.0
_LOOK_EVERY_S = 0.05


@contextlib.contextmanager
def held_stopped(layout: Layout) -> Iterator[None]:
    """Stop the server of a data directory, in order or by force; nobody starts it in the block.

    Raises
    ------
    ClusterError
        If a process of it cannot be ended.
    """
    if not layout.folder.is_dir():  # its disk is gone
        yield
        return
    lock = ClusterLock(layout.lock_file)
    if is_ready(layout) and lock.try_acquire():
        lock.release()
        with contextlib.suppress(ClusterError):  # it hangs: by force, then
            stop_server(layout, patience_s=_ORDERLY_WITHIN_S)
    deadline_s = time.monotonic() + _GONE_WITHIN_S
    # Whoever is just starting it holds the lock, and releases it when the server ends.
    while not lock.try_acquire() or _kill_all(layout):
        if time.monotonic() > deadline_s:
            lock.release()
            message = f"A process of the database in {layout.data_dir} cannot be ended."
            raise ClusterError(message, mend="Switch that machine off, then try again.")
        time.sleep(_LOOK_EVERY_S)
    try:
        yield
    finally:
        lock.release()


def _kill_all(layout: Layout) -> bool:
    """Kill what still runs; return whether there was anything."""
    found = processes_in(layout.data_dir)
    for pid in found:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return bool(found)
