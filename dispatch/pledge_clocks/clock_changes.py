"""Clocks inside the transaction that changes them: written, with their events and deadline.

Whoever calls this holds the incident's lock. The clocks of an incident share one deadline: the next
warning or limit of any of them.
"""

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.core.instants import instant
from dispatch.deadlines import deadline_rows
from dispatch.deadlines.states import DeadlineKind
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.pledge_clocks.breach_facts import breach_facts
from dispatch.pledge_clocks.causes import breach_cause
from dispatch.pledge_clocks.clock_rules import Course
from dispatch.pledge_clocks.clock_rules import Pause
from dispatch.pledge_clocks.models import PledgeClock
from dispatch.pledge_clocks.states import ClockState
from dispatch.pledge_clocks.states import ClockVerdict
from dispatch.pledge_clocks.states import EndReason
from dispatch.pledges.frozen_rule import FrozenRule

GOING_STATES = (ClockState.PAUSED, ClockState.RUNNING)
GOES_ON_ELSEWHERE = frozenset({EndReason.FOLLOW_UP, EndReason.MERGED})


@dataclass(frozen=True, slots=True)
class Cause:
    """Who changes clocks, when, and of which incident."""

    incident_id: int
    actor: Actor
    now: datetime

    def tell(self, session: Session, kind: EventKind, data: dict[str, Any]) -> None:
        """Append an event."""
        events.append(
            session, kind, self.actor, at=self.now, incident_id=self.incident_id, data=data
        )


def course_of(clock: PledgeClock) -> Course:
    """Return what a clock has gone through."""
    return Course(
        FrozenRule.from_json(clock.rule),
        clock.started_at,
        tuple(Pause.from_json(each) for each in clock.pauses),
    )


