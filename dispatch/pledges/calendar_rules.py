"""Opening hours by the clock on the wall, and the time that passes in them. Pure rules.

Hours are what a clock on the wall shows; what passes is real seconds. On the days when clocks are
changed the two differ: an hour that is skipped opens nothing, one that comes twice is open twice.
Everything is computed from UTC instants; local times only say where the hours begin and end.
"""

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dispatch.pledges.states import DayKind

MINUTES_A_DAY: Final = 24 * 60
_DAYS_LOOKED_AHEAD: Final = 3 * 366
"""A calendar that opens at least once a week has opened long before."""

Hours = tuple[tuple[int, int], ...]
"""Opening hours of a day: minutes after midnight, from–to, in order and apart; none: closed."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody works.

    Attributes
    ----------
    weekly
        Hours of the seven days, Monday first.
    exceptions
        Hours of single days, whatever weekday they are: holidays (none), and weekends that are
        worked instead.
    """

    weekly: tuple[Hours, ...]
    exceptions: Mapping[date, Hours] = field(default_factory=dict)

    def hours_on(self, day: date) -> Hours:
        """Return the opening hours of a day."""
        return self.exceptions.get(day, self.weekly[day.weekday()])

    def is_workday(self, day: date) -> bool:
        """Return whether anybody works on a day."""
        return bool(self.hours_on(day))


@dataclass(frozen=True, slots=True)
class TimesOfYear:
    """When a pledge holds: hours of the day, days, and a season.

    Attributes
    ----------
    from_minute, to_minute
        After midnight; to a smaller number: over midnight. None: all day.
    days
        Which days. The hours after midnight belong to the day on which the night began.
    season
        First and last day, (month, day) each and both inside; over New Year's if the last is
        earlier. None: all year.
    """

    from_minute: int | None = None
    to_minute: int | None = None
    days: DayKind = DayKind.ANY
    season: tuple[tuple[int, int], tuple[int, int]] | None = None

    @property
    def is_always(self) -> bool:
        """Whether it holds at any time."""
        return self.from_minute is None and self.days is DayKind.ANY and self.season is None


ALWAYS: Final = TimesOfYear()


def holds_at(times: TimesOfYear, calendar: Calendar, zone: ZoneInfo, at: datetime) -> bool:
    """Return whether something that holds at certain times holds at an instant.

    Parameters
    ----------
    times
        When it holds.
    calendar
        Says which days are workdays.
    zone
        Whose clock on the wall counts.
    at
        The instant.
    """
    local = at.astimezone(zone)
    day = local.date()
    if times.from_minute is not None and times.to_minute is not None:
        minute = local.hour * 60 + local.minute
        if times.from_minute <= times.to_minute:
            if not times.from_minute <= minute < times.to_minute:
                return False
        elif minute < times.to_minute:
            day -= timedelta(days=1)  # the night began yesterday
        elif minute < times.from_minute:
            return False
    if times.days is not DayKind.ANY:
        wanted = times.days is DayKind.WORKDAYS
        if calendar.is_workday(day) is not wanted:
            return False
    return times.season is None or _in_season(times.season, day)


def _in_season(season: tuple[tuple[int, int], tuple[int, int]], day: date) -> bool:
    first, last = season
    here = (day.month, day.day)
    if first <= last:
        return first <= here <= last
    return here >= first or here <= last


def open_s(calendar: Calendar | None, zone: ZoneInfo, begin: datetime, end: datetime) -> float:
    """Return how many seconds between two instants are open; 0 if they are the wrong way round.

    Parameters
    ----------
    calendar
        None: always open.
    zone
        Whose clock on the wall the hours are of.
    """
    if calendar is None:
        return max((end - begin).total_seconds(), 0.0)
    total_s = 0.0
    for opens, closes in _openings(calendar, zone, begin):
        if opens >= end:
            break
        total_s += max((min(closes, end) - max(opens, begin)).total_seconds(), 0.0)
    return total_s


def after_open_s(
    calendar: Calendar | None, zone: ZoneInfo, begin: datetime, seconds: float
) -> datetime:
    """Return the first instant at which so many open seconds have passed.

    Raises
    ------
    ValueError
        If the calendar does not open for that long within three years.
    """
    if calendar is None or seconds <= 0:
        return begin + timedelta(seconds=max(seconds, 0.0))
    left_s = seconds
    for opens, closes in _openings(calendar, zone, begin):
        from_at = max(opens, begin)
        here_s = (closes - from_at).total_seconds()
        if here_s >= left_s:
            return from_at + timedelta(seconds=left_s)
        left_s -= max(here_s, 0.0)
    message = "the calendar hardly ever opens"
    raise ValueError(message)


def _openings(
    calendar: Calendar, zone: ZoneInfo, begin: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the stretches in which a calendar is open, from the one around ``begin`` on."""
    day = begin.astimezone(zone).date()
    for ahead in range(_DAYS_LOOKED_AHEAD):
        today = day + timedelta(days=ahead)
        for from_minute, to_minute in calendar.hours_on(today):
            opens = wall_instant(today, from_minute, zone, last=False)
            closes = wall_instant(today, to_minute, zone, last=True)
            if closes > max(opens, begin):
                yield opens, closes


def wall_instant(day: date, minute: int, zone: ZoneInfo, *, last: bool) -> datetime:
    """Return when a clock on the wall shows a time of a day.

    Where it shows it twice, the first time or the ``last``; where it never does, because the clock
    is put forward over it, the instant at which that happens.
    """
    day, minute = day + timedelta(days=minute // MINUTES_A_DAY), minute % MINUTES_A_DAY
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    # zoneinfo gives the offset before a change for fold 0 and the one after it for fold 1. Of a
    # time that is skipped they are the wrong way round: the later instant comes from the former.
    either = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    if either[0] > either[1]:
        return _change_between(either[1], either[0], zone)
    return either[1] if last else either[0]


def _change_between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant between two at which the offset from UTC changes, to the second."""
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
