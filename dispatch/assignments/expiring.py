"""Ending an order that was not answered in time."""

from collections.abc import Mapping
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
from dispatch.incidents import incident_rows
from dispatch.incidents.models import Incident
from dispatch.notices import notice_rows


@dataclass(frozen=True, slots=True)
class Expired:
    """An order that has expired, not yet told."""

    order: Assignment
    promoted: list[Assignment]
    _session: Session
    _incidents: Mapping[int, Incident]
    _actor: Actor
    _now: datetime

    def tell(self, data: Mapping[str, Any] | None = None) -> None:
        """Write its event, and that of the order that moved up; after all rows."""
        events.append(
            self._session,
            EventKind.ASSIGNMENT_EXPIRED,
            self._actor,
            at=self._now,
            incident_id=self.order.incident_id,
            assignment_id=self.order.id,
            crew_id=self.order.crew_id,
            data=data,
        )
        announce_promoted(self._session, self.promoted, self._incidents, self._actor, self._now)


def expire(
    session: Session,
    order: Assignment,
    incidents: Mapping[int, Incident],
    actor: Actor,
    now: datetime,
) -> Expired:
    """Take an order back that its crew has not answered; `Expired.tell` is left to do.

    Nothing is left for the crew to confirm: it never said that it would go.

    Parameters
    ----------
    session
        Holds the locks of the order's crew and of every incident in its queue.
    order
        An order that is offered.
    incidents
        The locked incidents by id.
    actor
        Who ends it; the system, as a rule.
    now
        When.
    """
    end_order(order, AssignmentState.EXPIRED.value, now)
    notice_rows.lapse_of_order(session, order.id, now)
    promoted = promote(session, order)
    incident_rows.follow_assignments(session, incidents[order.incident_id], now)
    return Expired(order, promoted, session, incidents, actor, now)
