"""What an import is asked, and its report."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field
from pydantic import NonNegativeInt

from dispatch.core.errors import FieldError
from dispatch.writes.command import Command

MOST_LINES = 100_000
MOST_COLUMNS = 100
MOST_ERRORS = 10_000
"""Errors in one report; how many more there are is said."""


class ImportMode(StrEnum):
    """What becomes of the lines of a file."""

    CHECK = "check"
    """Nothing is stored: what would become of them is reported."""
    ALL = "all"
    """All lines are stored, or none if one of them is wrong."""
    OTHERS = "others"
    """Lines that are right are stored; those that are wrong are left out."""


class ImportFile(Command):
    """A file whose rows are to be stored."""

    file: Annotated[bytes, Field(description="CSV (UTF-8 or GB18030) or XLSX, its first sheet")]
    name: Annotated[str, Field(max_length=255, description="the file's name")] = ""
    mode: ImportMode = ImportMode.CHECK
    wrong: Annotated[
        NonNegativeInt | None,
        Field(description="how many wrong lines were shown: with others, nothing is stored"),
    ] = None


class LineFate(StrEnum):
    """What became of one line, or would."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong in one line of a file."""

    line: int
    """As editors and spreadsheets count them: the head is line 1."""
    column: str | None
    """None: not one column's fault."""
    error: FieldError
    value: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the lines of a file, or would."""

    subject: str
    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    """Columns of the file that mean nothing here."""
    encoding: str
    delimiter: str
    lines: int
    new: int
    changed: int
    same: int
    wrong: int
    """Lines with errors."""
    errors: tuple[LineError, ...]
    errors_left_off: int
    applied: bool
