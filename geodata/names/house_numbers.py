"""House numbers: parsing, comparing, and combining with their street."""

import re

from geodata.names.name_text import HAN
from geodata.names.name_text import fold
from geodata.names.name_text import has_han
from geodata.names.name_text import words

# Languages that say the number first begin (French) or end (English) a street's name with these.
_NUMBER_FIRST = frozenset((
    "rue", "avenue", "boulevard", "place", "quai", "chemin", "impasse", "allee", "passage", "route",
    "square", "cours", "sentier", "promenade", "ruelle", "escalier", "montee", "esplanade", "voie",
    "villa", "cite", "galerie", "lacets", "corniche", "bretelle", "rampe", "descente", "traverse",
))  # fmt: skip
_NUMBER_FIRST_ENDINGS = frozenset((
    "street", "road", "avenue", "lane", "drive", "court", "close", "way", "crescent", "terrace",
    "gardens", "grove", "hill", "row", "walk", "square", "boulevard", "place", "parkway", "highway",
))  # fmt: skip
_HOUSE_SIGN = re.compile(r"(?:号楼|号院|号|號)$")
_BLANKS = re.compile(r"[\s.,;/\\]+")
_DIGITS = re.compile(r"\d+")
_NUMBER = r"\d+(?:\s?[-/]\s?\d+)?\s?(?:bis|ter|quater|[a-z])?"
_LEADING = re.compile(
    rf"^(?:n[o°r]?\.?\s*)?({_NUMBER})(?:\s*[号號][\s,]*|\b[\s,]+)(?=\D)(.+)$", re.DOTALL
)
_TRAILING = re.compile(rf"^(.*?\S)[\s,]+(?:n[o°r]?\.?\s*|#)?({_NUMBER})$", re.DOTALL)
_CHINESE = re.compile(
    rf"^(.*?[{HAN}])\s*(\d+(?:\s*(?:弄|巷|支弄|-|之)\s*\d+)*[a-z]?)\s*(?:号楼|号院|号|號|栋|幢)?\s*$",
    re.DOTALL,
)
_MAX_NUMBER = 2**31 - 1


def house_key(house: str) -> str:
    """Return the comparison key of a house number: "12 Bis" is "12bis", "１２号" is "12"."""
    return _HOUSE_SIGN.sub("", _BLANKS.sub("", fold(house)))


def leading_number(key: str) -> int | None:
    """Return the number that a house number begins with; None for "Villa Rosa" and the like."""
    found = _DIGITS.match(key)
    number = int(found.group()) if found else None
    return number if number is not None and number <= _MAX_NUMBER else None


def number_first() -> tuple[list[str], list[str]]:
    """Return with which words streets begin, and end, whose numbers stand before their name."""
    return sorted(_NUMBER_FIRST), sorted(_NUMBER_FIRST_ENDINGS)


def address_label(street: str, house: str) -> str:
    """Return street and house number in the order of the street's language."""
    if has_han(street):
        return f"{street}{house}" if not house[-1:].isdigit() else f"{street}{house}号"
    parts = words(street)
    first = bool(parts) and (parts[0] in _NUMBER_FIRST or parts[-1] in _NUMBER_FIRST_ENDINGS)
    return f"{house} {street}" if first else f"{street} {house}"


def split_address(text: str) -> list[tuple[str, str]]:
    """Return all readings of a text as street and house number, both not empty.

    "8 Mai" may be the eighth house of a street named Mai or the street of a date; that is for the
    map to say, so all readings are returned and the whole text is never cut up for good.
    """
    flat = fold(text).strip()
    found = []
    for pattern, street, house in ((_CHINESE, 1, 2), (_TRAILING, 1, 2), (_LEADING, 2, 1)):
        read = pattern.match(flat)
        if read is not None:
            pair = (read.group(street).strip(" ,"), house_key(read.group(house)))
            named = any(map(str.isalpha, pair[0]))  # "12 14" is no street
            if named and pair[1] and pair not in found:
                found.append(pair)
    return found