def of_incident(session: Session, incident_id: int) -> Sequence[PledgeClock]:
    """Return all clocks of an incident, the oldest first."""
    query = (
        select(PledgeClock)
        .where(PledgeClock.incident_id == incident_id)
        .order_by(PledgeClock.id)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def is_going(clock: PledgeClock) -> bool:
    """Return whether a clock may still be kept or missed."""
    return clock.state in GOING_STATES


def named(clock: PledgeClock) -> dict[str, Any]:
    """Return what every event of a clock says of it."""
    return {
        "clock_id": clock.id,
        "stop": clock.stop,
        "name_en": clock.rule["name_en"],
        "name_zh": clock.rule["name_zh"],
    }


@dataclass(frozen=True, slots=True)
class NewClock:
    """A clock to be started, or carried over from another incident."""

    rule: FrozenRule
    started_at: datetime
    pauses: Sequence[dict[str, Any]] = ()
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    cause: str | None = None
    carried_from: int | None = None
    """The incident that it was started for."""


def start(
    session: Session, cause: Cause, wanted: Iterable[NewClock], weather: str, **why: object
) -> None:
    """Start clocks, with one event for all of them."""
    clocks = []
    for each in wanted:
        paused = bool(each.pauses) and each.pauses[-1]["end"] is None
        clock = PledgeClock(
            incident_id=cause.incident_id,
            pledge_id=each.rule.pledge_id,
            stop=each.rule.stop.value,
            series=each.rule.series,
            rule=each.rule.to_json(),
            weather=weather,
            started_at=each.started_at,
            pauses=list(each.pauses),
            trace=[] if each.carried_from is None else [_carried(each, cause)],
            state=(ClockState.PAUSED if paused else ClockState.RUNNING).value,
            warned_at=each.warned_at,
            breached_at=each.breached_at,
            cause=each.cause,
            cause_note="",
        )
        _reckon(clock)
        session.add(clock)
        clocks.append(clock)
    if not clocks:
        return
    session.flush()
    told = [
        {
            **named(clock),
            "started_at": instant_exactly(clock.started_at),
            "due_at": instant(clock.due_at),
            "state": clock.state,
            "pauses": clock.pauses,
            "rule": clock.rule,
        }
        for clock in clocks
    ]
    cause.tell(session, EventKind.CLOCKS_STARTED, {"clocks": told, "weather": weather, **why})


def _carried(clock: NewClock, cause: Cause) -> dict[str, Any]:
    """Return the trace of where a clock came from."""
    return {
        "at": instant_exactly(cause.now),
        "why": "carried",
        "rule": clock.rule.to_json(),
        "started_at": instant_exactly(clock.started_at),
        "by": cause.actor.display_name,
        "source": clock.carried_from,
    }


def freeze_anew(
    session: Session,
    cause: Cause,
    clock: PledgeClock,
    rule: FrozenRule,
    started_at: datetime,
    why: str,
    **more: object,
) -> None:
    """Give a going clock another rule or an earlier start; what it was before stays as a trace."""
    before = {
        "at": instant_exactly(cause.now),
        "why": why,
        "rule": clock.rule,
        "started_at": instant_exactly(clock.started_at),
        "by": cause.actor.display_name,
        **more,
    }
    clock.trace = [*clock.trace, before]
    clock.rule, clock.pledge_id = rule.to_json(), rule.pledge_id
    clock.stop, clock.series = rule.stop.value, rule.series
    clock.started_at = started_at
    _reckon(clock)
    if clock.due_at is not None and clock.due_at > cause.now:
        clock.breached_at = clock.cause = None
    if clock.warn_at is not None and clock.warn_at > cause.now:
        clock.warned_at = None
    session.flush()
    told = {
        **named(clock),
        "why": why,
        "rule": clock.rule,
        "started_at": instant_exactly(started_at),
        "due_at": instant(clock.due_at),
        **more,
    }
    cause.tell(session, EventKind.CLOCK_CHANGED, told)


def pause(session: Session, cause: Cause, clock: PledgeClock, reason: str, note: str) -> None:
    """Let a running clock stand still."""
    now, by = cause.now, cause.actor.display_name
    clock.pauses = [*clock.pauses, Pause(now, None, reason, by).to_json()]
    clock.state = ClockState.PAUSED.value
    _reckon(clock)
    session.flush()
    cause.tell(session, EventKind.CLOCK_PAUSED, {**named(clock), "pause": reason, "text": note})


def resume(session: Session, cause: Cause, clock: PledgeClock, note: str) -> None:
    """Let a clock run again."""
    last = Pause.from_json(clock.pauses[-1])
    ended = Pause(last.begin, max(cause.now, last.begin), last.reason, last.by)
    clock.pauses = [*clock.pauses[:-1], ended.to_json()]
    clock.state = ClockState.RUNNING.value
    _reckon(clock)
    session.flush()
    told = {**named(clock), "text": note, "due_at": instant(clock.due_at)}
    cause.tell(session, EventKind.CLOCK_RESUMED, told)


def stop(session: Session, cause: Cause, clock: PledgeClock, at: datetime) -> None:
    """Decide a clock: what was promised has happened."""
    course = course_of(clock)
    verdict = course.verdict(at)
    if verdict is ClockVerdict.BREACHED and clock.breached_at is None:
        breach(session, cause, clock)
    clock.state, clock.verdict = ClockState.STOPPED.value, verdict.value
    clock.stopped_at, clock.used_s = at, course.used_s(at)
    session.flush()
    told = {
        **named(clock),
        "verdict": verdict.value,
        "stopped_at": instant(at),
        "used_s": round(clock.used_s, 3),
        "limit_s": course.rule.limit_s,
    }
    cause.tell(session, EventKind.CLOCK_STOPPED, told)


def end(
    session: Session, cause: Cause, clock: PledgeClock, reason: EndReason, **more: object
) -> None:
    """End a clock that is not needed any more; one that was too late already stays missed."""
    course = course_of(clock)
    late = course.verdict(cause.now) is ClockVerdict.BREACHED
    if late and reason not in GOES_ON_ELSEWHERE:
        if clock.breached_at is None:
            breach(session, cause, clock)
        clock.verdict = ClockVerdict.BREACHED.value
    clock.state, clock.end_reason = ClockState.ENDED.value, reason.value
    clock.stopped_at, clock.used_s = cause.now, course.used_s(cause.now)
    session.flush()
    told = {**named(clock), "why": reason.value, "verdict": clock.verdict, **more}
    cause.tell(session, EventKind.CLOCK_ENDED, told)


def revive(session: Session, cause: Cause, clock: PledgeClock) -> None:
    """Let a clock that ended go on as if it had not: what ended it was taken back."""
    course = course_of(clock)
    going = ClockState.PAUSED if course.is_paused else ClockState.RUNNING
    clock.state = going.value
    clock.stopped_at = clock.used_s = clock.verdict = clock.end_reason = None
    _reckon(clock)
    session.flush()
    cause.tell(session, EventKind.CLOCK_REVIVED, {**named(clock), "due_at": instant(clock.due_at)})


def warn(session: Session, cause: Cause, clock: PledgeClock) -> None:
    """Note that a clock is soon due."""
    clock.warned_at = cause.now
    session.flush()
    told = {**named(clock), "due_at": instant(clock.due_at)}
    cause.tell(session, EventKind.CLOCK_WARNED, told)


def breach(session: Session, cause: Cause, clock: PledgeClock) -> None:
    """Note that a limit was reached, and why as far as times tell."""
    missed_at = clock.due_at or cause.now
    clock.breached_at = cause.now
    if clock.cause_by is None:
        clock.cause = breach_cause(breach_facts(session, clock, missed_at)).value
    session.flush()
    told = {**named(clock), "due_at": instant(clock.due_at), "cause": clock.cause}
    cause.tell(session, EventKind.CLOCK_BREACHED, told)


def schedule(session: Session, incident_id: int, now: datetime) -> None:
    """Have the next warning or limit of an incident's clocks fall due."""
    kind = DeadlineKind.PLEDGE_CLOCKS
    deadline_rows.cancel(session, [kind], now, incident_id=incident_id)
    query = select(PledgeClock.warn_at, PledgeClock.warned_at, PledgeClock.due_at).where(
        PledgeClock.incident_id == incident_id,
        PledgeClock.state == ClockState.RUNNING.value,
        PledgeClock.breached_at.is_(None),
    )
    rows = session.execute(query).all()
    pending = [row.due_at if row.warned_at else min(row.warn_at, row.due_at) for row in rows]
    if pending:
        deadline_rows.set_deadline(session, kind, min(pending), now, incident_id=incident_id)


def instant_exactly(value: datetime) -> str:
    """Return an instant with all its digits: verdicts are computed from it again."""
    return value.isoformat()


def _reckon(clock: PledgeClock) -> None:
    """Work out when a clock warns and when it is due; a paused one does neither."""
    course = course_of(clock)
    if clock.state == ClockState.PAUSED:
        clock.warn_at = clock.due_at = None
        clock.left_s = course.remaining_s(course.pauses[-1].begin)
    else:
        clock.warn_at, clock.due_at, clock.left_s = course.warn_at, course.due_at, None
