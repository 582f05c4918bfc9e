"""Shifts as rows: found, written, shown; overlaps refused by name."""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from datetime import date
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.pledges.calendar_rules import Calendar
from dispatch.pledges.models import WorkCalendar
from dispatch.pledges.pledges_in_force import DEFAULT_CALENDAR
from dispatch.pledges.pledges_in_force import SHIPPED_CALENDAR
from dispatch.pledges.pledges_in_force import calendar_of
from dispatch.shifts.models import NO_OVERLAP
from dispatch.shifts.models import Shift
from dispatch.shifts.models import ShiftSwap
from dispatch.shifts.states import OPEN_SWAPS
from dispatch.shifts.types import ShiftAnswer

_T = TypeVar("_T")


def day_of(words: str, field: str) -> date:
    """Return a day that was written YYYY-MM-DD.

    Raises
    ------
    InvalidInput
        If the calendar has no such day, or one far from now.
    """
    try:
        day = date.fromisoformat(words)
    except ValueError:
        day = date.min
    if not 1970 <= day.year <= 2999:  # noqa: PLR2004  (as `Instant`)
        raise InvalidInput.one(field, N_("must be a day such as 2026-01-31"))
    return day


def calendars(session: Session, codes: Collection[str]) -> dict[str, Calendar]:
    """Return calendars by code; the shipped one where nobody has set it."""
    found = {DEFAULT_CALENDAR: SHIPPED_CALENDAR}
    rows = session.scalars(select(WorkCalendar).where(WorkCalendar.code.in_(set(codes))))
    return found | {row.code: calendar_of(row) for row in rows}


def require_calendar(session: Session, code: str) -> None:
    """Refuse a calendar that is not there."""
    if code not in calendars(session, [code]):
        raise InvalidInput.one("calendar", N_("is no calendar"))


def crew_names(session: Session, crew_ids: Collection[int]) -> dict[int, str]:
    """Return the names of crews; of those that exist."""
    ids = {min(each, LARGEST_ID) for each in crew_ids}
    rows = session.execute(select(Crew.id, Crew.name).where(Crew.id.in_(ids)))
    return {row.id: row.name for row in rows}


def require_crews(session: Session, crew_ids: Collection[int], field: str) -> dict[int, str]:
    """Return the names of crews, all of which have to exist.

    Raises
    ------
    InvalidInput
        Naming the first that does not.
    """
    names = crew_names(session, crew_ids)
    for crew_id in crew_ids:
        if crew_id not in names:
            raise InvalidInput.one(field, N_("There is no crew %(id)s."), id=crew_id)
    return names


