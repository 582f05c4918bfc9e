"""Interrupting a busy crew: what it does now waits behind something more urgent.

Suspended work is an order that the crew has accepted and will drive to once more: it sets out and
arrives again, and meanwhile nobody is on scene there. So it is `accepted` with a mark, and not one
more state which every list, index and rule would have to know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.assignments.states import AssignmentState
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.crews.models import Crew
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents import incident_rows
from dispatch.incidents.models import Incident
from dispatch.notices import notice_rows
from dispatch.notices.states import NoticeKind
from dispatch.sending.policy import may_interrupt
from dispatch.sending.types import SendCrew
from dispatch.writes import row_locks


def require_may_interrupt(actor: Actor, wanted: SendCrew) -> None:
    """Refuse to interrupt without the permission or without saying why.

    Raises
    ------
    NotAllowed
        If the actor may not.
    InvalidInput
        On ``reason``, if nobody says why; on ``queue``, if it is to wait as well.
    """
    if not wanted.interrupt:
        return
    actor.require(Permission.ASSIGNMENT_INTERRUPT)
    if not wanted.reason:
        raise InvalidInput.one("reason", N_("is required to interrupt a crew"))
    if wanted.queue:
        raise InvalidInput.one("queue", N_("cannot be together with interrupt"))


def refuse_as_urgent(urgent: Incident, crew: Crew, front: Assignment, present: Incident) -> None:
    """Refuse to interrupt what is not less urgent; the crew may have got another order meanwhile.

    Raises
    ------
    Conflict
        ``not_interruptible``, with what the crew does and how urgent that is.
    """
    if may_interrupt(present.priority, urgent.priority):
        return
    message = N_("%(crew)s works on incident %(id)s, which is as urgent: it is not interrupted.")
    params = {"crew": crew.name, "id": present.id}
    extra = {"incident_id": present.id, "priority": present.priority, "by": front.sent_by}
    raise Conflict("not_interruptible", message, params, extra=extra)


@dataclass(frozen=True, slots=True)
class Suspension:
    """Work that was suspended, not yet told."""

    order: Assignment
    was: AssignmentState
    notices: Sequence[notice_rows.Tell]


def tell(session: Session, suspension: Suspension | None, actor: Actor, now: datetime) -> None:
    """Write the events, if anything was: of what was interrupted, and of what the crew is told."""
    if suspension is None:
        return
    order = suspension.order
    events.append(
        session,
        EventKind.ASSIGNMENT_INTERRUPTED,
        actor,
        at=now,
        incident_id=order.incident_id,
        assignment_id=order.id,
        crew_id=order.crew_id,
        data={
            "was": suspension.was.value,
            "for_incident_id": order.suspended_for,
            "reason": order.reason,
            "worked_s": order.worked_s,
        },
    )
    notice_rows.tell_all(suspension.notices)


def make_room(
    session: Session,
    held: row_locks.Scope,
    urgent: Incident,
    crew: Crew,
    orders: Sequence[Assignment],
    *,
    actor: Actor,
    now: datetime,
    reason: str,
) -> Suspension | None:
    """Move a crew's orders back by one, so that the first place is free; suspend what it does now.

    Parameters
    ----------
    session
        Of the transaction.
    held
        The locked crew and every incident in its queue.
    urgent
        For what it is interrupted.
    crew
        Whom.
    orders
        The crew's live orders, in their order. It may have none any more: then it is free.
    actor
        Who interrupts.
    now
        When.
    reason
        Why, for the crew.

    Raises
    ------
    Conflict
        ``not_interruptible``, with what the crew does and how urgent that is.
    """
    if not orders:
        return None
    front = orders[0]
    if front.incident_id not in held.incidents:
        message = N_("%(crew)s works for its own unit: it is not interrupted.")
        raise Conflict("not_interruptible", message, {"crew": crew.name})
    present = held.incidents[front.incident_id]
    refuse_as_urgent(urgent, crew, front, present)
    for order in reversed(orders):  # the index on (crew, rank) is checked row by row
        order.rank += 1
        session.flush()
    was = AssignmentState(front.state)
    front.suspended_at, front.suspended_from = now, was.value
    front.suspended_for, front.asked_at, front.reason = urgent.id, None, reason
    told: list[notice_rows.Tell] = []
    if was is not AssignmentState.OFFERED:
        if was is AssignmentState.ON_SCENE and front.arrived_at is not None:
            since_s = max((now - front.arrived_at).total_seconds(), 0.0)
            front.worked_s = (front.worked_s or 0.0) + since_s
        front.state = AssignmentState.ACCEPTED.value
        front.departed_at = front.arrived_at = front.eta_at = None
        told = notice_rows.make(session, [front], NoticeKind.INTERRUPTED, actor, now, reason=reason)
    incident_rows.follow_assignments(session, present, now)
    return Suspension(front, was, told)
