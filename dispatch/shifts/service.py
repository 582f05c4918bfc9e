"""Shifts: listed, added, changed, cancelled; and who is on duty as planned at this moment."""

from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.pledges.types import minutes
from dispatch.shifts import rota_deadlines
from dispatch.shifts import shift_rows
from dispatch.shifts.duty_facts import planned_duties
from dispatch.shifts.duty_hours import RestLimit
from dispatch.shifts.duty_hours import rota_mark
from dispatch.shifts.models import Shift
from dispatch.shifts.models import ShiftTemplate
from dispatch.shifts.rota import DayHours
from dispatch.shifts.rotation_rows import day_hours
from dispatch.shifts.states import RotaMark
from dispatch.shifts.types import AddShift
from dispatch.shifts.types import CancelShift
from dispatch.shifts.types import ChangeShift
from dispatch.shifts.types import RotaNowAnswer
from dispatch.shifts.types import ShiftAnswer
from dispatch.shifts.types import ShiftsAnswer
from dispatch.writes.idempotency import Once

_LONGEST: Final = timedelta(hours=49)
"""Two days, on the night on which clocks are put back."""
_MOST_DAYS: Final = 62
_Times = tuple[datetime, datetime, str, int | None]


class ShiftService:
    """What can be asked of single shifts."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        time_zone: str,
        *,
        reminder_s: float,
        rest: RestLimit,
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._zone = ZoneInfo(time_zone)
        self._lead = timedelta(seconds=reminder_s)
        self._rest = rest

    def today(self) -> date:
        """Return the day at the desk."""
        return self._clock().astimezone(self._zone).date()

    def list(
        self,
        actor: Actor,
        first: date | None = None,
        last: date | None = None,
        crew_id: int | None = None,
        *,
        cancelled: bool = False,
    ) -> ShiftsAnswer:
        """Return the shifts that some days have a part of: this week's if none are named.

        A crew sees all crews', for it may want to swap.

        Raises
        ------
        InvalidInput
            If the last day is before the first, or two months after it.
        """
        require_reader(actor)
        today = self.today()
        first = first or today - timedelta(days=today.weekday())
        last = last or first + timedelta(days=6)
        if not timedelta(0) <= last - first <= timedelta(days=_MOST_DAYS):
            raise InvalidInput.one("last", N_("must be within two months after the first day"))
        query = (
            select(Shift)
            .where(
                Shift.begins_at < self._midnight(last + timedelta(days=1)),
                Shift.ends_at > self._midnight(first),
            )
            .order_by(Shift.begins_at, Shift.crew_id, Shift.id)
        )
        if crew_id is not None:
            query = query.where(Shift.crew_id == crew_id)
        if not cancelled:
            query = query.where(Shift.cancelled_at.is_(None))
        with self._work.reading() as session:
            rows = session.scalars(query).all()
            shifts = shift_rows.shift_views(session, rows, self._zone, self._clock())
        return {
            "time_zone": self._zone.key,
            "first": first.isoformat(),
            "last": last.isoformat(),
            "shifts": shifts,
        }

    def now(self, actor: Actor) -> RotaNowAnswer:
        """Return how the duty of each crew that has a rota agrees with it at this moment."""
        require_reader(actor)
        now = self._clock()
        query = select(Crew.id, Crew.duty).order_by(Crew.id)
        if not actor.may(Permission.SHIFT_READ):
            query = query.where(Crew.id == actor.crew_id)
        with self._work.reading() as session:
            duties = {row.id: row.duty for row in session.execute(query)}
            planned = planned_duties(session, duties, now, self._rest)
        return {
            "server_time": instant(now),
            "crews": [
                {
                    "crew_id": crew_id,
                    "duty": Duty(duties[crew_id]),
                    "mark": rota_mark(each.hours, duties[crew_id]),
                    "ends_at": instant(each.ends_at),
                    "next_begins_at": instant(each.next_begins_at),
                    "rest_due": each.hours.rest_due,
                }
                for crew_id, each in sorted(planned.items())
                if each.hours.rest_due or rota_mark(each.hours, "") is not RotaMark.NO_ROTA
            ],
        }

    def add(self, actor: Actor, wanted: AddShift) -> tuple[ShiftAnswer, bool]:
        """Add a single shift.

        Returns
        -------
        shift, replayed
            The shift, and whether it was there under this ``client_id`` already.

        Raises
        ------
        Conflict
            ``shift_overlaps``, naming the other shift.
        InvalidInput
            Naming the field: an unknown crew, an end before the beginning.
        """
        actor.require(Permission.SHIFT_WRITE)
        now = self._clock()
        once = Once.of(actor, wanted.client_id, wanted)

        def add(session: Session) -> ShiftAnswer:
            shift_rows.require_crews(session, [wanted.crew_id], "crew_id")
            begins_at, ends_at, name, template_id = self._times(session, wanted)
            row = Shift(
                crew_id=wanted.crew_id,
                begins_at=begins_at,
                ends_at=ends_at,
                day=begins_at.astimezone(self._zone).date(),
                name=wanted.name or name,
                template_id=template_id,
                by_hand=True,
                reason=wanted.reason or "",
                version=-1,
            )
            shift_rows.refuse_overlap(session, row, self._zone)
            session.add(row)
            return self._told(session, actor, row, EventKind.SHIFT_ADDED)

        def work(session: Session) -> tuple[ShiftAnswer, bool]:
            return once.run(session, now, lambda: add(session))

        return shift_rows.run(self._work, work)

    def change(self, actor: Actor, shift_id: int, wanted: ChangeShift) -> ShiftAnswer:
        """Give a shift other times.

        Raises
        ------
        Conflict
            ``shift_overlaps``; ``shift_changed`` if it is no longer at ``expected_version``;
            ``shift_cancelled``.
        """
        actor.require(Permission.SHIFT_WRITE)

        def work(session: Session) -> ShiftAnswer:
            row = shift_rows.locked_one(session, shift_id)
            _refuse_changed(row, wanted.expected_version)
            if row.cancelled_at is not None:
                message = N_("This shift was cancelled by %(who)s.")
                raise Conflict("shift_cancelled", message, {"who": row.updated_by})
            begins_at, ends_at, name, template_id = self._times(session, wanted)
            with session.no_autoflush:
                row.begins_at, row.ends_at = begins_at, ends_at
                row.day = begins_at.astimezone(self._zone).date()
                row.name = wanted.name or (name if template_id is not None else row.name)
                row.reason = wanted.reason or row.reason
                row.reminded_at = None
                shift_rows.refuse_overlap(session, row, self._zone)
            return self._told(session, actor, row, EventKind.SHIFT_CHANGED)

        return shift_rows.run(self._work, work)

    def cancel(self, actor: Actor, shift_id: int, wanted: CancelShift) -> ShiftAnswer:
        """Have a shift not take place; repeated, it changes nothing.

        Raises
        ------
        Conflict
            ``shift_changed`` if it is no longer at ``expected_version``.
        """
        actor.require(Permission.SHIFT_WRITE)
        with self._work.writing() as session:
            row = shift_rows.locked_one(session, shift_id)
            if row.cancelled_at is not None:
                return shift_rows.shift_view(session, row, self._zone, self._clock())
            _refuse_changed(row, wanted.expected_version)
            row.cancelled_at = self._clock()
            row.reason = wanted.reason or row.reason
            return self._told(session, actor, row, EventKind.SHIFT_CANCELLED)

    def get(self, actor: Actor, shift_id: int) -> ShiftAnswer:
        """Return one shift."""
        require_reader(actor)
        with self._work.reading() as session:
            row = session.scalar(select(Shift).where(Shift.id == shift_id))
            if row is None:
                raise NotFound.thing("shift", shift_id)
            return shift_rows.shift_view(session, row, self._zone, self._clock())

    def _told(self, session: Session, actor: Actor, row: Shift, kind: EventKind) -> ShiftAnswer:
        now = self._clock()
        row.by_hand = True
        row.version += 1
        row.updated_at, row.updated_by = now, actor.display_name
        session.flush()
        rota_deadlines.wake_for_shifts(session, now, self._zone, self._lead)
        view = shift_rows.shift_view(session, row, self._zone, now)
        events.append(session, kind, actor, at=now, crew_id=row.crew_id, data={"shift": view})
        return view

    def _times(self, session: Session, wanted: AddShift | ChangeShift) -> _Times:
        """Return beginning, end, name and template of a shift, however they were given."""
        name, template_id = "", wanted.template_id
        if template_id is not None:
            template = session.get(ShiftTemplate, template_id)
            if template is None:
                message = N_("There is no kind of shift %(id)s.")
                raise InvalidInput.one("template_id", message, id=template_id)
            name, hours = template.name, day_hours(template)
        elif wanted.from_time is not None and wanted.to_time is not None:
            hours = DayHours(minutes(wanted.from_time), minutes(wanted.to_time))
        else:
            return (*self._instants(wanted), name, None)
        span = hours.span(shift_rows.day_of(wanted.day or "", "day"), self._zone)
        if span is None:
            raise InvalidInput.one("day", N_("has no such hours: clocks are put forward over them"))
        return (*span, name, template_id)

    def _instants(self, wanted: AddShift | ChangeShift) -> tuple[datetime, datetime]:
        begins_at, ends_at = wanted.begins_at, wanted.ends_at
        if begins_at is None or ends_at is None:  # pragma: no cover  (the command holds that)
            raise InvalidInput.one("begins_at", N_("is required"))
        if ends_at <= begins_at:
            raise InvalidInput.one("ends_at", N_("must be after the beginning"))
        if ends_at - begins_at > _LONGEST:
            raise InvalidInput.one("ends_at", N_("must be within two days of the beginning"))
        return begins_at, ends_at

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self._zone)


def require_reader(actor: Actor) -> None:
    """Refuse who is neither at a desk nor of a crew.

    Raises
    ------
    NotAllowed
        If so.
    """
    if not actor.may(Permission.SHIFT_OWN):
        actor.require(Permission.SHIFT_READ)


def _refuse_changed(row: Shift, expected: int | None) -> None:
    if expected not in {None, row.version}:
        message = N_("%(who)s changed this shift meanwhile.")
        raise Conflict("shift_changed", message, {"who": row.updated_by})
