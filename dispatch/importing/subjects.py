"""What can be imported: each subject says what its columns are and stores one line."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Generic
from typing import TypeVar

from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.importing.types import LineFate
from dispatch.writes.command import Command

LineT = TypeVar("LineT", bound=Command)
KnownT = TypeVar("KnownT")


@dataclass(frozen=True, slots=True)
class ImportSubject(Generic[LineT, KnownT]):
    """One kind of rows that files bring.

    Attributes
    ----------
    name
        In addresses: ``crews``.
    permission
        Needed to import.
    line
        The typed command that a line is; its fields are the columns. A blank cell is a field that
        is not given, so it leaves what is stored as it is.
    key
        The columns that name a row. Two lines of one file may not name the same.
    known
        Reads once, before the first line, what all lines need: rows by key, names of stations, …
    store
        Stores a line, or raises a `DispatchError`, best an `InvalidInput` on the column, before it
        has changed anything. It adds what it stores to what is known. It must not commit, and
        should leave no event for each line: whoever sends a crew would wait for thousands of them.
    headings
        What else columns may be called in a file, by column: ``{"name": ("Name", "名称")}``.
    examples
        A cell for each column, for the empty table that people begin with.
    finish
        Called once after the last line, where a room has something to tell about all of them.
    """

    name: str
    permission: Permission
    line: type[LineT]
    key: tuple[str, ...]
    known: Callable[[Session, Actor, Sequence[LineT]], KnownT]
    store: Callable[[Session, Actor, KnownT, LineT], LineFate]
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    examples: Mapping[str, str] = field(default_factory=dict)
    finish: Callable[[Session, Actor, KnownT], None] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Return all columns, in the order of the command."""
        return tuple(self.line.model_fields)

    @property
    def required(self) -> tuple[str, ...]:
        """Return the columns without which no line can be stored."""
        fields = self.line.model_fields.items()
        return tuple(name for name, each in fields if each.is_required())

    def column_called(self, heading: str) -> str | None:
        """Return the column that a heading of a file means; None if none."""
        wanted = _plain(heading)
        for name in self.columns:
            if wanted in (_plain(name), *map(_plain, self.headings.get(name, ()))):
                return name
        return None


AnySubject = ImportSubject[Any, Any]


class ImportSubjects:
    """The subjects of all rooms, by name."""

    def __init__(self, subjects: Iterable[AnySubject] = ()) -> None:
        self._by_name = {each.name: each for each in subjects}

    def add(self, subjects: Iterable[AnySubject]) -> None:
        """Add subjects; the bootstrap does, with those of all rooms."""
        self._by_name.update({each.name: each for each in subjects})

    def of(self, name: str) -> AnySubject:
        """Return a subject.

        Raises
        ------
        InvalidInput
            If there is none of that name.
        """
        found = self._by_name.get(name)
        if found is None:
            choices = ", ".join(sorted(self._by_name))
            raise InvalidInput.one("subject", N_("must be one of: %(choices)s"), choices=choices)
        return found

    def all(self) -> list[AnySubject]:
        """Return all, by name."""
        return [self._by_name[name] for name in sorted(self._by_name)]


def _plain(heading: str) -> str:
    return heading.strip().strip("*").strip().lower().replace(" ", "_").replace("-", "_")
