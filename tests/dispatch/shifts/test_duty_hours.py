"""What shifts and hours on duty say about sending a crew."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.crews.states import Duty
from dispatch.shifts.duty_hours import DutyHours
from dispatch.shifts.duty_hours import notes
from dispatch.shifts.duty_hours import on_duty_s
from dispatch.shifts.duty_hours import reasons_against
from dispatch.shifts.duty_hours import rota_mark
from dispatch.shifts.duty_hours import shift_ends_in_s
from dispatch.shifts.states import RotaMark

IN_SHIFT = DutyHours(has_rota=True, ends_in_s=60)
OUT_OF_SHIFT = DutyHours(has_rota=True)
H = 3600.0


def test_a_crew_is_not_sent_where_it_would_arrive_after_its_shift() -> None:
    """Half an hour is left: 20 minutes by road are within it, 30 are not any more."""
    half_an_hour = DutyHours(has_rota=True, ends_in_s=1800)

    assert reasons_against(half_an_hour, 1200) == []
    assert reasons_against(half_an_hour, 1800) == ["shift_ends"]
    assert reasons_against(half_an_hour, math.inf) == []  # unreachable says enough


def test_a_crew_that_has_been_on_duty_too_long_rests() -> None:
    """Whether or not a rota plans it."""
    assert reasons_against(DutyHours(rest_due=True), 60) == ["rest_due"]


@pytest.mark.parametrize(
    ("shift", "duty", "mark", "note"),
    [
        (DutyHours(), Duty.ON_DUTY, RotaMark.NO_ROTA, ()),
        (IN_SHIFT, Duty.ON_DUTY, RotaMark.AS_PLANNED, ()),
        (IN_SHIFT, Duty.ON_BREAK, RotaMark.AS_PLANNED, ()),
        (IN_SHIFT, Duty.OFF_DUTY, RotaMark.MISSING, ("rota_says_on_duty",)),
        (OUT_OF_SHIFT, Duty.ON_DUTY, RotaMark.OUTSIDE, ("outside_rota",)),
        (OUT_OF_SHIFT, Duty.OFF_DUTY, RotaMark.AS_PLANNED, ()),
    ],
)
def test_duty_and_rota_are_compared(
    shift: DutyHours, duty: Duty, mark: RotaMark, note: tuple[str, ...]
) -> None:
    """On duty outside the rota is marked, and so is who does not come."""
    assert rota_mark(shift, duty) is mark
    assert tuple(notes(shift, duty)) == note


def test_shifts_that_follow_one_another_are_one() -> None:
    """From 4 hours ago to in 4 and on to in 8; the one after a break does not count."""
    first, second, third = (-4 * H, 4 * H), (4 * H, 8 * H), (9 * H, 12 * H)

    assert shift_ends_in_s([third, second, first]) == 8 * H
    assert shift_ends_in_s([third]) == math.inf
    assert shift_ends_in_s([(-H, 0.0)]) == math.inf  # it ends now


@given(
    spells=st.lists(st.tuples(st.integers(-60, 0), st.integers(0, 30)), max_size=5),
    window=st.integers(1, 48),
)
def test_hours_on_duty_are_counted_within_the_window(
    spells: list[tuple[int, int]], window: int
) -> None:
    """As many as whole hours of the window lie in a spell, spell by spell; one goes on still."""
    counted = sum(
        1
        for begin, length in spells
        for hour in range(begin, 0 if length == 0 else min(begin + length, 0))
        if hour >= -window
    )
    asked = [(begin * H, None if length == 0 else (begin + length) * H) for begin, length in spells]

    assert on_duty_s(asked, window * H) == counted * H
