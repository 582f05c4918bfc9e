"""Text search for crews and incidents: names, numbers, addresses, kinds.

Callers' names and telephones are not searched: who may know them looks at the incident.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from typing import Literal
from typing import TypeVar

from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.sql_expressions import any_of
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.sql_expressions import one_of
from dispatch.crews.models import Crew
from dispatch.crews.models import Station
from dispatch.incidents.models import Incident
from dispatch.incidents.models import IncidentKind
from dispatch.incidents.states import IncidentState
from dispatch.positions.models import CrewPosition
from geodata.crs.great_circle import LonLat
from geodata.names.name_matching import NameQuery
from geodata.names.name_matching import index_names
from geodata.names.name_matching import quality
from geodata.names.name_matching import sounds
from geodata.names.name_matching import spoken
from geodata.names.pinyin import Readings

_Key = TypeVar("_Key", bound=int | str)

LEAST_QUALITY = 0.6
_MOST = 12
_CLOSELY = 60
_LEAST_SHARE = 0.2
_OPEN_STATES = (
    IncidentState.OPEN,
    IncidentState.ASSIGNED,
    IncidentState.ON_SCENE,
    IncidentState.RESOLVED,
)
_MARKED_ID = re.compile(r"^\s*(?:#|№|incident\s+#?|险情\s*#?)\s*(\d{1,18})\s*$", re.IGNORECASE)
_BARE_ID = re.compile(r"^\s*(\d{1,18})\s*$")
_CREWS = select(Crew.id, Crew.name)
_CREW_ROWS = (
    select(
        Crew.id,
        Crew.name,
        Crew.duty,
        Station.name.label("station"),
        longitude(CrewPosition.point).label("lon"),
        latitude(CrewPosition.point).label("lat"),
    )
    .outerjoin(Station, Station.id == Crew.station_id)
    .outerjoin(CrewPosition, CrewPosition.crew_id == Crew.id)
    .where(any_of(Crew.id, "ids"))
)
_INCIDENTS = select(
    Incident.id,
    Incident.kind,
    Incident.state,
    Incident.address,
    IncidentKind.name_en,
    IncidentKind.name_zh,
    longitude(Incident.point).label("lon"),
    latitude(Incident.point).label("lat"),
).join(IncidentKind, IncidentKind.code == Incident.kind)
_INCIDENT_BY_ID = _INCIDENTS.where(Incident.id == bindparam("id"))
# The state index gives these; the thousands that are over are found by their number.
_NOT_OVER = (
    _INCIDENTS.where(one_of(Incident.state, _OPEN_STATES)).order_by(Incident.id.desc()).limit(1000)
)


@dataclass(frozen=True, slots=True)
class JobHit:
    """Matching crew or incident; its position is None for a crew that never reported one."""

    kind: Literal["crew", "incident"]
    id: int
    label: str
    detail: str | None
    lonlat: LonLat | None
    quality: float
    state: str
    """Of an incident; of a crew, its duty."""
    incident_kind: str | None = None


def find_crews(session: Session, text: str, readings: Readings) -> list[JobHit]:
    """Return crews matching a name, also misspelt or in pinyin, best first."""
    rows = session.execute(_CREWS).all()
    judged = _judged(NameQuery.read(text, readings), [(row.id, row.name) for row in rows], readings)
    if not judged:
        return []
    found = [
        JobHit(
            kind="crew",
            id=row.id,
            label=row.name,
            detail=row.station,
            lonlat=None if row.lon is None else (row.lon, row.lat),
            quality=judged[row.id],
            state=row.duty,
        )
        for row in session.execute(_CREW_ROWS, {"ids": list(judged)})
    ]
    return sorted(found, key=lambda hit: -hit.quality)


def find_incidents(session: Session, text: str, readings: Readings) -> list[JobHit]:
    """Return incidents matching a number, or, if not ended, an address or a kind."""
    marked, bare = _MARKED_ID.match(text), _BARE_ID.match(text)
    number = marked or bare
    if number is not None:
        row = session.execute(_INCIDENT_BY_ID, {"id": int(number.group(1))}).first()
        sure = 1.1 if marked else 0.95
        return [] if row is None else [_incident(row, sure)]
    asked = NameQuery.read(text, readings)
    rows = session.execute(_NOT_OVER).all()
    kinds = {row.kind: (row.name_en, row.name_zh) for row in rows}
    of_kind = _judged(
        asked, [(kind, name) for kind, names in kinds.items() for name in names], readings
    )
    of_place = _judged(asked, [(row.id, row.address) for row in rows], readings)
    found = [
        _incident(row, max(of_place.get(row.id, 0.0), of_kind.get(row.kind, 0.0)))
        for row in rows
        if row.id in of_place or row.kind in of_kind
    ]
    return sorted(found, key=lambda hit: -hit.quality)[:_MOST]


def _incident(row: object, worth: float) -> JobHit:
    values = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001  (its public name)
    return JobHit(
        kind="incident",
        id=values["id"],
        label=f"#{values['id']}",
        detail=values["address"] or None,
        lonlat=(values["lon"], values["lat"]),
        quality=worth,
        state=values["state"],
        incident_kind=values["kind"],
    )


def _judged(
    asked: NameQuery, named: Sequence[tuple[_Key, str]], readings: Readings
) -> dict[_Key, float]:
    """Return how well the best few names answer, by their key; those that do not are left out.

    All are compared by their pieces, which takes a microsecond each; only the best of that, and
    of equals the shortest, are looked at letter by letter.
    """
    ways = [way for way in asked.ways() if way]
    if not ways:
        return {}
    shared = []
    for key, name in named:
        known = _spoken(name, readings)
        share = max(len(way & known.pieces) / len(way) for way in ways)
        if share >= _LEAST_SHARE:
            shared.append((share, -len(known.pieces), key, known.names))
    judged: dict[_Key, float] = {}
    for _, _, key, names in nlargest(_CLOSELY, shared, key=lambda each: each[:2]):
        worth = max((quality(asked, each) for each in names), default=0.0)
        if worth >= max(LEAST_QUALITY, judged.get(key, 0.0)):
            judged[key] = worth
    return dict(nlargest(_MOST, judged.items(), key=lambda each: each[1]))


@dataclass(frozen=True, slots=True)
class _Spoken:
    names: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]
    pieces: frozenset[str]


@lru_cache(maxsize=10_000)
def _spoken(name: str, readings: Readings) -> _Spoken:
    heard = sounds(name, readings.syllables)
    every = frozenset().union(*index_names(name, heard))
    return _Spoken(spoken([name], heard), every)
