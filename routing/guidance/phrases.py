"""How manoeuvres are put into words, whatever the language.

The order of words differs too much between Chinese and English for one sentence with holes, so each
language is a class of its own with the same methods.
"""

from typing import Protocol

from routing.errors import UnknownLanguageError
from routing.guidance.manoeuvre import Manoeuvre
from routing.guidance.phrases_en import English
from routing.guidance.phrases_zh import Chinese


class Phrases(Protocol):
    """How manoeuvres are put into words."""

    def distance(self, metres: float) -> str:
        """Return a distance as one says it: ``"400 m"``, ``"1.2 km"``."""

    def instruction(self, manoeuvre: Manoeuvre) -> str:
        """Return what to do at its place: ``"Turn right into People's Road"``."""

    def way(self, here: Manoeuvre, there: Manoeuvre) -> str:
        """Return how to go on, and what to do then."""

    def announcement(self, manoeuvre: Manoeuvre, ahead_m: float) -> str:
        """Return what is said some metres before: ``"In 400 m, turn right …"``."""

    def at_once(self, manoeuvre: Manoeuvre, following: Manoeuvre) -> str:
        """Return what is said at the place itself when the next thing follows at once."""


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
