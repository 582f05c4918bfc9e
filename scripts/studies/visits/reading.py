"""Read a day's visits and crews from CSV, GeoPackage or GeoJSON, every row checked."""

import math
import re
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import NoReturn
from typing import TypeVar

import pyproj

from scripts.errors import UsageError
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.inputs.raw_rows import WGS84
from scripts.studies.inputs.raw_rows import read_rows
from scripts.studies.visits.appointments import HIGHEST_PRIORITY
from scripts.studies.visits.appointments import LOWEST_PRIORITY
from scripts.studies.visits.appointments import Break
from scripts.studies.visits.appointments import Crew
from scripts.studies.visits.appointments import LonLat
from scripts.studies.visits.appointments import Visit
from scripts.studies.visits.appointments import Window
from scripts.studies.visits.day_clock import DayClock

DONE = "done_already"
WINDOW_TOO_SHORT = "window_too_short"
SHIFT_OVER = "shift_over"

T = TypeVar("T")
_NAMES = ("name", "id", "code", "crew")
_YES = frozenset({"1", "yes", "true", "y", "x", "是"})
_MINUTE_S = 60
_VISIT_MEND = (
    "A visit has lon, lat, duration_min, and as needed name, from, until (HH:MM) or windows "
    "(08:00-10:00; 13:00-15:00), skills (gas; water), priority (1 to 5), crew, done."
)
_CREW_MEND = (
    "A crew has name, lon, lat, from, until (HH:MM), and as needed skills, break_min, break_from, "
    "break_until, break_lon, break_lat, end (open), end_lon, end_lat, free_at, free_lon, free_lat."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: file and line, its place if it has one, and its other columns as texts."""

    where: str
    lonlat: LonLat | None
    texts: Mapping[str, str]
    mend: str

    def get(self, column: str) -> str:
        """Return the text of a column, empty if there is none."""
        return self.texts.get(column, "")

    def read(self, column: str, how: Callable[[str], T], what: str) -> T:
        """Return what a column holds.

        Raises
        ------
        UsageError
            If it is not what it should be.
        """
        text = self.get(column)
        try:
            return how(text)
        except ValueError as error:
            message = f"{self.where}: {column} is {text!r}, which is not {what}."
            raise UsageError(message, mend=self.mend) from error

    def refuse(self, problem: str) -> NoReturn:
        """Raise the error that names this row."""
        message = f"{self.where}: {problem}."
        raise UsageError(message, mend=self.mend)


def read_visits(
    file: Path, clock: DayClock, *, crs: str | None = None, work_within: bool = False
) -> tuple[list[Visit], list[LeftOut]]:
    """Return the visits of a file, and those that are done or do not fit into their own window.

    Parameters
    ----------
    clock
        The day, for times without a date.
    crs
        Of the coordinates, where the file does not say.
    work_within
        Whether a window holds the whole work; else the work begins in it.

    Raises
    ------
    UsageError
        If the file cannot be read or a row is wrong; says file, row and what belongs there.
    """
    visits: list[Visit] = []
    left_out: list[LeftOut] = []
    names: set[str] = set()
    for number, row in enumerate(_rows(file, crs, _VISIT_MEND), start=1):
        name = _name(row, number, names)
        duration_s = row.read("duration_min", _minutes, "a number of minutes above 0")
        windows = _windows(row, clock, duration_s if work_within else 0)
        visit = Visit(
            name,
            _place(row),
            duration_s,
            windows,
            _skills(row),
            row.read("priority", _priority, "a whole number from 1 to 5"),
            row.get("crew") or None,
            row.where,
        )
        if row.get("done").lower() in _YES:
            left_out.append(LeftOut(name, row.where, DONE, 1.0))
        elif not windows:
            left_out.append(LeftOut(name, row.where, WINDOW_TOO_SHORT, 1.0))
        else:
            visits.append(visit)
    return visits, left_out


def read_crews(
    file: Path, clock: DayClock, *, crs: str | None = None
) -> tuple[list[Crew], list[LeftOut]]:
    """Return the crews of a file, and those that are free only after their shift.

    Raises
    ------
    UsageError
        As `read_visits`, or if there are no crews.
    """
    crews: list[Crew] = []
    left_out: list[LeftOut] = []
    names: set[str] = set()
    for number, row in enumerate(_rows(file, crs, _CREW_MEND), start=1):
        crew = _crew(row, _name(row, number, names), clock)
        if crew.free_s >= crew.until_s:
            left_out.append(LeftOut(crew.name, row.where, SHIFT_OVER))
        else:
            crews.append(crew)
    if not crews:
        message = f"{file} holds no crew that is on shift."
        raise UsageError(message, mend=_CREW_MEND)
    return crews, left_out


def _crew(row: Row, name: str, clock: DayClock) -> Crew:
    start = _place(row)
    from_s = row.read("from", clock.seconds, "a time such as 08:00")
    until_s = row.read("until", clock.seconds, "a time such as 17:00; 30:00 is 6 in the morning")
    if until_s <= from_s:
        row.refuse("the shift ends before it begins")
    free_s = row.read("free_at", clock.seconds, "a time") if row.get("free_at") else from_s
    return Crew(
        name,
        start=_other_place(row, "free") or start,
        free_s=max(free_s, from_s),
        until_s=until_s,
        skills=_skills(row),
        end=None if row.get("end").lower() == "open" else _other_place(row, "end") or start,
        pause=_pause(row, start, (from_s, until_s), clock),
        where=row.where,
    )


def _pause(row: Row, start: LonLat, shift: tuple[int, int], clock: DayClock) -> Break | None:
    if not row.get("break_min"):
        return None
    duration_s = row.read("break_min", _minutes, "a number of minutes above 0")
    from_s, until_s = (
        row.read(f"break_{edge}", clock.seconds, "a time") if row.get(f"break_{edge}") else whole
        for edge, whole in zip(("from", "until"), shift, strict=True)
    )
    if from_s + duration_s > until_s:
        row.refuse("the break is longer than the time for it")
    return Break(_other_place(row, "break") or start, duration_s, from_s, until_s)


def _rows(file: Path, crs: str | None, mend: str) -> Iterator[Row]:
    raw = read_rows(file, crs)
    to_wgs84 = pyproj.Transformer.from_crs(raw.crs, WGS84, always_xy=True)
    for number, (where, pair) in enumerate(zip(raw.where, raw.xy, strict=True)):
        texts = {name: _text(column[number]) for name, column in raw.columns.items()}
        yield Row(where, None if pair is None else _lonlat(where, pair, to_wgs84), texts, mend)


def _lonlat(where: str, pair: Sequence[Any], to_wgs84: pyproj.Transformer) -> LonLat:
    try:
        lon, lat = to_wgs84.transform(float(pair[0]), float(pair[1]))
    except (TypeError, ValueError) as error:
        message = f"{where}: {pair[0]!r}, {pair[1]!r} are not two numbers."
        raise UsageError(message) from error
    return _on_earth(where, lon, lat)


def _on_earth(where: str, lon: float, lat: float) -> LonLat:
    if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):  # noqa: PLR2004 - NaN compares false
        message = f"{where}: {lon:g}, {lat:g} is nowhere on earth."
        raise UsageError(message, mend="Longitude comes first, then latitude.")
    return float(lon), float(lat)


def _place(row: Row) -> LonLat:
    if row.lonlat is None:
        row.refuse("there is no position")
    return row.lonlat


def _other_place(row: Row, what: str) -> LonLat | None:
    """Return a second place of a row: its columns ``WHAT_lon`` and ``WHAT_lat``."""
    columns = f"{what}_lon", f"{what}_lat"
    if not any(row.get(column) for column in columns):
        return None
    lon, lat = (row.read(column, float, "a number of degrees") for column in columns)
    return _on_earth(row.where, lon, lat)


def _name(row: Row, number: int, names: set[str]) -> str:
    name = next((row.get(column) for column in _NAMES if row.get(column)), str(number))
    if name in names:
        row.refuse(f"there is another row named {name}")
    names.add(name)
    return name


def _windows(row: Row, clock: DayClock, work_s: int) -> tuple[Window, ...]:
    """Return the windows in which work may begin, without those too short for it."""
    texts = [part.strip() for part in re.split("[;；]", row.get("windows")) if part.strip()]
    if texts:
        pairs = [re.split("[-–]", text, maxsplit=1) for text in texts]
        if any(len(pair) != 2 for pair in pairs):  # noqa: PLR2004 - from, until
            row.refuse(f"windows is {row.get('windows')!r}, not such as 08:00-10:00")
    else:
        pairs = [[row.get("from") or "00:00", row.get("until") or "24:00"]]
    windows = []
    for begin, end in pairs:
        try:
            from_s, until_s = clock.seconds(begin), clock.seconds(end)
        except ValueError:
            row.refuse(f"{begin!r}, {end!r} are not two times such as 08:00")
        if until_s < from_s:
            row.refuse(f"the window ends before it begins: {begin} to {end}")
        if until_s - work_s >= from_s:
            windows.append(Window(max(from_s, 0), until_s - work_s))
    return tuple(windows)


def _skills(row: Row) -> frozenset[str]:
    parts = re.split("[;；,，+|]", row.get("skills"))
    return frozenset(part.strip().lower() for part in parts if part.strip())


def _minutes(text: str) -> int:
    seconds = float(text) * _MINUTE_S
    if not 0 < seconds < math.inf:
        raise ValueError(text)
    return round(seconds)


def _priority(text: str) -> int:
    priority = int(float(text)) if text else 3
    if not HIGHEST_PRIORITY <= priority <= LOWEST_PRIORITY:
        raise ValueError(text)
    return priority


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a file holds
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value).strip()
