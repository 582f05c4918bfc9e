"""Normalise names for comparison: folded letters, words, and n-grams.

Names and queries are both normalised, so that "Bd. des Moulins", "BOULEVARD DES MOULINS" and
"boulevard des moulin" match, and so do "人民路１２号" and "人民路 12".
"""

import re
import unicodedata
from collections.abc import Iterable

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN_WORD = re.compile(f"[{HAN}]+")
_WORD = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
# Letters that carry a stroke instead of an accent have no decomposition.
_STROKES = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "\u0131": "i"}
)

# Words of one meaning, short and long. A short form that begins the long one ("av", "boul") needs
# no entry for the sake of typing, but a name on the map may be written with it.
_SAME_WORDS = (
    ("avenue", "av", "ave", "avenida", "avda", "avd", "aven"),
    ("boulevard", "bd", "bld", "blvd", "boul", "bulevar", "bvd"),
    ("rue", "r", "rua"),
    ("place", "pl", "plaza", "praca", "pca", "platz", "piazza"),
    ("square", "sq"),
    ("chemin", "ch", "che", "chem"),
    ("impasse", "imp"),
    ("passage", "pass", "psg"),
    ("route", "rte"),
    ("quai", "qu"),
    ("escalier", "esc", "escaliers"),
    ("travessa", "tv", "trav"),
    ("largo", "lg"),
    ("street", "st", "str", "strasse"),
    ("road", "rd"),
    ("lane", "ln"),
    ("drive", "dr"),
    ("highway", "hwy"),
    ("saint", "st", "sao", "san", "santo", "sankt", "sto"),
    ("sainte", "ste", "santa", "sta"),
    ("docteur", "dr", "doutor", "doctor", "doktor"),
    ("general", "gal", "gen"),
    ("marechal", "mal"),
    ("president", "pdt", "pres"),
    ("professeur", "pr", "prof", "professor"),
    ("notre dame", "nd"),
    ("mount", "mt", "mont", "monte"),
    ("north", "n", "norte", "nord"),
    ("south", "s", "sul", "sud"),
)
_CLASSES: dict[str, frozenset[int]] = {}
for _number, _class in enumerate(_SAME_WORDS):
    for _form in _class:
        _CLASSES[_form] = _CLASSES.get(_form, frozenset()) | {_number}
_LONGEST_INITIALS = 6
_SHORTEST_INITIALS = 2


def fold(text: str) -> str:
    """Return a text without case, accents, strokes and full-width forms; spaces unchanged."""
    flat = unicodedata.normalize("NFKC", text).casefold().translate(_STROKES)
    letters = unicodedata.normalize("NFD", flat)
    return "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of a text; Chinese characters in a row are one word."""
    return tuple(_WORD.findall(fold(text)))


def is_han(word: str) -> bool:
    """Return whether a word is written in Chinese characters throughout."""
    return _HAN_WORD.fullmatch(word) is not None


def has_han(text: str) -> bool:
    """Return whether any Chinese character is in a text."""
    return _HAN_WORD.search(text) is not None


def same_words() -> tuple[tuple[str, ...], ...]:
    """Return the sets of synonyms, for whoever searches elsewhere."""
    return _SAME_WORDS


def meanings(word: str) -> frozenset[int]:
    """Return the sets of synonyms (avenue, av, …) that a folded word belongs to."""
    return _CLASSES.get(word, frozenset())


def same_word(one: str, other: str) -> bool:
    """Return whether two folded words are equal or synonyms."""
    return one == other or bool(meanings(one) & meanings(other))


def pieces(word: str, *, whole: bool = True) -> set[str]:
    """Return the n-grams of a folded word.

    Three letters in a row, with two blanks before the word and one behind, as PostgreSQL's
    ``pg_trgm`` takes them; of Chinese, whose words are short, single characters and pairs; of a
    word with known short forms also its meaning.

    Parameters
    ----------
    word
        As ``words`` gives it.
    whole
        False for a word that is still being typed: how it ends is not known.
    """
    if is_han(word):
        return {*word, *(word[at : at + 2] for at in range(len(word) - 1))}
    padded = f"  {word} " if whole else f"  {word}"
    found = {padded[at : at + 3] for at in range(len(padded) - 2)}
    found.update(f"={number}" for number in meanings(word))
    return found


def initials(syllables: Iterable[str]) -> set[str]:
    """Return the initials of syllables and their prefixes: "rml", "rm" for rén mín lù."""
    letters = "".join(syllable[0] for syllable in syllables if syllable)
    longest = min(len(letters), _LONGEST_INITIALS)
    return {f"^{letters[:length]}" for length in range(_SHORTEST_INITIALS, longest + 1)}
