"""All crews report: asked with one click, for one incident or for all that are on duty."""

from collections.abc import Sequence
from datetime import timedelta
from typing import cast

from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.assignments.states import AssignmentState
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.deadlines import deadline_rows
from dispatch.deadlines.states import DeadlineKind
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.models import Incident
from dispatch.safety import roll_call_rows
from dispatch.safety.models import RollCall
from dispatch.safety.models import RollCallAnswer
from dispatch.safety.rings import Rings
from dispatch.safety.types import AskAllCrews
from dispatch.safety.types import EndSafetyCall
from dispatch.safety.types import RollCallAnswerView
from dispatch.writes.idempotency import Once


class RollCallService:
    """Asks all crews, and tells who has answered."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, rings: Rings) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._rings = rings

    def ask(self, actor: Actor, wanted: AskAllCrews) -> tuple[RollCallAnswerView, bool]:
        """Ask the crews that work on an incident, or all on duty, whether they are all right.

        Returns
        -------
        roll_call, replayed
            Whom it asks and until when; and whether it was asked before under this name.

        Raises
        ------
        NotFound
            If there is no such incident.
        Conflict
            ``nobody_to_ask`` if no crew is there.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        once = Once.of(actor, wanted.client_id, wanted)

        def work(session: Session) -> tuple[RollCallAnswerView, bool]:
            now = self._clock()
            before = once.begin(session, now)
            if before is not None:
                return cast("RollCallAnswerView", before), True
            crew_ids = _crews_to_ask(session, wanted.incident_id)
            call = RollCall(
                incident_id=wanted.incident_id,
                asked_at=now,
                asked_by=actor.display_name,
                answer_by=now + timedelta(seconds=wanted.answer_within_s),
            )
            session.add(call)
            session.flush()
            asked = [{"roll_call_id": call.id, "crew_id": crew_id} for crew_id in crew_ids]
            session.execute(insert(RollCallAnswer), asked)
            deadline_rows.set_deadline(
                session,
                DeadlineKind.ROLL_CALL,
                call.answer_by,
                now,
                incident_id=call.incident_id,
                data={"roll_call_id": call.id},
            )
            for crew_id in crew_ids:
                self._rings.crew(session, now, crew_id=crew_id, assignment_id=None)
            view = roll_call_rows.with_crews(session, call)
            once.finish(session, view)
            data = {
                "roll_call_id": call.id,
                "crews": len(crew_ids),
                "answer_by": instant(call.answer_by),
            }
            events.append(
                session,
                EventKind.ROLL_CALL_ASKED,
                actor,
                at=now,
                incident_id=call.incident_id,
                data=data,
            )
            return view, False

        return self._work.run(work)

    def get(self, actor: Actor, roll_call_id: int) -> RollCallAnswerView:
        """Return who has answered, and who has not."""
        actor.require(Permission.INCIDENT_READ)
        with self._work.reading() as session:
            call = session.get(RollCall, min(roll_call_id, LARGEST_ID))
            if call is None:
                raise NotFound.thing("par", roll_call_id)
            return roll_call_rows.with_crews(session, call)

    def end(self, actor: Actor, roll_call_id: int, wanted: EndSafetyCall) -> RollCallAnswerView:
        """End it: the desk sees to whoever is missing. Said again it changes nothing."""
        actor.require(Permission.ASSIGNMENT_SEND)
        once = Once.of(actor, wanted.client_id, wanted, roll_call_id=roll_call_id)

        def work(session: Session) -> RollCallAnswerView:
            now = self._clock()
            before = once.begin(session, now)
            if before is not None:
                return cast("RollCallAnswerView", before)
            call = session.get(RollCall, min(roll_call_id, LARGEST_ID), with_for_update=True)
            if call is None:
                raise NotFound.thing("par", roll_call_id)
            ends = call.ended_at is None
            if ends:
                call.ended_at, call.ended_by = now, actor.display_name
                session.flush()
            view = roll_call_rows.with_crews(session, call)
            once.finish(session, view)
            if ends:
                roll_call_rows.tell_ended(session, call, actor, now)
            return view

        return self._work.run(work)


def _crews_to_ask(session: Session, incident_id: int | None) -> Sequence[int]:
    if incident_id is None:
        on_duty = select(Crew.id).where(Crew.duty.in_([Duty.ON_DUTY.value, Duty.ON_BREAK.value]))
        crew_ids = session.scalars(on_duty.order_by(Crew.id)).all()
    else:
        if session.get(Incident, incident_id) is None:
            raise NotFound.thing("incident", incident_id)
        there = select(Assignment.crew_id).where(
            Assignment.incident_id == incident_id,
            live(Assignment.state),
            Assignment.rank == 0,
            Assignment.state != AssignmentState.OFFERED,
        )
        crew_ids = session.scalars(there.order_by(Assignment.crew_id)).all()
    if not crew_ids:
        raise Conflict("nobody_to_ask", N_("No crew is there that could report."))
    return crew_ids
