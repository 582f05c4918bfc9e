"""The system sends the next best crew: the order that nobody answers ends in the same step."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.assignments.expiring import expire
from dispatch.assignments.models import Assignment
from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import AssignmentState
from dispatch.board.read_model import ReadModel
from dispatch.core.errors import Conflict
from dispatch.core.instants import instant
from dispatch.deadlines.handlers import Due
from dispatch.escalation import order_chains
from dispatch.escalation.models import OrderChain
from dispatch.escalation.states import Waiting
from dispatch.incidents.models import Incident
from dispatch.incidents.states import IncidentState
from dispatch.sending import send_checks
from dispatch.sending.candidates import CandidateService
from dispatch.sending.candidates import Judged
from dispatch.sending.placing import place_order
from dispatch.writes import row_locks
from dispatch.writes.row_locks import Scope


class ReofferHandler:
    """Ends an order that was not answered and sends another crew in its place."""

    def __init__(self, candidates: CandidateService, read_model: ReadModel) -> None:
        self._candidates = candidates
        self._read_model = read_model

    def prepare(self, due: Due) -> Judged:
        """Judge the crew that is to be sent; without road times its time is unknown."""
        return self._candidates.judge_crew(due.incident_id or 0, due.data["crew_id"])

    def lock(self, session: Session, due: Due) -> Scope:
        """Lock the incident, both crews and what waits in their queues."""
        crew_ids = [due.crew_id or 0, due.data["crew_id"]]
        return row_locks.lock_with_queues(session, due.incident_id or 0, crew_ids)

    def act(self, session: Session, due: Due, held: Scope, prepared: Judged, now: datetime) -> None:
        """Send the crew, if nobody answered meanwhile and it is still free.

        If it is not, the proposal stands as it is, and the chain goes on with its next step.
        """
        order = session.get_one(Assignment, due.assignment_id, populate_existing=True)
        chain = order_chains.of_order(session, order.id)
        incident = held.incidents[order.incident_id]
        if chain is None or not _still_unanswered(chain, order, incident):
            return
        crew = held.crews[due.data["crew_id"]]
        waiting = row_locks.live_assignments(session, [crew.id])
        try:
            send_checks.refuse_late(
                session, self._read_model, incident, crew, waiting, None, queue=False
            )
        except Conflict:
            return
        supervisor_by = order_chains.supervisor_due(order_chains.undone(session, order.id))
        ended = None
        if order.state == AssignmentState.OFFERED:
            ended = expire(session, order, held.incidents, SYSTEM, now)
        told: dict[str, Any] = {"next_after": order.id, "supervisor_by": instant(supervisor_by)}
        placed = place_order(
            session,
            incident,
            crew,
            SYSTEM,
            now,
            orders=waiting,
            judged=prepared,
            data={name: value for name, value in told.items() if value is not None},
        )
        if ended is not None:
            ended.tell({"next_crew_id": crew.id, "next": crew.name})
        placed.tell()


def _still_unanswered(chain: OrderChain, order: Assignment, incident: Incident) -> bool:
    if chain.waiting != Waiting.ANSWER:
        return False
    if order.state == AssignmentState.OFFERED:
        return order.rank == 0
    return order.state not in LIVE_STATES and incident.state == IncidentState.OPEN
