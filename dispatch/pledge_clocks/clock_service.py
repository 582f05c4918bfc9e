"""The clocks of an incident: read in full, paused, resumed, and why one was missed."""

from collections.abc import Callable
from typing import cast

from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board.clock_rows import clock_view
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events.kinds import EventKind
from dispatch.incidents import incident_rows
from dispatch.incidents import record_entries
from dispatch.pledge_clocks import clock_changes
from dispatch.pledge_clocks.clock_changes import Cause
from dispatch.pledge_clocks.clock_rules import Pause
from dispatch.pledge_clocks.models import PledgeClock
from dispatch.pledge_clocks.states import BreachCause
from dispatch.pledge_clocks.states import ClockState
from dispatch.pledge_clocks.states import EndReason
from dispatch.pledge_clocks.types import ClocksAnswer
from dispatch.pledge_clocks.types import ClockTraceAnswer
from dispatch.pledge_clocks.types import GiveCause
from dispatch.pledge_clocks.types import PauseClock
from dispatch.pledge_clocks.types import ResumeClock
from dispatch.pledge_clocks.types import WholeClockAnswer
from dispatch.pledges.states import WeatherClass
from dispatch.writes.command import RepeatableCommand
from dispatch.writes.idempotency import Once

Change = Callable[[Session, Cause, PledgeClock], None]


class ClockService:
    """What the desk can do with clocks; they start and stop by themselves."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def of_incident(self, actor: Actor, incident_id: int) -> ClocksAnswer:
        """Return all clocks of an incident, with what their verdicts follow from."""
        actor.require(Permission.INCIDENT_READ)
        with self._work.reading() as session:
            record_entries.seat(session, actor, incident_id)
            clocks = clock_changes.of_incident(session, incident_id)
        return {
            "server_time": instant(self._clock()),
            "clocks": [whole_clock(each) for each in clocks],
        }

    def pause(
        self, actor: Actor, incident_id: int, clock_id: int, wanted: PauseClock
    ) -> WholeClockAnswer:
        """Let a clock stand still, for a reason that its pledge allows.

        Raises
        ------
        Conflict
            ``wrong_state`` if it does not run.
        InvalidInput
            On ``reason``, if the pledge does not allow it.
        """

        def change(session: Session, cause: Cause, clock: PledgeClock) -> None:
            _require_state(clock, ClockState.RUNNING)
            if wanted.reason not in clock.rule["pauses"]:
                choices = ", ".join(clock.rule["pauses"]) or "–"
                message = N_("is none that this pledge allows: %(choices)s")
                raise InvalidInput.one("reason", message, choices=choices)
            clock_changes.pause(session, cause, clock, wanted.reason.value, wanted.note or "")

        return self._changed(actor, incident_id, clock_id, wanted, change)

    def resume(
        self, actor: Actor, incident_id: int, clock_id: int, wanted: ResumeClock
    ) -> WholeClockAnswer:
        """Let a paused clock run again.

        Raises
        ------
        Conflict
            ``wrong_state`` if it is not paused.
        """

        def change(session: Session, cause: Cause, clock: PledgeClock) -> None:
            _require_state(clock, ClockState.PAUSED)
            clock_changes.resume(session, cause, clock, wanted.note or "")

        return self._changed(actor, incident_id, clock_id, wanted, change)

    def give_cause(
        self, actor: Actor, incident_id: int, clock_id: int, wanted: GiveCause
    ) -> WholeClockAnswer:
        """Say why a pledge was missed; the desk knows what times do not tell.

        Raises
        ------
        Conflict
            ``wrong_state`` if it was not missed.
        InvalidInput
            On ``note``, if the cause is something else and nobody says what.
        """

        def change(session: Session, cause: Cause, clock: PledgeClock) -> None:
            if clock.breached_at is None:
                message = N_("This pledge was not missed.")
                raise Conflict("wrong_state", message, extra={"state": clock.state})
            if wanted.cause is BreachCause.OTHER and not wanted.note:
                raise InvalidInput.one("note", N_("is required for something else"))
            clock.cause, clock.cause_note = wanted.cause.value, wanted.note or ""
            clock.cause_by = actor.display_name
            session.flush()
            told = {
                **clock_changes.named(clock),
                "cause": wanted.cause.value,
                "text": wanted.note or "",
            }
            cause.tell(session, EventKind.CLOCK_CAUSE_GIVEN, told)

        return self._changed(actor, incident_id, clock_id, wanted, change)

    def _changed(
        self,
        actor: Actor,
        incident_id: int,
        clock_id: int,
        wanted: RepeatableCommand,
        change: Change,
    ) -> WholeClockAnswer:
        """Change one clock, once for each ``client_id``."""
        actor.require(Permission.CLOCK_WRITE)
        once = Once.of(actor, wanted.client_id, wanted, incident_id=incident_id, clock_id=clock_id)

        def work(session: Session) -> WholeClockAnswer:
            now = self._clock()
            known = once.begin(session, now)
            if known is not None:
                return cast("WholeClockAnswer", known)
            incident_rows.locked(session, incident_id)
            clocks = clock_changes.of_incident(session, incident_id)
            clock = next((each for each in clocks if each.id == clock_id), None)
            if clock is None:
                raise NotFound.thing("clock", clock_id)
            change(session, Cause(incident_id, actor, now), clock)
            clock_changes.schedule(session, incident_id, now)
            answer = whole_clock(clock)
            once.finish(session, answer)
            return answer

        return self._work.run(work)


def _require_state(clock: PledgeClock, state: ClockState) -> None:
    if clock.state != state:
        message = N_("The clock is %(state)s: that is not possible now.")
        params = {"state": clock.state}
        raise Conflict("wrong_state", message, params, extra=params)


def whole_clock(row: PledgeClock) -> WholeClockAnswer:
    """Return a clock with all that its verdict follows from."""
    pauses = [Pause.from_json(each) for each in row.pauses]
    return {
        **clock_view(row),
        "rule": row.rule,
        "weather": WeatherClass(row.weather),
        "pauses": [
            {
                "begin": instant(each.begin),
                "end": instant(each.end),
                "reason": each.reason,
                "by": each.by,
            }
            for each in pauses
        ],
        "trace": [_trace(each) for each in row.trace],
        "warned_at": instant(row.warned_at),
        "used_s": row.used_s,
        "end_reason": EndReason(row.end_reason) if row.end_reason else None,
        "cause_note": row.cause_note,
        "cause_by": row.cause_by,
    }


def _trace(before: dict[str, object]) -> ClockTraceAnswer:
    rule = cast("dict[str, object]", before["rule"])
    shown = {name: before[name] for name in ("at", "why", "by", "started_at")}
    shown |= {name: rule[name] for name in ("name_en", "name_zh", "limit_s")}
    return cast("ClockTraceAnswer", shown)
