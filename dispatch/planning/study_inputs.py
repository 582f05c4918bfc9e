"""What a study is made of, frozen when it is asked for: by whoever sees it, under their scope."""

import json
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.closures.models import Closure
from dispatch.cover import cover_rows
from dispatch.cover.areas import drawn_kind
from dispatch.planning.conditions import hour_asked
from dispatch.planning.conditions import in_force
from dispatch.planning.models import PlanningScenario
from dispatch.planning.standby_cover import MOST_PLACES
from dispatch.planning.states import DemandKind
from dispatch.planning.types import Conditions
from dispatch.zones.models import Zone

_DIGITS: Final = 6
Feature = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StudyInputs:
    """What a study is made of.

    Attributes
    ----------
    posts
        Of each ``name``, ``lon``, ``lat``.
    places
        Where incidents were, if they are the demand; longitude first.
    zones, closures
        GeoJSON features: the areas by which cover is told, and what is closed.
    count
        How many of the posts are to be chosen, where that is asked.
    at
        In the hour of the week that is asked about; in the utility's time zone.
    """

    posts: Sequence[Mapping[str, Any]]
    conditions: Conditions
    places: Sequence[Sequence[float]]
    zones: Sequence[Feature]
    closures: Sequence[Feature]
    count: int
    at: datetime

    @classmethod
    def of(cls, kept: Mapping[str, Any], zone: ZoneInfo) -> "StudyInputs":
        """Read what a row keeps."""
        conditions = Conditions.model_validate(kept["conditions"])
        asked_at = datetime.fromisoformat(kept["asked_at"])
        at = hour_asked(conditions.hour_of_week, asked_at, zone).astimezone(zone)
        return cls(
            kept["posts"],
            conditions,
            kept["places"],
            kept["zones"],
            kept["closures"],
            kept["count"],
            at,
        )


def freeze(
    session: Session, scenario: PlanningScenario, count: int | None, now: datetime
) -> dict[str, Any]:
    """Return what a study of a scenario is made of, as a row keeps it."""
    places: list[list[float]] = []
    if scenario.conditions["demand"] == DemandKind.INCIDENTS:
        places = cover_rows.past_places(session, now)[:MOST_PLACES].round(_DIGITS).tolist()
    return {
        "posts": scenario.posts,
        "conditions": scenario.conditions,
        "places": places,
        "zones": _zones(session),
        "closures": _closures(session, now),
        "count": count or max(1, len(scenario.posts) // 2),
        "asked_at": now.isoformat(),
    }


def _zones(session: Session) -> list[Feature]:
    """Return the areas by which the page tells cover, too; none where it tells nine quarters."""
    kind = drawn_kind(set(session.scalars(select(Zone.kind).distinct())))
    if kind is None:
        return []
    query = select(Zone.name, _geojson(Zone.outline)).where(Zone.kind == kind.value)
    return [_feature(name, drawn) for name, drawn in session.execute(query.order_by(Zone.id))]


def _closures(session: Session, now: datetime) -> list[Feature]:
    query = select(Closure.id, _geojson(Closure.marked)).where(in_force(now))
    return [_feature(str(number), drawn) for number, drawn in session.execute(query)]


def _geojson(column: Any) -> ColumnElement[str]:  # noqa: ANN401  (a mapped geometry)
    return func.ST_AsGeoJSON(column, _DIGITS)


def _feature(name: str, drawn: str) -> Feature:
    return {"type": "Feature", "properties": {"name": name}, "geometry": json.loads(drawn)}
