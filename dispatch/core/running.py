"""Type of the injected runner of blocking work, chosen by the web server."""

from collections.abc import Callable
from typing import Any

Runner = Callable[..., Any]
"""Called as ``run(work, *args)``; returns, or raises, what ``work(*args)`` does."""
