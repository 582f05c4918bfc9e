"""Base-map tiles: cut once, kept in memory as they are sent."""

import gzip
import threading
from dataclasses import dataclass

from cachetools import LRUCache
from sqlalchemy import Engine

from geodata.ground import service as geo_ground
from geodata.tiles import vector_tiles

_KEPT_BYTES = 48_000_000
_ENTRY_BYTES = 300
"""What an entry costs beside its content: even empty tiles fill memory in the end."""
_WORTH_PACKING_BYTES = 500
_EFFORT = 6  # packed once, sent often
_Key = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Tile:
    """One vector tile.

    Attributes
    ----------
    body
        As it is kept: gzip if `packed`.
    tag
        Differs whenever the content may.
    lasting
        Whether it is of the ground that was asked for: what is asked for by another name, or by
        none, must not be kept under that.
    """

    body: bytes
    packed: bool
    tag: str
    lasting: bool = True

    def plain(self) -> bytes:
        """Return the Mapbox Vector Tile itself."""
        return gzip.decompress(self.body) if self.packed else self.body


NOTHING = Tile(b"", packed=False, tag="no-ground", lasting=False)


class TileMemory:
    """Makes tiles and caches the most recently used; a tile of one ground never changes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: LRUCache[_Key, Tile] = LRUCache(_KEPT_BYTES, getsizeof=_kept_bytes)
        self._lock = threading.Lock()

    def tile(self, z: int, x: int, y: int, asked_ground: int | None = None) -> Tile:
        """Return one tile of the active ground, `NOTHING` before the first import.

        Parameters
        ----------
        asked_ground
            Whose tile the page means to get. Its tiles come from memory without a question to the
            database. A page that has not yet heard of a new ground gets the new one's tiles.
        """
        if asked_ground is not None:
            kept = self._recall((asked_ground, z, x, y))
            if kept is not None:
                return kept
        with self._engine.connect() as connection:
            ground = geo_ground.active_ground(connection)
            if ground is None:
                return NOTHING
            lasting = asked_ground == ground.id
            key = (ground.id, z, x, y)
            kept = self._recall(key)
            if kept is None:
                kept = _pack(vector_tiles.tile(connection, ground.id, z, x, y), key)
                # An import may have replaced the ground between the two questions; its tables
                # are empty then, and that must not be remembered as its map.
                if geo_ground.active_ground(connection) == ground:
                    self._keep(key, kept)
                else:
                    lasting = False
        return kept if lasting else Tile(kept.body, kept.packed, kept.tag, lasting=False)

    def _recall(self, key: _Key) -> Tile | None:
        with self._lock:
            return self._kept.get(key)

    def _keep(self, key: _Key, tile: Tile) -> None:
        """Keep a tile; the ones longest not asked for go when memory is full."""
        with self._lock:
            self._kept.setdefault(key, tile)


def _kept_bytes(tile: Tile) -> int:
    return len(tile.body) + _ENTRY_BYTES


def _pack(body: bytes, key: _Key) -> Tile:
    tag = "-".join(map(str, key))
    if len(body) <= _WORTH_PACKING_BYTES:
        return Tile(body, packed=False, tag=tag)
    return Tile(gzip.compress(body, compresslevel=_EFFORT, mtime=0), packed=True, tag=tag)
