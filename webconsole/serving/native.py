"""Real threads for work that must not hold up the hub.

Under gevent every "thread" of the standard library is a greenlet: searches of the road network and
the deliberately slow password hash need gevent's own pool.
"""

from concurrent.futures import Executor
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gevent import monkey
from gevent.threadpool import ThreadPool
from gevent.threadpool import ThreadPoolExecutor as GreenThreadPoolExecutor

from dispatch.core.running import Runner


def thread() -> Executor:
    """Return a native thread of its own; its futures can be waited for in greenlets."""
    if monkey.is_module_patched("threading"):
        found: Executor = GreenThreadPoolExecutor(1)
        return found
    return ThreadPoolExecutor(1, thread_name_prefix="nearcrew-roads")


def runner(threads: int) -> Runner:
    """Return a callable ``run(work, *args)`` that works in native threads and waits."""
    if monkey.is_module_patched("threading"):
        pool = ThreadPool(threads)
        return lambda work, *args: _result(*pool.apply(_outcome, (work, *args)))
    executor = ThreadPoolExecutor(threads, thread_name_prefix="nearcrew-native")
    return lambda work, *args: executor.submit(work, *args).result()


def _outcome(work: Runner, *args: object) -> tuple[Any, BaseException | None]:
    """Carry a refusal out of the thread as a value: gevent prints whatever is raised in there."""
    try:
        return work(*args), None
    except BaseException as error:  # noqa: BLE001  (raised again by whoever waits)
        return None, error


def _result(value: Any, error: BaseException | None) -> Any:  # noqa: ANN401  (as the function)
    if error is not None:
        raise error
    return value
