"""Why a pledge was missed, from what happened until then. Pure rules.

The limit is used up in phases: until a crew is sent, until it answers, until it sets out, on the
road. The longest one is to blame. A report whose kind or place was changed when half the limit had
gone is: nobody could have known before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.pledge_clocks.states import BreachCause
from dispatch.pledges.states import StopEvent


@dataclass(frozen=True, slots=True)
class OrderTimes:
    """When one crew's order for the incident went from step to step; None: it has not yet."""

    offered_at: datetime
    accepted_at: datetime | None = None
    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BreachFacts:
    """What is known at the moment when the limit is reached.

    Attributes
    ----------
    changed_at
        When the rule was last frozen anew because the incident changed.
    somebody_free
        Whether a crew with the skill is on duty without an order at this moment.
    """

    stop: StopEvent
    started_at: datetime
    missed_at: datetime
    orders: Sequence[OrderTimes]
    changed_at: datetime | None
    somebody_free: bool


def breach_cause(facts: BreachFacts) -> BreachCause:
    """Return why a pledge was missed, as far as times tell."""
    if facts.changed_at is not None:
        half_way = facts.started_at + (facts.missed_at - facts.started_at) / 2
        if facts.changed_at >= half_way:
            return BreachCause.CHANGED_LATE
    order = _furthest(facts.orders)
    if order is None:
        return BreachCause.SENT_LATE if facts.somebody_free else BreachCause.NOBODY_FREE
    phases = _phases(facts, order)
    return max(phases, key=lambda each: phases[each])


def _furthest(orders: Sequence[OrderTimes]) -> OrderTimes | None:
    """Return the order whose crew came furthest, the first of several; one that ended last."""
    return min(
        orders,
        key=lambda each: (
            each.arrived_at is None,
            each.departed_at is None,
            each.accepted_at is None,
            each.ended_at is not None,
            each.offered_at,
        ),
        default=None,
    )


def _phases(facts: BreachFacts, order: OrderTimes) -> dict[BreachCause, float]:
    """Return how long each phase took until the limit was reached, in seconds."""
    steps = (
        (BreachCause.SENT_LATE, order.offered_at),
        (BreachCause.NOT_ANSWERED, order.accepted_at),
        (BreachCause.SET_OUT_LATE, order.departed_at),
        (BreachCause.LONG_WAY, order.arrived_at),
    )
    phases: dict[BreachCause, float] = {}
    since = facts.started_at
    for cause, at in steps:
        until = facts.missed_at if at is None else min(at, facts.missed_at)
        phases[cause] = max((until - since).total_seconds(), 0.0)
        since = max(since, until)
        if at is None:
            break
    else:
        if facts.stop is not StopEvent.ON_SCENE:
            phases[BreachCause.LONG_WORK] = max((facts.missed_at - since).total_seconds(), 0.0)
    return phases
