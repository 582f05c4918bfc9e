"""The nightly backups that there are, and for how long they are kept."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from pathlib import Path

from scripts.cluster.private_cluster import default_var_dir
from scripts.errors import UsageError

FOLDER, DAYS, WEEKS = "NEARCREW_BACKUPS", "NEARCREW_BACKUP_DAYS", "NEARCREW_BACKUP_WEEKS"
_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"nearcrew-(\d{8}T\d{6}Z)\.dump")
_MOST = 3_650


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """Where the nightly backups are, and for how many days and weeks they are kept."""

    folder: Path
    days: int
    weeks: int

    @classmethod
    def of(cls, env: Mapping[str, str]) -> "BackupPlan":
        """Return the plan that environment variables ask for.

        Raises
        ------
        UsageError
            Naming a variable that is no whole number of days or weeks.
        """
        folder = Path(env.get(FOLDER) or default_var_dir(env) / "backups" / "nightly").resolve()
        return cls(folder, _number(env, DAYS, 14), _number(env, WEEKS, 8))


@dataclass(frozen=True, slots=True, order=True)
class KeptBackup:
    """One whole backup: the file, and when it was begun."""

    made_at: datetime
    path: Path

    @property
    def manifest(self) -> Path:
        """What is noted of it; a file without is not counted."""
        return self.path.with_suffix(".json")

    @property
    def size_bytes(self) -> int:
        """Size of the file."""
        return self.path.stat().st_size


def path_of(folder: Path, made_at: datetime) -> Path:
    """Return the file of a backup that is begun at an instant."""
    return folder / f"nearcrew-{made_at.astimezone(UTC):{_STAMP}}.dump"


def whole_backups(folder: Path) -> list[KeptBackup]:
    """Return the whole backups of a folder, the oldest first."""
    return sorted(each for each in _found(folder) if each.manifest.is_file())


def half_backups(folder: Path) -> list[Path]:
    """Return what backups left that did not come to their end."""
    left = [each.path for each in _found(folder) if not each.manifest.is_file()]
    return sorted([*left, *folder.glob(".nearcrew-*.dump.*")])


def _found(folder: Path) -> list[KeptBackup]:
    named = [(_NAME.fullmatch(path.name), path) for path in folder.glob("nearcrew-*.dump")]
    return [
        KeptBackup(datetime.strptime(match.group(1), _STAMP).replace(tzinfo=UTC), path)
        for match, path in named
        if match is not None
    ]


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    raw = (env.get(name) or "").strip()
    if not raw:
        return default
    if not raw.isdecimal() or not 1 <= int(raw) <= _MOST:
        message = f"{name} is {raw}, which is not a whole number from 1 to {_MOST}."
        raise UsageError(message, mend=f"{name}={default}")
    return int(raw)


def environment_plan() -> BackupPlan:
    """Return the plan of this process's environment."""
    return BackupPlan.of(os.environ)
