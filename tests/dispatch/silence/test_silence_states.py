"""When a crew counts as silent, by arithmetic alone."""

from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest

from dispatch.crews.states import Duty
from dispatch.silence.states import Limits
from dispatch.silence.states import Silence
from dispatch.silence.states import SilenceStep
from dispatch.silence.states import next_step

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIMITS = Limits(driving_s=180, parked_s=540, break_s=1_800, supervisor_s=120)
DRIVING = Silence(Duty.ON_DUTY, has_device=True, heard_at=NOON, at_rest=False)
PARKED = replace(DRIVING, at_rest=True)
ON_BREAK = replace(PARKED, duty=Duty.ON_BREAK)


def at(seconds: float) -> datetime:
    """Return an instant so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def step(known: Silence, seconds: float, late_s: float = 0) -> tuple[SilenceStep, float | None]:
    """Return what is done so long after noon, and how long after noon it is looked again."""
    now = at(seconds)
    found, again = next_step(known, LIMITS, now, now - timedelta(seconds=late_s))
    return found, None if again is None else (again - NOON).total_seconds()


@pytest.mark.parametrize(("known", "limit_s"), [(DRIVING, 180), (PARKED, 540), (ON_BREAK, 1_800)])
def test_a_crew_that_drives_is_missed_sooner_than_one_that_stands_or_has_a_break(
    known: Silence, limit_s: float
) -> None:
    """Each at its own limit, and not a second before."""
    assert step(known, limit_s - 1) == (SilenceStep.NOTHING, limit_s)
    assert step(known, limit_s)[0] is SilenceStep.ALARM


def test_nobody_is_missed_off_duty_or_without_anything_to_be_heard_by() -> None:
    """Off duty the watch ends; a crew without a device may have one in three minutes."""
    assert step(replace(DRIVING, duty=Duty.OFF_DUTY), 9_999) == (SilenceStep.END_WATCH, None)
    assert step(replace(DRIVING, has_device=False), 9_999) == (SilenceStep.NOTHING, 10_179)


def test_the_supervisor_is_told_once_and_not_if_somebody_sees_to_it() -> None:
    """From then on it is looked each minute whether it is heard."""
    alarmed = replace(DRIVING, escalate_at=at(300))

    assert step(alarmed, 250) == (SilenceStep.NOTHING, 300)
    assert step(alarmed, 300) == (SilenceStep.ESCALATE, 360)
    assert step(replace(alarmed, told=True), 300) == (SilenceStep.NOTHING, 360)


def test_an_alarm_ends_when_the_crew_is_heard() -> None:
    """And is due again a limit after that."""
    heard = replace(DRIVING, escalate_at=at(300), heard_at=at(260))

    assert step(heard, 261) == (SilenceStep.HEARD, 440)


def test_whoever_was_away_alarms_nobody_for_what_it_could_not_hear() -> None:
    """After a restart, or a clock put forward, each crew has its limit's time once more."""
    assert step(DRIVING, 3_600, late_s=31) == (SilenceStep.NOTHING, 3_780)
    assert step(DRIVING, 3_600, late_s=30)[0] is SilenceStep.ALARM


def test_a_clock_put_back_hides_no_silence() -> None:
    """What was heard in an hour that is yet to come counts as heard now."""
    ahead = replace(DRIVING, heard_at=at(3_600))

    assert step(ahead, 0) == (SilenceStep.NOTHING, 180)
