"""Access to the active imported area: bounds, point-in-area checks, tiles and roads."""

from sqlalchemy import Engine

from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.ground.tile_cache import Tile
from dispatch.ground.tile_cache import TileMemory
from dispatch.ground.types import GroundAnswer
from geodata.ground import service as geo_ground
from geodata.ground.service import GroundInfo
from geodata.roads.types import RoadData
from geodata.tiles import map_picture
from geodata.tiles.map_picture import Frame


class GroundService:
    """Reads the active ground; a new import is used from the next call on."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tiles = TileMemory(engine)

    def active(self) -> GroundInfo | None:
        """Return the active ground; None before the first import."""
        with self._engine.connect() as connection:
            return geo_ground.active_ground(connection)

    def info(self) -> GroundAnswer:
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

    def picture(self, frame: Frame, *, chinese: bool) -> str:
        """Return a small picture of the map as SVG; empty land before the first import."""
        with self._engine.connect() as connection:
            ground = geo_ground.active_ground(connection)
            number = 0 if ground is None else ground.id
            return map_picture.picture(connection, number, frame, chinese=chinese)

    def require_inside(self, lon: float, lat: float) -> None:
        """Refuse a point outside the ground in use; before the first import any will do.

        Raises
        ------
        InvalidInput
            Naming ``lon``, ``lat`` or both.
        """
        ground = self.active()
        if ground is None or _inside(ground, lon, lat):
            return
        west, south, east, north = ground.bounds
        swapped = _inside(ground, lat, lon)
        hint = (
            N_("lies outside the map (%(least)s to %(most)s); longitude and latitude look swapped")
            if swapped
            else N_("lies outside the map (%(least)s to %(most)s)")
        )
        raise InvalidInput(
            [
                FieldError(name, hint, {"least": f"{least:.4f}", "most": f"{most:.4f}"})
                for name, value, least, most in (
                    ("lon", lon, west, east),
                    ("lat", lat, south, north),
                )
                if swapped or not least <= value <= most
            ]
        )

    def tile(self, z: int, x: int, y: int, asked_ground: int | None = None) -> Tile:
        """Return one tile of the base map; see `TileMemory.tile`."""
        return self._tiles.tile(z, x, y, asked_ground)

    def roads(self, ground_id: int) -> RoadData:
        """Return the road arrays of a ground."""
        with self._engine.connect() as connection:
            return geo_ground.read_roads(connection, ground_id)


def _inside(ground: GroundInfo, lon: float, lat: float) -> bool:
    west, south, east, north = ground.bounds
    return west <= lon <= east and south <= lat <= north
