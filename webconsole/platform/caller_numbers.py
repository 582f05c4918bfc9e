"""Callers' numbers in answers: note who reads them, and hide them from whoever reads too many.

Here and not in every room: an answer with a number that nobody noted could otherwise be forgotten.
What is looked for is the field ``caller_phone``, in the bytes that go out. Answers that show
numbers in another way (tables, lists of people to call back) note it themselves.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from typing import Any
from typing import Final

from dispatch.incidents.states import ENDED_INCIDENT_STATES
from webconsole.platform import context

if TYPE_CHECKING:
    from dispatch.access.permissions import Actor
    from dispatch.audit.readings import ReadingLog

_NUMBER: Final = re.compile(rb'"caller_phone":"[^"]')
_HIDDEN: Final = re.compile(rb'"(caller_phone|caller_name)":"(?:[^"\\]|\\.)+"')
MASK: Final = "•••"


def noted(
    readings: "ReadingLog",
    actor: "Actor | None",
    body: object,
    packed: bytes,
    *,
    counts: bool = True,
) -> bytes:
    """Return an answer as its reader may see it, and note that it was read.

    Parameters
    ----------
    body
        The answer.
    packed
        The same as JSON.
    counts
        Whether it is the answer to a question: one to a change does not count towards too many.
    """
    if actor is None or _NUMBER.search(packed) is None:
        return packed
    incidents = incidents_in(body)
    listed = len(incidents) > 1
    if not incidents or readings.note(actor, incidents, listed=listed, counts=counts):
        return packed
    return without_numbers(packed)


def note_or_refuse(incidents: Mapping[int, bool | None]) -> None:
    """Note that the answer about to be given holds callers' numbers of incidents.

    Raises
    ------
    ReadingBlocked
        If its reader has read too many.
    """
    readings = context.services().readings
    if not readings.note(context.actor(), incidents):
        readings.require(context.actor())


def without_numbers(packed: bytes) -> bytes:
    """Return JSON with a mask in the place of callers' names and numbers."""
    return _HIDDEN.sub(rb'"\1":"' + MASK.encode() + b'"', packed)


def incidents_in(body: object) -> dict[int, bool | None]:
    """Return the incidents whose caller's number an answer holds, and whether each is over.

    Whether it is over is None where the answer does not say: a report names its incident only.
    """
    found: dict[int, bool | None] = {}
    _look(body, None, found)
    return found


def _look(node: object, about: int | None, found: dict[int, bool | None]) -> None:
    if isinstance(node, Mapping):
        about = node.get("incident_id") or about
        if node.get("caller_phone"):
            incident_id, is_over = _incident_of(node, about)
            if incident_id is not None and found.get(incident_id) is None:
                found[incident_id] = is_over
            return
        for each in node.values():
            if isinstance(each, Mapping | list | tuple):
                _look(each, about, found)
    elif isinstance(node, list | tuple):
        for each in node:
            _look(each, about, found)


def _incident_of(node: Mapping[str, Any], about: int | None) -> tuple[int | None, bool | None]:
    if "state" in node and "closed_at" in node:
        return node["id"], node["state"] in ENDED_INCIDENT_STATES
    return about, None
