"""Read the header and metadata of a PMTiles archive, to check it before use.

References
----------
PMTiles version 3 specification, protomaps/PMTiles, ``spec/v3/spec.md``.
"""

import gzip
import json
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geodata.errors import NotPmtilesError

_HEADER_BYTES = 127
_MAGIC = b"PMTiles"
_VERSION = 3
_VECTOR = 1  # tile type: Mapbox Vector Tile
_PLAIN, _GZIP = 1, 2  # compressions
_LARGEST_METADATA_BYTES = 16_000_000
# What our own tiles have and others do not.
_OUR_LAYERS = frozenset({"roads", "road_names", "green"})


@dataclass(frozen=True, slots=True)
class Archive:
    """Header and metadata of a PMTiles archive of vector tiles.

    Attributes
    ----------
    layers
        Names of the layers in its tiles, as its metadata has them.
    bounds
        West, south, east, north, degrees, in the datum the tiles are in.
    """

    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]
    layers: frozenset[str]
    attribution: str

    @property
    def is_ours(self) -> bool:
        """Whether its tiles have the layers of our base map, so that our style can draw them."""
        return self.layers >= _OUR_LAYERS


def read_archive(path: Path) -> Archive:
    """Return the header and metadata of an archive.

    Raises
    ------
    NotPmtilesError
        If there is no such file, it is something else, or its tiles are pictures.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER_BYTES)
            if len(head) < _HEADER_BYTES or not head.startswith(_MAGIC):
                raise NotPmtilesError(path, "it does not begin like one")
            if head[7] != _VERSION:
                raise NotPmtilesError(path, f"it is of version {head[7]}; version 3 is read")
            if head[99] != _VECTOR:
                raise NotPmtilesError(path, "it holds pictures; vector tiles are drawn")
            offset, size = struct.unpack_from("<QQ", head, 24)
            file.seek(offset)
            packed = file.read(min(size, _LARGEST_METADATA_BYTES))
    except (OSError, OverflowError) as error:  # gone, or an offset beyond any file
        raise NotPmtilesError(path, str(error)) from error
    metadata = _metadata(path, packed, head[97])
    west, south, east, north = (each / 1e7 for each in struct.unpack_from("<iiii", head, 102))
    layers = metadata.get("vector_layers")
    return Archive(
        min_zoom=head[100],
        max_zoom=head[101],
        bounds=(west, south, east, north),
        layers=frozenset(str(layer.get("id")) for layer in layers or () if isinstance(layer, dict)),
        attribution=str(metadata.get("attribution") or ""),
    )


def _metadata(path: Path, packed: bytes, compression: int) -> dict[str, Any]:
    if compression not in {_PLAIN, _GZIP}:
        raise NotPmtilesError(path, "its directory is packed in a way that browsers cannot unpack")
    try:
        found = json.loads(gzip.decompress(packed) if compression == _GZIP else packed)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise NotPmtilesError(path, "its metadata cannot be read") from error
    return found if isinstance(found, dict) else {}
