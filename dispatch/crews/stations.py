"""Stations: the depots that crews start from."""

from typing import Any

from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.fields import FieldReader
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Station


class StationService:
    """What can be done with stations."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._work = unit_of_work

    def add(self, actor: Actor, name: str, lon: float, lat: float) -> int:
        """Add a station and return its id."""
        actor.require(Permission.ACCOUNT_WRITE)
        reader = FieldReader({"name": name, "lon": lon, "lat": lat})
        name = reader.text("name", required=True) or ""
        reader.lonlat(required=True)
        reader.finish()
        point = func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326)
        try:
            with self._work.writing() as session:
                return session.execute(
                    insert(Station).values(name=name, point=point).returning(Station.id)
                ).scalar_one()
        except IntegrityError as error:
            message = N_("There is already a station named %(name)s.")
            raise Conflict("name_taken", message, {"name": name}) from error

    def list(self, actor: Actor) -> dict[str, Any]:
        """Return all stations by name."""
        actor.require(Permission.CREW_READ)
        query = select(
            Station.id,
            Station.name,
            longitude(Station.point).label("lon"),
            latitude(Station.point).label("lat"),
        ).order_by(Station.name)
        with self._work.reading() as session:
            return {"stations": [dict(row) for row in session.execute(query).mappings()]}
