"""What a benchmark ran on: numbers without it say nothing."""

import os
import platform
from collections.abc import Mapping
from pathlib import Path

_GIBIBYTE = 2**30


def describe_machine(**more: str) -> dict[str, str]:
    """Return processor, memory, system and load now, and whatever else is named.

    Parameters
    ----------
    more
        Further lines, such as the version of the database.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{memory / _GIBIBYTE:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "load before": load(),
        **more,
    }


def load() -> str:
    """Return the load averages: other work on the machine makes every time longer."""
    one, five, _ = os.getloadavg()
    return f"{one:.2f} in the last minute, {five:.2f} in five"


def as_lines(machine: Mapping[str, str]) -> list[str]:
    """Return a description as lines of text."""
    return [f"{name}: {value}" for name, value in machine.items()]


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
