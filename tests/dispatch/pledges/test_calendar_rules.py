"""Open time by the clock on the wall: holidays, nights, and the days when clocks are changed."""

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from dispatch.pledges.calendar_rules import Calendar
from dispatch.pledges.calendar_rules import Hours
from dispatch.pledges.calendar_rules import TimesOfYear
from dispatch.pledges.calendar_rules import after_open_s
from dispatch.pledges.calendar_rules import holds_at
from dispatch.pledges.calendar_rules import open_s
from dispatch.pledges.states import DayKind

PARIS = ZoneInfo("Europe/Paris")  # forward on 2026-03-29 at 02:00, back on 2026-10-25 at 03:00
CAIRO = ZoneInfo("Africa/Cairo")  # its days of change begin at 01:00 or have midnight twice
SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = (PARIS, CAIRO, SHANGHAI, ZoneInfo("America/St_Johns"), ZoneInfo("Australia/Lord_Howe"))
H = 3600.0
NINE_TO_SIX: Hours = ((9 * 60, 18 * 60),)
OFFICE = Calendar((NINE_TO_SIX,) * 5 + ((), ()))
ROUND_THE_CLOCK = Calendar((((0, 1440),),) * 7)


def at(words: str, zone: ZoneInfo = PARIS) -> datetime:
    """Return an instant by the clock on the wall."""
    return datetime.fromisoformat(words).replace(tzinfo=zone).astimezone(UTC)


def test_two_working_days_from_friday_afternoon_end_on_tuesday_afternoon() -> None:
    """18 h of 9 to 18: Friday 16–18 are 2, Monday 9, and 7 of Tuesday: 9 + 7 = 16 o'clock."""
    due = after_open_s(OFFICE, PARIS, at("2026-06-05T16:00"), 18 * H)

    assert due == at("2026-06-09T16:00")


def test_a_holiday_does_not_count_and_a_weekend_that_is_worked_does() -> None:
    """Friday 2026-10-09 16:00 + 4 h: 2 on Friday, and 2 on a Saturday that is worked: 11 o'clock.

    With Monday a holiday and Saturday free it is Tuesday 11 o'clock.
    """
    worked = Calendar(OFFICE.weekly, {date(2026, 10, 10): NINE_TO_SIX})
    holiday = Calendar(OFFICE.weekly, {date(2026, 10, 12): ()})
    begin = at("2026-10-09T16:00", SHANGHAI)

    assert after_open_s(worked, SHANGHAI, begin, 4 * H) == at("2026-10-10T11:00", SHANGHAI)
    assert after_open_s(holiday, SHANGHAI, begin, 4 * H) == at("2026-10-13T11:00", SHANGHAI)


def test_a_report_at_night_waits_until_somebody_opens() -> None:
    """At 3 in the night, two hours of 9 to 18 are over at 11."""
    assert after_open_s(OFFICE, PARIS, at("2026-06-09T03:00"), 2 * H) == at("2026-06-09T11:00")
    assert open_s(OFFICE, PARIS, at("2026-06-09T03:00"), at("2026-06-09T09:00")) == 0


def test_the_day_of_the_change_has_23_or_25_hours() -> None:
    """Real seconds pass: a pledge of 24 h given at noon is due at 13 or 11 on the wall."""
    spring, autumn = at("2026-03-28T12:00"), at("2026-10-24T12:00")

    assert open_s(ROUND_THE_CLOCK, PARIS, at("2026-03-29T00:00"), at("2026-03-30T00:00")) == 23 * H
    assert open_s(ROUND_THE_CLOCK, PARIS, at("2026-10-25T00:00"), at("2026-10-26T00:00")) == 25 * H
    for calendar in (None, ROUND_THE_CLOCK):
        assert after_open_s(calendar, PARIS, spring, 24 * H) == at("2026-03-29T13:00")
        assert after_open_s(calendar, PARIS, autumn, 24 * H) == at("2026-10-25T11:00")


def test_hours_that_a_change_of_clocks_skips_or_repeats() -> None:
    """01:00–02:30: on the day without 2 o'clock it closes at the change, one hour after it opened.

    On the day that has 2 o'clock twice it closes the last time the wall shows 02:30: 2.5 h.
    """
    nights = Calendar((((60, 150),),) * 7)
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)

    def whole(day: date) -> float:
        begin = datetime.combine(day, datetime.min.time(), PARIS)
        return open_s(nights, PARIS, begin, begin + timedelta(hours=20))

    assert whole(spring) == 1 * H
    assert whole(autumn) == 2.5 * H


