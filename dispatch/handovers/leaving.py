"""Which crews leave soon, what they still have to do, and who comes in."""

from collections.abc import Collection
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final

from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import aliased

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.assignments.states import AssignmentState
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.handovers.types import IncomingAnswer
from dispatch.handovers.types import LeavingAnswer
from dispatch.handovers.types import LeavingsAnswer
from dispatch.handovers.types import OpenOrderAnswer
from dispatch.incidents.models import Incident
from dispatch.shifts.models import Shift

_AFTER: Final = timedelta(hours=12)
"""For so long after its shift a crew that still has orders is listed."""
_NEAR: Final = timedelta(hours=1)
"""A crew comes in for another one if its shift begins so near the other's end."""
_MOST_INCOMING: Final = 10


class LeavingService:
    """Lists what is to be handed over."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, reminder_s: float) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._lead = timedelta(seconds=reminder_s)

    def list(self, actor: Actor) -> LeavingsAnswer:
        """Return the crews whose shift ends soon or has ended, as far as they still have orders.

        The desk sees all; a crew what it leaves, and what is left to it.
        """
        if not actor.may(Permission.CREW_READ):
            actor.require(Permission.ASSIGNMENT_ACT_OWN)
        now = self._clock()
        with self._work.reading() as session:
            found = [_leaving(session, row, now) for row in _ending(session, now, now + self._lead)]
        if not actor.may(Permission.CREW_READ):
            found = [each for each in found if actor.crew_id in _parties(each)]
        return {"leaving": found}


def _parties(leaving: LeavingAnswer) -> Collection[int]:
    return {leaving["crew_id"], *(each["crew_id"] for each in leaving["incoming"])}


def _ending(session: Session, now: datetime, until: datetime) -> list[Any]:
    """Return the last shifts of crews with orders that end by an instant, none following."""
    following = aliased(Shift)
    goes_on = (
        select(following.id)
        .where(
            following.crew_id == Shift.crew_id,
            following.cancelled_at.is_(None),
            following.ends_at > Shift.ends_at,
            or_(following.begins_at == Shift.ends_at, following.begins_at <= now),
        )
        .exists()
    )
    busy = (
        select(Assignment.id)
        .where(Assignment.crew_id == Shift.crew_id, live(Assignment.state))
        .exists()
    )
    query = (
        select(Shift.crew_id, Shift.ends_at, Crew.name, Crew.station_id)
        .join(Crew, Crew.id == Shift.crew_id)
        .where(
            Shift.cancelled_at.is_(None),
            Shift.ends_at > now - _AFTER,
            Shift.ends_at <= until,
            busy,
            ~goes_on,
        )
        .order_by(Shift.ends_at, Shift.crew_id)
    )
    return list(session.execute(query))


def _leaving(session: Session, row: Any, now: datetime) -> LeavingAnswer:  # noqa: ANN401  (a row)
    return {
        "crew_id": row.crew_id,
        "crew_name": row.name,
        "ends_at": instant(row.ends_at),
        "orders": _orders(session, row.crew_id),
        "incoming": _incoming(session, row, now),
    }


def _orders(session: Session, crew_id: int) -> list[OpenOrderAnswer]:
    query = (
        select(Assignment, Incident.kind, Incident.priority, Incident.address)
        .join(Incident, Incident.id == Assignment.incident_id)
        .where(Assignment.crew_id == crew_id, live(Assignment.state))
        .order_by(Assignment.rank)
    )
    return [
        {
            "assignment_id": each.Assignment.id,
            "incident_id": each.Assignment.incident_id,
            "kind": each.kind,
            "priority": each.priority,
            "address": each.address,
            "state": AssignmentState(each.Assignment.state),
            "rank": each.Assignment.rank,
        }
        for each in session.execute(query)
    ]


def _incoming(session: Session, row: Any, now: datetime) -> list[IncomingAnswer]:  # noqa: ANN401
    """Return the crews that come in around the end of a shift and are there longer than it."""
    query = (
        select(Crew.id, Crew.name, Crew.duty, Crew.station_id, Shift.begins_at)
        .join(Shift, Shift.crew_id == Crew.id)
        .where(
            Crew.id != row.crew_id,
            Shift.cancelled_at.is_(None),
            Shift.begins_at.between(row.ends_at - _NEAR, row.ends_at + _NEAR),
            Shift.ends_at > max(row.ends_at, now),
        )
        .order_by(Crew.station_id.is_distinct_from(row.station_id), Crew.name, Shift.begins_at)
        .limit(_MOST_INCOMING)
    )
    return [
        {
            "crew_id": each.id,
            "crew_name": each.name,
            "begins_at": instant(each.begins_at),
            "duty": Duty(each.duty),
        }
        for each in session.execute(query)
    ]
