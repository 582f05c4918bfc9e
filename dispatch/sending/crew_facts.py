"""What PostgreSQL knows of crews around an incident: positions by radius, orders, refusals."""

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from typing import NamedTuple

from sqlalchemy import ColumnElement
from sqlalchemy import CursorResult
from sqlalchemy import Double
from sqlalchemy import Executable
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import and_
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.assignments.states import AssignmentState
from dispatch.board import attendance_rows
from dispatch.core.limits import LARGEST_ID
from dispatch.core.limits import MOST_URGENT
from dispatch.core.sql_expressions import any_of
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.incidents.models import Incident
from dispatch.incidents.models import IncidentKind
from dispatch.positions.models import CrewPosition
from dispatch.reach.models import SIGNS
from dispatch.reach.models import CrewReach
from dispatch.reach.states import Signs
from dispatch.roads.types import LonLat
from dispatch.roads.types import Origin
from dispatch.sending.lacks import Lapsed
from dispatch.sending.lacks import missing_equipment
from dispatch.sending.policy import Order
from dispatch.sending.types import UnlocatedAnswer
from geodata.crs.great_circle import box_around


@dataclass(frozen=True, slots=True)
class Place:
    """An incident as far as candidates depend on it."""

    incident_id: int
    lonlat: LonLat
    version: int
    round: int
    kind: str
    needs: tuple[tuple[str, ...], ...]
    """The skills of each task of the response plan that misses a crew, the lead's first; of all
    tasks if none does.
    """
    priority: int = MOST_URGENT
    """Nothing is left for it where that is not known."""
    equipment: tuple[str, ...] = ()
    """What somebody has to bring, and no crew does that is sent already."""


class KnownCrew(NamedTuple):
    """A crew with its latest fix; straight-line distance in metres."""

    crew_id: int
    name: str
    duty: Duty
    skills: tuple[str, ...]
    emergency_drive: bool
    lonlat: LonLat
    fixed_at: datetime
    speed_mps: float | None
    heading_deg: float | None
    distance_m: float
    outside_radius: bool
    heard_at: datetime
    """When its device was, with a fix or without."""
    known_at: datetime
    """Up to when it is known to have been there."""
    signs: Signs
    lapsed: Lapsed | None = None
    equipment: tuple[str, ...] = ()

    @property
    def origin(self) -> Origin:
        """Where it sets out, with its heading and speed."""
        return Origin(*self.lonlat, self.heading_deg, self.speed_mps)


@dataclass(frozen=True, slots=True)
class CrewOrders:
    """A crew's live orders, where the last of them is, and its history with this incident."""

    queue: tuple[Order, ...] = ()
    last_place: LonLat | None = None
    here: bool = False
    declined: bool = False


OrdersByCrew = dict[int, CrewOrders]
NO_ORDERS = CrewOrders()

