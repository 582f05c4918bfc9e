"""Rows of driven tracks: what waits to be matched, and what was found."""

from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Any

import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.core.instants import instant
from dispatch.driven_tracks.hour_bands import Observation
from dispatch.driven_tracks.models import DrivenSpeed
from dispatch.driven_tracks.models import DrivenTrack
from dispatch.roads.types import DrivenWay

_SRID = 4326
# Drawn at any zoom, it is the street: about two metres.
_SIMPLER_DEG = 2e-5


@dataclass(frozen=True, slots=True)
class EndedOrder:
    """An order whose track has not been made."""

    assignment_id: int
    crew_id: int
    from_at: datetime
    until_at: datetime
    predicted_s: float | None
    actual_s: float | None


def without_track(
    session: Session, since: datetime, until: datetime, most: int
) -> list[EndedOrder]:
    """Return orders that were driven and have ended, and have no track, the oldest first."""
    begins = func.coalesce(Assignment.departed_at, Assignment.accepted_at)
    query = (
        select(
            Assignment.id,
            Assignment.crew_id,
            begins,
            Assignment.ended_at,
            Assignment.travel_time_s,
            func.extract("epoch", Assignment.arrived_at - Assignment.departed_at),
        )
        .where(
            Assignment.ended_at.between(since, until),
            begins < Assignment.ended_at,
            ~select(DrivenTrack).where(DrivenTrack.assignment_id == Assignment.id).exists(),
        )
        .order_by(Assignment.ended_at)
        .limit(most)
    )
    rows: list[Any] = list(session.execute(query))
    return [
        EndedOrder(number, crew_id, begin, end, predicted_s, None if took is None else float(took))
        for number, crew_id, begin, end, predicted_s, took in rows
    ]


def store(session: Session, order: EndedOrder, way: DrivenWay, made_at: datetime) -> bool:
    """Store what was driven; return False if somebody else did meanwhile."""
    values = {
        "assignment_id": order.assignment_id,
        "crew_id": order.crew_id,
        "from_at": order.from_at,
        "until_at": order.until_at,
        "made_at": made_at,
        "network_hash": way.network_hash,
        "fixes": way.fixes,
        "matched_share": way.matched_share,
        "driven_m": way.driven_m,
        "line": _line(way),
        "stops": [
            {
                "lon": stop.lon,
                "lat": stop.lat,
                "from_at": _instant(stop.from_s),
                "until_at": _instant(stop.until_s),
                "street": stop.street,
            }
            for stop in way.stops
        ],
        "gaps": [
            {
                "from_at": _instant(gap.from_s),
                "until_at": _instant(gap.until_s),
                "straight_m": round(gap.straight_m, 1),
                "reason": gap.reason,
            }
            for gap in way.gaps
        ],
        "predicted_s": order.predicted_s,
        "actual_s": order.actual_s,
    }
    added = insert(DrivenTrack).values(values).on_conflict_do_nothing()
    if session.scalar(added.returning(DrivenTrack.assignment_id)) is None:
        return False
    if way.speeds:
        session.execute(
            insert(DrivenSpeed),
            [
                {
                    "assignment_id": order.assignment_id,
                    "road_class": speed.road_class,
                    "hour_of_week": speed.hour_of_week,
                    "length_m": speed.length_m,
                    "free_flow_s": speed.free_flow_s,
                    "turn_s": speed.turn_s,
                    "driven_s": speed.driven_s,
                }
                for speed in way.speeds
            ],
        )
    return True


def _instant(at_s: float) -> str:
    return instant(datetime.fromtimestamp(at_s, UTC))


def _line(way: DrivenWay) -> Any:  # noqa: ANN401  (as the column)
    if not way.lines:
        return None
    parts = [
        shapely.get_coordinates(shapely.LineString(each).simplify(_SIMPLER_DEG)).tolist()
        for each in way.lines
    ]
    return from_shape(shapely.MultiLineString(parts), srid=_SRID)


def forget_before(session: Session, before: datetime) -> int:
    """Delete tracks that ended before; return how many."""
    gone = delete(DrivenTrack).where(DrivenTrack.until_at < before)
    return len(session.scalars(gone.returning(DrivenTrack.assignment_id)).all())


def observations(session: Session, since: datetime) -> list[Observation]:
    """Return what was observed of speeds since."""
    query = (
        select(
            DrivenSpeed.assignment_id,
            DrivenSpeed.road_class,
            DrivenSpeed.hour_of_week,
            DrivenSpeed.length_m,
            DrivenSpeed.free_flow_s,
            DrivenSpeed.turn_s,
            DrivenSpeed.driven_s,
        )
        .join(DrivenTrack, DrivenTrack.assignment_id == DrivenSpeed.assignment_id)
        .where(DrivenTrack.until_at >= since)
    )
    return [Observation(*row) for row in session.execute(query)]
