"""What both protocols come down to: readings, and the numbers and times in them. Pure.

Nothing that a device sends raises: a phone whose fix is answered with an error sends it again, for
ever, before all others. What cannot be read is None, or makes the reading one that is refused.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Any

INVALID = "invalid"
_MOST_SECONDS = 2_147_483_647
_MOST_ACCURACY_M = 1e7
_MOST_SPEED = 1e4
_CIRCLE_DEG = 360.0
_FULL_PCT = 100.0
_LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Reading:
    """One message of a device, as it says it: datum and plain speeds are its own.

    Attributes
    ----------
    place
        Longitude and latitude in degrees; None in a message without any.
    refusal
        Why its place cannot be used, whatever a tracker's filters are.
    speed
        In the tracker's unit, unless ``speed_mps`` is known.
    answers_request
        Whether the device was asked for it.
    """

    fixed_at: datetime
    place: tuple[float, float] | None = None
    refusal: str | None = None
    accuracy_m: float | None = None
    speed: float | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None
    battery_pct: float | None = None
    charging: bool | None = None
    mock: bool = False
    approximate: bool = False
    answers_request: bool = False

    @property
    def is_heartbeat(self) -> bool:
        """Whether it says nothing of any place, not even a wrong one."""
        return self.place is None and self.refusal is None


def number(raw: object) -> float | None:
    """Return a finite number, from a number or from text; None for everything else."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return None
    if isinstance(raw, str) and (len(raw) > _LONGEST_NUMBER or "_" in raw):
        return None
    try:
        found = float(raw)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def between(raw: object, least: float, most: float) -> float | None:
    """Return a number inside bounds, which may be equal; None for everything else."""
    found = number(raw)
    return found if found is not None and least <= found <= most else None


def accuracy(raw: object) -> float | None:
    """Return how accurate a fix says that it is, in metres; 0 and less say nothing."""
    found = between(raw, 0, _MOST_ACCURACY_M)
    return found or None


def speed(raw: object) -> float | None:
    """Return a speed; a negative one is unknown."""
    return between(raw, 0, _MOST_SPEED)


def heading(raw: object) -> float | None:
    """Return a heading in degrees; a negative one is unknown."""
    return between(raw, 0, _CIRCLE_DEG)


def percent(raw: object) -> float | None:
    """Return a share in percent."""
    return between(raw, 0, _FULL_PCT)


def flag(raw: object) -> bool | None:
    """Return what ``true``, ``1`` and their like say; None where nothing is said."""
    if raw is None or raw == "":
        return None
    return str(raw).strip().lower() in {"true", "1"}


def place(lon: object, lat: object) -> tuple[float, float] | None:
    """Return a place on Earth, longitude first; None if it is none."""
    x, y = between(lon, -180, 180), between(lat, -90, 90)
    return None if x is None or y is None else (x, y)


def instant_of(raw: object, now: datetime) -> datetime | None:
    """Return when something was, by a device's clock; now if it says nothing, None if unreadable.

    An integer below 2^31 - 1 is seconds since 1970, any other milliseconds; a text with a ``T`` is
    ISO 8601, any other ``2026-01-31 08:15:00``; both in UTC unless they name a zone.
    """
    if raw is None or raw == "":
        return now
    try:
        if isinstance(raw, str):
            return _of_text(raw.strip()).astimezone(UTC)
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            return _of_epoch(raw)
    except (ValueError, OverflowError, OSError):
        pass
    return None


def _of_text(text: str) -> datetime:
    if text.lstrip("-").isdecimal():
        return _of_epoch(int(text[:_LONGEST_NUMBER]))
    if "T" not in text.upper():
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    # In a query an unescaped plus sign, of a zone, is a blank.
    found = datetime.fromisoformat(text.upper().replace(" ", "+"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _of_epoch(count: float) -> datetime:
    return datetime.fromtimestamp(count if count < _MOST_SECONDS else count / 1000, UTC)


def mapping(raw: object) -> Mapping[str, Any]:
    """Return a JSON object; an empty one instead of anything else."""
    return raw if isinstance(raw, dict) else {}
