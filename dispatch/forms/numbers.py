"""Numbers as people type them: with a comma or a point, on a Chinese keyboard too. Pure."""

import math
import re
import unicodedata

LARGEST_NUMBER = 1e9
"""No gauge of ours shows more; what is beyond it is a typing error."""
DIGITS = 6
"""Decimals that are kept."""
_LONGEST = 40
_TYPED = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)")
_MINUS = str.maketrans("−–。", "--.")  # noqa: RUF001  (as keyboards write them)


def read_number(value: object) -> float | None:
    """Return a number as it was typed or sent; None if it is none, or no finite one of use.

    "12,5" and "12.5" are the same; with both signs nobody can tell which parts the thousands, so
    "1.234,5" is no number. Digits of full width, as Chinese keyboards write them, count.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        typed = unicodedata.normalize("NFKC", value[:_LONGEST]).translate(_MINUS)
        typed = typed.strip()
        if len(value) > _LONGEST or not typed.isascii() or not _TYPED.fullmatch(typed):
            return None
        value = float(typed.replace(",", "."))
    if not isinstance(value, int | float) or abs(value) > LARGEST_NUMBER:
        return None
    number = round(float(value), DIGITS)
    return number + 0.0 if math.isfinite(number) else None  # no minus before a zero
