"""Unfinished incidents near a place, and whether the utility's records have one main at both."""

from collections.abc import Collection
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final
from typing import NamedTuple

from sqlalchemy import Double
from sqlalchemy import Text
from sqlalchemy import bindparam
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.core.sql_expressions import one_of
from dispatch.incidents.models import Incident
from dispatch.incidents.models import IncidentKind
from dispatch.incidents.models import IncidentReport
from dispatch.incidents.states import UNFINISHED_INCIDENT_STATES

SAME_WITHIN = timedelta(hours=24)
"""What was last reported longer ago is hardly what somebody reports now."""
BESIDE_MAIN_M: Final = 60.0
"""How far from a main what happens at it may be reported: across the street, or in a yard."""

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
_LAST_TOLD_AT = func.greatest(
    Incident.created_at,
    select(func.max(IncidentReport.told_at))
    .where(IncidentReport.incident_id == Incident.id)
    .correlate(Incident)
    .scalar_subquery(),
)
_NEAR = (
    select(
        Incident.id,
        _AWAY_M.label("distance_m"),
        Incident.kind,
        IncidentKind.utility,
        Incident.address,
        _LAST_TOLD_AT.label("last_told_at"),
    )
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
# One main is cut into pieces at every joint: those of one name are the same.
_ON_ONE_MAIN = text("""
WITH here AS (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography AS place),
mine AS (
    SELECT layer_id, layer.utility, feature, label
    FROM seen_layer_feature JOIN layer ON layer.id = layer_id, here
    WHERE layer.kind = 'mains' AND ST_DWithin(geom::geography, place, :beside_m)
)
SELECT DISTINCT ON (incident.id) incident.id, their.label
FROM incident
JOIN incident_kind ON incident_kind.code = incident.kind
JOIN mine ON mine.utility IS NULL OR mine.utility = incident_kind.utility
JOIN seen_layer_feature AS their ON their.layer_id = mine.layer_id
    AND (their.feature = mine.feature OR (their.label <> '' AND their.label = mine.label))
    AND ST_DWithin(their.geom::geography, geography(incident.point), :beside_m)
WHERE incident.id = ANY (:ids)
ORDER BY incident.id, their.label DESC
""")


class Near(NamedTuple):
    """An incident and how far from the place it lies, in metres in a straight line."""

    incident_id: int
    distance_m: float
    kind: str
    utility: str
    address: str
    last_told_at: datetime


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


def last_told_at(session: Session, incident_id: int) -> datetime:
    """Return when an incident, which is known to exist, was last reported."""
    at: datetime = session.execute(
        select(_LAST_TOLD_AT).where(Incident.id == incident_id)
    ).scalar_one()
    return at


def on_one_main(
    session: Session, lonlat: tuple[float, float], incident_ids: Collection[int]
) -> dict[int, str]:
    """Return what the main is called that passes both a place and an incident, by incident.

    Those of which the records know no such main are missing; a main without a name is "".
    """
    if not incident_ids:
        return {}
    lon, lat = lonlat
    asked = {"lon": lon, "lat": lat, "beside_m": BESIDE_MAIN_M, "ids": list(incident_ids)}
    return {row.id: row.label for row in session.connection().execute(_ON_ONE_MAIN, asked)}
