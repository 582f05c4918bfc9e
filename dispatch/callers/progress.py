"""How a case stands, told to whoever reported it: honest, and of this case only. Pure rules."""

import math
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Final

from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import AssignmentState
from dispatch.callers.states import ArrivalNote
from dispatch.callers.states import Stage
from dispatch.callers.states import StepName
from dispatch.callers.states import StepState
from dispatch.incidents.states import IncidentState
from dispatch.outcomes.states import Effect

_STEP: Final = 300
_LEAST_BEFORE, _LEAST_AFTER = timedelta(minutes=3), timedelta(minutes=7)
_SHARE_BEFORE, _SHARE_AFTER = 0.1, 0.3
_LATE_AFTER: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Order:
    """An order for the incident, of its present round."""

    id: int
    crew_id: int
    state: str
    rank: int
    eta_at: datetime | None
    accepted_at: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case.

    Parameters
    ----------
    effect
        What the outcomes of the incident's present round mean together.
    repaired
        Whether the repair that was to follow is done.
    """

    told_at: datetime
    state: str
    effect: str | None
    closed_at: datetime | None
    orders: Sequence[Order]
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step, and when it was done."""

    name: StepName
    state: StepState
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """When the crew will be there, as far as that can be said."""

    note: ArrivalNote
    from_at: datetime | None = None
    until_at: datetime | None = None


def live(orders: Sequence[Order]) -> list[Order]:
    """Return the orders that are alive."""
    return [each for each in orders if AssignmentState(each.state) in LIVE_STATES]


def stage_of(facts: Facts) -> Stage:
    """Return how a case stands. Only work that is done makes it finished."""
    if facts.state == IncidentState.CANCELLED:
        return Stage.CANCELLED
    alive = {AssignmentState(each.state) for each in live(facts.orders)}
    if AssignmentState.ON_SCENE in alive:
        return Stage.THERE
    if AssignmentState.EN_ROUTE in alive:
        return Stage.ON_ITS_WAY
    if AssignmentState.ACCEPTED in alive:
        accepted = [each for each in facts.orders if each.state == AssignmentState.ACCEPTED]
        return Stage.BUSY if all(each.rank > 0 for each in accepted) else Stage.CHOSEN
    if alive:
        return Stage.ASKED
    return _without_orders(facts)


def _without_orders(facts: Facts) -> Stage:
    if facts.effect == Effect.DONE or (facts.effect == Effect.FOLLOW_UP and facts.repaired):
        return Stage.FINISHED
    if facts.effect == Effect.FOLLOW_UP:
        return Stage.MADE_SAFE
    if facts.state == IncidentState.CLOSED:
        return Stage.CLOSED
    if facts.effect == Effect.NOT_DONE:
        return Stage.NOT_FINISHED
    return Stage.SEARCHING_AGAIN if facts.orders else Stage.SEARCHING


def nearest(orders: Sequence[Order]) -> Order | None:
    """Return the order whose crew is there first: it is the one that is told of."""
    coming = [each for each in live(orders) if each.state != AssignmentState.OFFERED]
    furthest = {AssignmentState.ON_SCENE: 0, AssignmentState.EN_ROUTE: 1}
    far = datetime.max.replace(tzinfo=UTC)
    return min(
        coming,
        key=lambda each: (
            furthest.get(AssignmentState(each.state), 2),
            each.rank,
            each.eta_at or far,
            each.id,
        ),
        default=None,
    )


def place_may_be_told(order: Order | None) -> bool:
    """Tell whether a crew's place is shown: on its way to this case and to no other."""
    return order is not None and order.state == AssignmentState.EN_ROUTE and order.rank == 0


def steps_of(facts: Facts, stage: Stage) -> list[Step]:
    """Return every step with its time, the next one marked."""
    counted = [
        each
        for each in facts.orders
        if each.state == AssignmentState.COMPLETED or each in live(facts.orders)
    ]
    ends = {Stage.FINISHED, Stage.MADE_SAFE, Stage.NOT_FINISHED, Stage.CANCELLED, Stage.CLOSED}
    ended_at = _last(each.completed_at for each in counted) if stage in ends else None
    if stage in {Stage.CANCELLED, Stage.CLOSED}:
        ended_at = facts.closed_at or ended_at
    times = {
        StepName.REPORTED: facts.told_at,
        StepName.CHOSEN: _first(each.accepted_at for each in counted),
        StepName.ON_ITS_WAY: _first(each.departed_at for each in counted),
        StepName.THERE: _first(each.arrived_at for each in counted),
        StepName.ENDED: ended_at,
    }
    steps: list[Step] = []
    over = stage in ends
    for name, at in times.items():
        done = at is not None or (over and name is StepName.ENDED)
        if over and not done:
            continue  # what never happened is not told as if it were to come
        waited_for = all(each.state is StepState.DONE for each in steps)
        state = StepState.DONE if done else StepState.NEXT if waited_for else StepState.LATER
        steps.append(Step(name, state, at))
    return steps


def arrival_of(order: Order | None, now: datetime) -> Arrival | None:
    """Return when a crew will be there; None where there is no crew that is yet to come.

    A band to the full five minutes, wider the further it is away and towards later, for that is how
    drives go wrong.
    """
    if order is None or order.state == AssignmentState.ON_SCENE:
        return None
    if order.eta_at is None or order.rank > 0:
        return Arrival(ArrivalNote.UNKNOWN)
    left = order.eta_at - now
    if left < -_LATE_AFTER:
        return Arrival(ArrivalNote.LATE)
    from_at = order.eta_at - max(_LEAST_BEFORE, left * _SHARE_BEFORE)
    until_at = order.eta_at + max(_LEAST_AFTER, left * _SHARE_AFTER)
    from_at, until_at = _to_step(max(from_at, now), math.floor), _to_step(until_at, math.ceil)
    # Who is late, but not yet long after the time, is not promised for a moment that has passed.
    return Arrival(ArrivalNote.BAND, from_at, max(until_at, from_at + timedelta(seconds=_STEP)))


def _to_step(at: datetime, towards: Callable[[float], int]) -> datetime:
    return datetime.fromtimestamp(towards(at.timestamp() / _STEP) * _STEP, UTC)


def _first(times: Iterable[datetime | None]) -> datetime | None:
    return min((each for each in times if each is not None), default=None)


def _last(times: Iterable[datetime | None]) -> datetime | None:
    return max((each for each in times if each is not None), default=None)
