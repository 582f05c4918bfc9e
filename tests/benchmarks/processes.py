"""What running programs use: memory and processor time of a server's workers, from /proc."""

import os
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def children(pid: int) -> list[int]:
    """Return the processes that one has started and that still run."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(each) for each in listed.split()]


def rss_bytes(pids: list[int]) -> int:
    """Return how much memory these processes hold, shared pages counted in each."""
    return sum(_field(f"/proc/{pid}/statm", 1) * _PAGE_BYTES for pid in pids)


def cpu_s(pids: list[int]) -> float:
    """Return how long these processes have computed so far, in user and system mode."""
    total = 0
    for pid in pids:
        # The name of the program stands in brackets and may hold anything.
        rest = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        total += int(rest[11]) + int(rest[12])
    return total / _TICKS_PER_S


def _field(path: str, number: int) -> int:
    return int(Path(path).read_text(encoding="ascii").split()[number])
