"""Measure the peak memory of this process."""

import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")
_FORGET = Path("/proc/self/clear_refs")
_PEAK = "VmHWM:"


def begin_anew() -> None:
    """Reset the peak, where the system supports it; else the next one includes it."""
    try:
        _FORGET.write_text("5", encoding="ascii")
    except OSError:  # not Linux, or not allowed here
        return


def peak_mb() -> float:
    """Return the peak memory since `begin_anew`, in megabytes."""
    try:
        lines = _STATUS.read_text(encoding="ascii").splitlines()
        (line,) = (line for line in lines if line.startswith(_PEAK))
        return int(line.split()[1]) * 1024 / 1e6
    except (OSError, ValueError):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        # The kernel counts in kilobytes, except Apple's, which counts in bytes.
        return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
