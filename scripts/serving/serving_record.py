"""What a supervisor writes down about itself: for `nearcrew doctor`, and for its successor.

One file for each supervisor, locked while it lives. The lock tells a living one from one that was
killed, whoever has got its process number since.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from scripts.errors import UsageError

FOLDER = "serving"


@dataclass(frozen=True, slots=True)
class ChildNote:
    """One child: its process, and how often it has ended soon after its start."""

    pid: int | None
    quick_ends: int = 0
    is_troubled: bool = False
    last_end: str = ""


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """The record of a supervisor, living or killed."""

    pid: int
    is_alive: bool
    children: Mapping[str, ChildNote]


class ServingRecord:
    """The file of this supervisor; it goes when the supervisor stops."""

    def __init__(self, var_dir: Path) -> None:
        self._path = var_dir / FOLDER / f"{os.getpid()}.json"
        self._handle: int | None = None
        self._written: bytes = b""

    def __enter__(self) -> Self:
        """Make the file and lock it."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_CREAT | os.O_RDWR | os.O_TRUNC | os.O_CLOEXEC
            self._handle = os.open(self._path, flags, 0o644)
        except OSError as error:
            message = f"{self._path} cannot be written: {error.strerror}."
            raise UsageError(message, mend="Set NEARCREW_VAR to a folder you may write.") from error
        fcntl.flock(self._handle, fcntl.LOCK_EX)
        self.write({})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the file."""
        self._path.unlink(missing_ok=True)
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def write(self, children: Mapping[str, ChildNote]) -> None:
        """Write down the state of the children, if it is another."""
        content = {name: asdict(child) for name, child in children.items()}
        text = json.dumps({"pid": os.getpid(), "children": content}).encode()
        if self._handle is None or text == self._written:
            return
        # In place: a new file would not carry the lock. A reader may find half of it.
        with contextlib.suppress(OSError):  # a full disk must not end the supervisor, too
            os.pwrite(self._handle, text, 0)
            os.ftruncate(self._handle, len(text))
            self._written = text


def read_records(var_dir: Path) -> Sequence[FoundRecord]:
    """Return the records of all supervisors of a state folder, with those that were killed."""
    found = []
    for path in sorted((var_dir / FOLDER).glob("*.json")):
        try:
            handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            continue  # it has stopped meanwhile
        try:
            found.append(_read(path, handle))
        finally:
            os.close(handle)
    return found


def forget_killed(var_dir: Path) -> None:
    """Remove the records of supervisors that were killed."""
    for record in read_records(var_dir):
        if not record.is_alive:
            (var_dir / FOLDER / f"{record.pid}.json").unlink(missing_ok=True)


def _read(path: Path, handle: int) -> FoundRecord:
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        is_alive = True
    else:
        is_alive = False
    try:
        content = json.loads(path.read_bytes())["children"]
        children = {name: ChildNote(**child) for name, child in content.items()}
    except (OSError, ValueError, KeyError, TypeError):
        children = {}  # killed while it wrote, or of another release
    return FoundRecord(int(path.stem), is_alive, children)
