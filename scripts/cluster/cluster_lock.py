"""The lock of a cluster: only one process at a time makes, starts or stops it."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from scripts.errors import ClusterError


class ClusterLock:
    """A lock on a file; the kernel releases it when its holder ends, however that ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether it is held here."""
        return self._handle is not None

    def acquire(self) -> None:
        """Wait for the lock and take it."""
        self._take(fcntl.LOCK_EX)

    def try_acquire(self) -> bool:
        """Take the lock unless somebody else holds it; return whether it is held now."""
        try:
            self._take(fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Release the lock, if it is held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock until the end of the block."""
        self.acquire()
        try:
            yield
        finally:
            self.release()

    def _take(self, operation: int) -> None:
        if self._handle is not None:
            return
        try:
            handle = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except PermissionError as error:
            message = f"{self._path} may not be opened by this user."
            mend = "Run as the owner of the checkout or root."
            raise ClusterError(message, mend=mend) from error
        try:
            fcntl.flock(handle, operation)
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle
