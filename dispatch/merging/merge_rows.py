"""Rows of a merge inside its transaction: locked, moved and put back."""

from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger

from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.assignments.states import CrewRole
from dispatch.board import attendance_rows
from dispatch.core.errors import NotFound
from dispatch.core.unit_of_work import ScopeChangedError
from dispatch.deadlines.models import Deadline
from dispatch.deliveries.models import Delivery
from dispatch.escalation.models import OrderChain
from dispatch.incidents import merged_rows
from dispatch.incidents.incident_rows import checked_id
from dispatch.incidents.models import Incident
from dispatch.merging.models import IncidentMerge
from dispatch.notices.models import OrderNotice
from dispatch.writes import row_locks

_STANDING = select(IncidentMerge).where(
    IncidentMerge.incident_id == bindparam("id"), IncidentMerge.unmerged_at.is_(None)
)
_STANDING_ID = _STANDING.with_only_columns(IncidentMerge.id)
_BEHIND = text("""
WITH RECURSIVE behind (id) AS (
    SELECT incident_id FROM incident_merge WHERE into_id = :id AND unmerged_at IS NULL
    UNION
    SELECT step.incident_id FROM incident_merge AS step JOIN behind ON step.into_id = behind.id
    WHERE step.unmerged_at IS NULL
)
SELECT id FROM behind ORDER BY id
""")
_LIVE_OF = (
    select(Assignment)
    .where(Assignment.incident_id == bindparam("id"), live(Assignment.state))
    .order_by(Assignment.crew_id)
    .execution_options(populate_existing=True)
)
_LIVE_CREWS_OF = select(Assignment.crew_id).where(
    Assignment.incident_id.in_(bindparam("ids", expanding=True)), live(Assignment.state)
)
GO_WITH_ORDERS: Final = (OrderNotice, Deadline, OrderChain, Delivery)
"""What names an order and its incident: it goes where the order goes."""
_FETCHED: Final = {"synchronize_session": "fetch"}
_LIVE_OF_ORDERS = (
    select(Assignment)
    .where(
        Assignment.id == bindparam("order_ids", type_=ARRAY(BigInteger)).any_(),
        Assignment.incident_id == bindparam("id"),
        live(Assignment.state),
    )
    .order_by(Assignment.crew_id)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Held:
    """Two incidents, with the crews of their live orders and what is merged behind them: locked."""

    incident: Incident
    other: Incident
    behind: Sequence[Incident]
    """Merged into the first, by however many steps."""
    scope: row_locks.Scope


def hold_to_merge(session: Session, incident_id: int, into_id: int) -> Held:
    """Lock what a merge changes; ``into_id`` is followed to where it leads.

    Raises
    ------
    NotFound
        If there is no incident of the first number.
    ScopeChangedError
        If something of it changed before the locks were held.
    """
    other_id = merged_rows.leads_to(session, into_id)
    behind = merged_rows.with_merged(session, incident_id)[1:]
    ids = [incident_id, other_id]
    crew_ids = set(session.scalars(_LIVE_CREWS_OF, {"ids": ids}))
    also = [other_id, *behind]
    scope = row_locks.lock_with_queues(session, checked_id(incident_id), crew_ids, also)
    if incident_id not in scope.incidents:
        raise NotFound.thing("incident", incident_id)
    if other_id not in scope.incidents:
        raise NotFound.thing("incident", into_id)
    other = scope.incidents[other_id]
    changed = (
        other.merged_into is not None
        or merged_rows.with_merged(session, incident_id)[1:] != behind
        or not set(session.scalars(_LIVE_CREWS_OF, {"ids": ids})) <= scope.crews.keys()
    )
    if changed:
        raise ScopeChangedError
    mine = scope.incidents[incident_id]
    return Held(mine, other, [scope.incidents[each] for each in behind], scope)


def hold_to_part(session: Session, step: IncidentMerge) -> Held:
    """Lock what taking a merged incident out again changes.

    Raises
    ------
    ScopeChangedError
        If something of it changed before the locks were held.
    """
    other_id = merged_rows.leads_to(session, step.incident_id)
    behind = list(session.scalars(_BEHIND, {"id": step.incident_id}))
    crew_ids = {each.crew_id for each in live_ones_of(session, other_id, step.orders_moved)}
    original = session.scalar(select(Incident.follow_up_of).where(Incident.id == step.incident_id))
    also = [other_id, *behind, *([] if original is None else [original])]
    scope = row_locks.lock_with_queues(session, step.incident_id, crew_ids, also)
    mine = scope.incidents[step.incident_id]
    now_live = live_ones_of(session, other_id, step.orders_moved)
    changed = (
        mine.merged_into != other_id
        # Taken out and merged again meanwhile: that is another step.
        or session.scalar(_STANDING_ID, {"id": step.incident_id}) != step.id
        or list(session.scalars(_BEHIND, {"id": step.incident_id})) != behind
        or not {each.crew_id for each in now_live} <= scope.crews.keys()
    )
    if changed:
        raise ScopeChangedError
    incidents = [scope.incidents[each] for each in behind]
    return Held(mine, scope.incidents[other_id], incidents, scope)


def standing(session: Session, incident_id: int) -> IncidentMerge | None:
    """Return the merge by which an incident went into another; None if it was not merged."""
    return session.scalar(_STANDING, {"id": incident_id})


def live_orders(session: Session, incident_id: int) -> list[Assignment]:
    """Return the live orders of an incident."""
    return list(session.scalars(_LIVE_OF, {"id": incident_id}))


def live_ones_of(
    session: Session, incident_id: int, order_ids: Collection[int]
) -> list[Assignment]:
    """Return those of some orders that are alive for an incident."""
    asked = {"order_ids": list(order_ids), "id": incident_id}
    return list(session.scalars(_LIVE_OF_ORDERS, asked))


def move(session: Session, orders: Sequence[Assignment], to: Incident) -> None:
    """Have live orders go on for another incident, with all that waits for their crews.

    The order of a crew keeps its number, its state and its place in the crew's queue. Where a crew
    leads already, those that come support it.
    """
    led = attendance_rows.live_lead(session, to.id) is not None
    for order in orders:
        if led:
            order.role = CrewRole.SUPPORT.value
        first = order.moved_from or order.incident_id
        order.moved_from = None if first == to.id else first
        order.incident_id = to.id
        order.round = to.round
    session.flush()
    ids = [order.id for order in orders]
    for table in GO_WITH_ORDERS:
        going = update(table).where(table.assignment_id.in_(ids))
        session.execute(going.values(incident_id=to.id), execution_options=_FETCHED)


def lead_to(incident: Incident, behind: Sequence[Incident], target_id: int | None) -> None:
    """Have an incident, and all that is merged behind it, lead to another; None to itself."""
    incident.merged_into = target_id
    for each in behind:
        each.merged_into = target_id or incident.id
