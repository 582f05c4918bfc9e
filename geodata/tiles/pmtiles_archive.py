"""What a PMTiles archive says of itself: read before it is shown to anybody."""

import gzip
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from typing import Any

from pmtiles.tile import Compression
from pmtiles.tile import HeaderDict
from pmtiles.tile import MagicNumberNotFound
from pmtiles.tile import SpecVersionUnsupported
from pmtiles.tile import TileType
from pmtiles.tile import deserialize_header

from geodata.errors import NotPmtilesError

_HEADER_BYTES = 127
_LARGEST_METADATA_BYTES = 16_000_000
# What our own tiles have and others do not.
_OUR_LAYERS = frozenset({"roads", "road_names", "green"})


@dataclass(frozen=True, slots=True)
class Archive:
    """The head of a PMTiles archive of vector tiles.

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
        """Whether its tiles have the layers of our own, so that our style can draw them."""
        return self.layers >= _OUR_LAYERS


def read_archive(path: Path) -> Archive:
    """Read the head of an archive.

    Raises
    ------
    NotPmtilesError
        If there is no such file, it is something else, or its tiles are pictures.
    """
    try:
        with path.open("rb") as file:
            header = _header(path, file)
            metadata = _metadata(path, file, header)
    except (OSError, OverflowError) as error:  # gone, or an offset beyond any file
        raise NotPmtilesError(path, str(error)) from error
    layers = metadata.get("vector_layers")
    return Archive(
        min_zoom=header["min_zoom"],
        max_zoom=header["max_zoom"],
        bounds=(
            header["min_lon_e7"] / 1e7,
            header["min_lat_e7"] / 1e7,
            header["max_lon_e7"] / 1e7,
            header["max_lat_e7"] / 1e7,
        ),
        layers=frozenset(str(layer.get("id")) for layer in layers or () if isinstance(layer, dict)),
        attribution=str(metadata.get("attribution") or ""),
    )


def _header(path: Path, file: IO[bytes]) -> HeaderDict:
    head = file.read(_HEADER_BYTES)
    try:
        if len(head) < _HEADER_BYTES:
            raise MagicNumberNotFound  # noqa: TRY301 - said below, like all that is no archive
        header = deserialize_header(head)
    except SpecVersionUnsupported as error:
        raise NotPmtilesError(path, f"it is of version {head[7]}; version 3 is read") from error
    except (MagicNumberNotFound, ValueError) as error:
        raise NotPmtilesError(path, "it does not begin like one") from error
    if header["tile_type"] is not TileType.MVT:
        raise NotPmtilesError(path, "it holds pictures; vector tiles are drawn")
    return header


def _metadata(path: Path, file: IO[bytes], header: HeaderDict) -> dict[str, Any]:
    compression = header["internal_compression"]
    if compression not in {Compression.NONE, Compression.GZIP}:
        raise NotPmtilesError(path, "its directory is packed in a way that browsers cannot unpack")
    file.seek(header["metadata_offset"])
    packed = file.read(min(header["metadata_length"], _LARGEST_METADATA_BYTES))
    try:
        found = json.loads(gzip.decompress(packed) if compression is Compression.GZIP else packed)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise NotPmtilesError(path, "its metadata cannot be read") from error
    return found if isinstance(found, dict) else {}
