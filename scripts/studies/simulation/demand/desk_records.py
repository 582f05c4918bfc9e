"""Past incidents and crews as the desk keeps them. Nothing here writes to the board."""

import math
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.crews.models import Crew
from dispatch.crews.models import Station
from dispatch.incidents.models import Incident
from dispatch.incidents.models import IncidentKind
from dispatch.incidents.states import IncidentState
from dispatch.pledge_clocks.models import PledgeClock
from dispatch.pledges.states import StopEvent
from scripts.errors import DatabaseError
from scripts.studies.inputs.points import Points
from scripts.studies.simulation.demand.crews_file import CrewPlan
from scripts.studies.simulation.demand.crews_file import distinct_places
from scripts.studies.simulation.demand.incident_log import IncidentLog


def desk_log(session: Session, since: datetime, until: datetime) -> IncidentLog:
    """Return the incidents of a period as the desk kept them.

    Of each the first crew on scene counts, and of its pledges the shortest until a crew is there.
    Merged reports and follow-ups are one incident, as in the history.

    Raises
    ------
    DatabaseError
        If there are none.
    """
    query = (
        select(
            Incident.id,
            longitude(Incident.point).label("lon"),
            latitude(Incident.point).label("lat"),
            Incident.created_at,
            Incident.kind,
            Incident.priority,
            IncidentKind.skill,
        )
        .join(IncidentKind, IncidentKind.code == Incident.kind)
        .where(
            Incident.created_at >= since,
            Incident.created_at < until,
            Incident.follow_up_of.is_(None),
            Incident.state != IncidentState.MERGED.value,
        )
        .order_by(Incident.created_at, Incident.id)
    )
    rows = session.execute(query).all()
    if not rows:
        message = "No incidents were reported in that period."
        raise DatabaseError(message, mend="Give a file instead: --incidents FILE")
    ids = [row.id for row in rows]
    parts = _parts(session, ids)
    limits = _pledged(session, ids)
    needs = {row.kind: row.skill for row in rows}
    kinds = tuple(sorted(needs))
    durations = np.array([parts.get(row.id, (math.nan,) * 3) for row in rows])
    turnout_s, travel_s, work_s = durations.T
    return IncidentLog(
        Points(
            names=tuple(f"#{row.id}" for row in rows),
            lonlat=np.array([(row.lon, row.lat) for row in rows]),
            weights=np.ones(len(rows)),
            at=tuple(row.created_at for row in rows),
        ),
        kinds,
        tuple((frozenset({needs[kind]}),) if needs[kind] else () for kind in kinds),
        np.array([kinds.index(row.kind) for row in rows], dtype=np.int64),
        np.array([row.priority for row in rows], dtype=np.int64),
        turnout_s,
        travel_s,
        work_s,
        np.array([limits.get(row.id, math.inf) for row in rows]),
    )


def _parts(session: Session, ids: Sequence[int]) -> dict[int, tuple[float, float, float]]:
    """Return turnout, travel and work of the first crew on scene of each incident."""
    query = (
        select(
            Assignment.incident_id,
            Assignment.offered_at,
            Assignment.departed_at,
            Assignment.arrived_at,
            Assignment.completed_at,
        )
        .where(Assignment.incident_id.in_(ids), Assignment.arrived_at.is_not(None))
        .order_by(Assignment.arrived_at.desc(), Assignment.id.desc())
    )
    return {
        row.incident_id: (
            _between(row.offered_at, row.departed_at),
            _between(row.departed_at, row.arrived_at),
            _between(row.arrived_at, row.completed_at),
        )
        for row in session.execute(query)
    }


def _between(begin: datetime | None, end: datetime | None) -> float:
    if begin is None or end is None or end < begin:
        return math.nan
    return (end - begin).total_seconds()


def _pledged(session: Session, ids: Sequence[int]) -> dict[int, float]:
    query = select(PledgeClock.incident_id, PledgeClock.rule).where(
        PledgeClock.incident_id.in_(ids), PledgeClock.stop == StopEvent.ON_SCENE.value
    )
    limits: dict[int, float] = {}
    for row in session.execute(query):
        limits[row.incident_id] = min(
            float(row.rule["limit_s"]), limits.get(row.incident_id, math.inf)
        )
    return limits


def desk_crews(session: Session) -> tuple[Points, list[CrewPlan]]:
    """Return the desk's crews at their stations, with their skills; retired ones are left out.

    Raises
    ------
    DatabaseError
        If none has a station.
    """
    query = (
        select(
            Crew.name,
            Crew.skills,
            longitude(Station.point).label("lon"),
            latitude(Station.point).label("lat"),
        )
        .join(Station, Station.id == Crew.station_id)
        .where(Crew.retired_at.is_(None))
        .order_by(Crew.id)
    )
    rows = session.execute(query).all()
    if not rows:
        message = "No crew of the desk has a station."
        raise DatabaseError(message, mend="Give a file instead: --crews FILE")
    points = Points(
        tuple(row.name for row in rows),
        np.array([(row.lon, row.lat) for row in rows]),
        np.ones(len(rows)),
    )
    posts, of_crew = distinct_places(points)
    return posts, [
        CrewPlan(row.name, of_crew[number], frozenset(row.skills))
        for number, row in enumerate(rows)
    ]
