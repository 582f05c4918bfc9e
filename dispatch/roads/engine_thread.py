"""A native thread for one engine: one question at a time, and bounded waiting for its answer.

A search that never returns cannot be stopped from outside. What can be kept small is the damage:
nobody waits longer than a limit, only so many wait at all, and once a question has run on for some
time after it was given up the next ones are refused at once until it ends.
"""

import threading
from concurrent.futures import Executor
from concurrent.futures import Future
from time import monotonic
from typing import Any

from dispatch.core.errors import DispatchError
from dispatch.core.running import Runner

MOST_ASKING = 64
"""How many questions may be in hand, the running one included."""
_BUSY = "the road engine is busy"


class EngineUnavailableError(Exception):
    """The engine failed, or did not answer in time."""


class EngineRetiredError(Exception):
    """The engine has been replaced by another; ask that one."""


class EngineThread:
    """Runs questions in a native thread of its own, for as long as the engine is in use."""

    def __init__(
        self, executor: Executor, *, most_asking: int = MOST_ASKING, lost_after_s: float = 5.0
    ) -> None:
        """Take over a thread.

        Parameters
        ----------
        executor
            One native thread, ours from now on: it is shut down when the engine is retired.
        most_asking
            How many questions may be in hand; further ones are refused at once.
        lost_after_s
            So long after it was given up, nobody waits any more for a question to end.
        """
        self._executor = executor
        self._most_asking = most_asking
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self._in_hand = 0
        self._lost_after_s = lost_after_s
        self._overdue: Future[Any] | None = None
        self._lost_at_s = 0.0
        self._retired = False

    def run(self, work: Runner, *args: object, wait_s: float | None) -> Any:  # noqa: ANN401
        """Return ``work(*args)``, run in the thread.

        Parameters
        ----------
        work
            What to run.
        args
            What it is given.
        wait_s
            How long to wait for the answer, waiting for one's turn included; None: for ever.

        Raises
        ------
        DispatchError
            The refusal that is the answer.
        EngineUnavailableError
            If it failed otherwise, was not answered in time, or too many wait already.
        EngineRetiredError
            If the engine was replaced before the question was put.
        """
        self._pick_up()
        try:
            answer, error = self._answer(work, args, wait_s)
        finally:
            self._put_down()
        if isinstance(error, DispatchError):
            raise error
        if error is not None:
            message = f"the road engine failed: {error}"
            raise EngineUnavailableError(message) from error
        return answer

    @property
    def in_hand(self) -> int:
        """How many questions run or wait."""
        return self._in_hand

    @property
    def stuck(self) -> bool:
        """Whether the question that runs has outlasted the patience of whoever asked it."""
        return self._overdue is not None and not self._overdue.done()

    def retire(self) -> None:
        """Take no more questions; the thread ends once those in hand are answered."""
        with self._counting:
            self._retired = True
            unused = self._in_hand == 0
        if unused:
            self._end()

    def _answer(
        self, work: Runner, args: tuple[object, ...], wait_s: float | None
    ) -> tuple[Any, BaseException | None]:
        """Wait for one's turn, then for the answer; never in a callback, which gevent forbids."""
        until_s = None if wait_s is None else monotonic() + wait_s
        if self._is_lost() or not self._turn.acquire(timeout=-1 if wait_s is None else wait_s):
            raise EngineUnavailableError(_BUSY)
        try:
            self._wait_for_overdue(until_s)  # so at most one question is in the thread
            running = self._executor.submit(_outcome, work, args)
            try:
                return running.result(_left_s(until_s))
            except TimeoutError:
                message = "the road engine did not answer in time"
                raise EngineUnavailableError(message) from None
            finally:
                if not running.done():  # given up, by us or by whoever ended our request
                    self._overdue = running
                    self._lost_at_s = monotonic() + self._lost_after_s
        finally:
            self._turn.release()

    def _wait_for_overdue(self, until_s: float | None) -> None:
        """Wait for a question that was given up; it may have been slow and not stuck."""
        if self._overdue is not None and not self._overdue.done():
            if self._is_lost():
                raise EngineUnavailableError(_BUSY)
            try:
                self._overdue.result(_left_s(until_s))
            except TimeoutError:
                raise EngineUnavailableError(_BUSY) from None

    def _is_lost(self) -> bool:
        return self.stuck and monotonic() >= self._lost_at_s

    def _pick_up(self) -> None:
        with self._counting:
            if self._retired:
                raise EngineRetiredError
            if self._in_hand >= self._most_asking:
                message = f"{self._in_hand} questions wait for the road engine"
                raise EngineUnavailableError(message)
            self._in_hand += 1

    def _put_down(self) -> None:
        with self._counting:
            self._in_hand -= 1
            unused = self._retired and self._in_hand == 0
        if unused:
            self._end()

    def _end(self) -> None:
        """Let the thread end; beside us, for a search that was given up may never end."""
        threading.Thread(target=self._executor.shutdown, name="road end", daemon=True).start()


def _left_s(until_s: float | None) -> float | None:
    return None if until_s is None else max(0.0, until_s - monotonic())


def _outcome(work: Runner, args: tuple[object, ...]) -> tuple[Any, BaseException | None]:
    """Carry an error out of the thread as a value: gevent prints whatever is raised in there."""
    try:
        return work(*args), None
    except BaseException as error:  # noqa: BLE001  (panics of the engine are no `Exception`)
        return None, error
