"""What the worker does by the rota: makes shifts ahead, and tells of ends and gaps in time."""

from datetime import datetime
from datetime import time
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.core.instants import instant
from dispatch.core.scope import Scope
from dispatch.core.unit_of_work import enter_scope
from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.deadlines.handlers import Due
from dispatch.deadlines.handlers import PlainHandler
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.shifts import rota_deadlines
from dispatch.shifts import rotation_rows
from dispatch.shifts.models import Rotation
from dispatch.shifts.models import Shift
from dispatch.shifts.models import StaffingRule
from dispatch.shifts.staffing_service import gaps_between
from dispatch.writes import row_locks

_MOST_TOLD = 20


class RotaHandler(PlainHandler):
    """Makes the shifts of days that come into sight, and tells crews that their shift ends soon."""

    def __init__(self, zone: ZoneInfo, lead: timedelta) -> None:
        self._zone = zone
        self._lead = lead

    def act(
        self,
        session: Session,
        due: Due,  # noqa: ARG002  (it is about all shifts)
        held: row_locks.Scope,  # noqa: ARG002
        prepared: None,  # noqa: ARG002
        now: datetime,
    ) -> None:
        """Do both, and set when to look again."""
        self._make_ahead(session, now)
        ending = self._ending(session, now)
        rota_deadlines.wake_for_shifts(session, now, self._zone, self._lead)
        for shift, orders in ending:
            events.append(
                session,
                EventKind.SHIFT_ENDING,
                SYSTEM,
                at=now,
                crew_id=shift.crew_id,
                data={"shift_id": shift.id, "ends_at": instant(shift.ends_at), "orders": orders},
            )

    def _make_ahead(self, session: Session, now: datetime) -> None:
        last = now.astimezone(self._zone).date() + rotation_rows.MADE_AHEAD
        query = (
            select(Rotation)
            .where(Rotation.retired.is_(False), Rotation.made_until <= last)
            .order_by(Rotation.id)
            .with_for_update()
        )
        for row in session.scalars(query).all():
            rotation_rows.make_shifts(
                session, row, now, self._zone, SYSTEM.display_name, skip_overlaps=True
            )

    def _ending(self, session: Session, now: datetime) -> list[tuple[Shift, int]]:
        """Return the shifts of crews on duty that end soon, each once, with how many orders."""
        query = (
            select(Shift)
            .where(
                Shift.cancelled_at.is_(None),
                Shift.reminded_at.is_(None),
                Shift.ends_at > now,
                Shift.ends_at <= now + self._lead,
            )
            .order_by(Shift.id)
            .with_for_update()
        )
        ending = session.scalars(query).all()
        found = []
        for shift in ending:
            shift.reminded_at = now
            goes_on = session.scalar(
                select(Shift.id).where(
                    Shift.crew_id == shift.crew_id,
                    Shift.cancelled_at.is_(None),
                    Shift.begins_at == shift.ends_at,
                )
            )
            duty = session.scalar(select(Crew.duty).where(Crew.id == shift.crew_id))
            if goes_on is None and duty != Duty.OFF_DUTY:
                orders = session.scalar(
                    select(func.count())
                    .select_from(Assignment)
                    .where(Assignment.crew_id == shift.crew_id, live(Assignment.state))
                )
                found.append((shift, orders or 0))
        session.flush()
        return found


class StaffingHandler(PlainHandler):
    """Tells the desk, the day before, where too few crews are planned."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def act(
        self,
        session: Session,
        due: Due,  # noqa: ARG002  (it is about all rules)
        held: row_locks.Scope,  # noqa: ARG002
        prepared: None,  # noqa: ARG002
        now: datetime,
    ) -> None:
        """Look at tomorrow, and set when to look again."""
        rota_deadlines.wake_for_staffing(session, now, self._zone, told_today=True)
        tomorrow = now.astimezone(self._zone).date() + timedelta(days=1)
        begin = datetime.combine(tomorrow, time(), tzinfo=self._zone)
        end = datetime.combine(tomorrow + timedelta(days=1), time(), tzinfo=self._zone)
        units = session.scalars(
            select(StaffingRule.unit_id).where(StaffingRule.retired.is_(False)).distinct()
        )
        told = {each: gaps_between(session, begin, end, self._zone, each) for each in units.all()}
        for unit_id, found in told.items():
            if not found:
                continue
            # What happens belongs to the unit whose rule it is, and is heard there.
            enter_scope(session.connection(), Scope(everything=True, home=unit_id))
            data = {"day": tomorrow.isoformat(), "count": len(found), "gaps": found[:_MOST_TOLD]}
            events.append(session, EventKind.STAFFING_GAPS_FOUND, SYSTEM, at=now, data=data)
