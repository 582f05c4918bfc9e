"""When it is looked at: the hour of the week that is asked about, and the closures that hold."""

from datetime import datetime
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

from dispatch.closures.models import Closure

_A_MONDAY: Final = (2024, 1, 1)


def hour_asked(hour_of_week: int | None, now: datetime, zone: ZoneInfo) -> datetime:
    """Return an instant in the hour of the week that is asked about; None: now."""
    if hour_of_week is None:
        return now
    monday = datetime(*_A_MONDAY, tzinfo=zone)
    return monday + timedelta(hours=hour_of_week)


def in_force(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a closure holds."""
    return (
        Closure.lifted_at.is_(None)
        & (Closure.from_at <= now)
        & (Closure.until_at.is_(None) | (Closure.until_at > now))
    )
