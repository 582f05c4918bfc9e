"""What a sign of life shows: by the crew's own clock, and no more than that."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from dispatch.safety.states import Intervals
from dispatch.safety.states import answers_roll_call
from dispatch.safety.states import sign_of_life
from dispatch.safety.states import strictest

NIGHT = datetime(2026, 1, 31, 2, 0, tzinfo=UTC)
_minutes = st.integers(-120, 120)


def at(minutes: float) -> datetime:
    """Return so many minutes past two at night."""
    return NIGHT + timedelta(minutes=minutes)


def test_a_late_sign_of_life_shows_until_when_the_crew_was_well_and_clears_nothing() -> None:
    """Said 02:13, heard 02:40, every 15 min: well at 02:13, overdue since 02:28."""
    sign = sign_of_life(at(0), at(13), at(40), 15 * 60)

    assert (sign.well_at, sign.due_at) == (at(13), at(28))
    assert sign.news
    assert not sign.clears


def test_a_late_one_that_is_recent_enough_clears() -> None:
    """Said 02:30, heard 02:40: the next is due at 02:45."""
    sign = sign_of_life(at(0), at(30), at(40), 15 * 60)

    assert sign.due_at == at(45)
    assert sign.clears


@given(known=_minutes, said=_minutes, every_min=st.integers(1, 60))
def test_what_is_known_never_goes_back_and_never_into_the_future(
    known: int, said: int, every_min: int
) -> None:
    """Whatever a phone's clock says; the server knows nothing later than now, 02:00."""
    known_at = min(at(known), NIGHT)

    sign = sign_of_life(known_at, at(said), NIGHT, every_min * 60)

    assert known_at <= sign.well_at <= NIGHT
    assert sign.due_at - sign.well_at == timedelta(minutes=every_min)
    assert sign.clears == (sign.due_at > NIGHT)
    assert sign.news == (sign.well_at > known_at)


def test_what_was_said_before_all_crews_were_asked_is_no_answer() -> None:
    """But a phone's clock may be five seconds behind."""
    asked_at = at(10)

    assert answers_roll_call(at(10) - timedelta(seconds=4), asked_at, at(11))
    assert not answers_roll_call(at(9), asked_at, at(11))


def test_where_nobody_said_where_a_crew_works_the_strictest_rule_holds() -> None:
    """It may stand in a cellar."""
    indoors, outdoors = Intervals(900, 120, 180), Intervals(1800, 120, 180)

    assert strictest([outdoors, indoors]) == indoors
    assert strictest([]) is None
