"""The ground as the job uses it: where it is, whether a point lies on it, and its tiles."""

from collections import OrderedDict
from typing import Any

from sqlalchemy import Engine

from dispatch.errors import N_
from dispatch.fields import FieldReader
from geodata import ground as geo_ground
from geodata import tiles
from geodata.ground import GroundInfo
from geodata.roads import RoadData

_CACHED_BYTES = 48_000_000
_TILE_OVERHEAD_BYTES = 300
"""What an entry costs beside its content: even empty tiles fill the memory at last."""
_TileKey = tuple[int, int, int, int]


class GroundService:
    """Answers from the ground that is in use; a new import is seen at the next question."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tiles: OrderedDict[_TileKey, bytes] = OrderedDict()
        self._tile_bytes = 0

    def active(self) -> GroundInfo | None:
        """Return what ground is in use; None before the first import."""
        with self._engine.connect() as connection:
            return geo_ground.active_ground(connection)

    def info(self) -> dict[str, Any]:
        """Return the ground for the map's first view."""
        ground = self.active()
        if ground is None:
            return {"ground_id": None, "name": None, "bounds": None, "center": None}
        west, south, east, north = ground.bounds
        return {
            "ground_id": ground.id,
            "name": ground.name,
            "bounds": list(ground.bounds),
            "center": [(west + east) / 2, (south + north) / 2],
            "attribution": ground.attribution,
        }

    def check_inside(self, reader: FieldReader, lon: float, lat: float) -> None:
        """Note on `lon` and `lat` that a point lies outside the ground, if it does."""
        ground = self.active()
        if ground is None or _inside(ground, lon, lat):
            return
        west, south, east, north = (f"{each:.4f}" for each in ground.bounds)
        swapped = _inside(ground, lat, lon)
        hint = (
            N_("lies outside the map (%(least)s to %(most)s); longitude and latitude look swapped")
            if swapped
            else N_("lies outside the map (%(least)s to %(most)s)")
        )
        if swapped or not ground.bounds[0] <= lon <= ground.bounds[2]:
            reader.refuse("lon", hint, least=west, most=east)
        if swapped or not ground.bounds[1] <= lat <= ground.bounds[3]:
            reader.refuse("lat", hint, least=south, most=north)

    def tile(self, z: int, x: int, y: int) -> tuple[bytes, str] | None:
        """Return one vector tile and its ETag; None before the first import.

        Tiles are kept in memory by ground, so a new import never serves an old street.
        """
        with self._engine.connect() as connection:
            ground = geo_ground.active_ground(connection)
            if ground is None:
                return None
            key = (ground.id, z, x, y)
            tag = f"{ground.id}-{z}-{x}-{y}"
            found = self._tiles.get(key)
            if found is None:
                found = tiles.tile(connection, ground.id, z, x, y)
                self._keep(key, found)
            else:
                self._tiles.move_to_end(key)
        return found, tag

    def _keep(self, key: _TileKey, body: bytes) -> None:
        """Keep a tile, and let the ones longest not asked for go when memory is full."""
        if key in self._tiles:  # another thread cut it meanwhile
            return
        self._tiles[key] = body
        self._tile_bytes += len(body) + _TILE_OVERHEAD_BYTES
        while self._tile_bytes > _CACHED_BYTES:
            _, dropped = self._tiles.popitem(last=False)
            self._tile_bytes -= len(dropped) + _TILE_OVERHEAD_BYTES

    def roads(self, ground_id: int) -> RoadData:
        """Return the road arrays of a ground."""
        with self._engine.connect() as connection:
            return geo_ground.read_roads(connection, ground_id)


def _inside(ground: GroundInfo, lon: float, lat: float) -> bool:
    west, south, east, north = ground.bounds
    return west <= lon <= east and south <= lat <= north
