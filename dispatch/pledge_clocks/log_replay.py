"""Clocks computed again from the event log alone. Pure rules.

What the rows of `pledge_clock` say must follow from the log: who doubts a verdict computes it anew.
The log says what was promised (frozen in it), when a clock was paused, and what happened to the
incident; whether and when a clock stopped, and whether that was in time, is worked out here.
"""

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import datetime
from typing import Any
from typing import Protocol

from dispatch.assignments.states import AssignmentState
from dispatch.events.kinds import EventKind
from dispatch.outcomes.states import Effect
from dispatch.outcomes.states import standing_effect
from dispatch.pledge_clocks.clock_rules import Course
from dispatch.pledge_clocks.clock_rules import Pause
from dispatch.pledge_clocks.states import ClockState
from dispatch.pledge_clocks.states import ClockVerdict
from dispatch.pledge_clocks.states import EndReason
from dispatch.pledges.frozen_rule import FrozenRule
from dispatch.pledges.states import StopEvent

ORDER_ENDS = frozenset(
    {
        EventKind.ASSIGNMENT_COMPLETED,
        EventKind.ASSIGNMENT_DECLINED,
        EventKind.ASSIGNMENT_EXPIRED,
        EventKind.ASSIGNMENT_WITHDRAWN,
    }
)


class LoggedEvent(Protocol):
    """An entry of the log, as far as it is read here."""

    @property
    def kind(self) -> str:
        """Return what happened."""

    @property
    def at(self) -> datetime:
        """Return when it was stored."""

    @property
    def occurred_at(self) -> datetime:
        """Return when it happened by the actor's clock."""

    @property
    def assignment_id(self) -> int | None:
        """Return the order that it is about."""

    @property
    def data(self) -> Mapping[str, Any]:
        """Return what else was told."""


@dataclass(frozen=True, slots=True)
class ReplayedClock:
    """A clock as the log has it."""

    course: Course
    state: ClockState = ClockState.RUNNING
    stopped_at: datetime | None = None
    verdict: ClockVerdict | None = None


def stops_at(started_at: datetime, occurred_at: datetime, at: datetime) -> datetime:
    """Return when a clock stopped: by the actor's time, from its start to now.

    A phone without signal reports an arrival late; the crew was there in time all the same.
    """
    return min(max(occurred_at, started_at), at)


def reached(kind: str, data: Mapping[str, Any], *, is_done: bool) -> frozenset[StopEvent]:
    """Return which goals an event reaches.

    Parameters
    ----------
    kind, data
        Of the event.
    is_done
        Whether all work on the incident is done with it, and nothing left to follow.
    """
    if kind == EventKind.ASSIGNMENT_ARRIVED:
        return frozenset({StopEvent.ON_SCENE})
    if kind == EventKind.ASSIGNMENT_MOVED and data.get("state") == AssignmentState.ON_SCENE:
        return frozenset({StopEvent.ON_SCENE})
    if kind == EventKind.REPORT_CALLED_BACK:
        # Taken back it reaches nothing, nor while others wait, where the event tells how many do.
        done = data.get("called", True) and not data.get("left", 0)
        return frozenset({StopEvent.CALLED_BACK}) if done else frozenset()
    if kind != EventKind.ASSIGNMENT_COMPLETED:
        return frozenset()
    goals = set()
    if data.get("outcome_effect") in {Effect.DONE, Effect.FOLLOW_UP}:
        goals.add(StopEvent.MADE_SAFE)
    if is_done:
        goals.add(StopEvent.RESTORED)
    return frozenset(goals)


_ORDER_COMES = frozenset({EventKind.ASSIGNMENT_OFFERED, EventKind.ASSIGNMENT_MOVED})


