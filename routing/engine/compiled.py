"""Compile array loops with numba: once per machine, the result is kept on disk."""

from collections.abc import Callable
from typing import ParamSpec
from typing import TypeVar
from typing import cast

import numba

P = ParamSpec("P")
T = TypeVar("T")


def compiled(function: Callable[P, T]) -> Callable[P, T]:
    """Return a function compiled at its first call, without the interpreter's lock.

    numba keeps the machine code beside the module, or where ``NUMBA_CACHE_DIR`` says if that
    folder cannot be written.
    """
    return cast("Callable[P, T]", numba.njit(cache=True, nogil=True)(function))
