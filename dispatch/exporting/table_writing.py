"""Rows as CSV and XLSX that no spreadsheet runs anything of."""

import io
from collections.abc import Iterable
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from dispatch.core.csv_lines import MARK
from dispatch.core.csv_lines import harmless
from dispatch.core.csv_lines import lines

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_BETWEEN = "; "


def cell_text(value: object) -> str:
    """Return a value of an answer as one cell; lists as "gas; heat"."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return harmless(_BETWEEN.join(cell_text(each) for each in value))
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, int | float):
        return str(value)  # a number is no formula, whatever its sign
    return harmless(str(value))


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as CSV, UTF-8 with the mark by which Excel knows it."""
    return (MARK + lines([columns, *(map(cell_text, row) for row in rows)])).encode()


def as_xlsx(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as a workbook of one sheet, its first line kept in sight."""
    from openpyxl import Workbook  # noqa: PLC0415 - a quarter of a second of each start, for few

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    sheet.append(list(columns))
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _cell(sheet: "WriteOnlyWorksheet", value: object) -> object:
    """Return a cell; a text is a text, whatever it begins with."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as above
    from openpyxl.utils.exceptions import IllegalCharacterError  # noqa: PLC0415

    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = cell_text(value)
    try:
        cell = WriteOnlyCell(sheet, value=text)
    except IllegalCharacterError:
        cell = WriteOnlyCell(sheet, value="".join(each for each in text if each.isprintable()))
    cell.data_type = "s"
    return cell
