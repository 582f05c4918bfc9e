"""Assignments: read, and taken from step to step by the crew or the desk."""

from collections.abc import Callable
from datetime import datetime
from datetime import timedelta
from typing import cast

from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access import privacy
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.endings import Ended
from dispatch.assignments.endings import Ends
from dispatch.assignments.models import Assignment
from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import TRANSITIONS
from dispatch.assignments.states import Action
from dispatch.assignments.states import AssignmentState
from dispatch.assignments.states import Transition
from dispatch.assignments.states import is_done
from dispatch.assignments.types import AssignmentAnswer
from dispatch.board import message_counts
from dispatch.board.read_model import ReadModel
from dispatch.board.read_model import assignment_view
from dispatch.board.types import AssignmentsAnswer
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import ScopeChangedError
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.crews.order_queue import announce_promoted
from dispatch.events import log as events
from dispatch.incidents import incident_rows
from dispatch.incidents.models import Incident
from dispatch.notices import notice_rows
from dispatch.outcomes.follow_ups import live_follow_up
from dispatch.writes import row_locks
from dispatch.writes.command import Step
from dispatch.writes.idempotency import Once

_HISTORY_LIMIT = 200
_SINCE_OUTCOMES = {"outcome", "follow_up_due_at", "codes", "parts", "minutes"}
_INCIDENT_OF = select(Assignment.incident_id).where(Assignment.id == bindparam("id"))
TravelTime = Callable[[int, int], float | None]
"""Seconds by road to an incident (its id first) for a crew (its id); None when unknown."""


class AssignmentService:
    """What can be done with orders."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        read_model: ReadModel,
        travel_time_s: TravelTime,
        clock: Clock,
    ) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._travel_time_s = travel_time_s
        self._clock = clock

    def act(self, actor: Actor, assignment_id: int, action: Action, step: Step) -> AssignmentAnswer:
        """Take one step with an order: accept, decline, depart, arrive, complete or withdraw.

        A step with a ``client_id`` may be repeated, as a phone does that lost the answer.

        Raises
        ------
        InvalidInput
            When it is completed with an outcome that its incident's kind does not know.
        Conflict
            ``wrong_state`` when the order is not where this step begins, with ``already`` when it
            has the step behind it; ``order_expired`` when it
            is accepted after it has expired.
        NotAllowed
            When it is neither the actor's own order nor the actor's desk.
        """
        occurred_at = step.occurred_at or self._clock()
        crew_id, going_to = self._parties(assignment_id)
        _require_may_act(actor, action, crew_id)
        once = Once.of(
            actor, step.client_id, _as_sent(step), assignment_id=assignment_id, action=action
        )
        travel_time_s: float | None = None
        if action is Action.DEPART:
            before = once.answered(self._work)
            if before is not None:
                return cast("AssignmentAnswer", before)
            travel_time_s = self._travel_time_s(going_to, crew_id)

        def work(session: Session) -> AssignmentAnswer:
            now = self._clock()
            answer = once.begin(session, now)
            if answer is not None:
                return cast("AssignmentAnswer", answer)
            incident_id = session.execute(_INCIDENT_OF, {"id": assignment_id}).scalar_one()
            locked, follow_up = _locked(session, incident_id, crew_id, action)
            incident = locked.incidents[incident_id]
            order = _order_of(session, assignment_id, incident_id)
            transition = TRANSITIONS[action]
            _check_step(order, action, transition)
            if transition.stamp is not None:
                setattr(order, transition.stamp, _plausible(occurred_at, order, now))
            if transition.target in LIVE_STATES:
                order.state = transition.target.value
                ended = Ended({"reason": step.reason, "result": step.result})
            else:
                ends = Ends(incident, follow_up, actor, now)
                ended = ends.end(session, order, transition.target, step)
            promised = {}
            if action is Action.DEPART:
                promised = _promise_arrival(order, travel_time_s, now)
            incident_rows.follow_assignments(session, incident, now)
            notice = notice_rows.newest(session, order)
            view = assignment_view(order, locked.crews[crew_id].name, notice)
            once.finish(session, view)
            data = {**ended.told, "lonlat": step.lonlat, **promised}
            events.append(
                session,
                transition.event,
                actor,
                at=now,
                occurred_at=occurred_at,
                incident_id=incident_id,
                assignment_id=assignment_id,
                crew_id=crew_id,
                data={name: value for name, value in data.items() if value is not None},
            )
            ended.tell_follow_up()
            notice_rows.tell_all(ended.notices)
            announce_promoted(session, ended.promoted, locked.incidents, actor, now)
            return view

        return self._work.run(work)

    def get(self, actor: Actor, assignment_id: int) -> AssignmentAnswer:
        """Return one order; a crew sees its own."""
        crew_id, _ = self._parties(assignment_id)
        if not actor.may(Permission.INCIDENT_READ) and actor.crew_id != crew_id:
            raise NotFound.thing("assignment", assignment_id)
        with self._work.reading() as session:
            return self._read_model.assignment(session, assignment_id)

    def list_for_crew(
        self, actor: Actor, crew_id: int, *, live_only: bool = True
    ) -> AssignmentsAnswer:
        """Return a crew's orders, each with its incident."""
        if actor.crew_id != crew_id:
            actor.require(Permission.INCIDENT_READ)
        with self._work.reading() as session:
            if session.get(Crew, min(crew_id, LARGEST_ID)) is None:
                raise NotFound.thing("crew", crew_id)
            orders = self._read_model.assignments_of_crew(
                session, crew_id, live_only=live_only, limit=_HISTORY_LIMIT
            )
            incidents = self._read_model.incidents(
                session, {each["incident_id"] for each in orders}
            )
            live = {each["incident_id"] for each in orders if not each["ended_at"]}
            unread = message_counts.unread_from_desk(session, crew_id, live)
        return {
            "assignments": [
                {
                    **order,
                    "incident": privacy.incident_for(actor, incidents[order["incident_id"]]),
                    "unread_from_desk": 0
                    if order["ended_at"]
                    else unread.get(order["incident_id"], 0),
                }
                for order in orders
            ]
        }

    def _parties(self, assignment_id: int) -> tuple[int, int]:
        """Return an order's crew, which never changes, and its incident as it is without locks."""
        query = (
            select(Assignment.crew_id, Assignment.incident_id)
            .join(Incident, Incident.id == Assignment.incident_id)
            .where(Assignment.id == min(assignment_id, LARGEST_ID))
        )
        with self._work.reading() as session:
            row = session.execute(query).one_or_none()
        if row is None:
            raise NotFound.thing("assignment", assignment_id)
        return row.crew_id, row.incident_id


