"""Sends what waits: the work of a job, outside every request and every lock.

A job may run twice, and another worker may have been quicker: what is sent is looked at anew, and
a gateway that gets the same delivery twice knows it by its id.
"""

import asyncio
import logging
from collections import Counter
from datetime import datetime
from datetime import timedelta
from typing import Final

from procrastinate import Blueprint
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.assignments.models import Assignment
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.deliveries import channel_marks
from dispatch.deliveries.delivery_events import tell
from dispatch.deliveries.delivery_rows import SEND
from dispatch.deliveries.delivery_rows import take_next_way
from dispatch.deliveries.gateway_posts import GatewayPost
from dispatch.deliveries.gateway_posts import gateway_post
from dispatch.deliveries.gateway_posts import trial_post
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.posts import HANDED_OVER
from dispatch.deliveries.posts import Outcome
from dispatch.deliveries.push_posts import PushPost
from dispatch.deliveries.push_posts import push_post
from dispatch.deliveries.states import AGAIN
from dispatch.deliveries.states import STALE_AFTER
from dispatch.deliveries.states import TRIED_AGAIN_AFTER
from dispatch.deliveries.states import DeliveryChannel
from dispatch.deliveries.states import DeliveryState
from dispatch.deliveries.states import Failure
from dispatch.deliveries.states import Purpose
from dispatch.deliveries.states import still_needed
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.gateways.models import Gateway
from dispatch.jobs.queue import JobQueue

LOG = logging.getLogger(__name__)
AT_ONCE: Final = 2
"""Posts to one gateway at a time in one worker: one that hangs leaves room for other jobs."""
_FULL: Final = timedelta(seconds=1)
PAUSED_FOR: Final = timedelta(seconds=15)
FAILURES_BEFORE_PAUSE: Final = 3
_NO_ANSWER: Final = frozenset({Failure.TIMED_OUT, Failure.UNREACHABLE})


