"""Compile array loops when their module is imported, so that no model waits for the compiler."""

from collections.abc import Callable
from typing import ParamSpec
from typing import TypeVar
from typing import cast

import numba

P = ParamSpec("P")
T = TypeVar("T")


def compiled_for(signature: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator that compiles a function for one signature.

    The machine code is kept on disk (beside the module, or in ``NUMBA_CACHE_DIR``): only the first
    import on a machine takes its seconds. The GIL is released.
    """

    def compile_it(function: Callable[P, T]) -> Callable[P, T]:
        return cast("Callable[P, T]", numba.njit(signature, cache=True, nogil=True)(function))

    return compile_it