def test_a_night_belongs_to_the_day_on_which_it_began() -> None:
    """Saturday 3 o'clock is still Friday's night, a workday's; Monday 3 o'clock is Sunday's."""
    night = TimesOfYear(22 * 60, 6 * 60, DayKind.WORKDAYS)

    def holds(words: str) -> bool:
        return holds_at(night, OFFICE, PARIS, at(words))

    assert holds("2026-06-05T22:00")
    assert holds("2026-06-06T03:00")
    assert not holds("2026-06-06T06:00")
    assert not holds("2026-06-06T23:00")
    assert not holds("2026-06-08T03:00")
    assert not holds("2026-06-09T12:00")


@pytest.mark.parametrize(
    ("words", "inside"),
    [
        ("2026-11-14T23:59", False),
        ("2026-11-15T00:00", True),
        ("2027-01-31T12:00", True),
        ("2027-03-15T23:59", True),
        ("2027-03-16T00:00", False),
    ],
)
def test_a_heating_season_goes_over_new_year(words: str, *, inside: bool) -> None:
    """Both days are inside."""
    season = TimesOfYear(season=((11, 15), (3, 15)))

    assert holds_at(season, OFFICE, SHANGHAI, at(words, SHANGHAI)) is inside


# The oracle asks the wall's clock every quarter of an hour. Hours begin and end where no change of
# clocks happens (none of the zones changes at 4 o'clock or later in the day).
_EDGES = st.lists(st.integers(16, 96), min_size=2, max_size=6, unique=True).map(sorted)
_HOURS = _EDGES.map(
    lambda edges: tuple((a * 15, b * 15) for a, b in zip(edges[::2], edges[1::2], strict=False))
)
_WEEKS = st.lists(st.one_of(st.just(()), _HOURS), min_size=7, max_size=7).filter(any)
_DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
_CALENDARS = st.builds(
    Calendar,
    _WEEKS.map(tuple),
    st.dictionaries(_DAYS, st.one_of(st.just(()), _HOURS), max_size=4),
)


def quarters_open(calendar: Calendar, zone: ZoneInfo, begin: datetime, quarters: int) -> int:
    """Count the quarters of an hour in which the clock on the wall shows an opening hour."""
    count = 0
    for step in range(quarters):
        wall = (begin + timedelta(minutes=15 * step)).astimezone(zone)
        minute = wall.hour * 60 + wall.minute
        count += any(a <= minute < b for a, b in calendar.hours_on(wall.date()))
    return count


@settings(max_examples=60)
@given(
    _CALENDARS,
    st.sampled_from(ZONES),
    st.datetimes(datetime(2026, 3, 20), datetime(2026, 11, 10)),  # noqa: DTZ001  (made aware below)
    st.integers(1, 500),
)
def test_open_time_is_what_the_clock_on_the_wall_shows(
    calendar: Calendar, zone: ZoneInfo, about: datetime, quarters: int
) -> None:
    """Against counting quarters of an hour, in zones with every kind of change."""
    begin = about.replace(minute=0, second=0, microsecond=0, tzinfo=UTC)
    begin += timedelta(minutes=30) * (zone.key == "America/St_Johns")
    end = begin + timedelta(minutes=15 * quarters)

    counted = open_s(calendar, zone, begin, end)

    assert counted == 900.0 * quarters_open(calendar, zone, begin, quarters)


@settings(max_examples=60)
@given(
    st.one_of(st.none(), _CALENDARS),
    st.sampled_from(ZONES),
    st.datetimes(datetime(2026, 3, 20), datetime(2026, 11, 10)),  # noqa: DTZ001  (made aware below)
    st.integers(1, 400_000),
)
def test_what_is_due_is_due_when_so_much_was_open(
    calendar: Calendar | None, zone: ZoneInfo, about: datetime, seconds: int
) -> None:
    """The two functions are each other's inverse, and no second earlier has so much passed."""
    begin = about.replace(tzinfo=UTC)

    due = after_open_s(calendar, zone, begin, seconds)

    assert open_s(calendar, zone, begin, due) == pytest.approx(seconds, abs=1e-3)
    assert open_s(calendar, zone, begin, due - timedelta(seconds=1)) < seconds
