"""How a job worker is started; apart from running one, which imports all services."""

import sys


def worker_command() -> list[str]:
    """Return the command line of a worker."""
    return [sys.executable, "-m", "scripts.cli", "worker"]