def _order_of(session: Session, assignment_id: int, incident_id: int) -> Assignment:
    """Return an order under its locks; it may have moved with its incident before they were held.

    Raises
    ------
    ScopeChangedError
        If it did.
    """
    order = session.get_one(Assignment, assignment_id, populate_existing=True)
    if order.incident_id != incident_id:
        raise ScopeChangedError
    return order


def _as_sent(step: Step) -> Step:
    """Return a step without what crew pages of earlier releases could not say.

    What they repeat, having lost the answer, is the same request as before.
    """
    if type(step) is Step or _SINCE_OUTCOMES & step.model_fields_set:
        return step
    return Step.model_validate(step.given())


def _locked(
    session: Session, incident_id: int, crew_id: int, action: Action
) -> tuple[row_locks.Scope, Incident | None]:
    """Lock what a step changes; who completes an order may change the follow-up, too."""
    if action is not Action.COMPLETE:
        return row_locks.lock_with_queues(session, incident_id, [crew_id]), None
    before = live_follow_up(session, incident_id)
    also = [] if before is None else [before]
    scope = row_locks.lock_with_queues(session, incident_id, [crew_id], also)
    if live_follow_up(session, incident_id) != before:
        raise ScopeChangedError
    return scope, None if before is None else scope.incidents[before]


def _require_may_act(actor: Actor, action: Action, crew_id: int) -> None:
    if actor.may(Permission.ASSIGNMENT_ACT_ANY):
        return
    own = actor.may(Permission.ASSIGNMENT_ACT_OWN) and actor.crew_id == crew_id
    if own and action is not Action.WITHDRAW:
        return
    message = N_("Your account may not do this with that order.")
    raise NotAllowed(message)


def _check_step(order: Assignment, action: Action, transition: Transition) -> None:
    if order.state == AssignmentState.EXPIRED and transition.target is AssignmentState.ACCEPTED:
        message = N_("This order was not answered in time and went back to the desk.")
        raise Conflict("order_expired", message, extra={"state": order.state})
    if is_done(transition, AssignmentState(order.state)):
        message = N_("Another phone of this crew, or the desk, already did this.")
        extra = {"state": order.state, "already": True}
        raise Conflict("wrong_state", message, extra=extra)
    if AssignmentState(order.state) not in transition.sources:
        message = N_("The order is %(state)s: %(action)s is not possible now.")
        params = {"state": order.state, "action": action.value}
        raise Conflict("wrong_state", message, params, extra={"state": order.state})
    if transition.front_only and order.rank > 0:
        message = N_("This order waits behind another one: finish that first.")
        raise Conflict("wrong_state", message, extra={"rank": order.rank})


def _promise_arrival(
    order: Assignment, travel_time_s: float | None, now: datetime
) -> dict[str, str | None]:
    """Set when a crew that sets out now will be there, and return that for the event.

    Until now it was "so long once they set out". Where no road time is known at this moment, the
    one that the crew was chosen by counts from now; the instant that followed from it when the
    crew was sent has passed while it got ready.
    """
    if travel_time_s is not None:
        order.travel_time_s = travel_time_s
    known_s = order.travel_time_s
    order.eta_at = None if known_s is None else now + timedelta(seconds=known_s)
    return {"eta_at": instant(order.eta_at)}


def _plausible(occurred_at: datetime, order: Assignment, now: datetime) -> datetime:
    """Return the actor's time of a step, kept between the step before and now.

    A phone without signal reports later what happened earlier; a phone with a wrong clock must
    not move a step before its order or into the future. The event keeps the raw time.
    """
    stamps = (
        order.offered_at,
        order.accepted_at,
        order.departed_at,
        order.arrived_at,
        order.suspended_at,
    )
    latest = max(stamp for stamp in stamps if stamp is not None)
    return min(max(occurred_at, latest), now)
