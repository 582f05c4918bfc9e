"""SOS: raised by a crew, taken by a desk, ended by a desk."""

from datetime import datetime
from datetime import timedelta
from typing import cast

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.board.safety_view import sos_view
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.deadlines import deadline_rows
from dispatch.deadlines.states import DeadlineKind
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.positions.models import CrewPosition
from dispatch.safety.crew_state import sos_calls
from dispatch.safety.models import SosCall
from dispatch.safety.parties import existing_crew
from dispatch.safety.parties import require_may_speak_for
from dispatch.safety.states import LATE_S
from dispatch.safety.states import SOS_TAKE_S
from dispatch.safety.types import EndSafetyCall
from dispatch.safety.types import RaiseSos
from dispatch.safety.types import SosAnswer
from dispatch.safety.types import TakeSos
from dispatch.writes import row_locks
from dispatch.writes.idempotency import Once


class SosService:
    """Calls of crews in distress. No preference of a desk silences one; somebody takes it."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def raise_sos(self, actor: Actor, crew_id: int, wanted: RaiseSos) -> SosAnswer:
        """Raise an SOS; while one of the crew's is open, that one is answered, with a newer place.

        Raises
        ------
        NotAllowed
            If it is neither the actor's own crew nor the actor's desk.
        """
        require_may_speak_for(actor, crew_id)
        once = Once.of(actor, wanted.client_id, wanted, crew_id=crew_id)

        def work(session: Session) -> SosAnswer:
            now = self._clock()
            before = once.begin(session, now)
            if before is not None:
                return cast("SosAnswer", before)
            existing_crew(session, crew_id)
            row_locks.lock(session, [], [crew_id])
            call = session.scalars(
                select(SosCall).where(SosCall.crew_id == crew_id, SosCall.ended_at.is_(None))
            ).one_or_none()
            fresh = call is None
            if call is None:
                call = _new_call(session, actor, crew_id, wanted, now)
                deadline_rows.set_deadline(
                    session,
                    DeadlineKind.SOS_UNTAKEN,
                    now + timedelta(seconds=SOS_TAKE_S),
                    now,
                    crew_id=crew_id,
                    data={"sos_id": call.id},
                )
            _place(session, call, wanted, now)
            view = _view(session, call.id)
            once.finish(session, view)
            if fresh:
                late_s = (now - call.raised_at).total_seconds()
                data: dict[str, object] = {"sos_id": call.id, **_where(view)}
                _tell(
                    session,
                    EventKind.SOS_RAISED,
                    call,
                    actor,
                    now,
                    occurred_at=call.raised_at,
                    data=data | ({"late_s": round(late_s)} if late_s >= LATE_S else {}),
                )
            return view

        return self._work.run(work)

    def take(self, actor: Actor, sos_id: int, wanted: TakeSos) -> SosAnswer:
        """See to an SOS: it is silent from now on, and the crew is told by whom it was seen.

        Raises
        ------
        Conflict
            ``sos_taken`` with who was faster, or ``sos_ended``.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        once = Once.of(actor, wanted.client_id, wanted, sos_id=sos_id)

        def work(session: Session) -> SosAnswer:
            now = self._clock()
            before = once.begin(session, now)
            if before is not None:
                return cast("SosAnswer", before)
            call = _locked(session, sos_id)
            if call.taken_at is not None:
                message = N_("%(who)s already sees to this SOS.")
                by = {"by": call.taken_by, "taken_at": instant(call.taken_at)}
                raise Conflict("sos_taken", message, {"who": call.taken_by}, extra=by)
            _refuse_ended(call)
            call.taken_at, call.taken_by = now, actor.display_name
            deadline_rows.cancel(session, [DeadlineKind.SOS_UNTAKEN], now, crew_id=call.crew_id)
            session.flush()
            view = _view(session, call.id)
            once.finish(session, view)
            _tell(session, EventKind.SOS_TAKEN, call, actor, now, data={"sos_id": call.id})
            return view

        return self._work.run(work)

    def end(self, actor: Actor, sos_id: int, wanted: EndSafetyCall) -> SosAnswer:
        """End an SOS that somebody has seen to.

        Raises
        ------
        Conflict
            ``sos_not_taken`` while nobody has taken it: no click ends what nobody has looked at.
            ``sos_ended`` if it has ended.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        once = Once.of(actor, wanted.client_id, wanted, sos_id=sos_id)

        def work(session: Session) -> SosAnswer:
            now = self._clock()
            before = once.begin(session, now)
            if before is not None:
                return cast("SosAnswer", before)
            call = _locked(session, sos_id)
            _refuse_ended(call)
            if call.taken_at is None:
                message = N_("Nobody has taken this SOS yet: take it first.")
                raise Conflict("sos_not_taken", message)
            call.ended_at, call.ended_by = now, actor.display_name
            call.end_reason = wanted.reason
            session.flush()
            view = _view(session, call.id)
            once.finish(session, view)
            data: dict[str, object] = {"sos_id": call.id, "reason": wanted.reason}
            _tell(session, EventKind.SOS_ENDED, call, actor, now, data=data)
            return view

        return self._work.run(work)


def _new_call(
    session: Session, actor: Actor, crew_id: int, wanted: RaiseSos, now: datetime
) -> SosCall:
    front = session.scalars(
        select(Assignment).where(
            Assignment.crew_id == crew_id, live(Assignment.state), Assignment.rank == 0
        )
    ).one_or_none()
    call = SosCall(
        crew_id=crew_id,
        incident_id=front.incident_id if front else None,
        assignment_id=front.id if front else None,
        raised_at=min(wanted.occurred_at or now, now),
        received_at=now,
        raised_by=actor.display_name,
    )
    session.add(call)
    session.flush()
    return call


def _place(session: Session, call: SosCall, wanted: RaiseSos, now: datetime) -> None:
    """Write where the crew is: as it says itself, else where it was last known to be."""
    if wanted.lonlat is not None:
        call.point = func.ST_SetSRID(func.ST_MakePoint(*wanted.lonlat), 4326)
        call.fixed_at = min(wanted.fixed_at or wanted.occurred_at or now, now)
    elif call.point is None:
        fix = session.get(CrewPosition, call.crew_id)
        if fix is not None:
            call.point, call.fixed_at = fix.point, fix.fixed_at
    session.flush()


def _locked(session: Session, sos_id: int) -> SosCall:
    """Return a call, its crew locked like everywhere before it."""
    crew_id = session.scalar(select(SosCall.crew_id).where(SosCall.id == min(sos_id, LARGEST_ID)))
    if crew_id is None:
        raise NotFound.thing("sos", sos_id)
    row_locks.lock(session, [], [crew_id])
    return session.get_one(SosCall, sos_id, populate_existing=True)


def _refuse_ended(call: SosCall) -> None:
    if call.ended_at is not None:
        message = N_("This SOS was ended by %(who)s.")
        raise Conflict("sos_ended", message, {"who": call.ended_by})


def _view(session: Session, sos_id: int) -> SosAnswer:
    return sos_view(session.execute(sos_calls().where(SosCall.id == sos_id)).one())


def _where(view: SosAnswer) -> dict[str, object]:
    if view["lon"] is None:
        return {}
    return {"lonlat": [view["lon"], view["lat"]], "fixed_at": view["fixed_at"]}


def _tell(
    session: Session,
    kind: EventKind,
    call: SosCall,
    actor: Actor,
    now: datetime,
    *,
    data: dict[str, object],
    occurred_at: datetime | None = None,
) -> None:
    events.append(
        session,
        kind,
        actor,
        at=now,
        occurred_at=occurred_at,
        incident_id=call.incident_id,
        assignment_id=call.assignment_id,
        crew_id=call.crew_id,
        data={name: value for name, value in data.items() if value is not None},
    )
