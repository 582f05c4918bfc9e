"""Kinds of notices, and what of an incident its crews must be told when it changes. Pure rules."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from typing import Final


class NoticeKind(StrEnum):
    """What became of an order that a crew has."""

    RECALLED = "recalled"
    CANCELLED = "cancelled"
    CHANGED = "changed"
    REORDERED = "reordered"
    MOVED = "moved"
    """Its incident was merged into another, or taken out of it again: the order goes on there."""
    INTERRUPTED = "interrupted"
    SKILL_LOST = "skill_lost"
    """A ticket that the work needs is no longer valid; the order goes on."""


TOLD: Final = ("priority", "kind", "address", "place", "description")
"""Fields of an incident whose change a crew is told, the most urgent first."""
PERSONAL: Final = frozenset({"description"})
"""Fields in whose words a caller may be named."""
_SAME_PLACE_DEG: Final = 1e-6


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what a crew must be told of a change: ``{field, old, new}`` each.

    Parameters
    ----------
    old, new
        Values by field, ``place`` as (longitude, latitude). What ``new`` does not name stays.
    """
    return [
        {"field": field, "old": old[field], "new": new[field]}
        for field in TOLD
        if field in new and not _same(old[field], new[field])
    ]


def _same(old: Any, new: Any) -> bool:  # noqa: ANN401  (any field's)
    if isinstance(old, tuple | list) and isinstance(new, tuple | list):
        pairs = zip(old, new, strict=True)
        return all(abs(before - after) < _SAME_PLACE_DEG for before, after in pairs)
    return bool(old == new)
