"""Past incidents with how long each part of the response took, read from a table."""

import math
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from typing import Final

import numpy as np

from scripts.errors import UsageError
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.inputs.points import BoolArray
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.inputs.points import Points
from scripts.studies.inputs.raw_rows import RawRows
from scripts.studies.inputs.raw_rows import read_rows
from scripts.studies.inputs.reading import Reading
from scripts.studies.inputs.reading import read_points

NOT_A_PRIORITY: Final = "not_a_priority"
NOT_A_NUMBER: Final = "not_a_number"
DURATIONS: Final = ("turnout_s", "travel_s", "work_s")
"""Columns of a table that may be missing or empty: what is unknown is drawn from what is known."""
_USUAL_PRIORITY: Final = 2
_LEAST_URGENT: Final = 4
_SEPARATOR: Final = ";"


@dataclass(frozen=True, eq=False)
class IncidentLog:
    """Past incidents, the oldest first.

    Attributes
    ----------
    points
        Where and when; ``at`` is never None.
    kinds
        Names of the kinds that occur.
    needs
        Of each kind, the skills of each task that a crew is looked for; all those of one suffice.
    kind, priority
        Of each incident: row of ``kinds``; 1 is the most urgent. Shape ``(n,)``.
    turnout_s, travel_s, work_s
        What each part took, NaN where unknown; shape ``(n,)``.
    limit_s
        From report to arrival, as pledged; ``inf`` where nothing is; shape ``(n,)``.
    """

    points: Points
    kinds: tuple[str, ...]
    needs: tuple[tuple[frozenset[str], ...], ...]
    kind: IntArray
    priority: IntArray
    turnout_s: FloatArray
    travel_s: FloatArray
    work_s: FloatArray
    limit_s: FloatArray

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.points)

    @property
    def at(self) -> Sequence[datetime]:
        """When each was reported."""
        return self.points.at or ()

    def only(self, kept: BoolArray | IntArray, left_out: Sequence[LeftOut] = ()) -> "IncidentLog":
        """Return some of the incidents, by a mask or by rows in the order wanted."""
        rows = np.flatnonzero(kept) if kept.dtype == np.bool_ else kept
        points = self.points
        at = self.at
        columns = ("kind", "priority", "turnout_s", "travel_s", "work_s", "limit_s")
        return replace(
            self,
            points=replace(
                points,
                names=tuple(points.names[row] for row in rows.tolist()),
                lonlat=points.lonlat[rows],
                weights=points.weights[rows],
                zones=None if points.zones is None else tuple(points.zones[row] for row in rows),
                at=tuple(at[row] for row in rows.tolist()),
                left_out=(*points.left_out, *left_out),
            ),
            **{name: getattr(self, name)[rows] for name in columns},
        )

    def with_limits(self, limits: Mapping[tuple[str, int | None], float]) -> "IncidentLog":
        """Return the log with limits by kind and priority; None: any priority, ``""``: any kind.

        The most exact one counts: of kind and priority, of the kind, of the priority, of all.
        """
        limit_s = [
            next(
                (
                    limits[key]
                    for key in ((kind, level), (kind, None), ("", level), ("", None))
                    if key in limits
                ),
                math.inf,
            )
            for kind, level in zip(
                (self.kinds[row] for row in self.kind.tolist()), self.priority.tolist(), strict=True
            )
        ]
        return replace(self, limit_s=np.array(limit_s))


def read_log(file: Path, how: Reading | None = None) -> IncidentLog:
    """Return the incidents of a table: ``reported_at, lon, lat``, and what else is known.

    ``kind``; ``priority`` 1–4; ``turnout_s``, ``travel_s``, ``work_s``; ``skills``, those that its
    crew needs, separated by semicolons. All of them may be missing or empty.

    Raises
    ------
    UsageError
        As `reading.read_points`, or if there is no column of times.
    """
    points = read_points(file, how or Reading())
    if points.at is None:
        message = f"{file} does not say when the incidents were reported."
        raise UsageError(message, mend="It needs a column reported_at, such as 2026-01-31T08:15Z.")
    wanted = how or Reading()
    raw = read_rows(file, wanted.crs, wanted.layer)
    gone = {each.where for each in points.left_out}
    rows = [row for row, where in enumerate(raw.where) if where not in gone]
    return _checked(points, raw, rows)


def _checked(points: Points, raw: RawRows, rows: Sequence[int]) -> IncidentLog:
    """Return the log without the rows whose priority or durations are none."""
    priority, faults = _priorities(raw, rows)
    durations = {name: _durations(raw, name, rows, faults) for name in DURATIONS}
    names = [_text(raw, "kind", row) or "any" for row in rows]
    skills = [_skills(_text(raw, "skills", row)) for row in rows]
    kinds = sorted(set(zip(names, (tuple(sorted(each)) for each in skills), strict=True)))
    number = {each: at for at, each in enumerate(kinds)}
    kind = [number[name, tuple(sorted(own))] for name, own in zip(names, skills, strict=True)]
    log = IncidentLog(
        points,
        tuple(name for name, _ in kinds),
        tuple((frozenset(own),) if own else () for _, own in kinds),
        np.array(kind, dtype=np.int64),
        priority,
        **durations,
        limit_s=np.full(len(points), np.inf),
    )
    left_out = [
        LeftOut(points.names[at], raw.where[rows[at]], reason, float(points.weights[at]))
        for at, reason in sorted(faults.items())
    ]
    kept = np.array([at for at in range(len(points)) if at not in faults], dtype=np.int64)
    if not len(kept):
        message = f"No incident counts: {left_out[0].where}, {left_out[0].reason}."
        raise UsageError(message)
    return _in_order(log.only(kept, left_out))


def _in_order(log: IncidentLog) -> IncidentLog:
    stamps = np.array([each.timestamp() for each in log.at])
    return log.only(np.argsort(stamps, kind="stable"))


def _priorities(raw: RawRows, rows: Sequence[int]) -> tuple[IntArray, dict[int, str]]:
    found = np.full(len(rows), _USUAL_PRIORITY, dtype=np.int64)
    faults: dict[int, str] = {}
    for at, row in enumerate(rows):
        text = _text(raw, "priority", row)
        if not text:
            continue
        if text.isdecimal() and 1 <= int(text) <= _LEAST_URGENT:
            found[at] = int(text)
        else:
            faults[at] = NOT_A_PRIORITY
    return found, faults


def _durations(raw: RawRows, name: str, rows: Sequence[int], faults: dict[int, str]) -> FloatArray:
    found = np.full(len(rows), np.nan)
    for at, row in enumerate(rows):
        text = _text(raw, name, row)
        if not text:
            continue
        try:
            found[at] = float(text)
        except ValueError:
            faults[at] = NOT_A_NUMBER
        if not (math.isnan(found[at]) or 0.0 <= found[at] < math.inf):
            faults[at] = NOT_A_NUMBER
    return found


def _text(raw: RawRows, name: str, row: int) -> str:
    values = raw.columns.get(name)
    value: Any = "" if values is None else values[row]
    return "" if value is None or value != value else str(value).strip()  # noqa: PLR0124 - NaN


def _skills(text: str) -> frozenset[str]:
    return frozenset(each.strip() for each in text.split(_SEPARATOR) if each.strip())
