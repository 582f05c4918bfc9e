"""Shifts and hours on duty of crews, as they are judged by: one query, whatever their number."""

import math
from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final

from sqlalchemy import BigInteger
from sqlalchemy import ColumnElement
from sqlalchemy import DateTime
from sqlalchemy import Double
from sqlalchemy import bindparam
from sqlalchemy import cast
from sqlalchemy import column
from sqlalchemy import false
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from dispatch.core.sql_expressions import any_of
from dispatch.shifts.duty_hours import DutyHours
from dispatch.shifts.duty_hours import RestLimit
from dispatch.shifts.duty_hours import Span
from dispatch.shifts.duty_hours import Spell
from dispatch.shifts.duty_hours import on_duty_s
from dispatch.shifts.duty_hours import shift_ends_in_s
from dispatch.shifts.models import DutySpell
from dispatch.shifts.models import Shift

PLANNED_WITHIN: Final = timedelta(days=14)
"""A crew whose next shift begins later, or that has none, has no rota."""
_FOLLOWING: Final = 2
"""Of each crew the shift that ends next is read, and the one after it, in case they meet."""
_INSTANT = DateTime(timezone=True)
_NOW = bindparam("now", type_=_INSTANT)


def _in_s(at: Any) -> ColumnElement[float]:  # noqa: ANN401  (a column of instants)
    """Return in how many seconds an instant is: read in half the time of the instant itself."""
    seconds: ColumnElement[float] = cast(func.extract("epoch", at - _NOW), Double)
    return seconds


_ASKED = (
    func.unnest(bindparam("crew_ids", type_=ARRAY(BigInteger)))
    .table_valued(column("crew_id", BigInteger), name="asked")
    .render_derived()
)
# Crew by crew along the index: months of shifts are neither read nor counted.
_NEXT = (
    select(Shift.begins_at, Shift.ends_at)
    .where(
        Shift.crew_id == _ASKED.c.crew_id,
        Shift.cancelled_at.is_(None),
        Shift.ends_at > _NOW,
    )
    .order_by(Shift.ends_at)
    .limit(_FOLLOWING)
    .lateral("following")
)
_SHIFTS = select(
    _ASKED.c.crew_id, _in_s(_NEXT.c.begins_at), _in_s(_NEXT.c.ends_at), true()
).select_from(_ASKED.join(_NEXT, true()))
_SPELLS = select(
    DutySpell.crew_id, _in_s(DutySpell.began_at), _in_s(DutySpell.ended_at), false()
).where(
    any_of(DutySpell.crew_id, "crew_ids"),
    or_(
        DutySpell.ended_at.is_(None), DutySpell.ended_at > bindparam("rested_since", type_=_INSTANT)
    ),
)
_WITH_SPELLS = _SHIFTS.union_all(_SPELLS)


@dataclass(frozen=True, slots=True)
class PlannedDuty:
    """A crew's hours, and the two instants that its page and the board show."""

    hours: DutyHours
    ends_at: datetime | None
    next_begins_at: datetime | None


def planned_duties(
    session: Session, crew_ids: Collection[int], now: datetime, limit: RestLimit
) -> dict[int, PlannedDuty]:
    """Return what is known of the duty of crews; those of which nothing is are missing.

    Parameters
    ----------
    limit
        After how long a crew rests; without one, hours on duty are not looked at.
    """
    shifts, tired = _read(session, crew_ids, now, limit)
    found = {}
    for crew_id in shifts.keys() | tired:
        spans = shifts.get(crew_id, [])
        hours = _hours(spans, rest_due=crew_id in tired)
        coming = [begins_in_s for begins_in_s, _ in spans if begins_in_s > 0]
        found[crew_id] = PlannedDuty(
            hours,
            now + timedelta(seconds=hours.ends_in_s) if math.isfinite(hours.ends_in_s) else None,
            now + timedelta(seconds=min(coming)) if coming else None,
        )
    return found


def duty_hours(
    session: Session, crew_ids: Collection[int], now: datetime, limit: RestLimit
) -> dict[int, DutyHours]:
    """Return the hours by which crews are judged; those of which nothing is known are missing."""
    shifts, tired = _read(session, crew_ids, now, limit)
    return {
        crew_id: _hours(shifts.get(crew_id, []), rest_due=crew_id in tired)
        for crew_id in shifts.keys() | tired
    }


def _read(
    session: Session, crew_ids: Collection[int], now: datetime, limit: RestLimit
) -> tuple[dict[int, list[Span]], set[int]]:
    """Return the next shifts of each crew that has any, and the crews that have to rest."""
    shifts: dict[int, list[Span]] = {}
    if not crew_ids:
        return shifts, set()
    query, asked = _SHIFTS, {"crew_ids": list(crew_ids), "now": now}
    if limit.after_s is not None:
        query = _WITH_SPELLS  # type: ignore[assignment]  # a union of two such selects
        asked["rested_since"] = now - timedelta(seconds=limit.within_s)
    spells: dict[int, list[Spell]] = {}
    rows: Sequence[Any] = session.connection().execute(query, asked).all()
    until_s = PLANNED_WITHIN.total_seconds()
    for crew_id, begin, end, is_shift in rows:
        if not is_shift:
            spells.setdefault(crew_id, []).append((begin, end))
        elif begin < until_s:
            shifts.setdefault(crew_id, []).append((begin, end))
    return shifts, {each for each, mine in spells.items() if _rest_due(mine, limit)}


def _hours(spans: Sequence[Span], *, rest_due: bool) -> DutyHours:
    return DutyHours(bool(spans), shift_ends_in_s(spans), rest_due)


def _rest_due(spells: Sequence[Spell], limit: RestLimit) -> bool:
    return limit.after_s is not None and on_duty_s(spells, limit.within_s) >= limit.after_s
