"""The findings of `nearcrew doctor`."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """The severity of a finding."""

    GOOD = "ok"
    ODD = "look"
    BAD = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one check and, unless it is good, how to fix it."""

    level: Level
    sentence: str
    mend: str = ""


def good(sentence: str) -> Finding:
    """Return a finding that something is as it should be."""
    return Finding(Level.GOOD, sentence)


def odd(sentence: str, mend: str) -> Finding:
    """Return a finding that something works, but perhaps not as intended."""
    return Finding(Level.ODD, sentence, mend)


def bad(sentence: str, mend: str) -> Finding:
    """Return a finding that something will not work."""
    return Finding(Level.BAD, sentence, mend)
