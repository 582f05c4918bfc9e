"""Makes notices inside the transaction that causes them, and lets them lapse."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.notices.models import OrderNotice
from dispatch.notices.states import NoticeKind

Tell = Callable[[], object]
_OPEN = (OrderNotice.understood_at.is_(None), OrderNotice.lapsed_at.is_(None))


def make(
    session: Session,
    orders: Iterable[Assignment],
    kind: NoticeKind,
    actor: Actor,
    now: datetime,
    *,
    what: Sequence[dict[str, Any]] = (),
    reason: str = "",
) -> list[Tell]:
    """Write a notice for the crew of each order, but not of what the crew did itself.

    The incidents of the orders are locked by whoever calls this.

    Returns
    -------
    tell
        Functions that write the events; to be called last, as all events are.
    """
    told: list[Tell] = []
    for order in orders:
        if actor.crew_id == order.crew_id:
            continue
        notice = OrderNotice(
            assignment_id=order.id,
            incident_id=order.incident_id,
            crew_id=order.crew_id,
            kind=kind.value,
            what=list(what),
            reason=reason,
            made_at=now,
            made_by=actor.display_name,
        )
        session.add(notice)
        session.flush()
        order.notice_id = notice.id
        data: dict[str, Any] = {"notice_id": notice.id, "notice": kind.value}
        if what:
            data["fields"] = [each["field"] for each in what]
        told.append(
            partial(
                events.append,
                session,
                EventKind.ASSIGNMENT_NOTIFIED,
                actor,
                at=now,
                incident_id=order.incident_id,
                assignment_id=order.id,
                crew_id=order.crew_id,
                data=data,
            )
        )
    session.flush()
    return told


def tell_all(told: Iterable[Tell]) -> None:
    """Write the events of what was made."""
    for tell in told:
        tell()


def live_orders(session: Session, incident_id: int) -> Sequence[Assignment]:
    """Return the orders that are alive for an incident, whose row is locked."""
    query = (
        select(Assignment)
        .where(Assignment.incident_id == incident_id, live(Assignment.state))
        .order_by(Assignment.crew_id)
    )
    return session.scalars(query).all()


def lapse_of_order(session: Session, assignment_id: int, now: datetime) -> None:
    """Let what was to be confirmed of an order lapse: the crew has finished or declined it."""
    mine = OrderNotice.assignment_id == assignment_id
    session.execute(update(OrderNotice).where(mine, *_OPEN).values(lapsed_at=now))


def lapse_of_crew(session: Session, crew_id: int, now: datetime) -> None:
    """Let what a crew was to confirm lapse: it goes home, and nothing rings there."""
    mine = OrderNotice.crew_id == crew_id
    session.execute(update(OrderNotice).where(mine, *_OPEN).values(lapsed_at=now))


def newest(session: Session, order: Assignment) -> OrderNotice | None:
    """Return the newest notice of an order."""
    return None if order.notice_id is None else session.get(OrderNotice, order.notice_id)
