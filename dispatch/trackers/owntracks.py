"""OwnTracks over HTTP: one JSON message a request, told apart by its ``_type``. Pure."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from typing import Final

from dispatch.trackers.readings import INVALID
from dispatch.trackers.readings import Reading
from dispatch.trackers.readings import accuracy
from dispatch.trackers.readings import heading
from dispatch.trackers.readings import instant_of
from dispatch.trackers.readings import mapping
from dispatch.trackers.readings import percent
from dispatch.trackers.readings import place
from dispatch.trackers.readings import speed

NOTHING_TO_SAY: Final[list[dict[str, str]]] = []
"""The answer to everything: an object instead of a list makes some versions queue for ever."""
REPORT_LOCATION: Final = [{"_type": "cmd", "action": "reportLocation"}]
"""Asks the phone for a fix."""
ENCRYPTED = "encrypted"
_CHARGING = {1: False, 2: True, 3: True}
_MOST_MESSAGES = 200


def read(body: bytes, now: datetime) -> tuple[Reading, ...]:
    """Return what a request says; a body of any other kind, or none, says that the phone lives."""
    if not body.strip():
        return (Reading(now),)
    try:
        loaded = json.loads(body)
    except (ValueError, RecursionError):
        return (Reading(now, refusal=INVALID),)
    messages = loaded[:_MOST_MESSAGES] if isinstance(loaded, list) else [loaded]
    return tuple(_of_message(mapping(each), now) for each in messages) or (Reading(now),)


def _of_message(told: Mapping[str, Any], now: datetime) -> Reading:
    kind = told.get("_type")
    if kind == ENCRYPTED:
        return Reading(now, refusal=ENCRYPTED)
    if kind != "location":
        return Reading(now, battery_pct=percent(told.get("batt")))
    where = place(told.get("lon"), told.get("lat"))
    fixed_at = instant_of(told["tst"], now) if told.get("tst") else None
    named = isinstance(told.get("tid"), str) and told["tid"] != ""
    state = told.get("bs")
    return Reading(
        fixed_at=fixed_at or now,
        place=where,
        refusal=None if where and fixed_at and named else INVALID,
        accuracy_m=accuracy(told.get("acc")),
        # Some phones always say 0: that a crew stands is seen by its place.
        speed=speed(told.get("vel")) or None,
        heading_deg=heading(told.get("cog")),
        battery_pct=percent(told.get("batt")),
        charging=_CHARGING.get(state) if isinstance(state, int) else None,
        answers_request=told.get("t") == "r",
    )
