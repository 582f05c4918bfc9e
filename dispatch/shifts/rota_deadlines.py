"""When the rota is looked at next: one deadline for all shifts, one for all staffing rules."""

from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.deadlines import deadline_rows
from dispatch.deadlines.models import Deadline
from dispatch.deadlines.states import DeadlineKind
from dispatch.shifts.models import Rotation
from dispatch.shifts.models import Shift
from dispatch.shifts.models import StaffingRule

_NEW_DAY: Final = time(0, 5)
_STAFFING_TOLD: Final = time(9, 0)
"""When the desk is told of tomorrow's gaps: there is a working day left to fill them."""


def wake_for_shifts(session: Session, now: datetime, zone: ZoneInfo, lead: timedelta) -> None:
    """Have the rota looked at when the next shift ends soon, and once a day.

    Earlier deadlines are left as they are: looking once too often does no harm.

    Parameters
    ----------
    lead
        How long before its end a crew is told.
    """
    ends_at = session.scalar(
        select(func.min(Shift.ends_at)).where(
            Shift.cancelled_at.is_(None), Shift.reminded_at.is_(None), Shift.ends_at > now
        )
    )
    rotates = session.scalar(select(Rotation.id).where(Rotation.retired.is_(False)).limit(1))
    due = [_next(now, _NEW_DAY, zone)] if rotates is not None else []
    if ends_at is not None:
        due.append(max(ends_at - lead, now))
    if due:
        _wake(session, DeadlineKind.ROTA, min(due), now)


def wake_for_staffing(
    session: Session, now: datetime, zone: ZoneInfo, *, told_today: bool = False
) -> None:
    """Have tomorrow's gaps looked for at the next morning, if there is any rule.

    Parameters
    ----------
    told_today
        The desk was told today, be it before the morning by a worker that was late: the next time
        is tomorrow, or it would be told of the same day again.
    """
    if session.scalar(select(StaffingRule.id).where(StaffingRule.retired.is_(False)).limit(1)):
        at = _next(now, _STAFFING_TOLD, zone)
        if told_today and at.date() == now.astimezone(zone).date():
            at += timedelta(days=1)
        _wake(session, DeadlineKind.STAFFING, at, now)


def _next(now: datetime, at: time, zone: ZoneInfo) -> datetime:
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), at, tzinfo=zone)
    return today if today > local else today + timedelta(days=1)


def _wake(session: Session, kind: DeadlineKind, at: datetime, now: datetime) -> None:
    sooner = select(Deadline.id).where(
        Deadline.kind == kind.value, Deadline.done_at.is_(None), Deadline.next_at <= at
    )
    if session.scalar(sooner.limit(1)) is None:
        deadline_rows.set_deadline(session, kind, at, now)
