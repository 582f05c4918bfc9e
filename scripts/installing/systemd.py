"""What is asked of systemd."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from scripts.errors import ScriptError

BOOTED = Path("/run/systemd/system")


class SystemdError(ScriptError):
    """The machine has no systemd, or it refused."""


@dataclass(frozen=True, slots=True)
class UnitState:
    """How one unit stands, in systemd's own words."""

    name: str
    is_active: bool
    state: str
    starts_with_machine: bool
    restarts: int


def is_running() -> bool:
    """Return whether systemd has started this machine, so that it can be asked."""
    return BOOTED.is_dir() and shutil.which("systemctl") is not None


def demand() -> None:
    """Raise an error where there is no systemd.

    Raises
    ------
    SystemdError
        Naming what can be done without.
    """
    if not is_running():
        message = "systemd has not started this machine, so nothing can be installed with it."
        mend = (
            "`nearcrew service install --dry-run` shows what would be; `nearcrew serve` runs and"
            " restarts everything without, started by whatever starts programs here."
        )
        raise SystemdError(message, mend=mend)


def tell(*words: str) -> None:
    """Run `systemctl` with these words.

    Raises
    ------
    SystemdError
        With what it said, if it refused.
    """
    run("systemctl", *words)


def run(tool: str, *words: str) -> None:
    """Run a program of systemd's.

    Raises
    ------
    SystemdError
        With what it said, if it failed.
    """
    done = _run([tool, *words])
    if done.returncode != 0:
        message = f"{tool} {' '.join(words)} failed: {done.stdout.strip()}"
        raise SystemdError(message, mend="journalctl -xe says more.")


def unit_state(name: str) -> UnitState:
    """Return how a unit stands."""
    wanted = "--property=ActiveState,SubState,UnitFileState,NRestarts"
    lines = _run(["systemctl", "show", wanted, name]).stdout.splitlines()
    told = dict(line.split("=", 1) for line in lines if "=" in line)
    active, sub = told.get("ActiveState", "unknown"), told.get("SubState", "")
    return UnitState(
        name,
        active == "active",
        f"{active} ({sub})" if sub else active,
        told.get("UnitFileState", "") in {"enabled", "static"},
        int(told.get("NRestarts") or 0),
    )


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
