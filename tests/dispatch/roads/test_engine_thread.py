"""A thread of an engine: one question at a time, bounded waiting, an end when it is replaced."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from dispatch.core.errors import Conflict
from dispatch.roads.engine_thread import EngineRetiredError
from dispatch.roads.engine_thread import EngineThread
from dispatch.roads.engine_thread import EngineUnavailableError
from tests.waiting import wait_until

SOON_S = 0.05


class Panic(BaseException):
    """What a crash of the engine looks like: no `Exception`."""


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Return a native thread."""
    with ThreadPoolExecutor(1) as executor:
        yield executor


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Return what holds a question until it is set; set at the latest when the test ends."""
    event = threading.Event()
    yield event
    event.set()


def hold(engine: EngineThread, gate: threading.Event) -> None:
    """Put a question that is not answered before the gate opens, and give up waiting for it."""
    with pytest.raises(EngineUnavailableError, match="in time"):
        engine.run(gate.wait, wait_s=SOON_S)


def fail(error: BaseException) -> None:
    """Raise it."""
    raise error


def test_an_answer_is_made_in_the_thread_and_a_refusal_is_one(pool: ThreadPoolExecutor) -> None:
    """What the domain refuses is the answer to the question, not a fault of the engine."""
    engine = EngineThread(pool)

    assert engine.run(threading.get_ident, wait_s=None) != threading.get_ident()
    with pytest.raises(Conflict):
        engine.run(fail, Conflict("unreachable", "No road leads there."), wait_s=None)


@pytest.mark.parametrize("error", [ValueError("broken"), Panic("panicked")])
def test_a_failure_is_one_kind_of_error_and_the_next_question_is_answered(
    pool: ThreadPoolExecutor, error: BaseException
) -> None:
    """A panic of the engine passes `except Exception`; here it does not pass."""
    engine = EngineThread(pool)

    with pytest.raises(EngineUnavailableError) as refused:
        engine.run(fail, error, wait_s=None)

    assert refused.value.__cause__ is error
    assert engine.run(abs, -1, wait_s=None) == 1


def test_a_stuck_engine_refuses_at_once_until_it_is_free_again(
    pool: ThreadPoolExecutor, gate: threading.Event
) -> None:
    """The first one waits as long as it is willing to; those after it do not wait at all."""
    engine = EngineThread(pool, lost_after_s=0)
    hold(engine, gate)

    for _ in range(3):
        with pytest.raises(EngineUnavailableError, match="busy"):
            engine.run(abs, -1, wait_s=None)  # would wait for ever

    gate.set()
    wait_until(lambda: not engine.stuck)
    assert engine.run(abs, -1, wait_s=None) == 1


def test_a_slow_question_is_waited_for_by_the_next_one(
    pool: ThreadPoolExecutor, gate: threading.Event
) -> None:
    """On a busy machine a search may outlast one question's patience and still end."""
    engine = EngineThread(pool, lost_after_s=60)
    hold(engine, gate)
    with pytest.raises(EngineUnavailableError, match="busy"):
        engine.run(abs, -1, wait_s=SOON_S)

    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(engine.run(abs, -1, wait_s=60)))
    asking.start()
    wait_until(lambda: engine.in_hand == 1)
    gate.set()
    asking.join(60)

    assert answers == [1]


def test_only_so_many_questions_wait(pool: ThreadPoolExecutor, gate: threading.Event) -> None:
    """One is answered and one waits: there is no room for a third."""
    engine = EngineThread(pool, most_asking=2)
    answers: list[int] = []
    asking = [
        threading.Thread(target=lambda: answers.append(engine.run(_one, gate, wait_s=None)))
        for _ in range(2)
    ]
    for thread in asking:
        thread.start()
    wait_until(lambda: engine.in_hand == 2)

    with pytest.raises(EngineUnavailableError, match="wait for the road engine"):
        engine.run(abs, -1, wait_s=None)

    gate.set()
    for thread in asking:
        thread.join(60)
    assert answers == [1, 1]


def test_a_replaced_engine_answers_what_was_asked_and_its_thread_ends(
    gate: threading.Event,
) -> None:
    """Even if nobody waits for the last answer any more."""
    pool = ThreadPoolExecutor(1)
    engine = EngineThread(pool)
    hold(engine, gate)
    (thread,) = pool._threads

    engine.retire()

    with pytest.raises(EngineRetiredError):
        engine.run(abs, -1, wait_s=None)
    assert thread.is_alive()
    gate.set()
    thread.join(60)
    assert not thread.is_alive()


def _one(gate: threading.Event) -> int:
    gate.wait(60)
    return 1
