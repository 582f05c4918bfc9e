"""The record of an installation with two clusters: which is the primary, and which may not start.

Both state folders hold a copy; the one with the higher term counts. So a folder that was away while
its standby was promoted learns of it from the other, and its server is not started as a second
primary.
"""

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any

from scripts.cluster.cluster_layout import OsUser
from scripts.errors import ClusterError

RECORD = "replication.json"
PROGRESS = "replication-progress.json"
NODES = ("a", "b")
REJOIN = "nearcrew standby create makes it the standby of the present primary."


class FencedError(ClusterError):
    """A server whose standby was promoted; started, it would be a second primary."""


@dataclass(frozen=True, slots=True)
class Replication:
    """Two state folders and their parts.

    Attributes
    ----------
    term
        Rises with each change of the primary; of two records the higher one counts.
    primary
        Which of the folders has the primary: ``"a"`` or ``"b"``.
    folders
        State folder of each.
    is_fenced
        Whether the other one was the primary once and may not start until it is made a standby.
    """

    term: int
    primary: str
    folders: Mapping[str, Path]
    is_fenced: bool = False

    @property
    def other(self) -> str:
        """The one that is not the primary."""
        return next(name for name in NODES if name != self.primary)

    @property
    def primary_folder(self) -> Path:
        """State folder of the primary."""
        return self.folders[self.primary]

    @property
    def other_folder(self) -> Path:
        """State folder of the other."""
        return self.folders[self.other]

    def name_of(self, folder: Path) -> str:
        """Return which of the two a state folder is."""
        return next(name for name, each in self.folders.items() if each == folder)

    def promoted(self) -> "Replication":
        """Return the record after the standby has taken over."""
        return replace(self, term=self.term + 1, primary=self.other, is_fenced=True)

    def alone(self) -> "Replication":
        """Return the record after the other was dropped."""
        return replace(self, term=self.term + 1, is_fenced=True)

    def rejoined(self) -> "Replication":
        """Return the record after the other was made a standby."""
        return replace(self, term=self.term + 1, is_fenced=False)


@dataclass(frozen=True, slots=True)
class Progress:
    """Whether commits wait for the standby, and since when that has been so (ISO 8601)."""

    is_synchronous: bool
    since: str

    @classmethod
    def noted_now(cls, *, is_synchronous: bool) -> "Progress":
        """Return what begins now."""
        return cls(is_synchronous, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")


def cluster_name(node: str) -> str:
    """Return the name by which a server is known to the other: also that of its slot."""
    return f"nearcrew_{node}"


def read_replication(folder: Path) -> Replication | None:
    """Return the record that counts for a state folder; None without a standby.

    Raises
    ------
    ClusterError
        If it cannot be read: a server is rather not started than started twice.
    """
    folder = folder.resolve()
    own = _read(folder)
    if own is None:
        return None
    for other in own.folders.values():
        with contextlib.suppress(ClusterError):  # a broken disk there must not hold us up here
            theirs = _read(other) if other != folder else None
            if theirs is not None and theirs.term > own.term and folder in theirs.folders.values():
                own = theirs
    return own


def write_replication(record: Replication, user: OsUser) -> None:
    """Write the record to the primary's folder and, unless it is away, to the other one."""
    content = {**asdict(record), "folders": {n: str(f) for n, f in record.folders.items()}}
    _write(record.primary_folder / RECORD, content, user)
    with contextlib.suppress(OSError):
        _write(record.other_folder / RECORD, content, user)


def forget_replication(record: Replication) -> None:
    """Remove the record from both folders."""
    for folder in record.folders.values():
        for name in (RECORD, PROGRESS):
            with contextlib.suppress(OSError):
                (folder / name).unlink(missing_ok=True)


def read_progress(record: Replication) -> Progress | None:
    """Return whether commits wait for the standby; of two answers the one that promises less.

    Returns
    -------
    progress
        None if nobody has noted it yet.
    """
    found = []
    for folder in record.folders.values():
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            content = json.loads((folder / PROGRESS).read_text(encoding="utf-8"))
            if content.pop("term") == record.term:
                found.append(Progress(**content))
    return min(found, key=lambda each: each.is_synchronous, default=None)


def write_progress(record: Replication, progress: Progress, user: OsUser) -> None:
    """Note in both folders whether commits wait for the standby; one may be away."""
    content = {"term": record.term, **asdict(progress)}
    for folder in record.folders.values():
        with contextlib.suppress(OSError):
            _write(folder / PROGRESS, content, user)


def primary_folder(folder: Path) -> Path:
    """Return the state folder whose server is the primary: this one, or its partner's."""
    record = read_replication(folder)
    return folder.resolve() if record is None else record.primary_folder


def is_fenced(folder: Path) -> bool:
    """Return whether the server of a state folder may not be started."""
    record = read_replication(folder)
    return record is not None and record.is_fenced and record.other_folder == folder.resolve()


def refuse_fenced(folder: Path) -> None:
    """Raise an error if the server of a state folder may not be started.

    Raises
    ------
    FencedError
        If its standby was promoted.
    """
    if is_fenced(folder):
        message = f"The database in {folder} may not start: its standby has taken over from it."
        raise FencedError(message, mend=REJOIN)


def _read(folder: Path) -> Replication | None:
    path = folder / RECORD
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        folders = {name: Path(content["folders"][name]) for name in NODES}
        return Replication(
            int(content["term"]), str(content["primary"]), folders, bool(content["is_fenced"])
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{path} cannot be read: {error}."
        mend = "Copy it from the other state folder, or make it readable for this user."
        raise ClusterError(message, mend=mend) from error


def _write(path: Path, content: Mapping[str, object], user: OsUser) -> None:
    """Replace a file atomically and wait until the disk has it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    if os.geteuid() == 0:
        os.chown(fresh, user.uid, user.gid)
    fresh.replace(path)
