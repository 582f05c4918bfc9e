"""What the steps of a chain do when they fall due."""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.assignments.expiring import expire
from dispatch.assignments.models import Assignment
from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import AssignmentState
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.deadlines import deadline_rows
from dispatch.deadlines.handlers import Due
from dispatch.deadlines.states import DeadlineKind
from dispatch.escalation import order_chains
from dispatch.escalation.calls import BEST
from dispatch.escalation.calls import SECOND
from dispatch.escalation.calls import Call
from dispatch.escalation.calls import call_crew
from dispatch.escalation.calls import call_supervisor
from dispatch.escalation.models import ChainStep
from dispatch.escalation.models import OrderChain
from dispatch.escalation.next_best import NextBest
from dispatch.escalation.next_best import NextBestSearch
from dispatch.escalation.states import AT_THE_CREW
from dispatch.escalation.states import StepAction
from dispatch.escalation.states import StepEnd
from dispatch.escalation.states import Waiting
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.models import Incident
from dispatch.incidents.states import IncidentState
from dispatch.writes import row_locks
from dispatch.writes.row_locks import Scope


class StepHandler:
    """Does what a step says, if its order still waits for what the step is about."""

    def __init__(self, unit_of_work: UnitOfWork, search: NextBestSearch, call: Call) -> None:
        self._work = unit_of_work
        self._search = search
        self._call = call

    def prepare(self, due: Due) -> NextBest | None:
        """Find who should go instead, if that is what the step is about."""
        with self._work.reading() as session:
            step = session.get(ChainStep, due.data["step_id"])
        if step is None or step.done_at is not None or step.action != StepAction.NEXT_BEST:
            return None
        return self._search.find(due.incident_id or 0)

    def lock(self, session: Session, due: Due) -> Scope:
        """Lock the incident, the crew and what waits in its queue."""
        return row_locks.lock_with_queues(session, due.incident_id or 0, [due.crew_id or 0])

    def act(
        self, session: Session, due: Due, held: Scope, prepared: NextBest | None, now: datetime
    ) -> None:
        """Do what the step says, and set the deadline of the next one."""
        step = session.get_one(ChainStep, due.data["step_id"], populate_existing=True)
        chain = order_chains.of_order(session, step.assignment_id)
        if chain is None or step.done_at is not None:
            return
        order = session.get_one(Assignment, step.assignment_id, populate_existing=True)
        step.done_at = now
        step.how = StepEnd.FIRED.value
        if not still_waits(chain, step, order, held.incidents[order.incident_id]):
            step.how = StepEnd.LAPSED.value
            order_chains.stop(session, chain, now)
            return
        order_chains.set_next(session, chain, now)
        match StepAction(step.action):
            case StepAction.NEXT_BEST:
                _propose(session, chain, prepared, now)
            case StepAction.EXPIRE:
                expire(session, order, held.incidents, SYSTEM, now).tell()
            case calling:
                self._call_somebody(session, chain, calling, Waiting(step.waiting), now)

    def _call_somebody(
        self,
        session: Session,
        chain: OrderChain,
        calling: StepAction,
        waiting: Waiting,
        now: datetime,
    ) -> None:
        """Call the crew once more, the desk or the supervisor."""
        if calling in AT_THE_CREW:
            second = calling is StepAction.SECOND_CHANNEL
            call_crew(self._call, session, chain, waiting, now, SECOND if second else BEST)
            told = {"channel": SECOND} if second else {}
            _tell(session, EventKind.ASSIGNMENT_RUNG_AGAIN, chain, now, **told)
        elif calling is StepAction.DESK:
            _tell(session, EventKind.ASSIGNMENT_DESK_ALARMED, chain, now)
        else:
            chain.supervisor_at = chain.supervisor_at or now
            call_supervisor(self._call, session, chain, now)
            session.flush()
            _tell(session, EventKind.ASSIGNMENT_SUPERVISOR_CALLED, chain, now)


def still_waits(chain: OrderChain, step: ChainStep, order: Assignment, incident: Incident) -> bool:
    """Return whether a step is still called for.

    After an order has ended without anybody taking it, as long as nobody else is sent.
    """
    state = AssignmentState(order.state)
    if chain.waiting != step.waiting:
        return False
    if step.waiting == Waiting.SETTING_OUT:
        return state is AssignmentState.ACCEPTED and order.rank == 0
    if state is AssignmentState.OFFERED:
        return order.rank == 0
    return (
        state not in LIVE_STATES
        and incident.state == IncidentState.OPEN
        and incident.round == order.round
        and step.action not in AT_THE_CREW
        and step.action != StepAction.EXPIRE
    )


def _propose(session: Session, chain: OrderChain, found: NextBest | None, now: datetime) -> None:
    """Write who should go instead, for the desk; where so set, have the system send it."""
    chain.sought_at = now
    chain.next_crew_id = found.crew_id if found else None
    chain.next_travel_time_s = found.travel_time_s if found else None
    chain.next_distance_m = found.distance_m if found else None
    session.flush()
    if found and chain.chain["auto_reoffer"] and chain.round < int(chain.chain["rounds"]):
        deadline_rows.set_deadline(
            session,
            DeadlineKind.CHAIN_REOFFER,
            now,
            now,
            incident_id=chain.incident_id,
            assignment_id=chain.assignment_id,
            crew_id=chain.crew_id,
            data={"crew_id": found.crew_id},
        )
    _tell(
        session,
        EventKind.ASSIGNMENT_NEXT_FOUND,
        chain,
        now,
        next_crew_id=found.crew_id if found else None,
        next=found.crew_name if found else None,
        travel_time_s=found.travel_time_s if found else None,
        distance_m=found.distance_m if found else None,
    )


def _tell(
    session: Session, kind: EventKind, chain: OrderChain, now: datetime, **data: object
) -> None:
    """Write an event. The incident keeps its version: nothing that a crew is sent by changed."""
    events.append(
        session,
        kind,
        SYSTEM,
        at=now,
        incident_id=chain.incident_id,
        assignment_id=chain.assignment_id,
        crew_id=chain.crew_id,
        data={name: value for name, value in data.items() if value is not None},
    )
