"""What a check of `nearcrew doctor` can say."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters."""

    GOOD = "ok"
    ODD = "look"
    BAD = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one thing and, unless all is well, how to mend it."""

    level: Level
    sentence: str
    mend: str = ""


def good(sentence: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(Level.GOOD, sentence)


def odd(sentence: str, mend: str) -> Finding:
    """Say that something works, but perhaps not as meant."""
    return Finding(Level.ODD, sentence, mend)


def bad(sentence: str, mend: str) -> Finding:
    """Say that something will not work."""
    return Finding(Level.BAD, sentence, mend)
