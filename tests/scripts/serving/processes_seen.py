"""Processes as they are seen from outside."""

from pathlib import Path

from tests.waiting import wait_until


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that nobody has buried yet does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def noted_pid(file: Path) -> int:
    """Wait for a process to write down its id, with a blank behind it, and return that."""
    wait_until(lambda: file.is_file() and file.read_text(encoding="ascii").endswith(" "))
    return int(file.read_text(encoding="ascii"))
