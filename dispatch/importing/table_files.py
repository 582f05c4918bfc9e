"""Rows of cells from a CSV or XLSX file, whatever the file claims about itself.

A workbook is a zip of XML. What it unpacks to is bounded before anything is unpacked (the sizes in
its directory are where Python's zip reader stops), and the XML is read by defusedxml, which takes
no entities and nothing from outside.
"""

import csv
import io
import zipfile
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from typing import Any

from defusedxml import DefusedXmlException

from dispatch.core.csv_lines import as_meant
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.limits import LARGEST_TABLE_BYTES
from dispatch.importing.types import MOST_COLUMNS
from dispatch.importing.types import MOST_LINES

MOST_UNPACKED_BYTES = 150_000_000
MOST_PACKED_FILES = 1_000
LONGEST_CELL = 10_000
_DELIMITERS = (",", ";", "\t", "|")
_SNIFFED = 10_000
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_TOO_MANY_LINES = N_("has more than %(most)s lines")
_ENTITIES = N_("is a workbook with entities, which no table needs")
_BROKEN = N_("is a workbook that cannot be read")


@dataclass(frozen=True, slots=True)
class TableLine:
    """Cells of one line, as texts without blanks around them."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file's first line, the others, and what it is written in."""

    head: tuple[str, ...]
    lines: Iterator[TableLine]
    """Read as they are asked for; blank ones are left out."""
    encoding: str
    delimiter: str


def read_table(content: bytes) -> TableFile:
    """Return the rows of a file.

    Raises
    ------
    InvalidInput
        On ``file``, if it is too large, empty, or cannot be read; also later, while its lines are
        read.
    """
    if len(content) > LARGEST_TABLE_BYTES:
        megabytes = LARGEST_TABLE_BYTES // 1_000_000
        raise _refused(N_("is larger than %(most)s MB"), most=megabytes)
    if content.startswith(_OLD_EXCEL):
        raise _refused(N_("is an old workbook or has a password: save it as .xlsx or CSV"))
    if content.startswith(_ZIP):
        rows, encoding, delimiter = _bounded(_workbook_rows(content)), "xlsx", ""
    else:
        text, encoding = _decoded(content)
        delimiter = _delimiter_of(text)
        rows = _bounded(_text_rows(text, delimiter))
    head = next(rows, None)
    if head is None:
        raise _refused(N_("is empty"))
    return TableFile(head.cells, rows, encoding, delimiter)


def _decoded(content: bytes) -> tuple[str, str]:
    """Return a text and what it is written in: UTF-8, or what Excel in China and Windows write."""
    codings = ("utf-16",) if content.startswith(_UTF_16) else ("utf-8-sig", "gb18030")
    for coding in codings:
        try:
            return content.decode(coding), coding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise _refused(N_("is neither UTF-8 nor GB18030, and no workbook"))


def _delimiter_of(text: str) -> str:
    """Return what stands most often between the words of the first line that has any."""
    head = next((line for line in text[:_SNIFFED].splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=head.count)


def _text_rows(text: str, delimiter: str) -> Iterator[TableLine]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            message = N_("cannot be read from line %(line)s on: look for a quotation mark")
            raise _refused(message, line=number) from None
        yield TableLine(number, tuple(cells))
        number = reader.line_num + 1


def _workbook_rows(content: bytes) -> Iterator[TableLine]:
    from openpyxl import load_workbook  # noqa: PLC0415 - a quarter of a second of each start

    try:
        _refuse_bombs(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        # What the sheet claims of its size may be anything; rows would be filled up to it.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=MOST_LINES + 2, max_col=MOST_COLUMNS + 1, values_only=True)
        for number, cells in enumerate(rows, start=1):
            yield TableLine(number, tuple(map(_as_text, _trimmed(cells))))
    except InvalidInput:
        raise
    except Exception as error:  # noqa: BLE001  (openpyxl raises whatever it stumbles over)
        if isinstance(error, DefusedXmlException) or isinstance(
            error.__cause__, DefusedXmlException
        ):
            raise _refused(_ENTITIES) from None
        raise _refused(_BROKEN) from None


def _refuse_bombs(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        files = packed.infolist()
    unpacked = sum(each.file_size for each in files)
    if len(files) > MOST_PACKED_FILES or unpacked > MOST_UNPACKED_BYTES:
        megabytes = MOST_UNPACKED_BYTES // 1_000_000
        raise _refused(N_("unpacks to more than %(most)s MB"), most=megabytes)


def _trimmed(cells: Iterable[Any]) -> list[Any]:
    """Return cells without the empty ones at the end."""
    kept = list(cells)
    while kept and kept[-1] in (None, ""):
        kept.pop()
    return kept


def _as_text(value: object) -> str:
    """Return what a spreadsheet's cell holds, as a CSV of the same table would have it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime) and value.time() == time(0):
        value = value.date()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def _bounded(rows: Iterator[TableLine]) -> Iterator[TableLine]:
    """Yield lines that are not blank; refuse more than anybody means."""
    for found, line in enumerate(rows):
        if found > MOST_LINES:
            raise _refused(_TOO_MANY_LINES, most=MOST_LINES)
        if len(line.cells) > MOST_COLUMNS:
            message = N_("has more than %(most)s columns in line %(line)s")
            raise _refused(message, most=MOST_COLUMNS, line=line.number)
        cells = tuple(as_meant(cell.strip()) for cell in line.cells)
        if any(len(cell) > LONGEST_CELL for cell in cells):
            message = N_("has a cell of more than %(most)s characters in line %(line)s")
            raise _refused(message, most=LONGEST_CELL, line=line.number)
        if any(cells):
            yield TableLine(line.number, cells)


def _refused(msgid: str, **params: object) -> InvalidInput:
    return InvalidInput.one("file", msgid, **params)
