"""Stations: the depots that crews start from."""

from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Station
from dispatch.crews.types import AddStation
from dispatch.crews.types import StationsAnswer


class StationService:
    """What can be done with stations."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._work = unit_of_work

    def add(self, actor: Actor, station: AddStation) -> int:
        """Add a station and return its id."""
        actor.require(Permission.ACCOUNT_WRITE)
        point = func.ST_SetSRID(func.ST_MakePoint(station.lon, station.lat), 4326)
        try:
            with self._work.writing() as session:
                return session.execute(
                    insert(Station).values(name=station.name, point=point).returning(Station.id)
                ).scalar_one()
        except IntegrityError as error:
            message = N_("There is already a station named %(name)s.")
            raise Conflict("name_taken", message, {"name": station.name}) from error

    def list(self, actor: Actor) -> StationsAnswer:
        """Return all stations by name."""
        actor.require(Permission.CREW_READ)
        query = select(
            Station.id,
            Station.name,
            longitude(Station.point).label("lon"),
            latitude(Station.point).label("lat"),
        ).order_by(Station.name)
        with self._work.reading() as session:
            rows = session.execute(query).all()
        return {
            "stations": [
                {"id": row.id, "name": row.name, "lon": row.lon, "lat": row.lat} for row in rows
            ]
        }
