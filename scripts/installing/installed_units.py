"""What is installed on this machine, and how it stands."""

from dataclasses import dataclass
from pathlib import Path

from scripts.installing import systemd
from scripts.installing.installation import UNITS
from scripts.installing.systemd import UnitState
from scripts.installing.units import BACKUP
from scripts.installing.units import CLUSTER
from scripts.installing.units import DRILL
from scripts.installing.units import TARGET
from scripts.installing.units import WEB
from scripts.installing.units import WORKER

ALL = (TARGET, CLUSTER, WEB, WORKER, BACKUP, DRILL)


@dataclass(frozen=True, slots=True)
class Installed:
    """The units whose files are there; their states only where systemd runs."""

    names: tuple[str, ...]
    states: tuple[UnitState, ...]

    @property
    def starts_with_machine(self) -> bool:
        """Whether all of it is started after a power failure."""
        return any(each.name == TARGET and each.starts_with_machine for each in self.states)

    @property
    def stopped(self) -> tuple[UnitState, ...]:
        """Those that should run and do not."""
        return tuple(each for each in self.states if not each.is_active)


def read_installed(root: Path = Path("/")) -> Installed:
    """Return which units are installed below a root, and how they stand."""
    names = tuple(name for name in ALL if (root / UNITS.relative_to("/") / name).is_file())
    asked = names if root == Path("/") and systemd.is_running() else ()
    return Installed(names, tuple(systemd.unit_state(name) for name in asked))
