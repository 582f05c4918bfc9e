"""What follows from a clock's start, pauses and stop."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.pledge_clocks.clock_rules import Course
from dispatch.pledge_clocks.clock_rules import Pause
from dispatch.pledge_clocks.states import ClockVerdict
from dispatch.pledges.calendar_rules import Calendar
from dispatch.pledges.frozen_rule import FrozenRule
from dispatch.pledges.states import PauseReason
from dispatch.pledges.states import StartEvent
from dispatch.pledges.states import StopEvent

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
OFFICE = Calendar((((9 * 60, 18 * 60),),) * 5 + ((), ()))


def minutes(count: float) -> datetime:
    """Return so many minutes after noon."""
    return NOON + timedelta(minutes=count)


def rule(limit_min: float = 30, opening: Calendar | None = None) -> FrozenRule:
    """Return a pledge of so many minutes, with its warning at three quarters."""
    return FrozenRule(
        pledge_id=1,
        version=3,
        code="gas_de_30",
        name_en="There in 30 min",
        name_zh="30 分钟到场",
        series="",
        start=StartEvent.PINNED,
        stop=StopEvent.ON_SCENE,
        limit_s=limit_min * 60,
        warn_after_s=limit_min * 45,
        target_share=0.97,
        pauses=(PauseReason.NO_ACCESS,),
        opening=opening,
        time_zone="Europe/Paris",
        source="DVGW GW 1200",
        example=True,
    )


def pause(begin: float, end: float | None) -> Pause:
    """Return a pause from and to so many minutes after noon."""
    return Pause(minutes(begin), None if end is None else minutes(end), "no_access", "dora")


def test_a_pause_moves_the_limit_by_its_length() -> None:
    """30 min with 10 off in between: due at 40, warned at 22.5 + 10."""
    course = Course(rule(), NOON, [pause(5, 15)])

    assert (course.warn_at, course.due_at) == (minutes(32.5), minutes(40))
    assert course.used_s(minutes(12)) == 5 * 60


def test_a_paused_clock_is_never_due_and_keeps_what_is_left() -> None:
    """20 of 30 minutes are left however long it stands still."""
    course = Course(rule(), NOON, [pause(10, None)])

    assert (course.warn_at, course.due_at) == (None, None)
    assert course.remaining_s(minutes(1000)) == 20 * 60
    assert course.verdict(minutes(1000)) is ClockVerdict.KEPT


def test_a_limit_that_was_reached_before_the_pause_stays_reached() -> None:
    """A pause takes no breach back."""
    course = Course(rule(), NOON, [pause(35, None)])

    assert course.due_at == minutes(30)
    assert course.verdict(minutes(50)) is ClockVerdict.BREACHED


def test_on_the_very_second_it_is_kept() -> None:
    """One second later it is not."""
    course = Course(rule(), NOON)

    assert course.verdict(minutes(30)) is ClockVerdict.KEPT
    assert course.verdict(minutes(30) + timedelta(seconds=1)) is ClockVerdict.BREACHED


def test_waiting_for_parts_over_night_counts_no_hour_twice() -> None:
    """Of 9 to 18 in Paris (7 to 16 UTC): 4 h until 16:00, then 2 next morning, 1 of them paused."""
    course = Course(
        rule(360, OFFICE), NOON, [Pause(minutes(19.5 * 60), minutes(20.5 * 60), "", "")]
    )

    # 12–16 UTC: 4 h; from 7:00 (19 h after noon) half an hour, an hour's pause, and 1.5 h more.
    assert course.due_at == minutes(22 * 60)


def test_a_rule_survives_being_stored() -> None:
    """With its calendar, to the last holiday."""
    whole = rule(30, Calendar(OFFICE.weekly, {NOON.date(): ((60, 120), (180, 1440))}))

    assert FrozenRule.from_json(whole.to_json()) == whole


@given(
    st.lists(st.integers(0, 3000), max_size=8, unique=True).map(sorted),
    st.integers(1, 2000),
    st.integers(0, 5000),
    st.sampled_from([None, OFFICE]),
)
def test_a_clock_is_missed_exactly_after_it_was_due(
    edges: list[int], limit_min: int, stop_min: int, opening: Calendar | None
) -> None:
    """Whatever pauses there were: verdict, limit and what is left say the same."""
    halves = [*edges, None] if len(edges) % 2 else edges
    pauses = [
        pause(begin, end)  # type: ignore[arg-type]  # only the last is None
        for begin, end in zip(halves[::2], halves[1::2], strict=True)
    ]
    course = Course(rule(limit_min, opening), NOON, pauses)
    stop = minutes(stop_min)

    late = course.verdict(stop) is ClockVerdict.BREACHED

    due = course.due_at
    assert late == (due is not None and course.used_s(stop) > course.used_s(due))
    if due is not None:
        assert course.remaining_s(due) == pytest.approx(0, abs=1e-3)
        if stop <= due:
            assert not late
    assert course.remaining_s(stop) == pytest.approx(limit_min * 60 - course.used_s(stop))
