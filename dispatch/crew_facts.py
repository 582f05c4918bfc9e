"""What PostgreSQL knows of crews around an incident: positions by radius, orders, refusals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geoalchemy2 import Geography
from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import cast
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import aliased

from dispatch.model import AssignmentState
from dispatch.model import Duty
from dispatch.policy import Order
from dispatch.ports import LonLat
from dispatch.tables import Assignment
from dispatch.tables import Crew
from dispatch.tables import CrewPosition
from dispatch.tables import Incident
from dispatch.tables import IncidentKind
from dispatch.views import latitude
from dispatch.views import live
from dispatch.views import longitude

_MAX_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Place:
    """An incident as far as candidates depend on it."""

    incident_id: int
    lonlat: LonLat
    version: int
    round: int
    skill: str | None


@dataclass(frozen=True, slots=True)
class KnownCrew:
    """A crew with a position; straight-line distance in metres."""

    crew_id: int
    name: str
    duty: Duty
    skills: tuple[str, ...]
    lonlat: LonLat
    fixed_at: datetime
    distance_m: float
    outside_radius: bool


@dataclass(frozen=True, slots=True)
class CrewOrders:
    """A crew's live orders, where the last of them is, and its history with this incident."""

    queue: tuple[Order, ...] = ()
    last_place: LonLat | None = None
    here: bool = False
    declined: bool = False


OrdersByCrew = dict[int, CrewOrders]
NO_ORDERS = CrewOrders()


def place(session: Session, incident_id: int) -> Place | None:
    """Return where an incident is and what it needs; None if there is none."""
    if not 0 <= incident_id <= _MAX_ID:
        return None
    row = session.execute(
        select(
            Incident.id,
            longitude(Incident.point).label("lon"),
            latitude(Incident.point).label("lat"),
            Incident.version,
            Incident.round,
            IncidentKind.skill,
        )
        .join(IncidentKind, IncidentKind.code == Incident.kind)
        .where(Incident.id == incident_id)
    ).one_or_none()
    if row is None:
        return None
    return Place(row.id, (row.lon, row.lat), row.version, row.round, row.skill)


def position(session: Session, crew_id: int) -> LonLat | None:
    """Return a crew's latest position; None if it never had one."""
    query = select(longitude(CrewPosition.point), latitude(CrewPosition.point)).where(
        CrewPosition.crew_id == min(crew_id, _MAX_ID)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else (row[0], row[1])


def within(
    session: Session, centre: Place, radius_m: float, *, also: int | None = None
) -> list[KnownCrew]:
    """Return every crew whose latest position is inside the radius, and one more if named."""
    target = _geography(centre.lonlat)
    inside = func.ST_DWithin(_position(), target, radius_m)
    condition = inside if also is None else or_(inside, Crew.id == also)
    rows = session.execute(_crews(target).where(condition)).all()
    return [_known(row, outside_radius=row.distance_m > radius_m) for row in rows]


def nearest_outside(
    session: Session, centre: Place, radius_m: float, count: int, fixed_since: datetime
) -> list[KnownCrew]:
    """Return the nearest on-duty crews outside the radius whose position is fresh."""
    target = _geography(centre.lonlat)
    rows = session.execute(
        _crews(target)
        .where(
            ~func.ST_DWithin(_position(), target, radius_m),
            Crew.duty == Duty.ON_DUTY,
            CrewPosition.fixed_at >= fixed_since,
        )
        .order_by(_position().op("<->")(target))
        .limit(count)
    ).all()
    return [_known(row, outside_radius=True) for row in rows]


def unlocated(session: Session) -> list[dict[str, Any]]:
    """Return on-duty crews that never sent a usable position: nobody knows how near they are."""
    query = (
        select(Crew.id, Crew.name)
        .outerjoin(CrewPosition, CrewPosition.crew_id == Crew.id)
        .where(Crew.duty == Duty.ON_DUTY, CrewPosition.crew_id.is_(None))
        .order_by(Crew.name)
    )
    return [{"crew_id": row.id, "crew_name": row.name} for row in session.execute(query)]


def orders(session: Session, centre: Place, crew_ids: Sequence[int], now: datetime) -> OrdersByCrew:
    """Return what each crew has to do before it could come, and whether it refused before."""
    if not crew_ids:
        return {}
    other = aliased(Incident)
    rows = session.execute(
        select(
            Assignment.crew_id,
            Assignment.incident_id,
            Assignment.state,
            Assignment.round,
            Assignment.eta_at,
            Assignment.travel_time_s,
            Assignment.arrived_at,
            IncidentKind.work_s,
            longitude(other.point).label("lon"),
            latitude(other.point).label("lat"),
        )
        .join(other, other.id == Assignment.incident_id)
        .join(IncidentKind, IncidentKind.code == other.kind)
        .where(
            Assignment.crew_id.in_(crew_ids),
            or_(
                live(Assignment.state),
                (Assignment.incident_id == centre.incident_id)
                & (Assignment.round == centre.round)
                & (Assignment.state == AssignmentState.DECLINED),
            ),
        )
        .order_by(Assignment.crew_id, Assignment.rank)
    ).all()
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.crew_id, []).append(row)
    return {crew_id: _orders_of(mine, centre, now) for crew_id, mine in found.items()}


def _orders_of(rows: Sequence[Any], centre: Place, now: datetime) -> CrewOrders:
    alive = [row for row in rows if row.state != AssignmentState.DECLINED]
    return CrewOrders(
        queue=tuple(_order(row, now) for row in alive),
        last_place=(alive[-1].lon, alive[-1].lat) if alive else None,
        here=any(row.incident_id == centre.incident_id for row in alive),
        declined=len(alive) < len(rows),
    )


def _order(row: Any, now: datetime) -> Order:  # noqa: ANN401  (a result row)
    return Order(
        state=AssignmentState(row.state),
        work_s=row.work_s,
        eta_s=max((row.eta_at - now).total_seconds(), 0.0) if row.eta_at else None,
        leg_s=row.travel_time_s,
        on_scene_s=(now - row.arrived_at).total_seconds() if row.arrived_at else None,
    )


def _crews(target: ColumnElement[Any]) -> Select[Any]:
    return select(
        Crew.id,
        Crew.name,
        Crew.duty,
        Crew.skills,
        longitude(CrewPosition.point).label("lon"),
        latitude(CrewPosition.point).label("lat"),
        CrewPosition.fixed_at,
        func.ST_Distance(_position(), target).label("distance_m"),
    ).join(CrewPosition, CrewPosition.crew_id == Crew.id)


def _known(row: Any, *, outside_radius: bool) -> KnownCrew:  # noqa: ANN401  (a result row)
    return KnownCrew(
        crew_id=row.id,
        name=row.name,
        duty=Duty(row.duty),
        skills=tuple(row.skills),
        lonlat=(row.lon, row.lat),
        fixed_at=row.fixed_at,
        distance_m=row.distance_m,
        outside_radius=outside_radius,
    )


def _position() -> ColumnElement[Any]:
    return cast(CrewPosition.point, Geography)


def _geography(lonlat: LonLat) -> ColumnElement[Any]:
    return cast(func.ST_SetSRID(func.ST_MakePoint(*lonlat), 4326), Geography)
