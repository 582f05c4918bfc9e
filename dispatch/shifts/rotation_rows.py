"""Rotations as rows, and the shifts that follow from them."""

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.pledges.states import DayKind
from dispatch.shifts import rota
from dispatch.shifts import shift_rows
from dispatch.shifts.models import Rotation
from dispatch.shifts.models import RotationCrew
from dispatch.shifts.models import RotationDay
from dispatch.shifts.models import Shift
from dispatch.shifts.models import ShiftSwap
from dispatch.shifts.models import ShiftTemplate

MADE_AHEAD: Final = timedelta(days=42)
"""Shifts are there for so many days from today."""
_Key = tuple[int, date, int]


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a rotation's shifts."""

    added: int
    removed: int


def day_hours(row: ShiftTemplate) -> rota.DayHours:
    """Return the hours of a stored template."""
    weekdays = frozenset(row.weekdays) or rota.EVERY_DAY
    return rota.DayHours(row.from_minute, row.to_minute, weekdays, DayKind(row.days))


def rotation_of(session: Session, row: Rotation) -> rota.Rotation:
    """Return a stored rotation with its templates and crews."""
    days = session.scalars(select(RotationDay).where(RotationDay.rotation_id == row.id)).all()
    crews = session.scalars(select(RotationCrew).where(RotationCrew.rotation_id == row.id))
    templates = {
        each.id: each
        for each in session.scalars(
            select(ShiftTemplate).where(ShiftTemplate.id.in_({day.template_id for day in days}))
        )
    }
    calendars = shift_rows.calendars(session, {each.calendar for each in templates.values()})
    cycle: list[list[rota.Template]] = [[] for _ in range(row.cycle_days)]
    for each in sorted(days, key=lambda each: (each.day, templates[each.template_id].from_minute)):
        found = templates[each.template_id]
        cycle[each.day].append(
            rota.Template(found.id, found.name, day_hours(found), calendars[found.calendar])
        )
    starting = {each.crew_id: each.offset_days for each in crews}
    return rota.Rotation(row.starts_on, row.ends_on, cycle, starting)


def make_shifts(
    session: Session,
    row: Rotation,
    now: datetime,
    zone: ZoneInfo,
    by: str,
    *,
    skip_overlaps: bool = False,
) -> Made:
    """Make a rotation's shifts to come what it says; those changed by hand stay as they are.

    Parameters
    ----------
    session
        Holds the lock of the rotation.
    skip_overlaps
        Leave out what overlaps another shift of its crew, instead of refusing the whole.

    Raises
    ------
    Conflict
        ``shift_overlaps``, naming the crew and both shifts.
    """
    today = now.astimezone(zone).date()
    last = today + MADE_AHEAD
    wanted: dict[_Key, rota.PlannedShift] = {}
    if not row.retired:
        planned = rota.planned_shifts(rotation_of(session, row), zone, today, last)
        wanted = {(each.crew_id, each.day, each.template_id): each for each in planned}
    present = _present(session, row.id, today)
    removed = _remove(session, present, wanted, now)
    missing = [each for key, each in wanted.items() if key not in present and each.begins_at > now]
    added = _without_overlaps(session, missing, zone, skip=skip_overlaps)
    if added:
        session.execute(
            insert(Shift),
            [
                {
                    **each._asdict(),
                    "planned_crew_id": each.crew_id,
                    "rotation_id": row.id,
                    "by_hand": False,
                    "version": 0,
                    "updated_at": now,
                    "updated_by": by,
                }
                for each in added
            ],
        )
    row.made_until = last + timedelta(days=1)
    session.flush()
    return Made(len(added), removed)


def _present(session: Session, rotation_id: int, today: date) -> dict[_Key, Shift]:
    query = select(Shift).where(Shift.rotation_id == rotation_id, Shift.day >= today)
    return {
        (each.planned_crew_id or 0, each.day, each.template_id or 0): each
        for each in session.scalars(query.with_for_update())
    }


def _remove(
    session: Session,
    present: dict[_Key, Shift],
    wanted: Mapping[_Key, rota.PlannedShift],
    now: datetime,
) -> int:
    """Take back what a rotation no longer has, or has at other times; return how many."""
    gone = {
        key: each
        for key, each in present.items()
        if not each.by_hand and each.begins_at > now and not _same(each, wanted.get(key))
    }
    ids = [each.id for each in gone.values()]
    if ids:
        for column in (ShiftSwap.shift_id, ShiftSwap.for_shift_id):
            # What somebody wants to swap is a matter between people by now.
            asked = set(session.scalars(select(column).where(column.in_(ids))))
            gone = {key: each for key, each in gone.items() if each.id not in asked}
        ids = [each.id for each in gone.values()]
        session.execute(delete(Shift).where(Shift.id.in_(ids)))
        for key in gone:
            del present[key]
    return len(ids)


def _same(shift: Shift, wanted: rota.PlannedShift | None) -> bool:
    return wanted is not None and (shift.begins_at, shift.ends_at, shift.name) == (
        *(wanted.begins_at, wanted.ends_at, wanted.name),
    )


def _without_overlaps(
    session: Session, missing: list[rota.PlannedShift], zone: ZoneInfo, *, skip: bool
) -> list[rota.PlannedShift]:
    """Return those shifts that overlap nothing; refuse the whole unless they may be left out."""
    if not missing:
        return []
    first = min(each.begins_at for each in missing)
    query = select(Shift.crew_id, Shift.begins_at, Shift.ends_at, Shift.name).where(
        Shift.crew_id.in_({each.crew_id for each in missing}),
        Shift.cancelled_at.is_(None),
        Shift.ends_at > first,
    )
    spans = [rota.Span(*row) for row in session.execute(query)]
    kept: list[rota.PlannedShift] = []
    by_crew: dict[int, list[rota.Span]] = {}
    for span in spans:
        by_crew.setdefault(span.crew_id, []).append(span)
    for each in sorted(missing, key=lambda each: (each.begins_at, each.crew_id)):
        mine = by_crew.setdefault(each.crew_id, [])
        new = rota.Span(each.crew_id, each.begins_at, each.ends_at, each.name)
        other = _overlapped(mine, new)
        if other is None:
            mine.append(new)
            kept.append(each)
        elif not skip:
            name = shift_rows.crew_names(session, [each.crew_id]).get(each.crew_id, "")
            raise shift_rows.overlap(
                *(name, other.what, other.begins_at, other.ends_at, zone),
                day=each.day.isoformat(),
                crew_id=each.crew_id,
            )
    return kept


def _overlapped(spans: Iterable[rota.Span], new: rota.Span) -> rota.Span | None:
    return next(
        (each for each in spans if each.begins_at < new.ends_at and each.ends_at > new.begins_at),
        None,
    )
