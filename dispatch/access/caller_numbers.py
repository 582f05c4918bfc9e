"""Callers' telephone numbers, hidden from those of the desk who may not see them. Pure.

A crew sees the number of the caller whom it drives to, and no other (`privacy`). Of the desk some
may not see them at all: planners, managers. They are answered the same shapes with the digits
hidden, wherever in an answer a number stands, so that no answer can be forgotten.
"""

from typing import Any
from typing import Final

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission

NUMBERS: Final = frozenset({"caller_phone", "phone"})
"""The names under which answers have callers' numbers."""
_HIDDEN: Final = "•"
_KEPT_BEFORE, _KEPT_BEHIND, _LONG = 3, 2, 8


def may_see_numbers(actor: Actor) -> bool:
    """Return whether an actor sees callers' numbers in full, where there are any for it."""
    return actor.may(Permission.CALLER_READ) or not actor.may(Permission.INCIDENT_READ)


def hidden(number: str) -> str:
    """Return a number with most of its digits hidden: enough to tell two callers apart."""
    before = _KEPT_BEFORE if len(number) >= _LONG else 0
    behind = min(_KEPT_BEHIND, len(number) // 2)
    kept = len(number) - behind
    return number[:before] + _HIDDEN * (kept - before) + number[kept:]


def numbers_hidden(told: Any) -> Any:  # noqa: ANN401  (any answer)
    """Return an answer with the numbers in it hidden; what is handed in stays as it is."""
    if isinstance(told, dict):
        return {
            name: hidden(value)
            if name in NUMBERS and isinstance(value, str)
            else numbers_hidden(value)
            for name, value in told.items()
        }
    if isinstance(told, list):
        return [numbers_hidden(each) for each in told]
    return told
