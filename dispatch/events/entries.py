"""Entries of the log as rows that can always be fetched, and whether one can be read.

One entry that this release cannot read must not hide all others. What the driver would stumble over
while it fetches (an instant of no calendar, data that is no object) comes as NULL instead; what is
left is judged row by row.
"""

from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row
from sqlalchemy import case
from sqlalchemy import func
from sqlalchemy import text
from sqlalchemy.orm import InstrumentedAttribute

from dispatch.assignments.states import AssignmentState
from dispatch.events.kinds import EventKind
from dispatch.events.models import Event

# Python's calendar ends with the year 9999, PostgreSQL's does not, and knows infinity, too.
_FIRST, _LAST = text("timestamptz '1000-01-01Z'"), text("timestamptz '9999-12-30Z'")


def _instant(column: InstrumentedAttribute[Any]) -> Any:  # noqa: ANN401  (a SQL expression)
    return case((column.between(_FIRST, _LAST), column)).label(column.key)


COLUMNS = (
    *(Event.id, Event.kind, _instant(Event.at), _instant(Event.occurred_at)),
    *(Event.actor, Event.incident_id, Event.assignment_id, Event.crew_id),
    case((func.jsonb_typeof(Event.data) == "object", Event.data)).label("data"),
    func.least(func.greatest(Event.at, _FIRST), func.now()).label("stored_at"),
)
"""What to select of the log; ``stored_at`` can be shown even where ``at`` cannot."""


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_place(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))  # noqa: PLR2004  (longitude, latitude)


def _are_numbers(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_number, value))


def _is_assignment_state(value: object) -> bool:
    return value in _ASSIGNMENT_STATES


_INCIDENT = {
    "kind": _is_text,
    "priority": _is_number,
    "address": _is_text,
    "lon": _is_number,
    "lat": _is_number,
}
_READ: Mapping[str, Mapping[str, Callable[[object], bool]]] = {
    EventKind.INCIDENT_CREATED: _INCIDENT,
    EventKind.INCIDENT_UPDATED: _INCIDENT,
    EventKind.CREW_DUTY_CHANGED: {"to": _is_text},
    EventKind.ASSIGNMENT_COMPLETED: {"outcome_effect": _is_text, "result": _is_text},
    EventKind.ASSIGNMENT_MOVED: {"state": _is_assignment_state},
    EventKind.INCIDENT_MERGED: {"orders_moved": _are_numbers},
    EventKind.INCIDENT_PARTED: {"orders_moved": _are_numbers},
}
"""What replays and pages compute with; all else is only shown."""
_NEEDED: Mapping[str, frozenset[str]] = {
    EventKind.CREW_DUTY_CHANGED: frozenset({"to"}),
    EventKind.ASSIGNMENT_MOVED: frozenset({"state"}),
}
_ASSIGNMENT_STATES = frozenset(state.value for state in AssignmentState)
_KINDS = frozenset(kind.value for kind in EventKind)


def why_unreadable(entry: Row[Any]) -> str | None:
    """Return why an entry, fetched with `COLUMNS`, cannot be read; None if it can.

    The reason holds nothing of the entry itself, which may be personal.
    """
    if entry.kind not in _KINDS:
        return "its kind is not known to this release"
    if entry.at is None or entry.occurred_at is None:
        return "its time is in no calendar"
    if entry.data is None:
        return "its data is not an object"
    wrong = _wrong_field(entry.kind, entry.data)
    return None if wrong is None else f"its data lacks a usable {wrong}"


def _wrong_field(kind: str, data: Mapping[str, Any]) -> str | None:
    rules = dict(_READ.get(kind, {}))
    if kind.startswith("assignment."):
        rules["lonlat"] = _is_place
    needed = _NEEDED.get(kind, frozenset())
    for name, is_right in rules.items():
        value = data.get(name)
        if (value is None and name in needed) or (value is not None and not is_right(value)):
            return name
    return None
