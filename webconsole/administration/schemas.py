"""Answers of imports, and addresses of tables."""

from pydantic import ConfigDict
from pydantic import with_config
from typing_extensions import TypedDict

_ANSWER = ConfigDict(extra="forbid")


@with_config(_ANSWER)
class ImportColumnAnswer(TypedDict):
    """A column of a file that can be imported."""

    name: str
    required: bool
    key: bool
    headings: list[str]
    example: str


@with_config(_ANSWER)
class ImportColumnsAnswer(TypedDict):
    """What a file has to hold."""

    subject: str
    columns: list[ImportColumnAnswer]


@with_config(_ANSWER)
class ImportErrorAnswer(TypedDict):
    """What is wrong in one line."""

    line: int
    column: str | None
    value: str
    message: str


@with_config(_ANSWER)
class ImportReportAnswer(TypedDict):
    """What became of the lines of a file, or would."""

    subject: str
    columns: list[str]
    ignored: list[str]
    encoding: str
    delimiter: str
    lines: int
    new: int
    changed: int
    same: int
    wrong: int
    errors: list[ImportErrorAnswer]
    errors_left_off: int
    applied: bool
