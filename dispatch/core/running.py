"""Where slow work is run, so that nobody else waits for it: the web server says how."""

from collections.abc import Callable
from typing import Any

Runner = Callable[..., Any]
"""Called as ``run(work, *args)``; returns, or raises, what ``work(*args)`` does."""
