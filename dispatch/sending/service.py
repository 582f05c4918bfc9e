"""Sending a crew to an incident."""

from collections.abc import Mapping
from typing import Any
from typing import cast

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.assignments.types import AssignmentAnswer
from dispatch.board.read_model import ReadModel
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.withdrawing import announce_withdrawal
from dispatch.crews.withdrawing import withdraw
from dispatch.incidents.incident_rows import refuse_ended
from dispatch.notices.states import NoticeKind
from dispatch.sending import interrupting
from dispatch.sending import replacing
from dispatch.sending import send_checks
from dispatch.sending.candidates import CandidateService
from dispatch.sending.candidates import Judged
from dispatch.sending.placing import place_order
from dispatch.sending.types import SendCrew
from dispatch.writes import row_locks
from dispatch.writes.idempotency import Once


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
        *,
        judged: Judged | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> tuple[AssignmentAnswer, bool]:
        """Send a crew to an incident, instead of another one if its order is named.

        What it replaces is withdrawn in the same transaction: either both happen or neither.

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
        judged
            What the crew was judged by just now; None: it is judged here.
        data
            What else the order's event says.

        Returns
        -------
        assignment, replayed
            The order, and whether it was already sent under this key.

        Raises
        ------
        Conflict
            ``crew_taken`` (with who was faster), ``already_assigned``, ``incident_changed``,
            ``incident_ended``, ``crew_off_duty``, ``not_interruptible``, ``replaced_changed``
            (with the state of the order that was to be replaced), ``task_filled``,
            ``task_unknown`` or ``lead_taken`` (of the response plan), or ``idempotency_mismatch``.
        InvalidInput
            On ``replaces``, if it is no order of this incident; on ``reason``, if a crew is to be
            interrupted and nobody says why.
        NotAllowed
            If it is to be interrupted, and the actor may not.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        interrupting.require_may_interrupt(actor, wanted)
        crew_id = wanted.crew_id
        once = Once.of(actor, idempotency_key, wanted, incident_id=incident_id)
        before = once.answered(self._work)
        if before is not None:
            return cast("AssignmentAnswer", before), True
        with self._work.reading() as session:
            named = replacing.named_order(session, incident_id, wanted)
        judged = judged or self._candidates.judge_crew(
            incident_id, crew_id, wanted.radius_m, interrupt=bool(wanted.interrupt)
        )

        def work(session: Session) -> tuple[AssignmentAnswer, bool]:
            now = self._clock()
            answer = once.begin(session, now)
            if answer is not None:
                return cast("AssignmentAnswer", answer), True
            locked = _lock(session, incident_id, wanted, named)
            incident, crew = send_checks.both(locked, incident_id, crew_id)
            replaced: list[Assignment] = []
            if named is not None:
                refuse_ended(incident)
                replaced = [session.get_one(Assignment, named.id, populate_existing=True)]
                replacing.refuse_changed(
                    replaced[0],
                    locked.crews[named.crew_id],
                    on_scene=bool(wanted.replaces_on_scene),
                )
            orders = row_locks.live_assignments(session, [crew_id])
            send_checks.refuse_late(
                session,
                self._read_model,
                incident,
                crew,
                orders,
                wanted.expected_version,
                queue=bool(wanted.queue or wanted.interrupt),
            )
            why = wanted.reason or replacing.REPLACED
            withdrawal = withdraw(
                session, replaced, actor, now, notice=NoticeKind.RECALLED, reason=why
            )
            suspension = interrupting.make_room(
                session,
                locked,
                incident,
                crew,
                orders if wanted.interrupt else [],
                actor=actor,
                now=now,
                reason=wanted.reason or "",
            )
            placed = place_order(
                session,
                incident,
                crew,
                actor,
                now,
                orders=[] if suspension else orders,
                judged=judged,
                reason=wanted.reason,
                task=wanted.task,
                role=wanted.role,
                data={**(data or {}), **_what_else(judged, named, suspension)},
            )
            once.finish(session, placed.view)
            announce_withdrawal(
                session,
                withdrawal,
                locked.incidents,
                actor,
                now,
                data={"reason": why, "replaced_by": placed.order.id, "instead": crew.name},
            )
            interrupting.tell(session, suspension, actor, now)
            placed.tell()
            return placed.view, False

        try:
            return self._work.run(work)
        except IntegrityError as error:
            with self._work.reading() as session:
                refusal = send_checks.lost_race(session, incident_id, crew_id, str(error.orig))
            raise refusal or error from error


def _lock(
    session: Session, incident_id: int, wanted: SendCrew, named: Assignment | None
) -> row_locks.Scope:
    """Lock what a send changes: whoever loses an order or its first place has a queue behind it."""
    if named is None and not wanted.interrupt:
        return row_locks.lock(session, [incident_id], [wanted.crew_id])
    crew_ids = [wanted.crew_id, named.crew_id] if named else [wanted.crew_id]
    return row_locks.lock_with_queues(session, incident_id, crew_ids)


def _what_else(
    judged: Judged, named: Assignment | None, suspension: interrupting.Suspension | None
) -> dict[str, Any]:
    """Return what else the order's event says: whom it replaces or leaves, and what it overrode."""
    override = judged.decision.get("override")
    return {
        **({"replaces": named.id} if named else {}),
        **({"interrupts": suspension.order.incident_id} if suspension else {}),
        **(
            {"instead_of": override["recommended_crew_name"], "cost_s": override["cost_s"]}
            if override
            else {}
        ),
    }
