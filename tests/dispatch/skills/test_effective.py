"""What a crew can do on a day, against a plain look at each day."""

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from dispatch.skills.effective import Holding
from dispatch.skills.effective import Lapse
from dispatch.skills.effective import effective_skills
from dispatch.skills.effective import expiring
from dispatch.skills.effective import lapsed_skills
from dispatch.skills.effective import local_day
from dispatch.skills.effective import midnight
from dispatch.skills.effective import next_change
from dispatch.skills.states import Ended

_FIRST = date(2026, 1, 1)
_DAYS = 25
_CALENDAR = [_FIRST + timedelta(days=number) for number in range(-3, _DAYS + 8)]
_MONTH = timedelta(days=30)
days = st.integers(0, _DAYS - 1).map(lambda number: _FIRST + timedelta(days=number))


@st.composite
def holdings(draw: st.DrawFn) -> list[Holding]:
    """Return tickets of two people for two skills, with all kinds of ends."""

    def period() -> tuple[date, date | None]:
        one, other = draw(days), draw(st.none() | days)
        return (one, other) if other is None or one <= other else (other, one)

    return [
        Holding(
            number,
            draw(st.integers(1, 2)),
            draw(st.sampled_from(["gas", "heat"])),
            *period(),
            *period(),
            draw(st.none() | days) if draw(st.booleans()) else None,
        )
        for number in range(draw(st.integers(0, 4)))
    ]


def _days(first: date, last: date | None) -> set[date]:
    """Return the days of a period, one by one."""
    return {day for day in _CALENDAR if first <= day and (last is None or day <= last)}


def _oracle(own: set[str], tickets: list[Holding], day: date) -> set[str]:
    """Return what a crew can do, by counting the days of each ticket."""
    return own | {
        each.skill
        for each in tickets
        if each.withdrawn_on is None
        and day
        in _days(each.member_from, each.member_until) & _days(each.valid_from, each.valid_until)
    }


@given(holdings(), st.sets(st.sampled_from(["gas", "water"])), days)
def test_a_crew_can_do_what_valid_tickets_of_present_members_say(
    tickets: list[Holding], own: set[str], day: date
) -> None:
    """And what is recorded of itself; nothing else, on no day."""
    assert set(effective_skills(sorted(own), tickets, day)) == _oracle(own, tickets, day)


@given(holdings(), days, st.integers(0, 3).map(lambda number: timedelta(days=number)))
def test_nothing_changes_before_the_next_change(
    tickets: list[Holding], day: date, warning: timedelta
) -> None:
    """Until the next change skills, lapses and warnings stay: one deadline is enough."""

    def state(at: date) -> object:
        return (
            effective_skills([], tickets, at),
            lapsed_skills([], tickets, at),
            [each.ticket_id for each in expiring(tickets, at, warning)],
        )

    change = next_change(tickets, day, warning)

    assert change is None or change > day
    last = _CALENDAR[-1] if change is None else change - timedelta(days=1)
    assert all(state(at) == state(day) for at in _CALENDAR if day <= at <= last)


@given(holdings(), days)
def test_a_skill_never_lapses_while_it_is_there(tickets: list[Holding], day: date) -> None:
    """What can be done has not lapsed, and what lapsed was in a ticket of a present member."""
    lapsed = lapsed_skills([], tickets, day)

    assert not lapsed.keys() & set(effective_skills([], tickets, day))
    present = {each.skill for each in tickets if day in _days(each.member_from, each.member_until)}
    assert lapsed.keys() <= present
    assert all(each.day < day for each in lapsed.values() if each.how is Ended.EXPIRED)


def _gas(**fields: object) -> Holding:
    whole = {
        "ticket_id": 1,
        "person_id": 1,
        "skill": "gas",
        "member_from": date(2026, 1, 1),
        "member_until": None,
        "valid_from": date(2025, 3, 1),
        "valid_until": date(2026, 2, 28),
    }
    return Holding(**{**whole, **fields})  # type: ignore[arg-type]  # the fields above


def test_the_last_valid_day_counts_and_the_next_does_not() -> None:
    """A ticket until 28 February is good all that day, and has expired on 1 March."""
    assert effective_skills([], [_gas()], date(2026, 2, 28)) == ["gas"]
    assert effective_skills([], [_gas()], date(2026, 3, 1)) == []
    assert lapsed_skills([], [_gas()], date(2026, 3, 1)) == {
        "gas": Lapse(Ended.EXPIRED, date(2026, 2, 28))
    }


def test_who_has_left_let_no_ticket_expire() -> None:
    """The crew lacks the skill then, because a member is gone."""
    left = _gas(member_until=date(2026, 1, 31))

    assert lapsed_skills([], [left], date(2026, 3, 1)) == {}


def test_a_renewed_ticket_is_not_warned_of() -> None:
    """Warned from 29 January, 30 days before; not if the next one joins on."""
    follows = _gas(ticket_id=2, valid_from=date(2026, 3, 1), valid_until=date(2027, 2, 28))

    assert expiring([_gas()], date(2026, 1, 28), _MONTH) == []
    assert expiring([_gas()], date(2026, 1, 29), _MONTH) == [_gas()]
    assert expiring([_gas(), follows], date(2026, 1, 29), _MONTH) == []


def test_a_day_begins_at_local_midnight_also_where_the_clock_skips_it() -> None:
    """Shanghai is 8 h ahead; in Beirut the clock went from 0:00 to 1:00 on 27 March 2022."""
    shanghai, beirut = ZoneInfo("Asia/Shanghai"), ZoneInfo("Asia/Beirut")

    assert midnight(date(2026, 3, 1), shanghai) == datetime(2026, 2, 28, 16, tzinfo=UTC)
    skipped = midnight(date(2022, 3, 27), beirut)
    assert skipped == datetime(2022, 3, 26, 22, tzinfo=UTC)
    assert local_day(skipped, beirut) == date(2022, 3, 27)
    assert local_day(skipped - timedelta(microseconds=1), beirut) == date(2022, 3, 26)
