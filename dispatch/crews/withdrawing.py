"""Withdrawing orders: one by one, replaced by another crew's, or all of a cancelled incident."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.assignments.models import Assignment
from dispatch.assignments.states import AssignmentState
from dispatch.crews.order_queue import announce_promoted
from dispatch.crews.order_queue import end_order
from dispatch.crews.order_queue import promote
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.models import Incident
from dispatch.notices import notice_rows
from dispatch.notices.states import NoticeKind


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Orders that were withdrawn, those that moved up to the front, what the crews are told."""

    orders: Sequence[Assignment]
    promoted: Sequence[Assignment]
    notices: Sequence[notice_rows.Tell]


def withdraw(
    session: Session,
    orders: Sequence[Assignment],
    actor: Actor,
    now: datetime,
    *,
    notice: NoticeKind,
    reason: str | None,
) -> Withdrawal:
    """Withdraw live orders; what waits behind them moves up, and each crew has to confirm it.

    Parameters
    ----------
    session
        Holds the locks of these orders' crews and of every incident in their queues.
    orders
        What to withdraw.
    actor
        Who withdraws them.
    now
        When.
    notice
        What the crews are told.
    reason
        Why, for the crews.
    """
    for order in orders:
        end_order(order, AssignmentState.WITHDRAWN.value, now, reason=reason)
    session.flush()
    told = notice_rows.make(session, list(orders), notice, actor, now, reason=reason or "")
    promoted = [each for order in orders for each in promote(session, order)]
    return Withdrawal(orders, promoted, told)


def announce_withdrawal(
    session: Session,
    withdrawal: Withdrawal,
    incidents: Mapping[int, Incident],
    actor: Actor,
    now: datetime,
    *,
    occurred_at: datetime | None = None,
    data: Mapping[str, Any],
) -> None:
    """Leave an event for each order withdrawn, and for each that moved up: the phones say so."""
    for order in withdrawal.orders:
        events.append(
            session,
            EventKind.ASSIGNMENT_WITHDRAWN,
            actor,
            at=now,
            occurred_at=occurred_at,
            incident_id=order.incident_id,
            assignment_id=order.id,
            crew_id=order.crew_id,
            data=data,
        )
    notice_rows.tell_all(withdrawal.notices)
    announce_promoted(session, withdrawal.promoted, incidents, actor, now)
