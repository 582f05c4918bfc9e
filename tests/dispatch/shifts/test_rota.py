"""From rotations to shifts, held against a clock on the wall that is read minute by minute."""

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.pledges.calendar_rules import Calendar
from dispatch.pledges.states import DayKind
from dispatch.shifts.rota import DayHours
from dispatch.shifts.rota import Rotation
from dispatch.shifts.rota import Template
from dispatch.shifts.rota import planned_shifts

PARIS = ZoneInfo("Europe/Paris")  # forward 2026-03-29 02:00→03:00, back 2026-10-25 03:00→02:00
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # by half an hour: back 2026-04-05, forward 2026-10-04
SHANGHAI = ZoneInfo("Asia/Shanghai")  # never
NIGHTS = [date(2026, 3, 29), date(2026, 10, 25), date(2026, 4, 5), date(2026, 10, 4)]
MINUTE = timedelta(minutes=1)
WORKED = Calendar((((480, 1020),),) * 5 + ((), ()), {date(2026, 10, 1): ()})
ALL_DAYS = frozenset(range(7))


def first_shown(zone: ZoneInfo, wall: datetime) -> datetime:
    """Return the first minute at which a clock on the wall shows a time, or a later one.

    Read minute by minute from two days before: nothing is known of how offsets change.
    """
    at = (wall - timedelta(days=2)).replace(tzinfo=UTC)
    while at.astimezone(zone).replace(tzinfo=None) < wall:
        at += MINUTE
    return at


minutes_of_a_day = st.integers(0, 24 * 4 - 1).map(lambda quarter: quarter * 15)


@given(
    zone=st.sampled_from([PARIS, LORD_HOWE, SHANGHAI]),
    night=st.sampled_from(NIGHTS),
    before=st.integers(0, 1),
    from_minute=minutes_of_a_day,
    to_minute=minutes_of_a_day,
)
def test_a_shift_lasts_from_when_the_wall_first_shows_its_beginning_until_its_end(
    zone: ZoneInfo, night: date, before: int, from_minute: int, to_minute: int
) -> None:
    """Also on nights on which clocks are changed, by an hour or by half of one."""
    day = night - timedelta(days=before)
    midnight = datetime.combine(day, datetime.min.time())
    ends = to_minute if to_minute > from_minute else to_minute + 1440

    actual = DayHours(from_minute, to_minute).span(day, zone)

    begins_at = first_shown(zone, midnight + timedelta(minutes=from_minute))
    ends_at = first_shown(zone, midnight + timedelta(minutes=ends))
    assert actual == ((begins_at, ends_at) if begins_at < ends_at else None)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 28), 11), (date(2026, 10, 24), 13), (date(2026, 11, 7), 12)],
)
def test_a_night_shift_is_an_hour_shorter_or_longer_when_clocks_are_changed(
    day: date, hours: int
) -> None:
    """20:00 to 08:00 are twelve hours on any other night."""
    span = DayHours(20 * 60, 8 * 60).span(day, PARIS)

    assert span is not None
    assert span[1] - span[0] == timedelta(hours=hours)


@given(cuts=st.lists(minutes_of_a_day, min_size=2, max_size=5, unique=True))
def test_shifts_that_meet_on_the_wall_cover_each_minute_once(cuts: list[int]) -> None:
    """Around both changes of the clock somebody is on duty, and nobody is twice."""
    cuts = sorted(cuts)
    hours = [DayHours(begin, end) for begin, end in zip(cuts, [*cuts[1:], cuts[0]], strict=True)]
    for night in NIGHTS[:2]:
        days = [night + timedelta(days=ahead) for ahead in range(-2, 3)]

        spans = sorted(
            span for day in days for each in hours if (span := each.span(day, PARIS)) is not None
        )

        assert all(one[1] == next_[0] for one, next_ in pairwise(spans))


def test_a_shift_that_clocks_are_put_forward_over_does_not_take_place() -> None:
    """From 02:10 to 02:50 there is no minute on that night."""
    assert DayHours(130, 170).span(date(2026, 3, 29), PARIS) is None
    assert DayHours(130, 170).span(date(2026, 3, 30), PARIS) is not None


def test_crews_go_through_the_cycle_one_after_the_other() -> None:
    """Day, night, off, off; the second crew begins two days later in the cycle."""
    day = Template(1, "Day", DayHours(480, 1200), WORKED)
    night = Template(2, "Night", DayHours(1200, 480), WORKED)
    rotation = Rotation(date(2026, 6, 1), None, [[day], [night], [], []], {7: 0, 8: 2})

    made = planned_shifts(rotation, SHANGHAI, date(2026, 6, 1), date(2026, 6, 6))

    assert [(each.day.day, each.crew_id, each.name) for each in made] == [
        (1, 7, "Day"),
        (2, 7, "Night"),
        (3, 8, "Day"),
        (4, 8, "Night"),
        (5, 7, "Day"),
        (6, 7, "Night"),
    ]


def test_holidays_of_the_calendar_are_free_days() -> None:
    """Thursday 2026-10-01 is a holiday: the shift of workdays is not, that of free days is."""
    work = Template(1, "Work", DayHours(480, 1020, ALL_DAYS, DayKind.WORKDAYS), WORKED)
    free = Template(2, "Free", DayHours(480, 1020, ALL_DAYS, DayKind.FREE_DAYS), WORKED)
    rotation = Rotation(date(2026, 9, 30), date(2026, 10, 3), [[work, free]], {7: 0})

    made = planned_shifts(rotation, SHANGHAI, date(2026, 9, 1), date(2026, 12, 1))

    # Wednesday, the holiday, Friday, Saturday; then the rotation ends
    assert [each.name for each in made] == ["Work", "Free", "Work", "Free"]
