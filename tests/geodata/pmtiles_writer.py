"""Just enough of a PMTiles version 3 writer to make real archives for tests.

After the specification (protomaps/PMTiles, spec/v3/spec.md), not after our reader: one root
directory, gzip everywhere, tiles in the order of their ids along Hilbert's curve.
"""

import gzip
import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Address = tuple[int, int, int]  # zoom, column, row
Bounds = tuple[float, float, float, float]
_HEADER_BYTES = 127


def write(
    path: Path,
    tiles: Mapping[Address, bytes],
    *,
    bounds: Bounds,
    metadata: Mapping[str, Any],
    tile_type: int = 1,
) -> Path:
    """Write an archive of uncompressed tiles and return its path."""
    packed = {tile_id(*address): gzip.compress(body) for address, body in tiles.items()}
    ids = sorted(packed)
    directory = gzip.compress(_directory(ids, [len(packed[each]) for each in ids]))
    about = gzip.compress(json.dumps(dict(metadata)).encode())
    data = b"".join(packed[each] for each in ids)
    root, meta = _HEADER_BYTES, _HEADER_BYTES + len(directory)
    start = meta + len(about)
    west, south, east, north = (round(each * 1e7) for each in bounds)
    zooms = [zoom for zoom, _, _ in tiles]
    header = b"PMTiles" + bytes([3])
    header += struct.pack("<QQQQ", root, len(directory), meta, len(about))
    header += struct.pack("<QQQQ", start, 0, start, len(data))  # no leaf directories
    header += struct.pack("<QQQ", len(ids), len(ids), len(ids))
    header += bytes([1, 2, 2, tile_type, min(zooms), max(zooms)])  # clustered, gzip, gzip
    header += struct.pack("<iiii", west, south, east, north)
    header += bytes([min(zooms)]) + struct.pack("<ii", (west + east) // 2, (south + north) // 2)
    assert len(header) == _HEADER_BYTES
    path.write_bytes(header + directory + about + data)
    return path


def tile_id(zoom: int, x: int, y: int) -> int:
    """Return a tile's number: those of all lower zooms, then its place on Hilbert's curve."""
    number = ((1 << 2 * zoom) - 1) // 3
    size = 1 << zoom
    half = size // 2
    while half:
        right, low = int(x & half > 0), int(y & half > 0)
        number += half * half * ((3 * right) ^ low)
        if not low:
            if right:
                x, y = size - 1 - x, size - 1 - y
            x, y = y, x
        half //= 2
    return number


def _directory(ids: list[int], sizes: list[int]) -> bytes:
    steps = [each - before for each, before in zip(ids, [0, *ids], strict=False)]
    runs = [1] * len(ids)
    offsets = [1, *[0] * (len(ids) - 1)]  # 0: right behind the one before
    return b"".join(map(_varint, [len(ids), *steps, *runs, *sizes, *offsets]))


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
