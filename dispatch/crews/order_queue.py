"""What ending an order does to the ones that wait behind it."""

from collections.abc import Iterable
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.assignments.states import AssignmentState
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.models import Incident
from dispatch.notices import notice_rows
from dispatch.notices.states import NoticeKind


def end_order(
    order: Assignment,
    state: str,
    now: datetime,
    *,
    reason: str | None = None,
    result: str | None = None,
) -> None:
    """Give an order one of the states in which it is no longer alive."""
    order.state = state
    order.ended_at = now
    order.reason = reason or order.reason
    order.result = result or order.result


def promote(session: Session, ended: Assignment) -> list[Assignment]:
    """Move up the orders that waited behind an ended one.

    One at a time and from the front: the unique index on (crew, rank) is checked row by row.

    Returns
    -------
    promoted
        The order that is now the crew's first, if the ended one was; at most one.
    """
    session.flush()
    behind = session.scalars(
        select(Assignment)
        .where(
            Assignment.crew_id == ended.crew_id,
            Assignment.rank > ended.rank,
            live(Assignment.state),
        )
        .order_by(Assignment.rank)
    ).all()
    for order in behind:
        order.rank -= 1
        order.asked_at = None if order.rank else ended.ended_at
        session.flush()
    return [order for order in behind if order.rank == 0]


def announce_promoted(
    session: Session,
    promoted: Iterable[Assignment],
    incidents: Mapping[int, Incident],
    actor: Actor,
    now: datetime,
) -> None:
    """Leave an event for each order that became its crew's first: the phone rings again."""
    for order in promoted:
        told = []
        if order.state != AssignmentState.OFFERED:  # else it rings as what it is: an offer
            told = notice_rows.make(session, [order], NoticeKind.REORDERED, actor, now)
        incident = incidents[order.incident_id]
        incident.version += 1
        incident.updated_at = now
        session.flush()
        events.append(
            session,
            EventKind.ASSIGNMENT_PROMOTED,
            actor,
            at=now,
            incident_id=order.incident_id,
            assignment_id=order.id,
            crew_id=order.crew_id,
        )
        notice_rows.tell_all(told)
