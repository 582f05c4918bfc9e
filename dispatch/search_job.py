"""Finding crews and incidents by what a dispatcher types: names, numbers, addresses, kinds.

Callers' names and telephones are not searched: who may know them looks at the incident.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.model import IncidentState
from dispatch.tables import Crew
from dispatch.tables import CrewPosition
from dispatch.tables import Incident
from dispatch.tables import IncidentKind
from dispatch.tables import Station
from dispatch.views import any_of
from dispatch.views import latitude
from dispatch.views import longitude
from dispatch.views import one_of
from geodata.place_match import Asked
from geodata.place_match import quality
from geodata.place_match import spoken
from geodata.place_pinyin import Readings
from geodata.place_text import is_han
from geodata.place_text import words

LonLat = tuple[float, float]

LEAST_QUALITY = 0.6
_MOST = 12
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
    """A crew or an incident that answers; its place is None for a crew that never reported."""

    kind: str
    id: int
    label: str
    detail: str | None
    lonlat: LonLat | None
    quality: float
    state: str
    """Of an incident; of a crew, its duty."""
    incident_kind: str | None = None


def find_crews(session: Session, text: str, readings: Readings) -> list[JobHit]:
    """Return crews by name, misspelt and in pinyin too, best first."""
    asked = Asked.read(text, readings)
    judged = {row.id: _judge(asked, row.name, readings) for row in session.execute(_CREWS)}
    best = sorted(
        (crew_id for crew_id, worth in judged.items() if worth >= LEAST_QUALITY),
        key=lambda crew_id: -judged[crew_id],
    )[:_MOST]
    if not best:
        return []
    rows = session.execute(_CREW_ROWS, {"ids": best}).all()
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
        for row in rows
    ]
    return sorted(found, key=lambda hit: -hit.quality)


def find_incidents(session: Session, text: str, readings: Readings) -> list[JobHit]:
    """Return incidents by number, whatever their state, and those not over by address and kind."""
    marked, bare = _MARKED_ID.match(text), _BARE_ID.match(text)
    number = marked or bare
    if number is not None:
        row = session.execute(_INCIDENT_BY_ID, {"id": int(number.group(1))}).first()
        sure = 1.1 if marked else 0.95
        return [] if row is None else [_incident(row, sure)]
    asked = Asked.read(text, readings)
    found = []
    for row in session.execute(_NOT_OVER):
        names = (row.address, row.name_en, row.name_zh)
        worth = max(_judge(asked, name, readings) for name in names)
        if worth >= LEAST_QUALITY:
            found.append(_incident(row, worth))
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


def _judge(asked: Asked, name: str, readings: Readings) -> float:
    """Return how well a name answers; a look at the letters spares most names the close look."""
    if not name or not asked.words:
        return 0.0
    known = _spoken(name, readings)
    letters = known.letters
    wanted = set("".join(asked.words))
    heard = set("".join(asked.syllables))
    if len(wanted & letters) * 2 < len(wanted) and (not heard or not heard <= letters):
        return 0.0
    return max((quality(asked, each) for each in known.names), default=0.0)


@dataclass(frozen=True, slots=True)
class _Spoken:
    names: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]
    letters: frozenset[str]


@lru_cache(maxsize=10_000)
def _spoken(name: str, readings: Readings) -> _Spoken:
    written = words(name)
    heard = [syllable for word in written if is_han(word) for syllable in readings.syllables(word)]
    return _Spoken(spoken([name], heard), frozenset("".join([*written, *heard])))
