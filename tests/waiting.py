"""Wait for a fact, however long a busy machine takes."""

import time
from collections.abc import Callable

PATIENCE_S = 60.0


def wait_until(fact: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    """Wait until something holds; fail when it does not come to pass."""
    deadline_s = time.monotonic() + patience_s
    while not fact():
        assert time.monotonic() < deadline_s, "it did not come to pass"
        time.sleep(0.02)
