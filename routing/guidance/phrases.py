"""The phrases of manoeuvres, by language.

The order of words differs too much between Chinese and English for one sentence with holes, so each
language is a class of its own with the same methods.
"""

from typing import Protocol

from routing.errors import UnknownLanguageError
from routing.guidance.manoeuvre import Manoeuvre
from routing.guidance.phrases_en import English
from routing.guidance.phrases_zh import Chinese


class Phrases(Protocol):
    """The phrases of one language."""

    def distance(self, metres: float) -> str:
        """Return a distance as spoken: ``"400 m"``, ``"1.2 km"``."""

    def instruction(self, manoeuvre: Manoeuvre) -> str:
        """Return the text at the manoeuvre: ``"Turn right into People's Road"``."""

    def step(self, here: Manoeuvre, there: Manoeuvre) -> str:
        """Return the text of the step between two manoeuvres, with the second one."""

    def announcement(self, manoeuvre: Manoeuvre, ahead_m: float) -> str:
        """Return the text some metres before: ``"In 400 m, turn right …"``."""

    def immediately(self, manoeuvre: Manoeuvre, following: Manoeuvre) -> str:
        """Return the text at a manoeuvre that another one follows immediately."""


_LANGUAGES: dict[str, type[Phrases]] = {"zh": Chinese, "en": English}


def phrases_in(language: str) -> Phrases:
    """Return the phrases of a language, ``"zh"`` or ``"en"``.

    Raises
    ------
    UnknownLanguageError
        If it is another.
    """
    if language not in _LANGUAGES:
        raise UnknownLanguageError(language)
    return _LANGUAGES[language]()
