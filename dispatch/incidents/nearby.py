"""Unfinished incidents near a place: what is being reported may be known already."""

from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import NamedTuple

from sqlalchemy import Double
from sqlalchemy import Text
from sqlalchemy import bindparam
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.sql_expressions import one_of
from dispatch.incidents.models import Incident
from dispatch.incidents.models import IncidentKind
from dispatch.incidents.models import IncidentReport
from dispatch.incidents.states import UNFINISHED_INCIDENT_STATES

SAME_WITHIN = timedelta(hours=24)
"""What was last reported longer ago is hardly what somebody reports now."""

# The function, not a CAST, as the index has it; the states as words, as its condition has them.
_AT: Any = func.geography(Incident.point)
_PLACE: Any = func.geography(
    func.ST_SetSRID(
        func.ST_MakePoint(bindparam("lon", type_=Double()), bindparam("lat", type_=Double())), 4326
    )
)
_AWAY_M = func.ST_Distance(_AT, _PLACE)
_REPORTED_SINCE = or_(
    Incident.created_at >= bindparam("since"),
    exists().where(
        IncidentReport.incident_id == Incident.id, IncidentReport.told_at >= bindparam("since")
    ),
)
_NEAR = (
    select(Incident.id, _AWAY_M.label("distance_m"))
    .join(IncidentKind, IncidentKind.code == Incident.kind)
    .where(
        func.ST_DWithin(_AT, _PLACE, bindparam("radius_m", type_=Double())),
        one_of(Incident.state, UNFINISHED_INCIDENT_STATES),
        _REPORTED_SINCE,
        or_(
            bindparam("utility", type_=Text()).is_(None),
            IncidentKind.utility == bindparam("utility", type_=Text()),
        ),
    )
    .order_by(_AWAY_M, Incident.id)
    .limit(bindparam("most"))
)


class Near(NamedTuple):
    """An incident and how far from the place it lies, in metres in a straight line."""

    incident_id: int
    distance_m: float


def unfinished_near(
    session: Session,
    lonlat: tuple[float, float],
    radius_m: float,
    now: datetime,
    *,
    utility: str | None,
    most: int,
) -> list[Near]:
    """Return unfinished incidents that were reported lately, the nearest first.

    Parameters
    ----------
    session
        To read with.
    lonlat
        WGS 84 position, longitude first.
    radius_m
        How far they may lie from it.
    now
        What "lately" counts from.
    utility
        Only those of this utility; None for all.
    most
        How many at most.
    """
    lon, lat = lonlat
    parameters = {
        "lon": lon,
        "lat": lat,
        "radius_m": radius_m,
        "since": now - SAME_WITHIN,
        "utility": utility,
        "most": most,
    }
    return [Near(*row) for row in session.connection().execute(_NEAR, parameters)]
