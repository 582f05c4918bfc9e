"""Native threads that a test can hold: real ones, with the real engine in them."""

import threading
from concurrent.futures import Executor
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from typing_extensions import override

from dispatch.bootstrap import Services
from dispatch.bootstrap import build
from dispatch.settings import Settings
from tests.conftest import CHEAP_HASHER
from tests.conftest import SettableClock


class Panic(BaseException):
    """What a panic of the engine is: no `Exception`."""


class HeldThread(ThreadPoolExecutor):
    """A native thread whose work waits while its gate is closed, and panics if it is told to."""

    def __init__(self) -> None:
        super().__init__(1)
        self.gate = threading.Event()
        self.gate.set()
        self.panics = False
        self.asked = 0

    @override
    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.asked += 1
        return super().submit(self._run, fn, *args, **kwargs)

    def _run(self, fn: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        self.gate.wait(60)
        if self.panics:
            work, given = args
            del work
            return fn(_panic, given)
        return fn(*args, **kwargs)

    @property
    def ended(self) -> bool:
        """Whether the thread is gone."""
        return not any(thread.is_alive() for thread in self._threads)


class HeldThreads:
    """Makes the threads of one worker's networks, and remembers them."""

    def __init__(self) -> None:
        self.made: list[HeldThread] = []
        self.hold_next = False

    def __call__(self) -> Executor:
        """Return another thread."""
        thread = HeldThread()
        if self.hold_next:
            thread.gate.clear()
        self.made.append(thread)
        return thread

    def open_all(self) -> None:
        """Let everything go on."""
        self.hold_next = False
        for thread in self.made:
            thread.gate.set()


def build_worker(settings: Settings, clock: SettableClock, threads: HeldThreads) -> Services:
    """Return the services of one more worker, with these threads."""
    return build(settings, clock=clock, hasher=CHEAP_HASHER, new_thread=threads)


def _panic(*_: object) -> None:
    raise Panic