# The function, not a CAST: GeoAlchemy writes one to geography(GEOMETRY,-1), which PostgreSQL does
# not recognise as what the index holds.
_POSITION: ColumnElement[Any] = func.geography(CrewPosition.point)
_CENTRE: ColumnElement[Any] = func.geography(
    func.ST_SetSRID(
        func.ST_MakePoint(bindparam("lon", type_=Double()), bindparam("lat", type_=Double())), 4326
    )
)
_INSIDE = func.ST_DWithin(_POSITION, _CENTRE, bindparam("radius_m", type_=Double()))
# A spatial index is not used under row-level security; plain numbers between numbers are.
_IN_BOX = and_(
    CrewPosition.lat.between(
        bindparam("south", type_=Double()), bindparam("north", type_=Double())
    ),
    CrewPosition.lon.between(bindparam("west", type_=Double()), bindparam("east", type_=Double())),
)
# Looked up crew by crew: PostgreSQL takes distances for so dear and hits for so rare that, left
# free to choose, it reads all crews again for each position inside the radius (11 ms instead of 1
# with 200 of 2 000 inside). OFFSET 0 leaves it no choice.
_CREW = (
    select(
        *(Crew.id, Crew.name, Crew.duty, Crew.skills, Crew.emergency_drive),
        *(Crew.lapsed_skills, Crew.equipment, *SIGNS),
    )
    .outerjoin(CrewReach, CrewReach.crew_id == Crew.id)
    .where(Crew.id == CrewPosition.crew_id, Crew.retired_at.is_(None))
    .offset(0)
    .lateral("crew")
)
_SIGNS_AT = 7
_PLACE_AT = _SIGNS_AT + len(SIGNS)
"""Where the columns of signs and of the position begin in a row."""
CREWS = select(
    _CREW,
    longitude(CrewPosition.point).label("lon"),
    latitude(CrewPosition.point).label("lat"),
    CrewPosition.fixed_at,
    CrewPosition.speed_mps,
    CrewPosition.heading_deg,
    func.ST_Distance(_POSITION, _CENTRE).label("distance_m"),
    CrewPosition.heard_at,
    CrewPosition.known_at,
).join_from(CrewPosition, _CREW, true())
_PLACE = select(
    Incident.id,
    longitude(Incident.point).label("lon"),
    latitude(Incident.point).label("lat"),
    Incident.version,
    Incident.round,
    Incident.kind,
    Incident.level,
    Incident.priority,
    select(IncidentKind.equipment)
    .where(IncidentKind.code == Incident.kind)
    .scalar_subquery()
    .label("equipment"),
).where(Incident.id == bindparam("incident_id"))
_BROUGHT = (
    select(Assignment.incident_id, func.unnest(Crew.equipment).label("code"))
    .join(Crew, Crew.id == Assignment.crew_id)
    .where(any_of(Assignment.incident_id, "incident_ids"), live(Assignment.state))
)
_WITHIN = CREWS.where(_IN_BOX, _INSIDE)
_NAMED = CREWS.where(any_of(CrewPosition.crew_id, "crew_ids"))
_ONE = CREWS.where(CrewPosition.crew_id == bindparam("crew_id"))
_NEAREST_OUTSIDE = (
    CREWS.where(
        ~_INSIDE, _CREW.c.duty == Duty.ON_DUTY, CrewPosition.known_at >= bindparam("fixed_since")
    )
    .order_by(_POSITION.op("<->")(_CENTRE))
    .limit(bindparam("count", type_=Integer()))
)
_NEAREST_WITH_SKILLS = _NEAREST_OUTSIDE.where(
    _CREW.c.skills.op("@>")(bindparam("skills", type_=ARRAY(Text())))
)
_UNLOCATED = (
    select(Crew.id, Crew.name)
    .outerjoin(CrewPosition, CrewPosition.crew_id == Crew.id)
    .where(Crew.duty == Duty.ON_DUTY, CrewPosition.crew_id.is_(None))
    .order_by(Crew.name)
)
_ON_DUTY_SOMEWHERE = (
    select(func.count())
    .select_from(CrewPosition)
    .join(Crew, Crew.id == CrewPosition.crew_id)
    .where(Crew.duty == Duty.ON_DUTY)
)
_ORDERS = (
    select(
        Assignment.crew_id,
        Assignment.incident_id,
        Assignment.state,
        Assignment.round,
        Assignment.eta_at,
        Assignment.travel_time_s,
        Assignment.arrived_at,
        Assignment.worked_s,
        IncidentKind.work_s,
        Incident.priority,
        longitude(Incident.point).label("lon"),
        latitude(Incident.point).label("lat"),
    )
    .join(Incident, Incident.id == Assignment.incident_id)
    .join(IncidentKind, IncidentKind.code == Incident.kind)
    .where(
        any_of(Assignment.crew_id, "crew_ids"),
        or_(
            live(Assignment.state),
            (Assignment.incident_id == bindparam("incident_id"))
            & (Assignment.round == bindparam("round"))
            & (Assignment.state == AssignmentState.DECLINED),
        ),
    )
    .order_by(Assignment.crew_id, Assignment.rank)
)


def place(session: Session, incident_id: int) -> Place | None:
    """Return where an incident is and what it needs; None if there is none."""
    if not 0 <= incident_id <= LARGEST_ID:
        return None
    row = plain_rows(session, _PLACE, {"incident_id": incident_id}).one_or_none()
    if row is None:
        return None
    needs = attendance_rows.needs(session, row.id, row.kind, row.level, row.round)
    lonlat = (row.lon, row.lat)
    brought = brings(session, [row.id])[row.id] if row.equipment else ()
    equipment = missing_equipment(row.equipment, brought)
    return Place(row.id, lonlat, row.version, row.round, row.kind, needs, row.priority, equipment)


def brings(session: Session, incident_ids: Collection[int]) -> dict[int, set[str]]:
    """Return what crews bring that are sent to incidents, by incident."""
    found: dict[int, set[str]] = {incident_id: set() for incident_id in incident_ids}
    for row in plain_rows(session, _BROUGHT, {"incident_ids": list(incident_ids)}):
        found[row.incident_id].add(row.code)
    return found


def origin(session: Session, crew_id: int) -> tuple[Origin, bool] | None:
    """Return where a crew is, None if it never had a position; and whether it may hurry."""
    query = (
        select(
            longitude(CrewPosition.point),
            latitude(CrewPosition.point),
            CrewPosition.heading_deg,
            CrewPosition.speed_mps,
            Crew.emergency_drive,
        )
        .join(Crew, Crew.id == CrewPosition.crew_id)
        .where(CrewPosition.crew_id == min(crew_id, LARGEST_ID))
    )
    row = session.execute(query).one_or_none()
    return None if row is None else (Origin(*row[:-1]), row[-1])


