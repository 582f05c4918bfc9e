"""Stations out of a file, named by their name."""

from collections.abc import Sequence

from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.crews.models import Station
from dispatch.crews.station_types import StationLine
from dispatch.importing.subjects import ImportSubject
from dispatch.importing.types import LineFate

_DIGITS = 7
Known = dict[str, tuple[int, float, float]]


def _known(session: Session, _actor: Actor, _lines: Sequence[StationLine]) -> Known:
    """Return id and place of the stations by name."""
    rows = session.execute(
        select(Station.id, Station.name, longitude(Station.point), latitude(Station.point))
    )
    return {name: (station_id, lon, lat) for station_id, name, lon, lat in rows}


def _store(session: Session, _actor: Actor, known: Known, line: StationLine) -> LineFate:
    point = func.ST_SetSRID(func.ST_MakePoint(line.lon, line.lat), 4326)
    before = known.get(line.name)
    if before is None:
        session.execute(insert(Station).values(name=line.name, point=point))
        return LineFate.NEW
    station_id, lon, lat = before
    if (round(lon, _DIGITS), round(lat, _DIGITS)) == (
        *(round(line.lon, _DIGITS), round(line.lat, _DIGITS)),
    ):
        return LineFate.SAME
    session.execute(update(Station).where(Station.id == station_id).values(point=point))
    return LineFate.CHANGED


STATIONS = ImportSubject(
    name="stations",
    permission=Permission.STATION_WRITE,
    line=StationLine,
    key=("name",),
    known=_known,
    store=_store,
    headings={
        "name": ("Name", "名称", "抢修站"),
        "lon": ("Longitude", "经度"),
        "lat": ("Latitude", "纬度"),
    },
    examples={"name": "North", "lon": "7.4215", "lat": "43.7352"},
)
