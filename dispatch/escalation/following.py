"""What the event log means for chains: an order begins its chain, an answer ends it."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.assignments import mark_rows
from dispatch.assignments.mark_rows import Reached
from dispatch.assignments.models import Assignment
from dispatch.assignments.states import AssignmentState
from dispatch.assignments.states import Mark
from dispatch.assignments.types import PAGE_CHANNEL
from dispatch.escalation import order_chains
from dispatch.escalation.calls import BEST
from dispatch.escalation.calls import Call
from dispatch.escalation.calls import call_crew
from dispatch.escalation.calls import rings_on_its_page
from dispatch.escalation.models import OrderChain
from dispatch.escalation.states import Waiting
from dispatch.escalation.states import going_on
from dispatch.escalation.states import sooner
from dispatch.events.followers import Happened
from dispatch.events.kinds import EventKind
from dispatch.incidents.models import Incident
from dispatch.incidents.states import IncidentState

DESK_CHANNEL: Final = "desk"
"""Where the desk answers for a crew that it reached by radio."""
_Step = Callable[[Session, Happened], None]
_WAITS_FOR: Final = {
    AssignmentState.OFFERED: Waiting.ANSWER,
    AssignmentState.ACCEPTED: Waiting.SETTING_OUT,
}


class ChainFollower:
    """Begins, ends and continues the chains of orders.

    Parameters
    ----------
    call
        Tells a crew of its order where its page would not ring.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._steps: dict[EventKind, _Step] = {
            EventKind.ASSIGNMENT_OFFERED: self._offered,
            EventKind.ASSIGNMENT_PROMOTED: self._promoted,
            EventKind.ASSIGNMENT_ACCEPTED: _accepted,
            EventKind.ASSIGNMENT_DECLINED: _given_back,
            EventKind.ASSIGNMENT_EXPIRED: _given_back,
            EventKind.ASSIGNMENT_MOVED: _moved,
            EventKind.ASSIGNMENT_DEPARTED: _over,
            EventKind.ASSIGNMENT_ARRIVED: _over,
            EventKind.ASSIGNMENT_INTERRUPTED: _over,
            EventKind.ASSIGNMENT_COMPLETED: _over,
            EventKind.ASSIGNMENT_WITHDRAWN: _over,
            EventKind.INCIDENT_CLOSED: _incident_over,
            EventKind.INCIDENT_CANCELLED: _incident_over,
            EventKind.INCIDENT_MERGED: _incident_over,
        }
        self.kinds = frozenset(self._steps)

    def follow(self, session: Session, happened: Happened) -> None:
        """Do what follows from one event."""
        self._steps[happened.kind](session, happened)

    def _offered(self, session: Session, happened: Happened) -> None:
        order = session.get_one(Assignment, happened.assignment_id)
        incident = session.get_one(Incident, happened.incident_id)
        # Somebody else is asked now: what went on for lack of anybody is over.
        order_chains.stop_of_incident(session, incident.id, happened.at, ended_only=True)
        before = session.get(OrderChain, happened.data.get("next_after") or 0)
        chain = order_chains.freeze(
            session, order, incident, first_round=1 if before is None else before.round + 1
        )
        mark_rows.add(session, order.id, PAGE_CHANNEL, [Reached(Mark.QUEUED, happened.at)])
        if before is not None:
            chain.supervisor_at = before.supervisor_at
        # Who took an offer has accepted with that: the next event says so.
        if order.rank == 0 and order.state == AssignmentState.OFFERED:
            steps = order_chains.plan(chain, Waiting.ANSWER, happened.at)
            supervisor_by = happened.data.get("supervisor_by")
            if supervisor_by:
                steps = sooner(steps, datetime.fromisoformat(supervisor_by), happened.at)
            order_chains.begin(session, chain, Waiting.ANSWER, steps, happened.at)
            self._reach(session, chain, Waiting.ANSWER, happened.at)

    def _promoted(self, session: Session, happened: Happened) -> None:
        order = session.get_one(Assignment, happened.assignment_id)
        chain = order_chains.of_order(session, order.id)
        waiting = _WAITS_FOR.get(AssignmentState(order.state))
        if chain is not None and waiting is not None:
            _begin(session, chain, waiting, happened.at)
            self._reach(session, chain, waiting, happened.at)

    def _reach(self, session: Session, chain: OrderChain, waiting: Waiting, now: datetime) -> None:
        """Tell a crew outside its page, if nothing would ring there: no time is to be lost."""
        if not rings_on_its_page(session, chain.crew_id, now):
            call_crew(self._call, session, chain, waiting, now, BEST)


def _accepted(session: Session, happened: Happened) -> None:
    order = session.get_one(Assignment, happened.assignment_id)
    own = happened.actor.crew_id == order.crew_id
    channel = _answered_by(happened.actor) if own else DESK_CHANNEL
    at = order.accepted_at or happened.at
    mark_rows.add(session, order.id, channel, [Reached(Mark.ACCEPTED, at)])
    chain = order_chains.of_order(session, order.id)
    if chain is None:
        return
    chain.supervisor_at = None
    order_chains.stop(session, chain, happened.at)
    if order.rank == 0:
        _begin(session, chain, Waiting.SETTING_OUT, happened.at)


def _answered_by(actor: Actor) -> str:
    """Return the channel of a crew's own answer: a gateway has no account, and its own name."""
    return PAGE_CHANNEL if actor.account_id is not None else actor.display_name


def _begin(session: Session, chain: OrderChain, waiting: Waiting, now: datetime) -> None:
    steps = order_chains.plan(chain, waiting, now)
    order_chains.begin(session, chain, waiting, steps, now)


def _given_back(session: Session, happened: Happened) -> None:
    """Go on at once, as if the deadline had passed, if nobody else is sent."""
    incident = session.get_one(Incident, happened.incident_id)
    chain = order_chains.of_order(session, happened.assignment_id or 0)
    if chain is None:
        return
    if incident.state != IncidentState.OPEN or happened.data.get("next_crew_id"):
        order_chains.stop(session, chain, happened.at)
        return
    undone = (
        order_chains.undone(session, chain.assignment_id)
        if chain.waiting == Waiting.ANSWER
        else order_chains.plan(chain, Waiting.ANSWER, happened.at)
    )
    rules = order_chains.rules(chain, Waiting.ANSWER)
    steps = going_on(undone, rules, chain.round, happened.at)
    order_chains.begin(session, chain, Waiting.ANSWER, steps, happened.at)


def _moved(session: Session, happened: Happened) -> None:
    """Go on for the incident into which the order's own was merged."""
    chain = order_chains.of_order(session, happened.assignment_id or 0)
    incident_id = happened.incident_id or 0
    if chain is not None:
        chain.incident_id = incident_id
        session.flush()
    order_chains.stop_of_incident(session, incident_id, happened.at, ended_only=True)


def _over(session: Session, happened: Happened) -> None:
    chain = order_chains.of_order(session, happened.assignment_id or 0)
    if chain is not None:
        chain.supervisor_at = None
        order_chains.stop(session, chain, happened.at)


def _incident_over(session: Session, happened: Happened) -> None:
    order_chains.stop_of_incident(session, happened.incident_id or 0, happened.at)
