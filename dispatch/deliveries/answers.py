"""What comes back: reports of gateways, receipts of phones, and answers that take an order on."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.access.permissions import Role
from dispatch.assignments.models import Assignment
from dispatch.assignments.service import AssignmentService
from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import Action
from dispatch.assignments.states import AssignmentState
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.errors import NotSignedIn
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.deliveries import channel_marks
from dispatch.deliveries.delivery_events import tell
from dispatch.deliveries.delivery_rows import take_next_way
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.states import DeliveryState
from dispatch.deliveries.states import Failure
from dispatch.deliveries.states import Purpose
from dispatch.deliveries.states import Reply
from dispatch.deliveries.states import further
from dispatch.deliveries.states import still_needed
from dispatch.deliveries.types import DeliveryReportAnswer
from dispatch.deliveries.types import GatewayReport
from dispatch.deliveries.types import Receipt
from dispatch.deliveries.types import ReceiptAnswer
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.gateways.models import Gateway
from dispatch.jobs.queue import JobQueue
from dispatch.writes.command import Step

_STEPS = {Reply.ACCEPTED: Action.ACCEPT, Reply.DECLINED: Action.DECLINE}
_STAMPS = {
    DeliveryState.DELIVERED: "delivered_at",
    DeliveryState.RANG: "rang_at",
    DeliveryState.SEEN: "seen_at",
    DeliveryState.ANSWERED: "answered_at",
    DeliveryState.FAILED: "failed_at",
}
_GATEWAY = "gateway"


class AnswerTaker(Protocol):
    """What an answer to deliveries of one purpose means, other than a step of an order."""

    def take(self, actor: Actor, delivery: Delivery, answer: Reply, reason: str | None) -> None:
        """Do what was answered; once, however often it is called with the same delivery.

        Raises
        ------
        DispatchError
            If it cannot be done (any more); the answer is then not taken.
        """


class DeliveryAnswers:
    """Takes in what came of deliveries.

    Parameters
    ----------
    takers
        Who takes answers of other purposes than orders and reminders, such as offers.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        jobs: JobQueue,
        assignments: AssignmentService,
        takers: Mapping[Purpose, AnswerTaker],
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._jobs = jobs
        self._assignments = assignments
        self._takers = takers

    def report(self, gateway_id: int, wanted: GatewayReport) -> DeliveryReportAnswer:
        """Take in what a gateway reports of a delivery of its own; its signature was checked.

        The same may be reported as often as a gateway likes, late and out of order.

        Raises
        ------
        NotFound
            If it was not given that delivery.
        Conflict
            ``wrong_state`` if the order can no longer be accepted or declined: it is too late.
        """
        delivery, gateway_name = self._given_to(gateway_id, wanted.delivery_id)
        actor = Actor(
            None, _GATEWAY, gateway_name, frozenset({Role.CREW}), crew_id=delivery.crew_id
        )
        if wanted.state in set(Reply):
            self._answer(actor, delivery, Reply(wanted.state), wanted.reason)
        else:
            self._move(actor, delivery.id, DeliveryState(wanted.state), detail=wanted.code)
        return self._told(delivery.id)

    def receipt(self, delivery_id: int, wanted: Receipt) -> ReceiptAnswer:
        """Take in that a phone got a push, and tell it whether that still holds.

        Raises
        ------
        NotSignedIn
            If the token is not that delivery's.
        """
        delivery = self._found(delivery_id)
        token = "" if delivery is None else str(delivery.data.get("token", ""))
        if delivery is None or not hmac.compare_digest(token.encode(), wanted.token.encode()):
            message = N_("The token is unknown or has expired.")
            raise NotSignedIn(message)
        actor = Actor(None, "phone", "Web Push", frozenset({Role.CREW}), crew_id=delivery.crew_id)
        self._move(actor, delivery.id, DeliveryState(wanted.state))
        if delivery.assignment_id is None:
            return {"needed": True}
        query = select(Assignment.state).where(Assignment.id == delivery.assignment_id)
        with self._work.reading() as session:
            state = session.scalar(query)
        return {"needed": still_needed(Purpose(delivery.purpose), delivery.asked_in, state)}

    def confirm(self, actor: Actor, delivery_id: int) -> DeliveryReportAnswer:
        """Take in that a crew, on its own page, saw a test ring; said again it changes nothing."""
        actor.require(Permission.ASSIGNMENT_ACT_OWN)
        delivery = self._found(delivery_id)
        if delivery is None or delivery.crew_id != actor.crew_id:
            raise NotFound.thing("delivery", delivery_id)
        if delivery.purpose != Purpose.TEST:
            message = N_("Only a test ring is confirmed here.")
            raise NotAllowed(message)
        self._move(actor, delivery.id, DeliveryState.ANSWERED, answer=Reply.SEEN)
        return self._told(delivery.id)

    def _answer(self, actor: Actor, delivery: Delivery, answer: Reply, reason: str | None) -> None:
        purpose = Purpose(delivery.purpose)
        if delivery.answer != answer:
            try:
                if purpose in self._takers:
                    self._takers[purpose].take(actor, delivery, answer, reason)
                elif delivery.assignment_id is not None and _is_step(purpose, answer):
                    self._step(actor, delivery, delivery.assignment_id, answer, reason)
            except Conflict:
                self._move(actor, delivery.id, DeliveryState.SEEN)
                raise
        seen_only = answer is Reply.SEEN and purpose in {Purpose.ORDER, Purpose.REMIND}
        state = DeliveryState.SEEN if seen_only else DeliveryState.ANSWERED
        self._move(actor, delivery.id, state, answer=answer)

    def _step(
        self,
        actor: Actor,
        delivery: Delivery,
        assignment_id: int,
        answer: Reply,
        reason: str | None,
    ) -> None:
        """Take the order's step as its crew; an order that stands there already stays."""
        action = _STEPS[answer]
        # One name for each: a gateway that says it twice at the same instant takes one step.
        step = Step(client_id=f"delivery-{delivery.id}-{action.value}", reason=reason)
        try:
            self._assignments.act(actor, assignment_id, action, step)
        except Conflict:
            with self._work.reading() as session:
                query = select(Assignment.state).where(Assignment.id == assignment_id)
                state = AssignmentState(session.scalars(query).one())
            accepted = state in LIVE_STATES and state is not AssignmentState.OFFERED
            declined = state is AssignmentState.DECLINED
            if not (accepted if action is Action.ACCEPT else declined):
                raise

    def _move(
        self,
        actor: Actor,
        delivery_id: int,
        state: DeliveryState,
        *,
        answer: Reply | None = None,
        detail: str | None = None,
    ) -> None:
        """Move a delivery on to what was reported, unless it is further already."""

        def work(session: Session) -> None:
            now = self._clock()
            events.take_turn(session)
            delivery = session.get_one(Delivery, delivery_id, with_for_update=True)
            if not further(DeliveryState(delivery.state), state):
                return
            self._note(session, actor, delivery, state, answer=answer, detail=detail, now=now)

        self._work.run(work)

    def _note(
        self,
        session: Session,
        actor: Actor,
        delivery: Delivery,
        state: DeliveryState,
        *,
        answer: Reply | None,
        detail: str | None,
        now: datetime,
    ) -> None:
        delivery.state = state.value
        delivery.answer = None if answer is None else answer.value
        setattr(delivery, _STAMPS[state], now)
        if state is DeliveryState.FAILED:
            delivery.failure, delivery.detail = Failure.NOT_DELIVERED.value, detail
            channel_marks.note_failed(session, delivery, Failure.NOT_DELIVERED, now)
            take_next_way(session, self._jobs, delivery, now)
            kind = EventKind.DELIVERY_FAILED
        else:
            delivery.failure = None
            channel_marks.note_reached(session, delivery, now)
            answered = state is DeliveryState.ANSWERED
            kind = EventKind.DELIVERY_ANSWERED if answered else EventKind.DELIVERY_REACHED
        session.flush()
        tell(session, kind, actor, delivery, now)

    def _given_to(self, gateway_id: int, delivery_id: int) -> tuple[Delivery, str]:
        query = (
            select(Delivery, Gateway.name)
            .join(Gateway, Gateway.id == Delivery.gateway_id)
            .where(Delivery.id == min(delivery_id, LARGEST_ID), Gateway.id == gateway_id)
        )
        with self._work.reading() as session:
            row = session.execute(query).one_or_none()
        if row is None:
            raise NotFound.thing("delivery", delivery_id)
        return row.Delivery, row.name

    def _found(self, delivery_id: int) -> Delivery | None:
        with self._work.reading() as session:
            return session.get(Delivery, min(delivery_id, LARGEST_ID))

    def _told(self, delivery_id: int) -> DeliveryReportAnswer:
        query = (
            select(Delivery.state, Assignment.state.label("order_state"))
            .outerjoin(Assignment, Assignment.id == Delivery.assignment_id)
            .where(Delivery.id == delivery_id)
        )
        with self._work.reading() as session:
            row = session.execute(query).one()
        order_state = row.order_state
        return {
            "delivery_id": delivery_id,
            "state": DeliveryState(row.state),
            "assignment_state": None if order_state is None else AssignmentState(order_state),
        }


def _is_step(purpose: Purpose, answer: Reply) -> bool:
    return purpose in {Purpose.ORDER, Purpose.REMIND} and answer in _STEPS
