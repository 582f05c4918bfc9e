"""Text of a report in both languages."""

from typing import NamedTuple


class Text(NamedTuple):
    """The same text in English and in Chinese; a report holds both and shows one."""

    en: str
    zh: str


def same(text: str) -> Text:
    """Return a text that is the same in both: a name, a number."""
    return Text(text, text)