def locked(session: Session, shift_ids: Iterable[int]) -> dict[int, Shift]:
    """Lock shifts, in the order of their ids, and return those that exist."""
    ids = sorted({min(each, LARGEST_ID) for each in shift_ids})
    rows = session.scalars(
        select(Shift)
        .where(Shift.id.in_(ids))
        .order_by(Shift.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {each.id: each for each in rows}


def locked_one(session: Session, shift_id: int) -> Shift:
    """Lock one shift.

    Raises
    ------
    NotFound
        If it does not exist.
    """
    found = locked(session, [shift_id]).get(shift_id)
    if found is None:
        raise NotFound.thing("shift", shift_id)
    return found


def overlapping(
    session: Session,
    crew_id: int,
    begins_at: datetime,
    ends_at: datetime,
    *,
    but: int | None = None,
) -> Shift | None:
    """Return a shift that a crew has at some of a time already."""
    query = (
        select(Shift)
        .where(
            Shift.crew_id == crew_id,
            Shift.cancelled_at.is_(None),
            Shift.begins_at < ends_at,
            Shift.ends_at > begins_at,
            Shift.id != (but or 0),
        )
        .order_by(Shift.begins_at)
        .limit(1)
    )
    return session.scalar(query)


def refuse_overlap(session: Session, shift: Shift, zone: ZoneInfo) -> None:
    """Refuse a shift, stored or not, while its crew has another one.

    Raises
    ------
    Conflict
        ``shift_overlaps``, naming the other one.
    """
    with session.no_autoflush:
        other = overlapping(session, shift.crew_id, shift.begins_at, shift.ends_at, but=shift.id)
        if other is not None:
            name = crew_names(session, [shift.crew_id]).get(shift.crew_id, "")
            raise overlap(name, other.name, other.begins_at, other.ends_at, zone, shift_id=other.id)


def overlap(
    crew: str, what: str, begins_at: datetime, ends_at: datetime, zone: ZoneInfo, **extra: object
) -> Conflict:
    """Return the refusal of a shift for another one of the same crew."""
    message = N_("%(crew)s has the shift %(what)s from %(from)s to %(to)s already.")
    words = {"from": wall_words(begins_at, zone), "to": wall_words(ends_at, zone)}
    extra |= {"crew": crew, "begins_at": instant(begins_at), "ends_at": instant(ends_at)}
    return Conflict("shift_overlaps", message, {"crew": crew, "what": what, **words}, extra=extra)


def wall_words(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant as the clock and the calendar at the desk show it."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def run(work: UnitOfWork, unit: Callable[[Session], _T]) -> _T:
    """Run a unit of work; what the constraint against overlaps stops is refused by name.

    Raises
    ------
    Conflict
        ``shift_overlaps``: somebody else planned the crew meanwhile.
    """
    try:
        return work.run(unit)
    except IntegrityError as error:
        if NO_OVERLAP not in str(error.orig):
            raise
        message = N_("Two shifts of one crew would overlap: somebody planned it meanwhile.")
        raise Conflict("shift_overlaps", message) from error


def open_swaps(session: Session, shift_ids: Collection[int], now: datetime) -> dict[int, int]:
    """Return, by shift, the swap of it that is not decided yet."""
    query = (
        select(ShiftSwap.shift_id, ShiftSwap.id)
        .join(Shift, Shift.id == ShiftSwap.shift_id)
        .where(
            ShiftSwap.shift_id.in_(shift_ids),
            ShiftSwap.state.in_([each.value for each in OPEN_SWAPS]),
            Shift.begins_at > now,
        )
    )
    return {row.shift_id: row.id for row in session.execute(query)}


def shift_views(
    session: Session, shifts: Collection[Shift], zone: ZoneInfo, now: datetime
) -> list[ShiftAnswer]:
    """Return shifts as the API shows them."""
    names = crew_names(session, {each.crew_id for each in shifts})
    swaps = open_swaps(session, {each.id for each in shifts}, now)
    return [_view(each, names.get(each.crew_id, ""), swaps.get(each.id), zone) for each in shifts]


def shift_view(session: Session, shift: Shift, zone: ZoneInfo, now: datetime) -> ShiftAnswer:
    """Return one shift as the API shows it."""
    return shift_views(session, [shift], zone, now)[0]


def _view(shift: Shift, crew_name: str, swap_id: int | None, zone: ZoneInfo) -> ShiftAnswer:
    return {
        "id": shift.id,
        "crew_id": shift.crew_id,
        "crew_name": crew_name,
        "begins_at": instant(shift.begins_at),
        "ends_at": instant(shift.ends_at),
        "day": shift.day.isoformat(),
        "from_time": f"{shift.begins_at.astimezone(zone):%H:%M}",
        "to_time": f"{shift.ends_at.astimezone(zone):%H:%M}",
        "name": shift.name,
        "template_id": shift.template_id,
        "rotation_id": shift.rotation_id,
        "by_hand": shift.by_hand,
        "cancelled": shift.cancelled_at is not None,
        "reason": shift.reason,
        "swap_id": swap_id,
        "version": shift.version,
        "updated_at": instant(shift.updated_at),
        "updated_by": shift.updated_by,
    }
