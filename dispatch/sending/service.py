"""Sending a crew to an incident."""

from typing import cast

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.assignments.models import Decision
from dispatch.assignments.states import AssignmentState
from dispatch.assignments.types import AssignmentAnswer
from dispatch.board.read_model import ReadModel
from dispatch.board.read_model import assignment_view
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents import incident_rows
from dispatch.sending import send_checks
from dispatch.sending.candidates import CandidateService
from dispatch.sending.types import SendCrew
from dispatch.writes import row_locks
from dispatch.writes.idempotency import Once

_DECIDE = insert(Decision)


class SendService:
    """The one click: an order for a crew, written once however often it is asked for."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        read_model: ReadModel,
        candidates: CandidateService,
        clock: Clock,
    ) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._candidates = candidates
        self._clock = clock

    def send(
        self,
        actor: Actor,
        incident_id: int,
        wanted: SendCrew,
        idempotency_key: str | None = None,
    ) -> tuple[AssignmentAnswer, bool]:
        """Send a crew to an incident.

        The crew is judged once more *before* the transaction; it is kept with the order, and with
        the list that it was chosen from, as the reason for it. The transaction itself only locks,
        rechecks and writes. Two indexes, not these checks, are the last guard. Without road times
        the crew is sent all the same, its time unknown.

        Parameters
        ----------
        actor
            Who sends.
        incident_id
            Where to.
        wanted
            Whom; with an ``expected_version`` it is refused when the incident changed since.
        idempotency_key
            Repeating a request with the same key gives the same answer and sends nothing.

        Returns
        -------
        assignment, replayed
            The order, and whether it was already sent under this key.

        Raises
        ------
        Conflict
            ``crew_taken`` (with who was faster), ``already_assigned``, ``incident_changed``,
            ``incident_ended``, ``crew_off_duty`` or ``idempotency_mismatch``.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        crew_id = wanted.crew_id
        once = Once.of(actor, idempotency_key, wanted, incident_id=incident_id)
        before = once.answered(self._work)
        if before is not None:
            return cast("AssignmentAnswer", before), True
        judged = self._candidates.judge_crew(incident_id, crew_id, wanted.radius_m)

        def work(session: Session) -> tuple[AssignmentAnswer, bool]:
            now = self._clock()
            answer = once.begin(session, now)
            if answer is not None:
                return cast("AssignmentAnswer", answer), True
            locked = row_locks.lock(session, [incident_id], [crew_id])
            incident, crew = send_checks.both(locked, incident_id, crew_id)
            orders = row_locks.live_assignments(session, [crew_id])
            send_checks.refuse_late(
                session,
                self._read_model,
                incident,
                crew,
                orders,
                wanted.expected_version,
                queue=bool(wanted.queue),
            )
            order = Assignment(
                incident_id=incident_id,
                crew_id=crew_id,
                round=incident.round,
                state=AssignmentState.OFFERED.value,
                rank=len(orders),
                sent_by=actor.display_name,
                offered_at=now,
                asked_at=None if orders else now,
                travel_time_s=judged.travel_time_s,
                eta_at=judged.eta_at(now),
            )
            session.add(order)
            session.flush()
            decision = {**judged.decision, "reason": wanted.reason}
            session.connection().execute(
                _DECIDE, {"assignment_id": order.id, "decided_at": now, "candidates": decision}
            )
            incident_rows.follow_assignments(session, incident, now)
            view = assignment_view(order, crew.name)
            once.finish(session, view)
            events.append(
                session,
                EventKind.ASSIGNMENT_OFFERED,
                actor,
                at=now,
                incident_id=incident_id,
                assignment_id=order.id,
                crew_id=crew_id,
                data={
                    "rank": order.rank,
                    "verdict": judged.verdict,
                    "eta_at": instant(order.eta_at),
                    "travel_time_s": order.travel_time_s,
                    **({"reason": wanted.reason} if wanted.reason else {}),
                },
            )
            return view, False

        try:
            return self._work.run(work)
        except IntegrityError as error:
            with self._work.reading() as session:
                refusal = send_checks.lost_race(session, incident_id, crew_id, str(error.orig))
            raise refusal or error from error
