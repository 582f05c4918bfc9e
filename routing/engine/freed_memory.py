"""Give freed memory back to the system after preparing a network.

What preparing took for a while, for Porto some 60 MB, the C library keeps for later: but a worker
prepares once and then answers for days.
"""

import ctypes
from contextlib import suppress


def give_back_memory() -> None:
    """Return what was freed to the system, where the C library can (glibc)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
