"""Run searches in one native thread, so that a gevent hub is not blocked by them."""

from collections.abc import Callable
from typing import Any
from typing import Protocol
from typing import TypeVar

T = TypeVar("T")


class NativeThread(Protocol):
    """Runs a function in one native thread and waits for its result."""

    def __call__(self, function: Callable[..., T], /, *args: Any) -> T:  # noqa: ANN401
        """Return ``function(*args)``."""


def call_directly(function: Callable[..., T], /, *args: Any) -> T:  # noqa: ANN401
    """Return ``function(*args)``, run in the calling thread."""
    return function(*args)
