"""The workers of a running server: which they are, and how to let some of them stand still."""

import os
import signal
import subprocess
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextlib import contextmanager


def workers_of(pid: int) -> list[int]:
    """Return the process ids of a server's workers; none before there are any."""
    found = subprocess.run(  # noqa: S603
        ["/usr/bin/pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(number) for number in found.stdout.split()]


@contextmanager
def held(workers: Sequence[int]) -> Iterator[None]:
    """Let workers stand still: connections to them stay open, and nothing comes through."""
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        for worker in workers:
            os.kill(worker, signal.SIGCONT)


def alone(worker: int, workers: Sequence[int]) -> AbstractContextManager[None]:
    """Hold all others of these workers: what is asked now is answered by this one."""
    return held([number for number in workers if number != worker])


def all_ready(pid: int, count: int, is_ready: Callable[[], bool]) -> bool:
    """Tell whether each of so many workers says that it is ready.

    Whoever is ready first would otherwise answer for those who still load the roads.
    """
    workers = workers_of(pid)
    if len(workers) != count:
        return False
    for worker in workers:
        with alone(worker, workers):
            if not is_ready():
                return False
    return True
