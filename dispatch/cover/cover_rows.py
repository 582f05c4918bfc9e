"""What PostgreSQL knows that cover depends on: idle crews, stations, zones, past incidents."""

from datetime import datetime
from datetime import timedelta
from typing import NamedTuple

import numpy as np
import shapely
from geoalchemy2.functions import ST_AsBinary
from numpy.typing import NDArray
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.cover.areas import Outline
from dispatch.cover.models import MoveUp
from dispatch.crews.models import Crew
from dispatch.crews.models import Station
from dispatch.crews.states import Duty
from dispatch.incidents.models import Incident
from dispatch.incidents.states import IncidentState
from dispatch.positions.models import CrewPosition
from dispatch.roads.types import LonLat
from dispatch.roads.types import Origin
from dispatch.zones.models import Zone

PAST = timedelta(days=365)
_MOST_PAST = 50_000
_BUSY = exists().where(Assignment.crew_id == Crew.id, live(Assignment.state))
_MOVING = exists().where(MoveUp.crew_id == Crew.id, MoveUp.ended_at.is_(None))
_IDLE = (
    select(
        Crew.id,
        Crew.name,
        longitude(CrewPosition.point).label("lon"),
        latitude(CrewPosition.point).label("lat"),
        _MOVING.label("moving"),
    )
    .join(CrewPosition, CrewPosition.crew_id == Crew.id)
    .where(Crew.duty == Duty.ON_DUTY.value, ~_BUSY)
    .order_by(Crew.id)
)
_STATIONS = select(
    Station.name, longitude(Station.point).label("lon"), latitude(Station.point).label("lat")
).order_by(Station.id)


class IdleCrew(NamedTuple):
    """A crew on duty without an order; ``moving``: it was asked to stand elsewhere."""

    crew_id: int
    name: str
    lonlat: LonLat
    moving: bool

    @property
    def origin(self) -> Origin:
        """Where it would set out from, parked."""
        return Origin(*self.lonlat)


def idle_crews(session: Session, fixed_since: datetime) -> list[IdleCrew]:
    """Return the crews that cover something: on duty, idle, and where they are is known."""
    rows = session.execute(_IDLE.where(CrewPosition.known_at >= fixed_since))
    return [IdleCrew(row.id, row.name, (row.lon, row.lat), row.moving) for row in rows]


def stations(session: Session) -> list[tuple[str, LonLat]]:
    """Return the stations with their places."""
    return [(row.name, (row.lon, row.lat)) for row in session.execute(_STATIONS)]


def zones_look(session: Session) -> tuple[int, datetime | None]:
    """Return what changes whenever a zone does."""
    count, latest = session.execute(select(func.count(), func.max(Zone.updated_at))).one()
    return count, latest


def outlines(session: Session) -> list[Outline]:
    """Return all zones as they are drawn."""
    query = select(
        Zone.kind, Zone.name, Zone.name_zh, ST_AsBinary(Zone.outline).label("outline")
    ).order_by(Zone.id)
    return [
        Outline(row.kind, row.name, row.name_zh, shapely.from_wkb(bytes(row.outline)))
        for row in session.execute(query)
    ]


def past_places(session: Session, now: datetime) -> NDArray[np.float64]:
    """Return where the latest incidents of a year were, each once; shape ``(n, 2)``."""
    query = (
        select(longitude(Incident.point), latitude(Incident.point))
        .where(
            Incident.created_at >= now - PAST,
            Incident.follow_up_of.is_(None),
            Incident.state != IncidentState.MERGED.value,
        )
        .order_by(Incident.created_at.desc())
        .limit(_MOST_PAST)
    )
    rows = session.execute(query).all()
    return np.array([tuple(row) for row in rows], dtype=np.float64).reshape(-1, 2)