def within(
    session: Session, centre: Place, radius_m: float, *, also: Collection[int] = ()
) -> list[KnownCrew]:
    """Return every crew whose latest position is inside the radius, and those named."""
    lon, lat = centre.lonlat
    near = {
        "lon": lon,
        "lat": lat,
        "radius_m": radius_m,
        **box_around(centre.lonlat, radius_m)._asdict(),
    }
    rows = plain_rows(session, _WITHIN, near).all()
    more = set(also) - {row.id for row in rows}
    if more:
        named = {"lon": lon, "lat": lat, "crew_ids": sorted(more)}
        rows = [*rows, *plain_rows(session, _NAMED, named)]
    return [known_crew(row, outside_radius=row.distance_m > radius_m) for row in rows]


def one(session: Session, centre: Place, crew_id: int, radius_m: float) -> KnownCrew | None:
    """Return one crew, wherever it is; None if it never had a position."""
    lon, lat = centre.lonlat
    row = plain_rows(session, _ONE, {"lon": lon, "lat": lat, "crew_id": crew_id}).one_or_none()
    return None if row is None else known_crew(row, outside_radius=row.distance_m > radius_m)


def nearest_outside(
    session: Session,
    centre: Place,
    radius_m: float,
    count: int,
    fixed_since: datetime,
    skills: Sequence[str] = (),
) -> list[KnownCrew]:
    """Return the nearest on-duty crews outside the radius whose position is fresh.

    Parameters
    ----------
    skills
        Only crews that have all of these.
    """
    lon, lat = centre.lonlat
    parameters = {
        "lon": lon,
        "lat": lat,
        "radius_m": radius_m,
        "fixed_since": fixed_since,
        "count": count,
    }
    if skills:
        rows = plain_rows(session, _NEAREST_WITH_SKILLS, {**parameters, "skills": list(skills)})
    else:
        rows = plain_rows(session, _NEAREST_OUTSIDE, parameters)
    return [known_crew(row, outside_radius=True) for row in rows]


def unlocated(session: Session) -> list[UnlocatedAnswer]:
    """Return on-duty crews that never sent a usable position: nobody knows how near they are."""
    rows = plain_rows(session, _UNLOCATED, {})
    return [{"crew_id": row.id, "crew_name": row.name} for row in rows]


def not_listed(session: Session, known: Mapping[int, KnownCrew]) -> int:
    """Return how many crews on duty have a position and are not in a list."""
    listed = sum(1 for each in known.values() if each.duty is Duty.ON_DUTY)
    everywhere: int = plain_rows(session, _ON_DUTY_SOMEWHERE, {}).scalar_one()
    return max(everywhere - listed, 0)


def orders(session: Session, centre: Place, crew_ids: Sequence[int], now: datetime) -> OrdersByCrew:
    """Return what each crew has to do before it could come, and whether it refused before."""
    if not crew_ids:
        return {}
    parameters = {
        "crew_ids": list(crew_ids),
        "incident_id": centre.incident_id,
        "round": centre.round,
    }
    found: dict[int, list[Any]] = {}
    for row in plain_rows(session, _ORDERS, parameters):
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
        priority=row.priority,
        worked_s=row.worked_s or 0.0,
        eta_s=max((row.eta_at - now).total_seconds(), 0.0) if row.eta_at else None,
        leg_s=row.travel_time_s,
        on_scene_s=(now - row.arrived_at).total_seconds() if row.arrived_at else None,
    )


def known_crew(row: Any, *, outside_radius: bool) -> KnownCrew:  # noqa: ANN401  (a result row)
    """Return a row of `CREWS` as what is known of that crew."""
    crew_id, name, duty, skills, may_hurry, lapsed, equipment = row[:_SIGNS_AT]
    lon, lat, fixed_at, speed_mps, heading_deg, away_m, heard_at, known_at = row[_PLACE_AT:]
    return KnownCrew(
        crew_id=crew_id,
        name=name,
        duty=Duty(duty),
        skills=tuple(skills),
        emergency_drive=may_hurry,
        lonlat=(lon, lat),
        fixed_at=fixed_at,
        speed_mps=speed_mps,
        heading_deg=heading_deg,
        distance_m=away_m,
        outside_radius=outside_radius,
        heard_at=heard_at,
        known_at=known_at,
        signs=Signs(*row[_SIGNS_AT:_PLACE_AT]),
        lapsed=lapsed,
        equipment=tuple(equipment),
    )


def plain_rows(
    session: Session, query: Executable, parameters: Mapping[str, Any]
) -> CursorResult[Any]:
    """Return plain rows: the session's own way, made for objects, takes twice as long."""
    return session.connection().execute(query, parameters)
