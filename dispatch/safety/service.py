"""Signs of life of crews: said by themselves or by a desk that reached them, and read."""

from datetime import datetime
from typing import cast

from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board.safety_view import sos_view
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.safety import crew_state
from dispatch.safety import roll_call_rows
from dispatch.safety import watch_rows
from dispatch.safety.models import CheckIn
from dispatch.safety.models import CheckInWatch
from dispatch.safety.models import RollCall
from dispatch.safety.models import SosCall
from dispatch.safety.parties import existing_crew
from dispatch.safety.parties import locked_watches
from dispatch.safety.parties import require_may_speak_for
from dispatch.safety.states import LATE_S
from dispatch.safety.states import answers_roll_call
from dispatch.safety.types import CrewSafetyAnswer
from dispatch.safety.types import SafetyBoardAnswer
from dispatch.safety.types import SayWell
from dispatch.writes import row_locks
from dispatch.writes.idempotency import Once


class SafetyService:
    """What is known of the crews' safety, and the signs of life that it follows from."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def of_crew(self, actor: Actor, crew_id: int) -> CrewSafetyAnswer:
        """Return what is open of one crew; a crew sees its own."""
        if actor.crew_id != crew_id:
            actor.require(Permission.INCIDENT_READ)
        with self._work.reading() as session:
            existing_crew(session, crew_id)
            return crew_state.crew_safety(session, crew_id)

    def board(self, actor: Actor) -> SafetyBoardAnswer:
        """Return what every desk has to see: crews in distress, and who was asked to report."""
        actor.require(Permission.INCIDENT_READ)
        calls = crew_state.sos_calls().where(SosCall.ended_at.is_(None)).order_by(SosCall.id)
        asked = select(RollCall).where(RollCall.ended_at.is_(None)).order_by(RollCall.id)
        with self._work.reading() as session:
            return {
                "sos": [sos_view(row) for row in session.execute(calls)],
                "roll_calls": [
                    roll_call_rows.with_crews(session, each) for each in session.scalars(asked)
                ],
            }

    def say_well(self, actor: Actor, crew_id: int, wanted: SayWell) -> CrewSafetyAnswer:
        """Take a crew's word that it is all right; it counts from the moment when it was said.

        It answers the check-ins of the crew, and all who asked all crews before. What comes too
        late to quieten an alarm is kept all the same: it shows until when the crew was well.

        Raises
        ------
        NotAllowed
            If it is neither the actor's own crew nor the actor's desk.
        """
        require_may_speak_for(actor, crew_id)
        once = Once.of(actor, wanted.client_id, wanted, crew_id=crew_id)

        def work(session: Session) -> CrewSafetyAnswer:
            now = self._clock()
            answer = once.begin(session, now)
            if answer is not None:
                return cast("CrewSafetyAnswer", answer)
            held, watches = locked_watches(session, crew_id)
            said_at = min(wanted.occurred_at or now, now)
            _keep(session, actor, crew_id, wanted, said_at, now)
            told: list[tuple[CheckInWatch | None, dict[str, object]]] = [
                (watch, _hear(session, watch, held, wanted, said_at, now)) for watch in watches
            ] or [(None, _said(said_at, now))]
            ended = roll_call_rows.answer_all(
                session,
                crew_id,
                actor.display_name,
                now,
                lambda asked_at: answers_roll_call(said_at, asked_at, now),
            )
            view = crew_state.crew_safety(session, crew_id)
            once.finish(session, view)
            for watch, data in told:
                events.append(
                    session,
                    EventKind.CREW_WELL,
                    actor,
                    at=now,
                    occurred_at=said_at,
                    incident_id=None if watch is None else watch.incident_id,
                    assignment_id=None if watch is None else watch.assignment_id,
                    crew_id=crew_id,
                    data=data,
                )
            for call in ended:
                roll_call_rows.tell_ended(session, call, actor, now)
            return view

        return self._work.run(work)


def _keep(
    session: Session, actor: Actor, crew_id: int, wanted: SayWell, said_at: datetime, now: datetime
) -> None:
    point = None
    if wanted.lonlat is not None:
        point = func.ST_SetSRID(func.ST_MakePoint(*wanted.lonlat), 4326)
    session.execute(
        insert(CheckIn).values(
            crew_id=crew_id,
            said_at=said_at,
            received_at=now,
            said_by=actor.display_name,
            by_desk=actor.crew_id != crew_id,
            point=point,
        )
    )


def _hear(
    session: Session,
    watch: CheckInWatch,
    held: row_locks.Scope,
    wanted: SayWell,
    said_at: datetime,
    now: datetime,
) -> dict[str, object]:
    """Take a sign of life in for one check-in; return what its event says."""
    was = watch.state
    moved = False
    if wanted.place is not None:
        kind = held.incidents[watch.incident_id].kind
        moved = watch_rows.work_at(session, watch, kind, wanted.place, now)
    data = _said(said_at, now)
    if watch.ended_at is None:
        sign = watch_rows.hear(session, watch, said_at, now)
        data |= {"was": was, "clears": sign.clears, "due_at": instant(sign.due_at)}
    return data | ({"place": watch.place} if moved else {})


def _said(said_at: datetime, now: datetime) -> dict[str, object]:
    """Return when a sign of life was made, where it came so late that this has to be said."""
    late_s = (now - said_at).total_seconds()
    return {"well_at": instant(said_at), **({"late_s": round(late_s)} if late_s >= LATE_S else {})}