@dataclass
class _Round:
    """Orders of the present round of an incident."""

    live: set[int] = field(default_factory=set)
    effects: list[str] = field(default_factory=list)

    def take(self, event: LoggedEvent) -> None:
        self.live.difference_update(event.data.get("orders_moved", ()))
        if event.kind == EventKind.INCIDENT_REOPENED:
            self.live.clear()
            self.effects.clear()
        elif event.kind in _ORDER_COMES and event.assignment_id is not None:
            self.live.add(event.assignment_id)
        elif event.kind in ORDER_ENDS and event.assignment_id is not None:
            self.live.discard(event.assignment_id)
            if event.kind == EventKind.ASSIGNMENT_COMPLETED and event.data.get("outcome_effect"):
                self.effects.append(event.data["outcome_effect"])

    @property
    def is_done(self) -> bool:
        return not self.live and standing_effect(self.effects) is Effect.DONE


def replayed(events: Iterable[LoggedEvent]) -> dict[int, ReplayedClock]:
    """Return the clocks of one incident, by number, as its events alone have them.

    Parameters
    ----------
    events
        All of the incident's, in the log's order.
    """
    clocks: dict[int, ReplayedClock] = {}
    orders = _Round()
    for event in events:
        orders.take(event)
        if event.kind == EventKind.CLOCKS_STARTED:
            clocks |= _started(event)
        elif "clock_id" in event.data:
            clock_id = int(event.data["clock_id"])
            clocks[clock_id] = _told(clocks[clock_id], event)
        goals = reached(event.kind, event.data, is_done=orders.is_done)
        for clock_id, clock in clocks.items():
            if clock.course.rule.stop in goals and clock.state in _GOING:
                clocks[clock_id] = _stopped(clock, event)
    return clocks


_GOING = frozenset({ClockState.RUNNING, ClockState.PAUSED})


def _started(event: LoggedEvent) -> dict[int, ReplayedClock]:
    return {
        int(each["clock_id"]): ReplayedClock(
            Course(
                FrozenRule.from_json(each["rule"]),
                datetime.fromisoformat(each["started_at"]),
                tuple(Pause.from_json(pause) for pause in each["pauses"]),
            ),
            ClockState(each["state"]),
        )
        for each in event.data["clocks"]
    }


def _stopped(clock: ReplayedClock, event: LoggedEvent) -> ReplayedClock:
    at = stops_at(clock.course.started_at, event.occurred_at, event.at)
    return replace(clock, state=ClockState.STOPPED, stopped_at=at, verdict=clock.course.verdict(at))


def _told(clock: ReplayedClock, event: LoggedEvent) -> ReplayedClock:
    """Return a clock after an event of its own; breaches and stops are worked out, not believed."""
    course, data = clock.course, event.data
    if event.kind == EventKind.CLOCK_CHANGED:
        changed = Course(
            FrozenRule.from_json(data["rule"]),
            datetime.fromisoformat(data["started_at"]),
            course.pauses,
        )
        return replace(clock, course=changed, verdict=None)
    if event.kind == EventKind.CLOCK_PAUSED:
        pauses = (*course.pauses, Pause(event.at, None, data["pause"], ""))
        return replace(clock, course=replace(course, pauses=pauses), state=ClockState.PAUSED)
    if event.kind == EventKind.CLOCK_RESUMED:
        pauses = (*course.pauses[:-1], replace(course.pauses[-1], end=event.at))
        return replace(clock, course=replace(course, pauses=pauses), state=ClockState.RUNNING)
    if event.kind == EventKind.CLOCK_ENDED:
        goes_on = data["why"] in {EndReason.FOLLOW_UP, EndReason.MERGED}
        late = not goes_on and course.verdict(event.at) is ClockVerdict.BREACHED
        return replace(
            clock,
            state=ClockState.ENDED,
            stopped_at=event.at,
            verdict=ClockVerdict.BREACHED if late else None,
        )
    if event.kind == EventKind.CLOCK_REVIVED:
        going = ClockState.PAUSED if course.is_paused else ClockState.RUNNING
        return replace(clock, state=going, stopped_at=None, verdict=None)
    return clock
