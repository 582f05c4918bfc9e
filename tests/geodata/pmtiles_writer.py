"""Writes small PMTiles archives for tests."""

import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pmtiles.tile import Compression
from pmtiles.tile import TileType
from pmtiles.tile import zxy_to_tileid
from pmtiles.writer import Writer

Address = tuple[int, int, int]  # zoom, column, row
Bounds = tuple[float, float, float, float]


def write(
    path: Path,
    tiles: Mapping[Address, bytes],
    *,
    bounds: Bounds,
    metadata: Mapping[str, Any],
    tile_type: TileType = TileType.MVT,
) -> Path:
    """Write an archive of tiles, each uncompressed as given, and return its path."""
    west, south, east, north = (round(each * 1e7) for each in bounds)
    header = {
        "tile_type": tile_type,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": 0,
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }
    with path.open("wb") as file:
        writer = Writer(file)
        for number, body in sorted((zxy_to_tileid(*at), body) for at, body in tiles.items()):
            writer.write_tile(number, gzip.compress(body))
        writer.finalize(header, dict(metadata))
    return path
