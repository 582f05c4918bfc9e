"""What PostgreSQL knows of many incidents and of all crews that could be sent to them."""

from collections.abc import Collection
from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final
from typing import NamedTuple

from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.assignments.states import AssignmentState
from dispatch.board import attendance_rows
from dispatch.core.sql_expressions import any_of
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.incidents.models import Incident
from dispatch.incidents.models import IncidentKind
from dispatch.incidents.states import IncidentState
from dispatch.outcomes.states import Effect
from dispatch.plans.states import Order as OrderForPlan
from dispatch.plans.states import Task
from dispatch.plans.states import fill
from dispatch.plans.states import openings
from dispatch.positions.models import CrewPosition
from dispatch.sending.crew_facts import CREWS
from dispatch.sending.crew_facts import CrewOrders
from dispatch.sending.crew_facts import KnownCrew
from dispatch.sending.crew_facts import OrdersByCrew
from dispatch.sending.crew_facts import Place
from dispatch.sending.crew_facts import brings
from dispatch.sending.crew_facts import known_crew
from dispatch.sending.crew_facts import orders
from dispatch.sending.crew_facts import plain_rows
from dispatch.sending.lacks import missing_equipment

MOST_INCIDENTS: Final = 500
"""So many are looked at together, the most urgent first; the rest waits for the next time."""
MOST_CREWS: Final = 2_000
_FOLLOW_UP_LEAD: Final = timedelta(hours=2)
"""So long before it is due, a follow-up waits for a crew like everything else."""
_NOWHERE: Final = Place(0, (0.0, 0.0), 0, 0, "", ())
_PLACES = select(
    Incident.id,
    longitude(Incident.point).label("lon"),
    latitude(Incident.point).label("lat"),
    Incident.version,
    Incident.round,
    Incident.kind,
    Incident.level,
    Incident.priority,
    Incident.address,
    Incident.created_at,
    Incident.state,
    select(IncidentKind.equipment)
    .where(IncidentKind.code == Incident.kind)
    .scalar_subquery()
    .label("equipment"),
)
_URGENT_FIRST = (Incident.priority, Incident.created_at, Incident.id)
_PAIRS = (
    select(Assignment.incident_id, Assignment.crew_id, Assignment.state)
    .join(Incident, Incident.id == Assignment.incident_id)
    .where(
        any_of(Assignment.incident_id, "incident_ids"),
        or_(
            live(Assignment.state),
            (Assignment.round == Incident.round) & (Assignment.state == AssignmentState.DECLINED),
        ),
    )
)


class WantedPlace(NamedTuple):
    """One crew that is looked for, with what a desk sees of its incident.

    An incident whose response plan misses several crews is wanted several times. ``task`` is None
    where one crew is all that is needed, or where it would come in addition to the plan. ``first``:
    nobody is sent there yet, and this is the one that leads.
    """

    place: Place
    priority: int
    address: str
    reported_at: datetime
    state: IncidentState
    task: Task | None
    first: bool


class Pairs(NamedTuple):
    """Pairs of an incident and a crew: the crew is on its way there, or refused to go."""

    here: frozenset[tuple[int, int]]
    declined: frozenset[tuple[int, int]]


def waiting(session: Session, now: datetime) -> list[WantedPlace]:
    """Return the incidents that nobody is sent to, the most urgent first.

    A follow-up that is due later is not one of them until it soon is.
    """
    later = (
        Incident.due_at.is_not(None)
        & (Incident.due_at > now + _FOLLOW_UP_LEAD)
        & Incident.outcome_effect.is_distinct_from(Effect.NOT_DONE.value)
    )
    query = (
        _PLACES.where(Incident.state == IncidentState.OPEN.value, ~later)
        .order_by(*_URGENT_FIRST)
        .limit(MOST_INCIDENTS)
    )
    return _wanted(session, session.execute(query).all())


