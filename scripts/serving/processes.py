"""Run several child processes that start and end together."""

import contextlib
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType

STOP_PATIENCE_S = 15.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Child:
    """A child process and its name in messages."""

    name: str
    command: Sequence[str]
    variables: Mapping[str, str]


class Household:
    """The running child processes and the stop flag."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def start(self, child: Child) -> None:
        """Start a child process that ends with this one, even if this one is killed.

        It gets a session of its own: Ctrl-C reaches us alone, and we stop everybody in order.
        """
        guard = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
        self._running[child.name] = subprocess.Popen(  # noqa: S603
            [*guard, *child.command],
            env=dict(child.variables),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def ended(self) -> tuple[str, int] | None:
        """Return name and exit code of a child that has ended."""
        for name, process in self._running.items():
            if (code := process.poll()) is not None:
                return name, code
        return None

    def wait(self, until: Callable[[], bool] | None = None) -> tuple[str, int] | None:
        """Wait until a child ends; None on a stop signal or when `until` returns true."""
        while not self.stopping:
            if (gone := self.ended()) is not None:
                return gone
            if until is not None and until():
                return None
            time.sleep(0.1)
        return None

    def stop(self) -> None:
        """Stop all children, the last started first: by SIGTERM, then SIGKILL."""
        for process in reversed(self._running.values()):
            if process.poll() is not None:
                continue
            process.terminate()
            try:
                process.wait(STOP_PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        """Record a stop signal for the waiting loop."""
        self.stopping = True


@contextlib.contextmanager
def household() -> Iterator[Household]:
    """Return a household that is stopped at the end of the context."""
    home = Household()
    former = {number: signal.signal(number, home.ask_to_stop) for number in _SIGNALS}
    try:
        yield home
    finally:
        home.stop()
        for number, handler in former.items():
            signal.signal(number, handler)
