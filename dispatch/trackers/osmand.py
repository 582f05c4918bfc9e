"""The OsmAnd protocol as Traccar Client 7 to 10 and OsmAnd itself speak it. Pure.

A query, or a form of the same names; or, since version 9, JSON.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from typing import NamedTuple
from urllib.parse import parse_qsl

from dispatch.trackers.readings import INVALID
from dispatch.trackers.readings import Reading
from dispatch.trackers.readings import accuracy
from dispatch.trackers.readings import flag
from dispatch.trackers.readings import heading
from dispatch.trackers.readings import instant_of
from dispatch.trackers.readings import mapping
from dispatch.trackers.readings import number
from dispatch.trackers.readings import percent
from dispatch.trackers.readings import place
from dispatch.trackers.readings import speed

_MOST_FIELDS = 100
_MOST_LOCATIONS = 200


class Message(NamedTuple):
    """A request as it was understood: which device it names, and what it brings.

    ``device`` is None where it names none; ``as_json`` whether it was the JSON of version 9.
    """

    device: str | None
    readings: tuple[Reading, ...]
    as_json: bool


def read(query: bytes, body: bytes, now: datetime) -> Message:
    """Return what a request says: by its query, or if that is empty by its body."""
    if query:
        return _by_names(_fields(query), now)
    if body.lstrip()[:1] in {b"{", b"["}:
        return _by_json(body, now)
    return _by_names(_fields(body), now)


def _fields(encoded: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            encoded.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        return {}
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields.setdefault(name, value)
    return fields


def _by_names(fields: Mapping[str, str], now: datetime) -> Message:
    device = fields.get("id") or fields.get("deviceid") or None
    if device is None:
        return Message(None, (), as_json=False)
    fixed_at = instant_of(fields.get("timestamp"), now)
    where, told = _place(fields)
    valid = flag(fields.get("valid"))
    wrong = told and (where is None or fixed_at is None or valid is False)
    reading = Reading(
        fixed_at=fixed_at or now,
        place=where,
        refusal=INVALID if wrong else None,
        accuracy_m=accuracy(fields.get("accuracy")),
        speed=speed(fields.get("speed")),
        heading_deg=heading(fields.get("bearing", fields.get("heading"))),
        battery_pct=percent(fields.get("batt")),
        charging=flag(fields.get("charge")),
        mock=bool(flag(fields.get("mock"))),
        approximate=bool(flag(fields.get("approximate"))),
    )
    return Message(device, (reading,), as_json=False)


def _place(fields: Mapping[str, str]) -> tuple[tuple[float, float] | None, bool]:
    """Return the place that is told, if it can be read; and whether any is told at all."""
    if "location" in fields:
        lat, _, lon = fields["location"].partition(",")
        return place(lon, lat), True
    if "lat" in fields or "lon" in fields:
        return place(fields.get("lon"), fields.get("lat")), True
    return None, False


def _by_json(body: bytes, now: datetime) -> Message:
    try:
        loaded = json.loads(body)
    except (ValueError, RecursionError):
        return Message(None, (), as_json=True)
    told = mapping(loaded)
    device = told.get("device_id")
    if not isinstance(device, str | int) or isinstance(device, bool) or device == "":
        return Message(None, (), as_json=True)
    location = told.get("location")
    locations = location[:_MOST_LOCATIONS] if isinstance(location, list) else [location]
    readings = tuple(_of_location(mapping(each), now) for each in locations)
    return Message(str(device), readings, as_json=True)


def _of_location(location: Mapping[str, Any], now: datetime) -> Reading:
    coords, battery = mapping(location.get("coords")), mapping(location.get("battery"))
    fixed_at = instant_of(location.get("timestamp"), now)
    told = "latitude" in coords or "longitude" in coords
    where = place(coords.get("longitude"), coords.get("latitude"))
    level = number(battery.get("level"))
    moving, charging = location.get("is_moving"), battery.get("is_charging")
    speed_mps = speed(coords.get("speed"))
    if speed_mps is None and moving is False:
        speed_mps = 0.0
    extras = mapping(location.get("extras"))
    return Reading(
        fixed_at=fixed_at or now,
        place=where,
        refusal=INVALID if told and (where is None or fixed_at is None) else None,
        accuracy_m=accuracy(coords.get("accuracy")),
        speed_mps=speed_mps,
        heading_deg=heading(coords.get("heading")),
        battery_pct=None if level is None else percent(level * 100),
        charging=charging if isinstance(charging, bool) else None,
        mock=bool(flag(location.get("mock"))),
        approximate=bool(flag(extras.get("approximate"))),
    )
