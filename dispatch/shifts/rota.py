"""From templates and rotations to shifts with a beginning and an end. Pure rules.

A shift begins and ends when the clock on the wall first shows that time. Where one shift ends at
the time at which the next begins, they meet: on the night on which clocks are put forward a shift
over midnight lasts an hour less, on the night on which they are put back an hour more, and nobody
is on duty twice or not at all.
"""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import Final
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dispatch.pledges.calendar_rules import MINUTES_A_DAY
from dispatch.pledges.calendar_rules import Calendar
from dispatch.pledges.calendar_rules import wall_instant
from dispatch.pledges.states import DayKind

EVERY_DAY: Final[frozenset[int]] = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class DayHours:
    """Hours of some days, by the clock on the wall.

    Attributes
    ----------
    from_minute, to_minute
        After midnight; to the same or a smaller number: until then of the next day.
    weekdays
        Monday is 0.
    days
        Whether only on workdays, or only on free days, of a calendar.
    """

    from_minute: int
    to_minute: int
    weekdays: frozenset[int] = EVERY_DAY
    days: DayKind = DayKind.ANY

    def begin_on(self, day: date, calendar: Calendar) -> bool:
        """Return whether they begin on a day."""
        if day.weekday() not in self.weekdays:
            return False
        if self.days is DayKind.ANY:
            return True
        return calendar.is_workday(day) is (self.days is DayKind.WORKDAYS)

    def span(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """Return from when until when they last if they begin on a day; None if that is no time.

        It is no time if clocks are put forward over all of it.
        """
        over = MINUTES_A_DAY if self.to_minute <= self.from_minute else 0
        begins_at = wall_instant(day, self.from_minute, zone, last=False)
        ends_at = wall_instant(day, self.to_minute + over, zone, last=False)
        return (begins_at, ends_at) if begins_at < ends_at else None


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of shift."""

    id: int
    name: str
    hours: DayHours
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Rotation:
    """A cycle of days that several crews go through, each from a day of its own.

    Attributes
    ----------
    cycle
        The templates of each day of the cycle; none: free.
    crews
        By crew: on which day of the cycle it begins.
    """

    starts_on: date
    ends_on: date | None
    cycle: Sequence[Sequence[Template]]
    crews: Mapping[int, int]


class PlannedShift(NamedTuple):
    """A shift as a rotation has it."""

    crew_id: int
    day: date
    template_id: int
    name: str
    begins_at: datetime
    ends_at: datetime


def planned_shifts(
    rotation: Rotation, zone: ZoneInfo, first: date, last: date
) -> Iterator[PlannedShift]:
    """Yield the shifts that begin on the days from ``first`` to ``last``, both inside."""
    day = max(first, rotation.starts_on)
    last = last if rotation.ends_on is None else min(last, rotation.ends_on)
    while day <= last:
        passed = (day - rotation.starts_on).days
        for crew_id, offset in rotation.crews.items():
            for template in rotation.cycle[(passed + offset) % len(rotation.cycle)]:
                span = template.hours.span(day, zone)
                if span is not None and template.hours.begin_on(day, template.calendar):
                    yield PlannedShift(crew_id, day, template.id, template.name, *span)
        day += timedelta(days=1)


class Span(NamedTuple):
    """From when until when a crew is to be on duty; ``what`` says which shift that is."""

    crew_id: int
    begins_at: datetime
    ends_at: datetime
    what: str = ""
