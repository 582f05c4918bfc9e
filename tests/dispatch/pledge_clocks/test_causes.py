"""Why a pledge was missed, from times."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest

from dispatch.pledge_clocks.causes import BreachFacts
from dispatch.pledge_clocks.causes import OrderTimes
from dispatch.pledge_clocks.causes import breach_cause
from dispatch.pledge_clocks.states import BreachCause
from dispatch.pledges.states import StopEvent

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
Minutes = float | None


def at(minutes: Minutes) -> datetime | None:
    """Return so many minutes after the report."""
    return None if minutes is None else NOON + timedelta(minutes=minutes)


def order(offered: float, *steps: Minutes) -> OrderTimes:
    """Return an order: asked, accepted, departed, arrived, ended, in minutes."""
    return OrderTimes(NOON + timedelta(minutes=offered), *map(at, steps))


def facts(
    *orders: OrderTimes,
    changed: Minutes = None,
    free: bool = True,
    stop: StopEvent = StopEvent.ON_SCENE,
) -> BreachFacts:
    """Return what is known when the 30 minutes are over."""
    missed = NOON + timedelta(minutes=30)
    return BreachFacts(stop, NOON, missed, orders, at(changed), free)


@pytest.mark.parametrize(
    ("known", "cause"),
    [
        (facts(free=False), BreachCause.NOBODY_FREE),
        (facts(free=True), BreachCause.SENT_LATE),
        (facts(order(20)), BreachCause.SENT_LATE),  # 20 until asked, 10 without an answer
        (facts(order(5)), BreachCause.NOT_ANSWERED),  # 5 and 25
        (facts(order(2, 20, 22)), BreachCause.NOT_ANSWERED),  # 2, 18, 2, 8 on the road
        (facts(order(2, 4, None)), BreachCause.SET_OUT_LATE),  # 2, 2, 26
        (facts(order(2, 3, 5)), BreachCause.LONG_WAY),  # 2, 1, 2, 25
        (facts(order(2, 3, 5), changed=15), BreachCause.CHANGED_LATE),  # half the limit
        (facts(order(2, 3, 5), changed=14), BreachCause.LONG_WAY),
        (facts(order(1), order(3, 4, 6)), BreachCause.LONG_WAY),  # of the crew that came furthest
        (
            facts(order(1, 2, 3, 10), stop=StopEvent.RESTORED),  # 1, 1, 1, 7, and 20 of work
            BreachCause.LONG_WORK,
        ),
    ],
)
def test_the_longest_phase_is_to_blame(known: BreachFacts, cause: BreachCause) -> None:
    """Minutes of each phase beside the cases."""
    assert breach_cause(known) is cause
