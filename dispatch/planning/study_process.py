"""The program that becomes a study's command: ``python -m dispatch.planning.study_process``.

It limits itself, ties its life to the worker's, and then turns into the command that it is given:
a study that needs too much, or whose worker is killed, ends and takes nothing else with it.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from dataclasses import dataclass
from typing import Final

_LESS_URGENT: Final = 10
_AFTER_WARNING_S: Final = 5
_DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG of prctl(2); kept over exec


@dataclass(frozen=True, slots=True)
class StudyLimits:
    """How much one study may take.

    ``memory_bytes`` is of addresses, libraries included; ``cpu_s`` of processor time; ``wall_s``
    until the worker ends it; ``file_bytes`` of each file and ``all_bytes`` of all that are kept.
    """

    memory_bytes: int = 8_000_000_000
    cpu_s: int = 4 * 3_600
    wall_s: float = 2 * 3_600.0
    file_bytes: int = 200_000_000
    all_bytes: int = 400_000_000


def limit_this_process(limits: StudyLimits) -> None:
    """Let this process have no more than that, and go behind everything else on the machine."""
    os.nice(_LESS_URGENT)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + _AFTER_WARNING_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_bytes, limits.file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def die_with(parent: int) -> None:
    """End as soon as the worker does, whatever ends it.

    Raises
    ------
    SystemExit
        If it is gone already.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(1)


def main() -> None:
    """Limit, tie, become the command."""
    asked = json.loads(sys.argv[1])
    die_with(asked["parent"])
    limit_this_process(StudyLimits(**asked["limits"]))
    command = sys.argv[2:]
    os.execv(command[0], command)  # noqa: S606  (what the worker put together)


if __name__ == "__main__":
    main()
