"""Reads what a caller's page shows: rows of one incident, and of nothing else."""

from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import aliased

from dispatch.assignments.models import Assignment
from dispatch.callers.models import CallerPage
from dispatch.callers.models import SafetyText
from dispatch.callers.progress import Facts
from dispatch.callers.progress import Order
from dispatch.callers.rounding import rounded_place
from dispatch.callers.safety_words import Words
from dispatch.callers.safety_words import shipped_for
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.crews.models import Crew
from dispatch.incidents.models import Incident
from dispatch.incidents.models import IncidentKind
from dispatch.incidents.models import IncidentReport
from dispatch.incidents.states import IncidentState
from dispatch.outcomes.states import Effect
from dispatch.positions.models import CrewPosition


@dataclass(frozen=True, slots=True)
class Case:
    """A caller's page with the incident that it leads to, and that of the report."""

    page: CallerPage
    facts: Facts
    number: int
    kind: IncidentKind
    address: str
    joined: bool
    lonlat: tuple[float, float]
    repair_due_at: datetime | None
    safety: Words


def read_case(session: Session, report_id: int) -> Case | None:
    """Return what there is to tell of a report; None if its page is not there.

    The address only to whoever reported it first: what the desk wrote there later, or for a case
    that several were joined in, may be somebody else's.
    """
    own, into, others = aliased(Incident), aliased(Incident), aliased(IncidentReport)
    query = (
        select(
            CallerPage,
            IncidentReport.told_at,
            own,
            into,
            IncidentKind,
            longitude(into.point).label("lon"),
            latitude(into.point).label("lat"),
            select(func.min(others.id))
            .where(others.incident_id == own.id)
            .scalar_subquery()
            .label("first_report_id"),
        )
        .select_from(CallerPage)
        .join(IncidentReport, IncidentReport.id == CallerPage.report_id)
        .join(own, own.id == IncidentReport.incident_id)
        .join(into, into.id == func.coalesce(own.merged_into, own.id))
        .join(IncidentKind, IncidentKind.code == own.kind)
        .where(CallerPage.report_id == report_id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    page, told_at, reported, incident, kind = row[0], row[1], row[2], row[3], row[4]
    due_at, repaired = _repair(session, incident)
    facts = Facts(
        told_at=told_at,
        state=incident.state,
        effect=incident.outcome_effect,
        closed_at=incident.closed_at,
        orders=_orders(session, incident),
        repaired=repaired,
    )
    return Case(
        page=page,
        facts=facts,
        number=reported.id,
        kind=kind,
        address=reported.address if row.first_report_id == report_id else "",
        joined=incident.id != reported.id,
        lonlat=(row.lon, row.lat),
        repair_due_at=due_at,
        safety=safety_words(session, kind),
    )


def _orders(session: Session, incident: Incident) -> list[Order]:
    query = (
        select(Assignment)
        .where(Assignment.incident_id == incident.id, Assignment.round == incident.round)
        .order_by(Assignment.id)
    )
    return [_order(each) for each in session.scalars(query)]


def _order(row: Assignment) -> Order:
    return Order(
        id=row.id,
        crew_id=row.crew_id,
        state=row.state,
        rank=row.rank,
        eta_at=row.eta_at,
        accepted_at=row.accepted_at,
        departed_at=row.departed_at,
        arrived_at=row.arrived_at,
        completed_at=row.completed_at,
    )


def _repair(session: Session, incident: Incident) -> tuple[datetime | None, bool]:
    """Return by when the repair that follows is due, and whether it is done."""
    if incident.outcome_effect != Effect.FOLLOW_UP:
        return None, False
    query = (
        select(Incident.due_at, Incident.state, Incident.outcome_effect)
        .where(Incident.follow_up_of == incident.id)
        .order_by(Incident.id.desc())
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    if row is None or row.state == IncidentState.CANCELLED:
        return None, False
    ended = row.state in {IncidentState.RESOLVED, IncidentState.CLOSED}
    return row.due_at, ended and row.outcome_effect == Effect.DONE


def safety_words(session: Session, kind: IncidentKind) -> Words:
    """Return what callers of a kind are told to do: its own words, or those shipped."""
    row = session.get(SafetyText, kind.code)
    return shipped_for(kind.utility) if row is None else Words(row.words_en, row.words_zh)


def rough_place(
    session: Session, order: Order, now: datetime, fresh: timedelta
) -> tuple[float, float] | None:
    """Return about where the crew of an order is; None unless it is known from this drive."""
    departed_at = order.departed_at
    if departed_at is None:
        return None
    query = select(CrewPosition.lon, CrewPosition.lat).where(
        CrewPosition.crew_id == order.crew_id,
        CrewPosition.fixed_at >= max(departed_at, now - fresh),
    )
    row = session.execute(query).one_or_none()
    return None if row is None else rounded_place(row.lon, row.lat)


def crew_name(session: Session, crew_id: int) -> str | None:
    """Return what a crew is called, if it may be seen."""
    return session.scalar(select(Crew.name).where(Crew.id == crew_id))
