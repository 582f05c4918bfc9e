"""A process under supervision: started, watched, and ended with all that it started itself."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

from scripts.exit_codes import how_ended

STOP_PATIENCE_S = 15.0
_LOOK_EVERY_S = 0.02
_DEAD = frozenset({"Z", "X"})


class ChildProcess:
    """A child process and its name in messages.

    It ends with this process, even if this one is killed. It gets a session of its own: Ctrl-C
    reaches us alone, and we stop everybody in order.

    Parameters
    ----------
    name
        In messages.
    command, variables
        What to run, and in which environment.
    sockets
        File descriptors that it inherits.
    leaves_workers
        Whether processes that it started may go on for a while when it was killed: they end by
        themselves. Otherwise they are killed with it.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        variables: Mapping[str, str],
        *,
        sockets: Collection[int] = (),
        leaves_workers: bool = False,
    ) -> None:
        self.name = name
        self._command = command
        self._variables = variables
        self._sockets = sockets
        self._leaves_workers = leaves_workers
        self._process: subprocess.Popen[bytes] | None = None
        self._orphaned: set[int] = set()

    @property
    def pid(self) -> int | None:
        """Process id; None while there is none."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Start it."""
        guard = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
        self._process = subprocess.Popen(  # noqa: S603
            [*guard, *self._command],
            env=dict(self._variables),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=self._sockets,
        )

    def is_running(self) -> bool:
        """Return whether it runs; once it does not, what it has left behind is seen to."""
        if self._process is None:
            return False
        if self._process.poll() is None:
            return True
        if _has_members(self._process.pid):
            self._orphaned.add(self._process.pid)
            if not self._leaves_workers:
                _signal_group(self._process.pid, signal.SIGKILL)
        return False

    def how_it_ended(self) -> str:
        """Return how it ended."""
        return how_ended(self._process.returncode) if self._process is not None else "not started"

    def stop(self) -> None:
        """Stop it by SIGTERM, then SIGKILL, and whatever it or its forerunners left behind."""
        if self._process is not None and self.is_running():
            self._process.terminate()
            try:
                self._process.wait(STOP_PATIENCE_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self.is_running()
        for number in (signal.SIGTERM, signal.SIGKILL):
            self._orphaned = {each for each in self._orphaned if _has_members(each)}
            for each in self._orphaned:
                _signal_group(each, number)
            _wait_for_groups(self._orphaned)


def _has_members(group: int) -> bool:
    """Return whether processes of a group still live; one that nobody has buried does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name of the program stands in brackets and may hold anything.
            state, _, its_group = stat.read_text(encoding="utf-8").rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if int(its_group) == group and state not in _DEAD:
            return True
    return False


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _wait_for_groups(groups: Collection[int]) -> None:
    deadline_s = time.monotonic() + STOP_PATIENCE_S
    while any(map(_has_members, groups)) and time.monotonic() < deadline_s:
        time.sleep(_LOOK_EVERY_S)
