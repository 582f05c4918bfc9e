"""Runs what is asynchronous from a test, whatever runs in the test's own thread.

Where a browser is open, Playwright's event loop counts as running in that thread, and a second one
cannot be started there.
"""

import asyncio
from collections.abc import Callable
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from typing import TypeVar

Found = TypeVar("Found")


def run_to_its_end(work: Coroutine[Any, Any, Found]) -> Found:
    """Run a coroutine in a thread and a loop of its own; return what it returns."""
    return run_elsewhere(lambda: asyncio.run(work))


def run_elsewhere(work: Callable[[], Found]) -> Found:
    """Run what starts a loop itself in a thread of its own; return what it returns."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()
