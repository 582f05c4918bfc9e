"""What is done when a clock is to warn, or its limit is reached."""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.deadlines.handlers import Due
from dispatch.deadlines.handlers import PlainHandler
from dispatch.pledge_clocks import clock_changes
from dispatch.pledge_clocks.clock_changes import Cause
from dispatch.pledge_clocks.states import ClockState
from dispatch.writes import row_locks


class ClocksDue(PlainHandler):
    """Warns of the clocks of an incident that are soon due, and notes those that were missed."""

    def act(
        self,
        session: Session,
        due: Due,
        held: row_locks.Scope,
        prepared: None,  # noqa: ARG002  (nothing was)
        now: datetime,
    ) -> None:
        """Warn, or say what was missed and why; then wait for the next.

        On the very second of the limit nobody is late yet, but nobody is there either: it counts
        as missed until a phone without signal says otherwise.
        """
        if due.incident_id is None or due.incident_id not in held.incidents:
            return
        cause = Cause(due.incident_id, SYSTEM, now)
        for clock in clock_changes.of_incident(session, due.incident_id):
            if clock.state != ClockState.RUNNING or clock.due_at is None or clock.warn_at is None:
                continue
            if clock.due_at <= now and clock.breached_at is None:
                clock_changes.breach(session, cause, clock)
            elif clock.warn_at <= now and clock.warned_at is None and clock.breached_at is None:
                clock_changes.warn(session, cause, clock)
        clock_changes.schedule(session, due.incident_id, now)
