"""How likely what is being reported is an incident that is known already, and why. Pure.

A score of points that people can follow, not a model: a dispatcher who is told "likely the same"
must see why. Near counts most; then when it was last told, whether the kind fits, and what the
utility's records and the address say.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from dispatch.core.limits import SAME_PLACE_M

LIKELY: Final = 0.6
"""From this score on an incident is proposed as likely the same; below it is only listed."""
_PLACE, _TIME, _SAME_KIND, _SAME_UTILITY = 55.0, 20.0, 15.0, 8.0
_SAME_MAIN, _SAME_ADDRESS, _SAME_STREET = 25.0, 20.0, 10.0
_MOST = 100.0
_HALF_OF_TIME: Final = timedelta(hours=4)
_NUMBER = re.compile(
    r"\d+[a-z]?(?:[-/]\d+[a-z]?)?|[号號弄幢栋室]|\bno\b|\bbis\b|\bter\b", re.IGNORECASE
)
_COMMA = re.compile("[,，]")
_BETWEEN = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")


class Why(StrEnum):
    """What speaks for two reports being about the same."""

    PLACE = "place"
    SAME_MAIN = "same_main"
    SAME_ADDRESS = "same_address"
    SAME_STREET = "same_street"
    SAME_KIND = "same_kind"
    SAME_UTILITY = "same_utility"
    LATELY = "lately"


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of an incident that is known with what is being reported.

    Attributes
    ----------
    distance_m
        Between the two, in a straight line.
    last_told_ago
        How long ago it was last reported.
    same_kind, same_utility
        None where nobody has said yet what is reported.
    same_main
        Whether a main of the utility's records passes both.
    address, reported_address
        Empty where unknown.
    """

    distance_m: float
    last_told_ago: timedelta
    same_kind: bool | None
    same_utility: bool | None
    same_main: bool
    address: str
    reported_address: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """A score from 0 to 1, and what it comes from, the weightiest first."""

    score: float
    why: tuple[Why, ...]

    @property
    def is_likely(self) -> bool:
        """Whether it is proposed as the same."""
        return self.score >= LIKELY


def likeness(known: Known) -> Likeness:
    """Return how likely an incident is what is being reported.

    Never rises with distance or age, never falls with anything that the two share.
    """
    ago = max(known.last_told_ago, timedelta(0)) / _HALF_OF_TIME
    points = {
        Why.PLACE: _PLACE * max(0.0, 1 - known.distance_m / SAME_PLACE_M),
        Why.LATELY: _TIME * 0.5**ago,
        Why.SAME_MAIN: _SAME_MAIN if known.same_main else 0.0,
        **_of_kind(known),
        **_of_address(known.address, known.reported_address),
    }
    told = sorted((each for each in points if points[each] > 1), key=lambda each: -points[each])
    return Likeness(min(sum(points.values()), _MOST) / _MOST, tuple(told))


def _of_kind(known: Known) -> dict[Why, float]:
    if known.same_kind:
        return {Why.SAME_KIND: _SAME_KIND}
    if known.same_utility:
        return {Why.SAME_UTILITY: _SAME_UTILITY}
    return {}


def _of_address(one: str, other: str) -> dict[Why, float]:
    if not street(one) or street(one) != street(other):
        return {}
    numbers = _DIGITS.findall(one)
    if numbers and numbers == _DIGITS.findall(other):
        return {Why.SAME_ADDRESS: _SAME_ADDRESS}
    return {Why.SAME_STREET: _SAME_STREET}


def street(address: str) -> str:
    """Return an address without house numbers, as two of them are compared; empty if none."""
    parts = (_BETWEEN.sub(" ", _NUMBER.sub(" ", each)).strip() for each in _COMMA.split(address))
    return next((each.casefold() for each in parts if each), "")
