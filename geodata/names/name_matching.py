"""Score how well names match a query, for the few dozen candidates of the index."""

import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from geodata.names.name_text import initials
from geodata.names.name_text import is_han
from geodata.names.name_text import pieces
from geodata.names.name_text import same_word
from geodata.names.name_text import words
from geodata.names.pinyin import Readings

_PREFIX = 0.93
_INSIDE = 0.8
_SOUND = 0.9  # heard, not read
_INITIALS = 0.72
_LEAST_ALIKE = 0.66
_LEAST_PINYIN = 0.8
_BLUR = re.compile(r"^[zcs]h|ng$")
_ROAD_SIGNS = "路街道巷弄"
_ALIKE = 0.85  # a misspelt word, at its very best
_UNTYPED = 0.12  # what the part of a name that nobody typed takes off
_LEAST_INSIDE = 3
_SHORTEST_INITIALS = 2

# A name on the map: its words, and the syllables of its Chinese.
Spoken = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class NameQuery:
    """A query as typed, prepared for comparison with names."""

    words: tuple[str, ...]
    syllables: tuple[str, ...]

    @classmethod
    def read(cls, text: str, readings: Readings) -> "NameQuery":
        """Return the query of a text; it has syllables only where Chinese was typed."""
        return cls(words(text), sounds(text, readings.syllables))

    def ways(self) -> list[set[str]]:
        """Return the n-grams to look up in the index, once for each reading of the query."""
        if not self.words:
            return []
        last = len(self.words) - 1
        plain: set[str] = set()
        for at, word in enumerate(self.words):
            plain |= pieces(word, whole=at < last)
        joined = "".join(self.words)
        found = [plain]
        if self.syllables:
            found.append(pieces("".join(self.syllables), whole=False))
        elif joined.isascii() and joined.isalpha():
            if last:  # "renmin lu" and "monte carlo" are also names of one word
                found.append(pieces(joined, whole=False))
            if len(joined) >= _SHORTEST_INITIALS:
                found.append({max(initials(tuple(joined)), key=len)})
        return found


def sounds(name: str, heard: Callable[[str], Sequence[str]]) -> tuple[str, ...]:
    """Return the pinyin syllables of a name that contains Chinese; else nothing.

    Other text between the characters is kept as written: 水务7班 is shui wu 7 ban.

    Parameters
    ----------
    heard
        Gives the syllables of a word that is all Chinese.
    """
    found = words(name)
    if not any(map(is_han, found)):
        return ()
    said = [heard(word) if is_han(word) else (word,) for word in found]
    return tuple(syllable for each in said for syllable in each)


def index_names(name: str, syllables: Sequence[str]) -> list[set[str]]:
    """Return the n-grams of a name for the index: spelling and, of Chinese, pinyin."""
    written: set[str] = set()
    for word in words(name):
        written |= pieces(word)
    if not syllables:
        return [written]
    return [written, pieces("".join(syllables)) | initials(syllables)]


def quality(query: NameQuery, name: Spoken) -> float:
    """Return how well a name matches a query, from 0 (not at all) to 1 (equal).

    Parameters
    ----------
    query
        What was typed; its last word may be a beginning.
    name
        Folded words of the name, and the syllables of its Chinese.
    """
    written, syllables = name
    if not query.words or not written:
        return 0.0
    best = max(_by_words(query.words, written), _joined("".join(query.words), "".join(written)))
    if not syllables:
        return best
    if query.syllables:
        # The same sound in other characters is a slip; a sound that is merely like it is another.
        heard, said = _blurred(query.syllables), _blurred(syllables)
        return max(best, _SOUND * _joined(heard, said, least=1.0))
    typed = "".join(query.words)
    best = max(best, _SOUND * _joined(typed, "".join(syllables), least=_LEAST_PINYIN))
    if f"^{typed}" in initials(syllables):
        best = max(best, _INITIALS)
    return best


def _by_words(query: Sequence[str], name: Sequence[str]) -> float:
    """Return the score of the best word of the name for each typed word, weighted by length."""
    left = list(name)
    gained = 0.0
    letters = sum(map(len, query))
    for word in query:
        alike = [_word(word, other) for other in left]
        if not alike:
            continue
        at = max(range(len(alike)), key=alike.__getitem__)
        if alike[at] > 0:
            gained += alike[at] * len(word)
            left.pop(at)
    untyped = sum(map(len, left)) / sum(map(len, name))
    return max(0.0, gained / letters - _UNTYPED * untyped)


def _word(query: str, name: str) -> float:
    if same_word(query, name):
        return 1.0
    if name.startswith(query):
        return _PREFIX
    if is_han(query):
        return _INSIDE if query in name else _alike(query, name)
    if len(query) < _LEAST_INSIDE:
        return 0.0
    return _INSIDE if query in name else max(_alike(query, name), _alike(query, name[: len(query)]))


def _alike(query: str, name: str, least: float = _LEAST_ALIKE) -> float:
    """Return the similarity of two spellings: twice the common letters, in order, of all letters.

    The longest common subsequence, by the bits of whole numbers: a dozen times as fast as
    ``difflib``, and one query compares some thousand pairs of words.

    References
    ----------
    Hyyrö (2004), Bit-parallel LCS-length computation revisited, AWOCA.
    """
    if query[-1] == name[-1] and name[-1] in _ROAD_SIGNS:
        query, name = query[:-1], name[:-1]  # that both are roads does not make them alike
    both = len(query) + len(name)
    if min(len(query), len(name)) * 2 < least * both or not both:
        return 0.0
    places = _places(query)
    every = (1 << len(query)) - 1
    left = every  # a zero for each letter of ``query`` that has found its place
    for letter in name:
        here = left & places.get(letter, 0)
        left = ((left + here) | (left - here)) & every
    ratio = 2 * (len(query) - left.bit_count()) / both
    return _ALIKE * ratio if ratio >= least else 0.0


@lru_cache(maxsize=256)
def _places(word: str) -> dict[str, int]:
    """Return a bit for each index at which a letter occurs."""
    found: dict[str, int] = {}
    for at, letter in enumerate(word):
        found[letter] = found.get(letter, 0) | 1 << at
    return found


def _joined(query: str, name: str, least: float = _LEAST_ALIKE) -> float:
    """Return the similarity without blanks: users type "montecarlo" and "ren min lu"."""
    if query == name:
        return 1.0
    untyped = _UNTYPED * max(0, len(name) - len(query)) / len(name)
    if name.startswith(query):
        return _PREFIX - untyped
    if query in name and len(query) >= (1 if is_han(query) else _LEAST_INSIDE):
        return _INSIDE - untyped
    return max(0.0, _alike(query, name, least) - untyped)


def _blurred(syllables: Sequence[str]) -> str:
    """Return syllables with often confused sounds made equal: zh and z, sh and s, ing and in."""
    return "".join(_BLUR.sub(lambda part: part.group()[0], syllable) for syllable in syllables)


def spoken(names: Iterable[str], syllables: Sequence[str]) -> list[Spoken]:
    """Return names prepared for ``quality``; the syllables belong to the Chinese one."""
    return [
        (found, tuple(syllables) if any(map(is_han, found)) else ())
        for found in map(words, names)
        if found
    ]
