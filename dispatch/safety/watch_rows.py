"""Check-ins inside a transaction: begun on arrival, heard of, ended; each with its deadline."""

from datetime import datetime
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.deadlines import deadline_rows
from dispatch.deadlines.states import DeadlineKind
from dispatch.safety.models import CheckInRule
from dispatch.safety.models import CheckInWatch
from dispatch.safety.states import Intervals
from dispatch.safety.states import SignOfLife
from dispatch.safety.states import WatchState
from dispatch.safety.states import WorkPlace
from dispatch.safety.states import sign_of_life
from dispatch.safety.states import strictest


def intervals(session: Session, kind: str, place: WorkPlace | None) -> Intervals | None:
    """Return how often a crew reports at a kind of incident; None if it need not."""
    query = select(CheckInRule).where(CheckInRule.kind == kind, CheckInRule.retired.is_(False))
    if place is not None:
        query = query.where(CheckInRule.place == place.value)
    rules = session.scalars(query)
    return strictest(Intervals(each.every_s, each.grace_s, each.supervisor_s) for each in rules)


def begin(session: Session, order: Assignment, kind: str, now: datetime) -> CheckInWatch | None:
    """Begin a check-in for a crew that arrived; None where its kind needs none.

    It counts from the arrival by the crew's own clock: what a phone without signal tells an hour
    late is an hour old.
    """
    wanted = intervals(session, kind, None)
    if wanted is None or live(session, order.id) is not None:
        return None
    arrived_at = order.arrived_at or now
    watch = CheckInWatch(
        assignment_id=order.id,
        incident_id=order.incident_id,
        crew_id=order.crew_id,
        every_s=wanted.every_s,
        grace_s=wanted.grace_s,
        supervisor_s=wanted.supervisor_s,
        started_at=arrived_at,
        state=WatchState.WELL.value,
        well_at=arrived_at,
        heard_at=now,
        due_at=arrived_at + timedelta(seconds=wanted.every_s),
    )
    session.add(watch)
    session.flush()
    set_deadline(session, watch, watch.due_at, now)
    return watch


def hear(session: Session, watch: CheckInWatch, said_at: datetime, now: datetime) -> SignOfLife:
    """Take a sign of life in: the next is due later, a missed one over if it is recent enough."""
    sign = sign_of_life(watch.well_at, said_at, now, watch.every_s)
    if sign.news:
        watch.well_at, watch.heard_at = sign.well_at, now
    watch.due_at = sign.due_at
    if sign.clears:
        watch.state = WatchState.WELL.value
        watch.missed_at = watch.escalated_at = None
        cancel_deadline(session, watch.assignment_id, now)
        set_deadline(session, watch, watch.due_at, now)
    session.flush()
    return sign


def work_at(
    session: Session, watch: CheckInWatch, kind: str, place: WorkPlace, now: datetime
) -> bool:
    """Have a crew report as often as the place needs where it works now.

    Returns
    -------
    changed
        Whether it is another place than before. Where none is needed the check-in ends.
    """
    if watch.place == place.value:
        return False
    watch.place = place.value
    wanted = intervals(session, kind, place)
    if wanted is None:
        end(session, watch.assignment_id, now)
    else:
        watch.every_s, watch.grace_s = wanted.every_s, wanted.grace_s
        watch.supervisor_s = wanted.supervisor_s
    session.flush()
    return True


def end(session: Session, assignment_id: int, now: datetime) -> None:
    """End an order's check-in, if it has one: the crew has left, or need not report."""
    watch = live(session, assignment_id)
    if watch is not None:
        watch.ended_at = now
        cancel_deadline(session, assignment_id, now)
        session.flush()


def move(session: Session, assignment_id: int, incident_id: int) -> None:
    """Have an order's check-in go with it to another incident, as its deadline does."""
    watch = live(session, assignment_id)
    if watch is not None:
        watch.incident_id = incident_id
        session.flush()


def live(session: Session, assignment_id: int) -> CheckInWatch | None:
    """Return the check-in of an order whose incident is locked."""
    query = select(CheckInWatch).where(
        CheckInWatch.assignment_id == assignment_id, CheckInWatch.ended_at.is_(None)
    )
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def live_of_crew(session: Session, crew_id: int) -> list[CheckInWatch]:
    """Return the check-ins that a crew has to answer."""
    query = select(CheckInWatch).where(
        CheckInWatch.crew_id == crew_id, CheckInWatch.ended_at.is_(None)
    )
    ordered = query.order_by(CheckInWatch.id).execution_options(populate_existing=True)
    return list(session.scalars(ordered))


def set_deadline(session: Session, watch: CheckInWatch, due_at: datetime, now: datetime) -> None:
    """Have the next step of a check-in taken at an instant."""
    deadline_rows.set_deadline(
        session,
        DeadlineKind.CHECK_IN,
        due_at,
        now,
        incident_id=watch.incident_id,
        assignment_id=watch.assignment_id,
        crew_id=watch.crew_id,
    )


def cancel_deadline(session: Session, assignment_id: int, now: datetime) -> None:
    """Have no step of an order's check-in taken."""
    deadline_rows.cancel(session, [DeadlineKind.CHECK_IN], now, assignment_id=assignment_id)
