"""Trips read from a CSV table: from where, to where, and when."""

import math
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from scripts.errors import UsageError
from scripts.roads.places_file import read_text
from scripts.roads.places_file import rows_of
from scripts.studies.inputs.left_out import LeftOut

_PLACES = ("from_lon", "from_lat", "to_lon", "to_lat")
_TIMES = ("departed_at", "arrived_at")
_MEND = f"Trips need columns {', '.join((*_PLACES, *_TIMES))}."
_LONGEST_S = 6 * 3600.0
_LIMITS = (180.0, 90.0, 180.0, 90.0)


@dataclass(frozen=True, slots=True)
class Trip:
    """One trip; times are aware."""

    name: str
    where: str
    origin: tuple[float, float]
    target: tuple[float, float]
    departed_at: datetime
    arrived_at: datetime

    @property
    def actual_s(self) -> float:
        """How long it took."""
        return (self.arrived_at - self.departed_at).total_seconds()


@dataclass(frozen=True, slots=True)
class TripFile:
    """The trips of a file, and its rows that do not count."""

    trips: list[Trip]
    left_out: list[LeftOut]


def read_trips(file: Path, time_zone: ZoneInfo) -> TripFile:
    """Return the trips of a table, with every other row and why it does not count.

    Parameters
    ----------
    time_zone
        Of times that do not say theirs.

    Raises
    ------
    UsageError
        If the file cannot be read, lacks a column, or no row counts.
    """
    found = TripFile([], [])
    for number, (where, row) in enumerate(rows_of(file, read_text(file)), start=1):
        missing = [name for name in (*_PLACES, *_TIMES) if name not in row]
        if missing:
            message = f"{where}: no column {missing[0]}."
            raise UsageError(message, mend=_MEND)
        name = row.get("name") or row.get("id") or str(number)
        trip = _trip(name, where, row, time_zone)
        if isinstance(trip, str):
            found.left_out.append(LeftOut(name, where, trip, 1.0))
        else:
            found.trips.append(trip)
    if not found.trips:
        first = found.left_out[0] if found.left_out else None
        why = f" The first: {first.where}, {first.reason}." if first else ""
        message = f"{file} holds no trip that counts.{why}"
        raise UsageError(message, mend=_MEND)
    return found


def _trip(name: str, where: str, row: dict[str, str], zone: ZoneInfo) -> Trip | str:
    """Return a trip, or the code of what is wrong with it."""
    try:
        places = [float(row[column]) for column in _PLACES]
    except ValueError:
        return "not_a_number"
    if not all(math.isfinite(one) for one in places):
        return "not_a_number"
    if not all(abs(one) <= most for one, most in zip(places, _LIMITS, strict=True)):
        return "not_a_place"
    try:
        departed_at, arrived_at = (_instant(row[column], zone) for column in _TIMES)
    except ValueError:
        return "not_a_time"
    trip = Trip(
        name, where, (places[0], places[1]), (places[2], places[3]), departed_at, arrived_at
    )
    if trip.actual_s <= 0.0:
        return "arrived_before_departing"
    return trip if trip.actual_s <= _LONGEST_S else "longer_than_6_hours"


def _instant(text: str, zone: ZoneInfo) -> datetime:
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
