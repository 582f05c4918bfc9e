"""A program: what a gevent worker does while its road engine is stuck and a network is prepared."""

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402  (everything after the patch)
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

import gevent  # noqa: E402
import pytest  # noqa: E402

from dispatch.roads.engine_thread import EngineThread  # noqa: E402
from dispatch.roads.engine_thread import EngineUnavailableError  # noqa: E402
from dispatch.roads.preparation import PreparationFailedError  # noqa: E402
from dispatch.roads.preparation import prepare_apart  # noqa: E402
from tests.waiting import wait_until  # noqa: E402
from webconsole.serving import native  # noqa: E402

NO_DATABASE = "postgresql+psycopg://nobody@127.0.0.1:1/none"
ticks = 0


def tick() -> None:
    """Count, as often as a request could be answered."""
    global ticks  # noqa: PLW0603  (a program of one greenlet and this)
    while True:
        ticks += 1
        gevent.sleep(0.001)


def ask_often(engine: EngineThread, number: int) -> None:
    """Be one of many who ask at once."""
    for _ in range(50):
        assert engine.run(abs, -number, wait_s=60) == number


def main() -> None:
    """Fail if anything kept the hub from its other greenlets."""
    ticking = gevent.spawn(tick)
    lock = monkey.get_original("_thread", "allocate_lock")()
    lock.acquire()
    threads = _threads()
    engine = EngineThread(native.thread())
    assert engine.run(abs, -1, wait_s=None) == 1
    assert _threads() == threads + 1
    asking = [gevent.spawn(ask_often, engine, number) for number in range(20)]
    gevent.joinall(asking, raise_error=True)

    before = ticks
    with pytest.raises(EngineUnavailableError):
        engine.run(lock.acquire, wait_s=0.1)  # a native lock: the whole native thread waits
    assert ticks > before + 1
    assert engine.stuck
    lock.release()
    wait_until(lambda: not engine.stuck)
    assert engine.run(abs, -2, wait_s=None) == 2
    engine.retire()
    wait_until(lambda: _threads() == threads)

    before = ticks
    with pytest.raises(PreparationFailedError, match="refused"):
        prepare_apart(NO_DATABASE, Path(sys.argv[1]))(1, "0")
    assert ticks > before + 1
    ticking.kill()


def _threads() -> int:
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208  (no paths, a number)


if __name__ == "__main__":
    main()
