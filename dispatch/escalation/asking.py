"""The desk gives a crew more time: the chain goes on later."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.assignments.types import AssignmentAnswer
from dispatch.board.read_model import ReadModel
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.escalation import order_chains
from dispatch.escalation.states import StepAction
from dispatch.escalation.states import Waiting
from dispatch.escalation.states import postponed
from dispatch.escalation.types import KeepWaiting
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.writes import row_locks
from dispatch.writes.idempotency import Once


class AskingService:
    """What the desk can do with an order that waits for its crew."""

    def __init__(self, unit_of_work: UnitOfWork, read_model: ReadModel, clock: Clock) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._clock = clock

    def keep_waiting(
        self, actor: Actor, assignment_id: int, wanted: KeepWaiting
    ) -> tuple[AssignmentAnswer, bool]:
        """Postpone what is left of an order's chain; the alarm is silent until then.

        Returns
        -------
        assignment, replayed
            The order; and whether that was answered before, under the same ``client_id``.

        Raises
        ------
        Conflict
            ``wrong_state`` when nobody waits for the order's crew (any more), ``other_unit`` when
            incident or crew are of a unit that is not seen.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        now = self._clock()
        once = Once.of(actor, wanted.client_id, wanted, assignment_id=assignment_id)

        def postpone(session: Session) -> AssignmentAnswer:
            query = select(Assignment).where(Assignment.id == min(assignment_id, LARGEST_ID))
            order = session.scalar(query)
            if order is None:
                raise NotFound.thing("assignment", assignment_id)
            row_locks.lock_order(session, order)
            session.refresh(order)
            chain = order_chains.of_order(session, order.id)
            if chain is None or chain.waiting is None:
                message = N_("Nobody waits for an answer to this order any more.")
                raise Conflict("wrong_state", message, extra={"state": order.state})
            waiting = Waiting(chain.waiting)
            until = now + timedelta(seconds=wanted.wait_s)
            seeks = any(
                each.action is StepAction.NEXT_BEST for each in order_chains.rules(chain, waiting)
            )
            first = StepAction.NEXT_BEST if seeks else StepAction.DESK
            undone = order_chains.undone(session, order.id)
            steps = postponed(undone, first, chain.round, now, until)
            chain.supervisor_at = None
            order_chains.begin(session, chain, waiting, steps, now)
            chain.alarm_at = until
            session.flush()
            events.append(
                session,
                EventKind.ASSIGNMENT_WAITED_FOR,
                actor,
                at=now,
                incident_id=order.incident_id,
                assignment_id=order.id,
                crew_id=order.crew_id,
                data={"until": instant(until)},
            )
            return self._read_model.assignment(session, order.id)

        return self._work.run(lambda session: once.run(session, now, lambda: postpone(session)))
