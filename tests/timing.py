"""How long a piece of work takes, on a machine that may be busy with something else."""

import time
from collections.abc import Callable


def quickest_s(work: Callable[[], object], times: int = 3) -> float:
    """Do it several times and return the seconds of the quickest."""
    took_s = []
    for _ in range(times):
        began_s = time.perf_counter()
        work()
        took_s.append(time.perf_counter() - began_s)
    return min(took_s)
