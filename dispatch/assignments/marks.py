"""What devices say of orders: that they have it, that it rang, that somebody saw it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments import mark_rows
from dispatch.assignments.mark_rows import Reached
from dispatch.assignments.models import Assignment
from dispatch.assignments.types import MarkReached
from dispatch.assignments.types import OrderMarksAnswer
from dispatch.board import mark_view
from dispatch.core.errors import N_
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind


class MarkService:
    """Notes how far orders got."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def reached(self, actor: Actor, assignment_id: int, wanted: MarkReached) -> OrderMarksAnswer:
        """Note how far an order got on a channel; said again it changes nothing.

        The incident keeps its version: that a phone rang changes nothing that a crew is sent by.

        Raises
        ------
        NotFound
            If there is no such order, or it is another crew's.
        """

        def work(session: Session) -> OrderMarksAnswer:
            now = self._clock()
            order = self._order(session, actor, assignment_id)
            reached = [
                Reached(each.mark, min(max(each.occurred_at or now, order.offered_at), now))
                for each in wanted.marks
            ]
            added = mark_rows.add(session, order.id, wanted.channel, reached)
            if added:
                events.append(
                    session,
                    EventKind.ASSIGNMENT_MARKED,
                    actor,
                    at=now,
                    incident_id=order.incident_id,
                    assignment_id=order.id,
                    crew_id=order.crew_id,
                    data={
                        "channel": wanted.channel,
                        "marks": {mark.value: instant(at) for mark, at in added},
                    },
                )
            return {"marks": mark_view.of_orders(session, [order.id]).get(order.id, [])}

        return self._work.run(work)

    def _order(self, session: Session, actor: Actor, assignment_id: int) -> Assignment:
        query = select(Assignment).where(Assignment.id == min(assignment_id, LARGEST_ID))
        order = session.scalar(query)
        if order is None:
            raise NotFound.thing("assignment", assignment_id)
        if actor.may(Permission.ASSIGNMENT_ACT_ANY):
            return order
        if actor.crew_id != order.crew_id:
            raise NotFound.thing("assignment", assignment_id)
        if not actor.may(Permission.ASSIGNMENT_ACT_OWN):
            message = N_("Your account may not do this with that order.")
            raise NotAllowed(message)
        return order
