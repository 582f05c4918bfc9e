"""Keeps child processes running: whoever ends is started again, until we are asked to stop."""

import contextlib
import signal
import sys
import time
from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Protocol

from scripts.errors import ScriptError
from scripts.serving.restarts import ChildState
from scripts.serving.serving_record import ChildNote
from scripts.serving.serving_record import ServingRecord

LOOK_EVERY_S = 0.05
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_TERMINATED = 128 + signal.SIGTERM


class Supervised(Protocol):
    """Something that is kept running: a child process, or the database's server."""

    @property
    def name(self) -> str:
        """What it is called in messages."""

    @property
    def pid(self) -> int | None:
        """Its process id; None while there is none."""

    def start(self) -> None:
        """Start it, without waiting until it is ready."""

    def is_running(self) -> bool:
        """Return whether it runs or is being started."""

    def how_it_ended(self) -> str:
        """Return how it ended, in words."""

    def stop(self) -> str | None:
        """Stop it; return why it was left running, or None."""


class Supervisor:
    """The children in the order in which they were started, and the wish to stop."""

    def __init__(
        self,
        record: ServingRecord,
        *,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._record = record
        self._say = say
        self._clock = clock
        self._children: list[tuple[Supervised, ChildState]] = []
        self._last_ends: dict[str, str] = {}
        self.stopping = False

    def keep(self, child: Supervised, *, is_running: bool = False) -> None:
        """Start a child, unless it runs already, and keep it running from now on."""
        state = ChildState()
        self._children.append((child, state))
        if is_running:
            state.started(self._clock())
        else:
            self._start(child, state)
        self._write()

    def is_troubled(self, name: str) -> bool:
        """Return whether a child ends again and again, soon after each start."""
        return any(state.is_troubled for child, state in self._children if child.name == name)

    def look(self) -> None:
        """Take note of who has ended, and start whoever is due."""
        for child, state in self._children:
            if state.running_since_s is not None:
                self._look_at(child, state)
            if state.is_due(self._clock()):
                self._start(child, state)
        self._write()

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Keep the children running until a stop signal, or until something holds."""
        with _restored_signals():
            for number in _SIGNALS:
                signal.signal(number, self._ask_to_stop)
            while not self.stopping and not until():
                self.look()
                time.sleep(LOOK_EVERY_S)

    def stop(self) -> None:
        """Stop all children, the last started first; whoever is impatient has to wait."""
        with _restored_signals():
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            while self._children:
                child, _ = self._children.pop()
                left = child.stop()
                if left is not None:
                    self._say(f"The {child.name} goes on: {left}.")

    def _look_at(self, child: Supervised, state: ChildState) -> None:
        try:
            runs = child.is_running()
            how = "" if runs else child.how_it_ended()
        except (ScriptError, OSError) as error:
            runs, how = False, _words(error)
        if not runs:
            self._ended(child, state, how)
        elif state.runs(self._clock()):
            self._say(f"The {child.name} runs again.")

    def _start(self, child: Supervised, state: ChildState) -> None:
        state.started(self._clock())
        try:
            child.start()
        except (ScriptError, OSError) as error:
            self._ended(child, state, _words(error))

    def _ended(self, child: Supervised, state: ChildState, how: str) -> None:
        """Say that a child ended; once it is known to be in trouble, nothing more is said."""
        known = state.is_troubled
        begins = state.ended(self._clock())
        self._last_ends[child.name] = how
        if begins:
            rules = state.back_off
            self._say(
                f"The {child.name} has ended {state.quick_ends} times in a row within"
                f" {rules.stable_after_s:.0f} s of its start ({how}). It is started again after"
                f" longer and longer pauses, {rules.pauses_s[-1]:.0f} s at most; what it says"
                " itself tells why."
            )
        elif not known:
            self._say(f"The {child.name} ended ({how}); starting it again.")

    def _write(self) -> None:
        self._record.write(
            {
                child.name: ChildNote(
                    pid=child.pid,
                    quick_ends=state.quick_ends,
                    is_troubled=state.is_troubled,
                    last_end=self._last_ends.get(child.name, ""),
                )
                for child, state in self._children
            }
        )

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True


@contextlib.contextmanager
def supervising(var_dir: Path) -> Iterator[Supervisor]:
    """Return a supervisor whose children are stopped at the end of the block, however it ends."""
    with _restored_signals():
        signal.signal(signal.SIGTERM, _leave)
        with ServingRecord(var_dir) as record:
            supervisor = Supervisor(record, say=say)
            try:
                yield supervisor
            finally:
                supervisor.stop()


@contextlib.contextmanager
def _restored_signals() -> Iterator[None]:
    former = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def say(sentence: str) -> None:
    """Print a line of the log, with the time; not being able to is no reason to stop."""
    with contextlib.suppress(OSError):
        print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z serve: {sentence}", flush=True)


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Leave by way of every `finally`: a default SIGTERM would leave the children behind."""
    sys.exit(_TERMINATED)


def _words(error: Exception) -> str:
    return error.message if isinstance(error, ScriptError) else str(error)
