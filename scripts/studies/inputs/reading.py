"""Weighted points read from files: every row counts, or stands among those left out with a reason.

What is wrong with the whole file (no such column, no CRS) is an error; what is wrong with one row
leaves that row out, named with its file and line. ``strict`` makes the first such row an error.
"""

import math
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any
from typing import Final
from zoneinfo import ZoneInfo
from zoneinfo import ZoneInfoNotFoundError

import numpy as np
import pyproj

from scripts.errors import UsageError
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import Points
from scripts.studies.inputs.raw_rows import WGS84
from scripts.studies.inputs.raw_rows import RawRows
from scripts.studies.inputs.raw_rows import read_rows

EMPTY = "empty_geometry"
NOT_A_NUMBER = "not_a_number"
NOT_A_PLACE = "not_a_place"
SWAPPED = "swapped"
NO_WEIGHT = "missing_weight"
NEGATIVE = "negative_weight"
NOT_A_TIME = "not_a_time"
DUPLICATE = "duplicate"

NAMES: Final = ("name", "id", "code", "crew")
WEIGHTS: Final = ("weight", "demand", "customers", "population")
ZONES: Final = ("zone", "district", "area")
TIMES: Final = ("at", "time", "created_at", "reported_at")
_HALF_TURN, _RIGHT_ANGLE = 180.0, 90.0
_TIME_FORMATS: Final = ("%m/%d/%Y %I:%M:%S %p", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a file to read; None: the usual names, if there is one of them."""

    name: str | None = None
    weight: str | None = None
    zone: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read.

    Attributes
    ----------
    crs, layer
        See `raw_rows.read_rows`.
    time_zone
        IANA name of the zone of times that do not say theirs.
    strict
        Whether a row that does not count is an error.
    """

    crs: str | None = None
    layer: str | None = None
    columns: Columns = field(default_factory=Columns)
    time_zone: str | None = None
    strict: bool = False


_AS_USUAL: Final = Reading()


def read_points(file: Path, how: Reading = _AS_USUAL) -> Points:
    """Return the points of a CSV table, GeoPackage, GeoJSON or shapefile, each checked.

    Weights are 1 where the file has no such column. Two rows of one name, place and time are one
    point: the second is left out; rows without names may share a place, as flats of a house do. An
    area counts at a point within it.

    Raises
    ------
    UsageError
        If the file cannot be read, names no CRS, lacks a column that was asked for, or no row
        counts; with ``strict``, if any row does not. Says the file and the row.
    """
    raw = read_rows(file, how.crs, how.layer)
    rows = _Rows(file, raw, how)
    kept = [number for number in range(len(raw.where)) if rows.take(number)]
    if how.strict and rows.left_out:
        first = rows.left_out[0]
        message = (
            f"{first.where}: {first.name} does not count ({first.reason.replace('_', ' ')}); "
            f"{len(rows.left_out):,} such rows in all."
        )
        raise UsageError(message, mend="Mend the rows, or leave out --strict to go on without.")
    if not kept:
        message = f"{file} holds no place that counts."
        if rows.left_out:
            first = rows.left_out[0]
            message += f" The first: {first.where}, {first.reason.replace('_', ' ')}."
        raise UsageError(message)
    points = rows.as_points(kept)
    with np.errstate(over="ignore"):
        demand = points.demand
    if not math.isfinite(demand):
        message = f"The weights of {file} add up to more than a number can hold."
        raise UsageError(message, mend="Look for weights of a hundred digits and more.")
    return points


class _Rows:
    """The rows of one file, taken one by one."""

    def __init__(self, file: Path, raw: RawRows, how: Reading) -> None:
        self._raw = raw
        wanted = how.columns
        self._names = _column(file, raw, wanted.name, NAMES)
        self._weights = _column(file, raw, wanted.weight, WEIGHTS)
        self._zones = _column(file, raw, wanted.zone, ZONES)
        self._times = _column(file, raw, wanted.at, TIMES)
        self._local = _zone_named(how.time_zone)
        self._lonlat, self._faults = _places(raw)
        self._seen: set[tuple[str, float, float, datetime | None]] = set()
        self.left_out: list[LeftOut] = []
        self._weight: dict[int, float] = {}
        self._at: dict[int, datetime] = {}

    def take(self, number: int) -> bool:
        """Return whether a row counts; else it is among those left out."""
        weight, fault = self._read_weight(number)
        if fault is None:
            fault = self._faults[number]
        if fault is None and self._times is not None:
            fault = self._read_time(number)
        if fault is None and self._names is not None:
            lon, lat = self._lonlat[number].tolist()
            same = (self._name(number), round(lon, 7), round(lat, 7), self._at.get(number))
            fault = DUPLICATE if same in self._seen else None
            self._seen.add(same)
        if fault is not None:
            lost = max(0.0, weight)
            self.left_out.append(LeftOut(self._name(number), self._raw.where[number], fault, lost))
            return False
        self._weight[number] = weight
        return True

    def as_points(self, kept: Sequence[int]) -> Points:
        """Return the rows that count."""
        zones = self._zones
        return Points(
            names=tuple(self._name(number) for number in kept),
            lonlat=self._lonlat[kept],
            weights=np.array([self._weight[number] for number in kept]),
            zones=None if zones is None else tuple(_text(zones[number]) for number in kept),
            at=None if self._times is None else tuple(self._at[number] for number in kept),
            left_out=tuple(self.left_out),
            where=tuple(self._raw.where[number] for number in kept),
        )

    def _name(self, number: int) -> str:
        return (_text(self._names[number]) if self._names is not None else "") or str(number + 1)

    def _read_weight(self, number: int) -> tuple[float, str | None]:
        if self._weights is None:
            return 1.0, None
        if not _text(self._weights[number]):
            return 0.0, NO_WEIGHT
        weight = _number(self._weights[number])
        if not math.isfinite(weight):
            return 0.0, NOT_A_NUMBER
        return weight, NEGATIVE if weight < 0.0 else None

    def _read_time(self, number: int) -> str | None:
        assert self._times is not None  # noqa: S101 - as the caller asked
        at = _instant(self._times[number])
        if at is None:
            return NOT_A_TIME
        if at.tzinfo is None:
            if self._local is None:
                message = f"{self._raw.where[number]}: {at} does not say its time zone."
                raise UsageError(message, mend="--time-zone NAME, such as Europe/Lisbon")
            at = at.replace(tzinfo=self._local)
        self._at[number] = at.astimezone(UTC)
        return None


def _column(
    file: Path, raw: RawRows, wanted: str | None, usual: Sequence[str]
) -> Sequence[Any] | None:
    if wanted is None:
        return next((raw.columns[name] for name in usual if name in raw.columns), None)
    found = raw.columns.get(wanted.strip().lower())
    if found is None:
        message = f"{file} has no column {wanted}."
        raise UsageError(message, mend=f"It has: {', '.join(raw.columns) or 'none'}.")
    return found


def _places(raw: RawRows) -> tuple[FloatArray, list[str | None]]:
    """Return longitudes and latitudes, and what is wrong with each."""
    count = len(raw.xy)
    xy = np.full((count, 2), np.nan)
    faults: list[str | None] = [None] * count
    for number, pair in enumerate(raw.xy):
        if pair is None:
            faults[number] = EMPTY
            continue
        xy[number] = _coordinate(pair[0]), _coordinate(pair[1])
        if not np.isfinite(xy[number]).all():
            faults[number] = NOT_A_NUMBER
    if not raw.crs.equals(pyproj.CRS(WGS84), ignore_axis_order=True):
        turn = pyproj.Transformer.from_crs(raw.crs, WGS84, always_xy=True)
        xy = np.stack(turn.transform(xy[:, 0], xy[:, 1]), axis=1)
    size = np.abs(xy)
    nowhere = ~(size <= (_HALF_TURN, _RIGHT_ANGLE)).all(axis=1)
    swapped = nowhere & (size <= (_RIGHT_ANGLE, _HALF_TURN)).all(axis=1)
    for number in np.flatnonzero(nowhere).tolist():
        if faults[number] is None:
            faults[number] = SWAPPED if swapped[number] else NOT_A_PLACE
    return xy, faults


def _coordinate(value: Any) -> float:  # noqa: ANN401 - whatever a file holds
    """Return a number that may have a decimal comma: coordinates have no thousands apart."""
    return _number(value.replace(",", ".") if isinstance(value, str) else value)


def _number(value: Any) -> float:  # noqa: ANN401 - whatever a file holds
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a file holds
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value).strip()


def _instant(value: Any) -> datetime | None:  # noqa: ANN401 - whatever a file holds
    if isinstance(value, datetime):
        return value if value == value else None  # noqa: PLR0124 - pandas' NaT is not itself
    attempts: list[Callable[[str], datetime]] = [datetime.fromisoformat]
    attempts += [_in_format(form) for form in _TIME_FORMATS]
    for attempt in attempts:
        try:
            return attempt(_text(value))
        except ValueError:
            continue
    return None


def _in_format(form: str) -> Callable[[str], datetime]:
    return lambda text: datetime.strptime(text, form)  # noqa: DTZ007 - its zone is asked for later


def _zone_named(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        message = f"There is no time zone {name!r}."
        raise UsageError(message, mend="--time-zone NAME, such as Europe/Lisbon") from error
