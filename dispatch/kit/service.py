"""Gives phones what they need of the city where there is no signal."""

import hashlib
import threading

from cachetools import LRUCache
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.running import Runner
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Station
from dispatch.crews.service import CrewService
from dispatch.ground.service import GroundService
from dispatch.kit import name_list
from dispatch.kit import tile_archive
from dispatch.kit.tile_runs import read_runs
from dispatch.kit.tile_runs import write_runs
from dispatch.kit.types import CrewKitAnswer
from dispatch.kit.types import KitFile
from geodata.crs.great_circle import LonLat
from geodata.ground.service import GroundInfo
from geodata.places import place_listing

_CELLS_PER_DEGREE = 50
"""Whoever asks within two kilometres gets the same list, packed once."""
_KEPT_LISTS = 8
_MOST_NAMES = 20_000
_MOST_HOUSES = 60_000
_NOTHING = "nothing"
_STATION = select(
    func.ST_X(Station.point).label("lon"), func.ST_Y(Station.point).label("lat")
).where(Station.id == bindparam("id"))


class KitService:
    """Makes archives of tiles and lists of names; both are of one ground and never change."""

    def __init__(
        self, work: UnitOfWork, crews: CrewService, ground: GroundService, blocking: Runner
    ) -> None:
        self._work = work
        self._crews = crews
        self._ground = ground
        self._blocking = blocking
        self._lists: LRUCache[tuple[int, LonLat], KitFile] = LRUCache(_KEPT_LISTS)
        self._lock = threading.Lock()

    def of_crew(self, actor: Actor, crew_id: int) -> CrewKitAnswer:
        """Return around what a crew's phone keeps the city.

        Raises
        ------
        NotAllowed
            If it is another crew's and the actor does not see all.
        NotFound
            If there is no such crew.
        """
        station_id = self._crews.get(actor, crew_id)["station_id"]
        with self._work.reading() as session:
            row = session.execute(_STATION, {"id": station_id}).one_or_none()
        ground = self._ground.active()
        return {
            "ground_id": None if ground is None else ground.id,
            "station": None if row is None else [row.lon, row.lat],
        }

    def tiles(self, actor: Actor, runs: str, ground_id: int) -> KitFile:
        """Return an archive of tiles.

        Parameters
        ----------
        actor
            Anybody who is signed in.
        runs
            Which, as `read_runs` reads them.
        ground_id
            Whose: tiles of another ground would be kept under a wrong name.

        Raises
        ------
        InvalidInput
            Naming ``tiles``.
        Conflict
            ``ground_changed`` if another ground is in use.
        """
        del actor  # signed in is enough: it is the map
        keys = read_runs(runs)
        tag = f"{ground_id}-{_digest(write_runs(keys))}"
        found = []
        for z, x, y in keys:
            tile = self._ground.tile(z, x, y, ground_id)
            if not tile.lasting:
                raise _changed()
            found.append(((z, x, y), tile.body, tile.packed))
        return KitFile(tile_archive.pack(ground_id, found), tag)

    def names(self, actor: Actor, near: LonLat | None) -> KitFile:
        """Return the names around a place as packed JSON (`NamesAnswer`), at most 300 kB.

        Parameters
        ----------
        actor
            Anybody who is signed in.
        near
            Longitude first; the middle of the ground if left out.
        """
        del actor  # as above
        ground = self._ground.active()
        if ground is None:
            empty = name_list.packed_within(0, (), (), (0.0, 0.0), whole=True)
            return KitFile(empty, _NOTHING)
        near = _cell(near or _middle(ground))
        with self._lock:
            kept = self._lists.get((ground.id, near))
        if kept is None:
            kept = self._list(ground.id, near)
            with self._lock:
                self._lists[ground.id, near] = kept
        return kept

    def _list(self, ground_id: int, near: LonLat) -> KitFile:
        with self._work.reading() as session:
            connection = session.connection()
            names = place_listing.names_near(connection, ground_id, near, _MOST_NAMES + 1)
            whole, names = len(names) <= _MOST_NAMES, names[:_MOST_NAMES]
            streets = [row.number for row in names if row.kind == "street"]
            houses = place_listing.houses_of(connection, ground_id, streets, _MOST_HOUSES)
        body = self._blocking(
            _packed, ground_id, names, houses, near, whole and len(houses) < _MOST_HOUSES
        )
        return KitFile(body, f"{ground_id}-{_digest(body)}")


def _packed(ground_id: int, names: list, houses: list, near: LonLat, whole: bool) -> bytes:  # type: ignore[type-arg]  # rows  # noqa: FBT001  (called through a runner)
    return name_list.packed_within(ground_id, names, houses, near, whole=whole)


def _middle(ground: GroundInfo) -> LonLat:
    west, south, east, north = ground.bounds
    return (west + east) / 2, (south + north) / 2


def _cell(near: LonLat) -> LonLat:
    lon, lat = (round(each * _CELLS_PER_DEGREE) / _CELLS_PER_DEGREE for each in near)
    return lon, lat


def _digest(told: str | bytes) -> str:
    return hashlib.sha256(told.encode() if isinstance(told, str) else told).hexdigest()[:16]


def _changed() -> Conflict:
    return Conflict("ground_changed", N_("Another ground is in use now."))
