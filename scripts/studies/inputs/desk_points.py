"""Places from the desk's database: past incidents, crews where they are now, stations.

Read in read-only transactions; nothing here can write to the board.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy import Executable
from sqlalchemy import Row
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.crews.models import Station
from dispatch.crews.states import Duty
from dispatch.incidents.models import Incident
from dispatch.incidents.states import IncidentState
from dispatch.positions.models import CrewPosition
from geodata.db import make_engine
from scripts.commands.db_commands import bring_up_to_date
from scripts.environment import look_around
from scripts.errors import DatabaseError
from scripts.studies.inputs.points import Points

_LIVE = timedelta(minutes=30)


@contextmanager
def desk_session() -> Iterator[Session]:
    """Give a session that reads what the desk knows of all units, and writes nothing."""
    surroundings = look_around()
    bring_up_to_date(surroundings)
    engine = make_engine(surroundings.settings.database_url)
    try:
        with UnitOfWork(engine).reading() as session:
            yield session
    finally:
        engine.dispose()


def past_incidents(session: Session, since: datetime, until: datetime) -> Points:
    """Return the incidents that were reported in a period, each of weight 1, the oldest first.

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
        )
        .where(
            Incident.created_at >= since,
            Incident.created_at < until,
            Incident.follow_up_of.is_(None),
            Incident.state != IncidentState.MERGED.value,
        )
        .order_by(Incident.created_at, Incident.id)
    )
    rows = _rows(session, query, "No incidents were reported in that period.")
    return Points(
        names=tuple(f"#{row.id}" for row in rows),
        lonlat=np.array([(row.lon, row.lat) for row in rows]),
        weights=np.ones(len(rows)),
        at=tuple(row.created_at.astimezone(UTC) for row in rows),
    )


def live_positions(session: Session, now: datetime) -> Points:
    """Return the crews on duty where they are, if that is known of the last half hour.

    Raises
    ------
    DatabaseError
        If there are none.
    """
    query = (
        select(
            Crew.name,
            longitude(CrewPosition.point).label("lon"),
            latitude(CrewPosition.point).label("lat"),
        )
        .join(CrewPosition, CrewPosition.crew_id == Crew.id)
        .where(Crew.duty == Duty.ON_DUTY.value, CrewPosition.known_at >= now - _LIVE)
        .order_by(Crew.id)
    )
    return _named(_rows(session, query, "No crew on duty has told its position lately."))


def standby_points(session: Session) -> Points:
    """Return the desk's stations.

    Raises
    ------
    DatabaseError
        If there are none.
    """
    query = select(
        Station.name, longitude(Station.point).label("lon"), latitude(Station.point).label("lat")
    ).order_by(Station.id)
    return _named(_rows(session, query, "The desk has no stations."))


def _rows(session: Session, query: Executable, nothing: str) -> list[Row[Any]]:
    rows = list(session.execute(query).all())
    if not rows:
        raise DatabaseError(nothing, mend="Give a file instead.")
    return rows


def _named(rows: list[Row[Any]]) -> Points:
    return Points(
        names=tuple(row.name for row in rows),
        lonlat=np.array([(row.lon, row.lat) for row in rows]),
        weights=np.ones(len(rows)),
    )
