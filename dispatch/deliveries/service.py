"""Deliveries: read, and test rings asked for before a way is needed."""

from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from typing import Final
from typing import NamedTuple
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.deliveries.channel_board import channel_board
from dispatch.deliveries.delivery_answers import delivery_answer
from dispatch.deliveries.delivery_answers import named_deliveries
from dispatch.deliveries.delivery_rows import ALL
from dispatch.deliveries.delivery_rows import SEND
from dispatch.deliveries.delivery_rows import request_delivery
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.states import DeliveryChannel
from dispatch.deliveries.states import Purpose
from dispatch.deliveries.types import ChannelBoardAnswer
from dispatch.deliveries.types import DeliveriesAnswer
from dispatch.deliveries.types import RingTest
from dispatch.deliveries.types import RingTests
from dispatch.deliveries.ways import ways_of
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.jobs.queue import JobQueue
from dispatch.writes.idempotency import Once

PAGE_CONFIRMS_WITHIN: Final = timedelta(minutes=2)
"""A page that has not confirmed a test ring for so long did not hear it."""


class _Ring(NamedTuple):
    """A test ring of one crew: its deliveries, and which of them its page confirms."""

    crew_id: int
    ids: list[int]
    page_id: int | None


class DeliveryService:
    """What was told to whom; test rings; the board of channels."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, jobs: JobQueue) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._jobs = jobs

    def of_assignment(self, actor: Actor, assignment_id: int) -> DeliveriesAnswer:
        """Return all that was told about an order outside its page, oldest first."""
        with self._work.reading() as session:
            order = session.get(Assignment, min(assignment_id, LARGEST_ID))
            own = order is not None and actor.crew_id == order.crew_id
            if order is None or not (own or actor.may(Permission.INCIDENT_READ)):
                raise NotFound.thing("assignment", assignment_id)
            query = named_deliveries().where(Delivery.assignment_id == order.id)
            rows = session.execute(query.order_by(Delivery.id)).all()
        return {"deliveries": [delivery_answer(*row) for row in rows]}

    def board(self, actor: Actor) -> ChannelBoardAnswer:
        """Return which way works for whom."""
        actor.require(Permission.CREW_READ)
        with self._work.reading() as session:
            return channel_board(session, self._clock())

    def test_ring(self, actor: Actor, crew_id: int, wanted: RingTest) -> DeliveriesAnswer:
        """Ring a crew for trial, by every way that it has or by one.

        Raises
        ------
        Conflict
            ``no_channel`` if it has no such way.
        """
        if actor.crew_id != crew_id:
            actor.require(Permission.ASSIGNMENT_SEND)
        once = Once.of(actor, wanted.client_id, wanted, crew_id=crew_id)

        def work(session: Session) -> DeliveriesAnswer:
            now = self._clock()
            before = once.begin(session, now)
            if before is not None:
                return cast("DeliveriesAnswer", before)
            if session.get(Crew, min(crew_id, LARGEST_ID)) is None:
                raise NotFound.thing("crew", crew_id)
            ring = self._ring(session, crew_id, wanted.channel, now)
            answer = _named(session, ring.ids)
            once.finish(session, answer)
            _tell(session, actor, ring, now)
            return answer

        return self._work.run(work)

    def test_rings(self, actor: Actor, wanted: RingTests) -> DeliveriesAnswer:
        """Ring several crews for trial, all that are on duty when none is named."""
        actor.require(Permission.ASSIGNMENT_SEND)
        once = Once.of(actor, wanted.client_id, wanted)

        def work(session: Session) -> DeliveriesAnswer:
            now = self._clock()
            before = once.begin(session, now)
            if before is not None:
                return cast("DeliveriesAnswer", before)
            query = select(Crew.id).order_by(Crew.id)
            if wanted.crew_ids is None:
                query = query.where(Crew.duty == Duty.ON_DUTY.value)
            else:
                query = query.where(Crew.id.in_(wanted.crew_ids))
            crew_ids = session.scalars(query).all()
            rings = [self._ring(session, crew_id, None, now) for crew_id in crew_ids]
            answer = _named(session, [each for ring in rings for each in ring.ids])
            once.finish(session, answer)
            for ring in rings:  # last of all: from the first event on others wait
                _tell(session, actor, ring, now)
            return answer

        return self._work.run(work)

    def _ring(self, session: Session, crew_id: int, channel: str | None, now: datetime) -> _Ring:
        """Write the rows and the jobs of one crew's test."""
        ids: list[int] = []
        page_id: int | None = None
        if channel in {None, DeliveryChannel.PAGE}:
            page_id = self._ask(session, crew_id, DeliveryChannel.PAGE, now)[0]
            due_at = now + PAGE_CONFIRMS_WITHIN
            self._jobs.defer(session, SEND, due_at=due_at, delivery_id=page_id)
            ids.append(page_id)
        outside = ways_of(session, crew_id=crew_id, role=None)
        if channel != DeliveryChannel.PAGE and outside:
            ids += self._ask(session, crew_id, channel or ALL, now)
        if not ids:
            message = N_("This crew has no such channel.")
            raise Conflict("no_channel", message)
        return _Ring(crew_id, ids, page_id)

    def _ask(self, session: Session, crew_id: int, channel: str, now: datetime) -> list[int]:
        return request_delivery(
            session, self._jobs, purpose=Purpose.TEST, crew_id=crew_id, channel=channel, now=now
        )


def _named(session: Session, ids: Sequence[int]) -> DeliveriesAnswer:
    query = named_deliveries().where(Delivery.id.in_(ids)).order_by(Delivery.id)
    return {"deliveries": [delivery_answer(*row) for row in session.execute(query)]}


def _tell(session: Session, actor: Actor, ring: _Ring, now: datetime) -> None:
    data = {"delivery_ids": ring.ids, "page_delivery_id": ring.page_id}
    kind = EventKind.CREW_TEST_RUNG
    events.append(session, kind, actor, at=now, crew_id=ring.crew_id, data=data)
