"""Tables as CSV that spreadsheets open as they are meant. Pure."""

import csv
import io
from collections.abc import Iterable

MARK = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of its country."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    A caller may say anything, and "=HYPERLINK(…)" would be run where the table is opened.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_meant(cell: str) -> str:
    """Return the text that `harmless` made a cell of; any other cell as it is."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def lines(cells: Iterable[Iterable[str]]) -> str:
    """Return rows of cells as lines."""
    text = io.StringIO()
    csv.writer(text).writerows(cells)
    return text.getvalue()
