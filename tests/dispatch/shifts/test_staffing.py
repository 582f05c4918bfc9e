"""Gaps in the rota, held against a count for each minute."""

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from dispatch.shifts.staffing import Staff
from dispatch.shifts.staffing import able_parts
from dispatch.shifts.staffing import counts
from dispatch.shifts.staffing import gaps

START = datetime(2026, 6, 1, tzinfo=UTC)


def minute(number: int) -> datetime:
    """Return an instant so many minutes after the start."""
    return START + timedelta(minutes=number)


spans = st.tuples(st.integers(0, 50), st.integers(1, 25))


@given(
    required=st.lists(spans, max_size=4),
    shifts=st.lists(st.tuples(st.integers(1, 3), spans), max_size=6),
    least=st.integers(1, 3),
)
def test_a_minute_is_in_a_gap_exactly_when_too_few_crews_are_planned_in_it(
    required: list[tuple[int, int]], shifts: list[tuple[int, tuple[int, int]]], least: int
) -> None:
    """With the number that is planned; no two gaps overlap."""
    expected = {}
    for number in range(80):
        crews = {crew for crew, (at, length) in shifts if at <= number < at + length}
        asked = any(at <= number < at + length for at, length in required)
        if asked and len(crews) < least:
            expected[number] = len(crews)

    found = gaps(
        [(minute(at), minute(at + length)) for at, length in required],
        [(crew, minute(at), minute(at + length)) for crew, (at, length) in shifts],
        least,
    )

    actual = [
        (number, gap.have)
        for gap in found
        for number in range(80)
        if gap.begins_at <= minute(number) < gap.ends_at
    ]
    assert actual == sorted(expected.items())


def test_a_crew_counts_where_its_station_is() -> None:
    """A rule without an area is about everybody."""
    crew = Staff(7, station_id=1, zone_ids={4})

    assert counts(crew, station_id=None, zone_id=None)
    assert counts(crew, station_id=1, zone_id=None)
    assert counts(crew, station_id=None, zone_id=4)
    assert not counts(crew, station_id=2, zone_id=None)
    assert not counts(crew, station_id=None, zone_id=5)


def test_a_ticket_that_expires_at_midnight_leaves_the_rest_of_the_night_without() -> None:
    """20:00 to 08:00 in Paris, over the night on which clocks are put back: 4 h with, 9 h without.

    Two days on there is nobody with one at all.
    """
    paris = ZoneInfo("Europe/Paris")
    begin = datetime(2026, 10, 24, 18, tzinfo=UTC)
    nights = [(7, begin, begin + timedelta(hours=13))]
    nights.append((7, begin + timedelta(days=2, hours=1), begin + timedelta(days=2, hours=13)))

    found = list(able_parts(nights, paris, lambda _, day: day <= date(2026, 10, 24)))

    assert found == [(7, begin, begin + timedelta(hours=4))]
    assert gaps([nights[0][1:]], found, 1) == [(begin + timedelta(hours=4), nights[0][2], 0)]
