"""Clocks that go on in another incident: of duplicates that are merged, and of what was made safe.

Whoever calls this holds the locks of both incidents.
"""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from dispatch.pledge_clocks import clock_changes
from dispatch.pledge_clocks.clock_changes import Cause
from dispatch.pledge_clocks.clock_changes import NewClock
from dispatch.pledge_clocks.models import PledgeClock
from dispatch.pledge_clocks.states import EndReason
from dispatch.pledges.frozen_rule import FrozenRule
from dispatch.pledges.states import StopEvent

_GOES_ON: Final = frozenset({StopEvent.RESTORED, StopEvent.CALLED_BACK})
"""What is still owed once the incident was made safe, and goes on with its repair."""


def carry(session: Session, from_id: int, cause: Cause, why: EndReason) -> None:
    """End the clocks of one incident and let them go on in another, whose lock is held too.

    Where the other has a clock of its own for the same goal, the earlier start counts; where it
    has reached the goal already, nothing is left to be done.
    """
    source = Cause(from_id, cause.actor, cause.now)
    theirs = clock_changes.of_incident(session, cause.incident_id)
    known = {(each.stop, each.series): each for each in theirs}
    carried: list[NewClock] = []
    weather = ""
    for clock in clock_changes.of_incident(session, from_id):
        if not clock_changes.is_going(clock):
            continue
        if why is EndReason.FOLLOW_UP and clock.stop not in _GOES_ON:
            continue
        clock_changes.end(session, source, clock, why, into=cause.incident_id)
        weather = clock.weather
        other = known.get((clock.stop, clock.series))
        if other is None:
            carried.append(_moved(clock, from_id))
        elif clock_changes.is_going(other) and clock.started_at < other.started_at:
            rule = FrozenRule.from_json(other.rule)
            clock_changes.freeze_anew(
                session, cause, other, rule, clock.started_at, why.value, source=from_id
            )
    clock_changes.start(session, cause, carried, weather, carried_from=from_id)
    for incident_id in (from_id, cause.incident_id):
        clock_changes.schedule(session, incident_id, cause.now)


def part(session: Session, cause: Cause, other_id: int) -> None:
    """Part the clocks of an incident from those of the one that it was merged into.

    What the merge ended goes on. The other incident has its own start again, or no clock if it had
    none; a clock that was changed again since stays as it is.
    """
    for clock in clock_changes.of_incident(session, cause.incident_id):
        if clock.end_reason == EndReason.MERGED:
            clock_changes.revive(session, cause, clock)
    clock_changes.schedule(session, cause.incident_id, cause.now)
    other = Cause(other_id, cause.actor, cause.now)
    for clock in clock_changes.of_incident(session, other.incident_id):
        last = clock.trace[-1] if clock.trace else {}
        if last.get("source") != cause.incident_id or not clock_changes.is_going(clock):
            continue
        if last["why"] == "carried":
            clock_changes.end(session, other, clock, EndReason.NO_PLEDGE)
            continue
        own = datetime.fromisoformat(last["started_at"])
        rule = FrozenRule.from_json(clock.rule)
        clock_changes.freeze_anew(session, other, clock, rule, own, "unmerged")
    clock_changes.schedule(session, other.incident_id, cause.now)


def _moved(clock: PledgeClock, from_id: int) -> NewClock:
    return NewClock(
        FrozenRule.from_json(clock.rule),
        clock.started_at,
        clock.pauses,
        clock.warned_at,
        clock.breached_at,
        clock.cause,
        from_id,
    )
