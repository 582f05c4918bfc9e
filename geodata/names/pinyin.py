"""Pinyin of Chinese names: users type pinyin, its initials, or a wrong homophone.

Names are read with ``pypinyin`` when an extract is imported, words and all (重庆 is chóngqìng,
not zhòngqìng). Its dictionaries take 55 MB, too much for every web worker: those get one reading of
each character in a text of 85 kB.
"""

from functools import cache

_FIRST, _LAST = 0x4E00, 0x9FA5  # the characters of the first standard, all that names use


def syllables(text: str) -> tuple[str, ...]:
    """Return the pinyin syllables of a Chinese text without tones; other letters give none."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415  (55 MB that only an import needs)

    return tuple(lazy_pinyin(text, errors="ignore"))


@cache
def reading_table() -> str:
    """Return the most common reading of every character from U+4E00, separated by blanks."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415  (55 MB that only an import needs)

    letters = (lazy_pinyin(chr(code), errors="ignore") for code in range(_FIRST, _LAST + 1))
    return " ".join(found[0] if found else "-" for found in letters)


class Readings:
    """One reading for each character, without tones."""

    def __init__(self, table: str) -> None:
        """Parse the text of ``reading_table``; an empty text has no readings."""
        self._readings = table.split(" ") if table else []

    def syllables(self, text: str) -> tuple[str, ...]:
        """Return the syllables of a Chinese text; characters without a reading are left out."""
        places = (ord(letter) - _FIRST for letter in text)
        found = (self._readings[at] for at in places if 0 <= at < len(self._readings))
        return tuple(syllable for syllable in found if syllable != "-")
