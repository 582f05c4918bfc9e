"""Many tiles in one body: each with its place, its length, and the bytes as they are kept.

========  =====  =====================================================================
bytes     type   meaning
========  =====  =====================================================================
0-3       text   ``NCT1``
4-11      u64    the ground's id
then for each tile
+0        u8     zoom
+1        u32    column from the west
+5        u32    row from the north
+9        u8     1 if the content is packed with gzip, else 0
+10       u32    length of the content
+14       bytes  a Mapbox Vector Tile, packed or not
========  =====  =====================================================================

All numbers are big-endian, as `DataView` reads them by default.
"""

import struct
from collections.abc import Iterable

from dispatch.kit.tile_runs import TileKey

MAGIC = b"NCT1"
_HEAD = struct.Struct(">4sQ")
_TILE = struct.Struct(">BIIBI")


def pack(ground_id: int, tiles: Iterable[tuple[TileKey, bytes, bool]]) -> bytes:
    """Return an archive of a ground's tiles: place, content, whether that is packed."""
    parts = [_HEAD.pack(MAGIC, ground_id)]
    for (z, x, y), content, packed in tiles:
        parts += [_TILE.pack(z, x, y, packed, len(content)), content]
    return b"".join(parts)