def named(session: Session, incident_ids: Collection[int]) -> list[WantedPlace]:
    """Return some incidents, in whatever state; ones that do not exist are missing."""
    query = _PLACES.where(Incident.id.in_(set(incident_ids))).order_by(*_URGENT_FIRST)
    return _wanted(session, session.execute(query).all())


def crews(
    session: Session, crew_ids: Collection[int] | None, *, any_duty: bool = False
) -> list[KnownCrew]:
    """Return all crews on duty whose place is known, or those named, whatever their duty.

    Their distance is not known: from where, nobody has asked yet.

    Parameters
    ----------
    any_duty
        Return those off duty and on a break, too: they were not sent, and why is kept.
    """
    query = CREWS.order_by(CrewPosition.crew_id).limit(MOST_CREWS)
    if crew_ids is not None:
        query = query.where(CrewPosition.crew_id.in_(set(crew_ids)))
    rows = plain_rows(session, query, {"lon": 0.0, "lat": 0.0})
    found = [known_crew(row, outside_radius=False) for row in rows]
    everybody = any_duty or crew_ids is not None
    return [each for each in found if everybody or each.duty is Duty.ON_DUTY]


def orders_of(session: Session, crew_ids: Sequence[int], now: datetime) -> OrdersByCrew:
    """Return what each crew has to do before it could come anywhere."""
    found: dict[int, CrewOrders] = orders(session, _NOWHERE, crew_ids, now)
    return found


def pairs(session: Session, incident_ids: Collection[int]) -> Pairs:
    """Return which crews have an order for these incidents already, and which declined one."""
    rows = plain_rows(session, _PAIRS, {"incident_ids": list(incident_ids)}).all()
    refused = AssignmentState.DECLINED
    return Pairs(
        frozenset((row.incident_id, row.crew_id) for row in rows if row.state != refused),
        frozenset((row.incident_id, row.crew_id) for row in rows if row.state == refused),
    )


def _wanted(session: Session, rows: Sequence[Any]) -> list[WantedPlace]:
    """Return what each incident misses by its response plan; one more crew where it misses none."""
    plans = attendance_rows.plans(session, {row.kind for row in rows})
    sent = _orders_for_plans(session, [row.id for row in rows])
    brought = brings(session, [row.id for row in rows if row.equipment])
    found = []
    for row in rows:
        needed = openings(plans[row.kind], row.level)
        filled = fill(needed, sent.get(row.id, []))
        missing = [task for task, order in zip(needed, filled, strict=True) if order is None]
        nobody = len(missing) == len(needed)
        tasks: list[Task | None] = [*missing] if len(needed) > 1 else [None]
        for number, task in enumerate(tasks or [None]):
            skills = task.skills if task else needed[0].skills
            place = Place(
                row.id,
                (row.lon, row.lat),
                row.version,
                row.round,
                row.kind,
                (tuple(skills),),
                # One crew brings it: the first that is sent.
                equipment=missing_equipment(row.equipment, brought.get(row.id, ()))
                if number == 0
                else (),
            )
            found.append(
                WantedPlace(
                    place,
                    row.priority,
                    row.address,
                    row.created_at,
                    IncidentState(row.state),
                    task,
                    first=nobody and number == 0,
                )
            )
    return found


def _orders_for_plans(
    session: Session, incident_ids: Collection[int]
) -> dict[int, list[OrderForPlan]]:
    query = (
        select(Assignment, Crew.skills)
        .join(Crew, Crew.id == Assignment.crew_id)
        .join(Incident, Incident.id == Assignment.incident_id)
        .where(Incident.id.in_(incident_ids), Assignment.round == Incident.round)
        .order_by(Assignment.id)
    )
    found: dict[int, list[OrderForPlan]] = {}
    for row in session.execute(query):
        order = attendance_rows.order_of(row.Assignment, row.skills)
        found.setdefault(row.Assignment.incident_id, []).append(order)
    return found
