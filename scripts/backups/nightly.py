"""Make the nightly backup, and remove those that are not kept any longer."""

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from pathlib import Path

from scripts.backups.kept_backups import BackupPlan
from scripts.backups.kept_backups import KeptBackup
from scripts.backups.kept_backups import half_backups
from scripts.backups.kept_backups import path_of
from scripts.backups.kept_backups import whole_backups
from scripts.backups.manifest import Manifest
from scripts.backups.manifest import count
from scripts.backups.manifest import digest_of
from scripts.backups.manifest import snapshot_of
from scripts.backups.retention import kept
from scripts.cluster import backup as backups
from scripts.errors import DatabaseError

_ROOM_TO_SPARE = 1.2
_ABANDONED_S = 86_400


@dataclass(frozen=True, slots=True)
class Night:
    """What was made and what was removed."""

    made: KeptBackup
    removed: tuple[KeptBackup, ...]


def run_nightly(admin_url: str, plan: BackupPlan, now: datetime) -> Night:
    """Make a backup with its manifest, then remove those that the plan keeps no longer.

    Nothing is removed before the new one is whole.

    Raises
    ------
    DatabaseError
        If another one is being made, the disk has no room, or dumping fails.
    """
    try:
        plan.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        message = f"{plan.folder} cannot be made: {error.strerror}."
        raise DatabaseError(message, mend="NEARCREW_BACKUPS names another folder.") from error
    with _only_one(plan.folder):
        before = whole_backups(plan.folder)
        _check_room(plan.folder, before)
        made = _make(admin_url, _next_free(plan.folder, now))
        there = [*before, made]
        stay = kept([each.made_at for each in there], now, days=plan.days, weeks=plan.weeks)
        removed = tuple(each for each in before if each.made_at not in stay)
        for each in removed:
            each.manifest.unlink()  # first: without it, what is left is no backup
            each.path.unlink()
        _remove_abandoned(plan.folder)
    return Night(made, removed)


def _next_free(folder: Path, now: datetime) -> KeptBackup:
    """Return a name that no backup has: names tell seconds, and two may be made within one."""
    while path_of(folder, now).exists():
        now += timedelta(seconds=1)
    return KeptBackup(now, path_of(folder, now))


def _make(admin_url: str, wanted: KeptBackup) -> KeptBackup:
    with snapshot_of(admin_url) as (snapshot, connection):
        size_bytes = backups.backup(admin_url, wanted.path, snapshot=snapshot)
        holdings = count(connection)
    manifest = Manifest(size_bytes, digest_of(wanted.path), holdings)
    fresh = wanted.manifest.with_name(f".{wanted.manifest.name}")
    fresh.touch(mode=0o600)
    with fresh.open("w", encoding="utf-8") as file:
        file.write(manifest.text())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(wanted.manifest)
    return wanted


@contextlib.contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"A backup is being made in {folder}."
            raise DatabaseError(message, mend="Wait until it has ended.") from None
        yield


def _check_room(folder: Path, before: list[KeptBackup]) -> None:
    if not before:
        return
    wanted_bytes = before[-1].size_bytes * _ROOM_TO_SPARE
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < wanted_bytes:
        message = (
            f"{folder} has {free_bytes / 1e6:.0f} MB free and the backup takes some"
            f" {wanted_bytes / 1e6:.0f} MB."
        )
        mend = "Free some space, keep fewer (NEARCREW_BACKUP_DAYS), or NEARCREW_BACKUPS=…"
        raise DatabaseError(message, mend=mend)


def _remove_abandoned(folder: Path) -> None:
    """Remove what killed backups left, unless it is of today."""
    for path in half_backups(folder):
        if time.time() - path.stat().st_mtime > _ABANDONED_S:
            path.unlink(missing_ok=True)
