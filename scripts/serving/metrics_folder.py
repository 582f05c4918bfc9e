"""Folders of the workers' counts: one for each running server, under var; those of dead ones go.

A server that is killed cannot remove its own. Which are left over is told by a lock that every
server holds on a file in its folder for as long as one of its processes lives: process ids come
again, and in a container the killed server's is the next one's too.
"""

import fcntl
import os
import shutil
from pathlib import Path

_LOCK = "lock"


def make_metrics_folder(var_dir: Path) -> Path:
    """Return a fresh folder for this server's counts, after removing those of servers that ended.

    The lock is held until this process and its children have ended; nobody has to let go of it.
    """
    parent = var_dir / "metrics"
    parent.mkdir(parents=True, exist_ok=True)
    # One at a time: a folder is not yet locked at the instant when it is made.
    with (parent / "making").open("w") as making:
        fcntl.flock(making, fcntl.LOCK_EX)
        for folder in parent.iterdir():
            if folder.is_dir() and not _is_in_use(folder):
                shutil.rmtree(folder, ignore_errors=True)
        fresh = parent / f"{os.getpid()}-{os.urandom(4).hex()}"
        fresh.mkdir()
        held = os.open(fresh / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(held, fcntl.LOCK_EX)
    return fresh


def _is_in_use(folder: Path) -> bool:
    """Return whether a server holds the lock of its folder."""
    try:
        handle = os.open(folder / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
