"""Stations: the depots that crews start from."""

from collections.abc import Callable
from collections.abc import Iterable
from typing import Any
from typing import TypeVar

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core import bulk
from dispatch.core import listing
from dispatch.core.bulk import BulkAnswer
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.listing import Listing
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.crews.models import Station
from dispatch.crews.station_types import ChangeStation
from dispatch.crews.station_types import StationListQuery
from dispatch.crews.station_types import StationPageAnswer
from dispatch.crews.types import AddStation
from dispatch.crews.types import StationAnswer
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.units.belonging import given_unit

_T = TypeVar("_T")
_SHOWN = (
    Station.id,
    Station.name,
    longitude(Station.point).label("lon"),
    latitude(Station.point).label("lat"),
    Station.unit_id,
)
_ALL = StationListQuery()
_LISTING = Listing(
    searched=(Station.name,), sorted_by={"name": Station.name}, order="name", key=Station.id
)


class StationService:
    """What can be done with stations."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def add(self, actor: Actor, station: AddStation) -> int:
        """Add a station and return its id.

        Raises
        ------
        Conflict
            ``name_taken``.
        """
        actor.require(Permission.STATION_WRITE)

        def work(session: Session) -> int:
            values = {"name": station.name, "point": _point(station.lon, station.lat)}
            values |= given_unit(session, station.unit_id)
            added = insert(Station).values(**values).returning(Station.id)
            station_id = session.execute(added).scalar_one()
            self._told(session, EventKind.STATION_ADDED, actor, _one(session, station_id))
            return station_id

        return self._named(station.name, work)

    def one(self, actor: Actor, station_id: int) -> StationAnswer:
        """Return a station, or raise `NotFound`."""
        actor.require(Permission.STATION_WRITE)
        with self._work.reading() as session:
            return _one(session, station_id)

    def change(self, actor: Actor, station_id: int, wanted: ChangeStation) -> StationAnswer:
        """Change what is named of a station.

        Raises
        ------
        NotFound
            If there is no such station.
        Conflict
            ``name_taken``.
        """
        actor.require(Permission.STATION_WRITE)

        def work(session: Session) -> StationAnswer:
            before = _one(session, station_id)
            values: dict[str, Any] = {} if wanted.name is None else {"name": wanted.name}
            if wanted.lonlat is not None:
                values["point"] = _point(*wanted.lonlat)
            if not values:
                return before
            session.execute(update(Station).where(Station.id == before["id"]).values(**values))
            after = _one(session, station_id)
            self._told(session, EventKind.STATION_CHANGED, actor, after)
            return after

        return self._named(wanted.name or "", work)

    def remove(self, actor: Actor, station_id: int) -> None:
        """Remove a station that no crew starts from.

        Raises
        ------
        Conflict
            ``station_in_use``, naming some of the crews.
        """
        actor.require(Permission.STATION_WRITE)
        with self._work.writing() as session:
            self.remove_in(session, actor, station_id)

    def remove_in(self, session: Session, actor: Actor, station_id: int) -> None:
        """Remove a station in a session; see `remove`."""
        before = _one(session, station_id)
        crews = session.scalars(
            select(Crew.name).where(Crew.station_id == station_id).order_by(Crew.name).limit(3)
        ).all()
        if crews:
            message = N_("%(name)s is the station of crews: %(crews)s.")
            params = {"name": before["name"], "crews": ", ".join(crews)}
            raise Conflict("station_in_use", message, params)
        session.execute(delete(Station).where(Station.id == station_id))
        self._told(session, EventKind.STATION_REMOVED, actor, before)

    def remove_several(self, actor: Actor, ids: Iterable[int]) -> BulkAnswer:
        """Remove stations, all or none.

        Raises
        ------
        BulkRefused
            If crews start from one of them.
        """
        actor.require(Permission.STATION_WRITE)
        with self._work.writing() as session:
            return bulk.for_each(session, ids, lambda each: self.remove_in(session, actor, each))

    def list(self, actor: Actor, query: StationListQuery = _ALL) -> StationPageAnswer:
        """Return stations, all of them by name if nothing else is asked."""
        actor.require(Permission.CREW_READ)
        with self._work.reading() as session:
            found = listing.find(session, select(*_SHOWN), _LISTING, query)
        return {"stations": [_view(row) for row in found.rows], "total": found.total}

    def _told(
        self, session: Session, kind: EventKind, actor: Actor, station: StationAnswer
    ) -> None:
        events.append(session, kind, actor, at=self._clock(), data={"station": station})

    def _named(self, name: str, work: Callable[[Session], _T]) -> _T:
        try:
            return self._work.run(work)
        except IntegrityError as error:
            message = N_("There is already a station named %(name)s.")
            raise Conflict("name_taken", message, {"name": name}) from error


def _point(lon: float, lat: float) -> Any:  # noqa: ANN401  (a SQL expression)
    return func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326)


def _one(session: Session, station_id: int) -> StationAnswer:
    query = select(*_SHOWN).where(Station.id == min(station_id, LARGEST_ID))
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound.thing("station", station_id)
    return _view(row)


def _view(row: Any) -> StationAnswer:  # noqa: ANN401  (a result row)
    return {
        "id": row.id,
        "name": row.name,
        "lon": row.lon,
        "lat": row.lat,
        "unit_id": row.unit_id,
    }
