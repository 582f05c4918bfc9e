"""Parse a text as two streets that meet: "A / B", "A & B", "corner of A and B", "A与B路口"."""

import re

from geodata.names.name_text import HAN
from geodata.names.name_text import fold

_CERTAIN = re.compile(r"\s*[/&+]\s*")
_WORDS = re.compile(r"\s+(?:and|at|with|x|et|e|y|und|com)\s+|\s*[与和跟同及]\s*")
_BEFORE = re.compile(r"^\s*(?:(?:the\s+)?corner of|(?:à l.)?angle(?: de)?|esquina(?: da| de)?)\s+")
_BEHIND = re.compile(r"\s*的?(?:交叉路口|十字路口|交叉口|交汇处|交界处|交口)\s*$")
# 人民路口 is a crossing of 人民路, not of a street 人民: the sign of the road is the name's.
_MOUTH = re.compile(r"(?<=[路街道巷])路?口\s*$")
# 人民路中山路: Chinese needs no word between two streets, and 人民路和平路 may be two as well.
_SIDE_BY_SIDE = re.compile(rf"^([{HAN}]+?[路街道巷])\s*([{HAN}]+[路街道巷])$")
_MOST = 2


def is_certain(text: str) -> bool:
    """Return whether a sign separates two streets, not a word that may be part of a name."""
    return _CERTAIN.search(fold(text)) is not None


def street_pairs(text: str) -> list[tuple[str, str]]:
    """Return all readings of a text as two streets; the second may still be missing.

    "/" and "&" cut for certain. Words such as "and", "et", 与 may belong to a name (和平路), so
    each of them is tried, and only what the map knows as a crossing counts.

    Returns
    -------
    pairs
        Folded texts; the first never empty, the second only after a certain cut.
    """
    # Full-width signs are plain ones after folding.
    flat = _MOUTH.sub("", _BEHIND.sub("", _BEFORE.sub("", fold(text)))).strip()
    certain = _CERTAIN.search(flat)
    if certain is not None:
        left, right = flat[: certain.start()].strip(), flat[certain.end() :].strip()
        return [(left, right)] if left else []
    cuts = ((flat[: cut.start()], flat[cut.end() :]) for cut in _WORDS.finditer(flat))
    found = [
        (left.strip(), right.strip()) for left, right in cuts if left.strip() and right.strip()
    ]
    side_by_side = _SIDE_BY_SIDE.match(flat)
    if side_by_side is not None:
        found.append((side_by_side.group(1), side_by_side.group(2)))
    return found[:_MOST]
