"""What happens when a crew does not report, and when nobody takes an SOS."""

from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.core.instants import instant
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.deadlines.handlers import Due
from dispatch.deadlines.handlers import PlainHandler
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.positions.models import CrewPosition
from dispatch.safety import roll_call_rows
from dispatch.safety import watch_rows
from dispatch.safety.models import CheckInWatch
from dispatch.safety.models import RollCall
from dispatch.safety.models import RollCallAnswer
from dispatch.safety.models import SosCall
from dispatch.safety.rings import Rings
from dispatch.safety.states import WatchState
from dispatch.writes import row_locks

_STEPS = {
    WatchState.WELL: (WatchState.DUE, EventKind.CHECK_IN_DUE),
    WatchState.DUE: (WatchState.MISSED, EventKind.CHECK_IN_MISSED),
    WatchState.MISSED: (WatchState.ESCALATED, EventKind.CHECK_IN_ESCALATED),
}


class CheckInHandler(PlainHandler):
    """Takes a check-in that nobody made one step further: phone, desk, supervisor."""

    def __init__(self, rings: Rings) -> None:
        self._rings = rings

    def act(
        self,
        session: Session,
        due: Due,
        held: row_locks.Scope,  # noqa: ARG002  (the incident and the crew: that is enough)
        prepared: Any,  # noqa: ANN401, ARG002  (nothing is)
        now: datetime,
    ) -> None:
        """Ring the phone, else alarm the desk with the last position, else tell the supervisor."""
        watch = watch_rows.live(session, due.assignment_id or 0)
        step = None if watch is None else _STEPS.get(WatchState(watch.state))
        if watch is None or step is None:
            return
        state, event = step
        watch.state = state.value
        if state is WatchState.DUE:
            watch_rows.set_deadline(session, watch, now + timedelta(seconds=watch.grace_s), now)
            self._rings.crew(session, now, crew_id=watch.crew_id, assignment_id=watch.assignment_id)
        elif state is WatchState.MISSED:
            watch.missed_at = now
            due_at = now + timedelta(seconds=watch.supervisor_s)
            watch_rows.set_deadline(session, watch, due_at, now)
        else:
            watch.escalated_at = now
            self._rings.supervisor(
                session,
                now,
                incident_id=watch.incident_id,
                assignment_id=watch.assignment_id,
                about=event.value,
            )
        session.flush()
        events.append(
            session,
            event,
            SYSTEM,
            at=now,
            incident_id=watch.incident_id,
            assignment_id=watch.assignment_id,
            crew_id=watch.crew_id,
            data=_known(session, watch),
        )


class RollCallHandler(PlainHandler):
    """Alarms the desk of the crews that have not reported in time."""

    def act(
        self,
        session: Session,
        due: Due,
        held: row_locks.Scope,  # noqa: ARG002  (its own row is locked)
        prepared: Any,  # noqa: ANN401, ARG002  (nothing is)
        now: datetime,
    ) -> None:
        """Say who is missing."""
        call = session.get(RollCall, due.data["roll_call_id"], with_for_update=True)
        if call is None or call.ended_at is not None:
            return
        call.overdue_at = now
        session.flush()
        missing = select(RollCallAnswer.crew_id).where(
            RollCallAnswer.roll_call_id == call.id, RollCallAnswer.answered_at.is_(None)
        )
        events.append(
            session,
            EventKind.ROLL_CALL_OVERDUE,
            SYSTEM,
            at=now,
            incident_id=call.incident_id,
            data={
                "roll_call_id": call.id,
                "missing": roll_call_rows.missing(session, call.id),
                "crew_ids": list(session.scalars(missing.order_by(RollCallAnswer.crew_id))),
            },
        )


class SosHandler(PlainHandler):
    """Tells the supervisor of an SOS that nobody at a desk has taken."""

    def __init__(self, rings: Rings) -> None:
        self._rings = rings

    def act(
        self,
        session: Session,
        due: Due,
        held: row_locks.Scope,  # noqa: ARG002  (the crew: that is enough)
        prepared: Any,  # noqa: ANN401, ARG002  (nothing is)
        now: datetime,
    ) -> None:
        """Say so."""
        call = session.get(SosCall, due.data["sos_id"], populate_existing=True)
        if call is None or call.taken_at is not None or call.ended_at is not None:
            return
        call.escalated_at = now
        self._rings.supervisor(
            session,
            now,
            incident_id=call.incident_id,
            assignment_id=call.assignment_id,
            about=EventKind.SOS_ESCALATED.value,
        )
        session.flush()
        events.append(
            session,
            EventKind.SOS_ESCALATED,
            SYSTEM,
            at=now,
            incident_id=call.incident_id,
            assignment_id=call.assignment_id,
            crew_id=call.crew_id,
            data={"sos_id": call.id},
        )


def _known(session: Session, watch: CheckInWatch) -> dict[str, object]:
    """Return until when the crew was well, and where it was last."""
    fix = session.execute(
        select(
            longitude(CrewPosition.point).label("lon"),
            latitude(CrewPosition.point).label("lat"),
            CrewPosition.fixed_at,
        ).where(CrewPosition.crew_id == watch.crew_id)
    ).one_or_none()
    data: dict[str, object] = {
        "well_at": instant(watch.well_at),
        "due_at": instant(watch.due_at),
    }
    if fix is not None:
        data |= {"last_lonlat": [fix.lon, fix.lat], "fixed_at": instant(fix.fixed_at)}
    return data
