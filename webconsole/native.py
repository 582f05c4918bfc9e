"""Real threads for work that must not hold up the hub.

Under gevent every "thread" of the standard library is a greenlet: the routing engine, whose state
belongs to one native thread, and the deliberately slow password hash need gevent's own pool.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gevent import monkey
from gevent.threadpool import ThreadPool

Runner = Callable[..., Any]


def runner(threads: int = 1) -> Runner:
    """Return a callable ``run(work, *args)`` that works in native threads and waits for the result.

    With one thread, everything it is given runs in that one, one after the other.
    """
    if monkey.is_module_patched("threading"):
        pool = ThreadPool(threads)
        return lambda work, *args: pool.apply(work, args)
    executor = ThreadPoolExecutor(threads, thread_name_prefix="nearcrew-native")
    return lambda work, *args: executor.submit(work, *args).result()
