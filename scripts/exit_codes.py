"""Exit codes of processes, in words."""


def how_ended(code: int | None) -> str:
    """Return how a process ended, from its exit code; negative ones are signals."""
    if code is None:
        return "it runs"
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"