class DeliverySending:
    """Sends deliveries and keeps what came of it."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, jobs: JobQueue) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._jobs = jobs
        self._under_way: Counter[int] = Counter()

    async def send(self, delivery_id: int) -> None:
        """Send a delivery if it still waits and still holds."""
        prepared = await asyncio.to_thread(self._work.run, lambda s: self._begin(s, delivery_id))
        if prepared is None:
            return
        if isinstance(prepared, PushPost):
            outcomes = await prepared.post()
            await asyncio.to_thread(self._pushed, delivery_id, outcomes)
            return
        outcome = await self._post_to_gateway(prepared)
        await asyncio.to_thread(self._posted, delivery_id, prepared.gateway_id, outcome)

    async def try_gateway(self, gateway_id: int, to: str) -> Outcome:
        """Post a test to a gateway, for whoever sets it up; nothing is kept of it."""
        with self._work.reading() as session:
            prepared = trial_post(session, gateway_id, to, self._clock())
        return await prepared.post()

    async def _post_to_gateway(self, prepared: GatewayPost) -> Outcome | None:
        """Post, unless so much is under way there already: then None."""
        if self._under_way[prepared.gateway_id] >= AT_ONCE:
            return None
        self._under_way[prepared.gateway_id] += 1
        try:
            return await prepared.post()
        finally:
            self._under_way[prepared.gateway_id] -= 1

    def _begin(self, session: Session, delivery_id: int) -> GatewayPost | PushPost | None:
        """Return what is to be posted; None if nothing is, which the row then says."""
        now = self._clock()
        events.take_turn(session)
        delivery = _locked(session, delivery_id)
        if delivery is None or delivery.state != DeliveryState.QUEUED:
            return None
        if not _still_needed(session, delivery):
            delivery.state, delivery.cancelled_at = DeliveryState.CANCELLED.value, now
            return None
        if now - delivery.requested_at > STALE_AFTER:
            self._fail(session, delivery, Outcome(Failure.TOO_LATE), now, further=False)
            return None
        if delivery.channel == DeliveryChannel.PAGE:  # nothing is sent; it was not confirmed
            self._fail(session, delivery, Outcome(Failure.TIMED_OUT), now, further=False)
            return None
        delivery.attempts += 1
        by_push = delivery.channel == DeliveryChannel.PUSH
        prepared = (push_post if by_push else gateway_post)(session, delivery, now)
        if prepared is None:
            self._fail(session, delivery, Outcome(Failure.REMOVED), now)
        elif isinstance(prepared, GatewayPost) and prepared.is_paused(now):
            self._skip_paused(session, delivery, prepared, now)
            return None
        return prepared

    def _skip_paused(
        self, session: Session, delivery: Delivery, prepared: GatewayPost, now: datetime
    ) -> None:
        """Take the next way at once; without one, wait until the gateway is tried again."""
        delivery.attempts -= 1
        if take_next_way(session, self._jobs, delivery, now):
            self._fail(session, delivery, Outcome(Failure.TIMED_OUT, "paused"), now, further=False)
        else:
            self._jobs.defer(session, SEND, due_at=prepared.paused_until, delivery_id=delivery.id)

    def _posted(self, delivery_id: int, gateway_id: int, outcome: Outcome | None) -> None:
        def work(session: Session) -> None:
            now = self._clock()
            events.take_turn(session)
            delivery = _locked(session, delivery_id)
            if delivery is None:
                return
            if outcome is None:
                delivery.attempts -= 1
                self._jobs.defer(session, SEND, due_at=now + _FULL, delivery_id=delivery_id)
                return
            _note_gateway(session, gateway_id, outcome, now)
            self._settle(session, delivery, outcome, now)

        self._work.run(work)

    def _pushed(self, delivery_id: int, outcomes: dict[int, Outcome]) -> None:
        def work(session: Session) -> None:
            now = self._clock()
            events.take_turn(session)
            delivery = _locked(session, delivery_id)
            if delivery is None:
                return
            channel_marks.note_pushed(session, delivery.crew_id, outcomes, now)
            self._settle(session, delivery, _best(list(outcomes.values())), now)

        self._work.run(work)

    def _settle(
        self, session: Session, delivery: Delivery, outcome: Outcome, now: datetime
    ) -> None:
        """Write what came of an attempt; a report that came meanwhile is not taken back."""
        if outcome.failure is None:
            delivery.sent_at = delivery.sent_at or now
            if delivery.state == DeliveryState.QUEUED:
                delivery.state, delivery.failure = DeliveryState.SENT.value, None
                tell(session, EventKind.DELIVERY_SENT, SYSTEM, delivery, now)
            return
        if delivery.state != DeliveryState.QUEUED:
            return
        delivery.failure, delivery.detail = outcome.failure.value, outcome.detail
        if outcome.failure in AGAIN and delivery.attempts <= len(TRIED_AGAIN_AFTER):
            due_at = now + TRIED_AGAIN_AFTER[delivery.attempts - 1]
            self._jobs.defer(session, SEND, due_at=due_at, delivery_id=delivery.id)
            return
        self._fail(session, delivery, outcome, now)

    def _fail(
        self,
        session: Session,
        delivery: Delivery,
        outcome: Outcome,
        now: datetime,
        *,
        further: bool = True,
    ) -> None:
        failure = outcome.failure or Failure.BROKEN
        delivery.state, delivery.failed_at = DeliveryState.FAILED.value, now
        delivery.failure, delivery.detail = failure.value, outcome.detail
        LOG.warning("Delivery %d failed: %s", delivery.id, failure.value)
        if failure is not Failure.TOO_LATE:
            channel_marks.note_failed(session, delivery, failure, now)
        if further:
            take_next_way(session, self._jobs, delivery, now)
        session.flush()
        tell(session, EventKind.DELIVERY_FAILED, SYSTEM, delivery, now)


def sending_tasks(sending: DeliverySending) -> Blueprint:
    """Return the job, to be added to one app under `delivery_rows.DELIVERIES`."""
    tasks = Blueprint()

    @tasks.task(name="send")
    async def send(delivery_id: int) -> None:
        await sending.send(delivery_id)

    return tasks


def _locked(session: Session, delivery_id: int) -> Delivery | None:
    return session.get(Delivery, delivery_id, with_for_update=True)


def _still_needed(session: Session, delivery: Delivery) -> bool:
    if delivery.assignment_id is None:
        return True
    query = select(Assignment.state).where(Assignment.id == delivery.assignment_id)
    return still_needed(Purpose(delivery.purpose), delivery.asked_in, session.scalar(query))


def _best(outcomes: list[Outcome]) -> Outcome:
    """Return what came of a push to several phones: one is enough; else what may pass."""
    if HANDED_OVER in outcomes:
        return HANDED_OVER
    passing = [each for each in outcomes if each.failure in AGAIN]
    return (passing or outcomes)[0]


def _note_gateway(session: Session, gateway_id: int, outcome: Outcome, now: datetime) -> None:
    """Count how often in a row a gateway did not answer; after some it is left alone for a bit."""
    # Whoever asks for a delivery refers to its gateway and may wait then for the event lock, which
    # we have: with their hold on the gateway's key in our way, each would wait for the other.
    gateway = session.get_one(Gateway, gateway_id, with_for_update={"key_share": True})
    if outcome.failure not in _NO_ANSWER:
        gateway.failures, gateway.paused_until = 0, None
        return
    gateway.failures += 1
    if gateway.failures >= FAILURES_BEFORE_PAUSE:
        gateway.paused_until = now + PAUSED_FOR
