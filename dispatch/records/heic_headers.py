"""What the first boxes of a HEIC file say of its picture. Nothing is decoded.

A HEIC file is a tree of boxes, each with a length and a name of four letters. How large a picture
is stands in ``meta/iprp/ipco/ispe``; a phone's picture is put together of tiles, each with an
``ispe`` of its own beside that of the whole: the largest counts.
"""

import struct
from collections.abc import Iterator
from typing import Final

_MOST_BOXES: Final = 2_000
"""In one box; a picture of a phone has some fifty tiles and less than a hundred properties."""
_HEIC: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_ANY_CODING: Final = frozenset({b"mif1", b"msf1"})
_OTHER_CODING: Final = frozenset({b"avif", b"avis", b"jpeg", b"j2ki"})
_HEAD: Final = struct.Struct(">I4s")
_LARGE: Final = struct.Struct(">Q")
_SIZE: Final = struct.Struct(">II")
_FULL: Final = 4
"""Version and flags, with which many boxes begin."""
_CHANNELS, _DEEP_BITS, _BITS = 3, 16, 8


def is_heic(data: bytes) -> bool:
    """Return whether a file calls itself HEIC: by its brand, or by one that it is compatible to."""
    if data[4:8] != b"ftyp":
        return False
    length = int.from_bytes(data[:4], "big")
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, min(length, 256), 4))}
    if brands & _HEIC:
        return True
    return bool(brands & _ANY_CODING) and not brands & _OTHER_CODING


def heic_size(data: bytes) -> tuple[int, int, int] | None:
    """Return width, height and bits a pixel of the largest picture in a file; None if not said."""
    body = memoryview(data)
    for meta in _named(body, b"meta"):
        for properties in _named(meta[_FULL:], b"iprp"):
            for container in _named(properties, b"ipco"):
                return _largest(container)
    return None


def _largest(container: memoryview) -> tuple[int, int, int] | None:
    found: tuple[int, int] | None = None
    depth = _BITS
    for kind, body in _boxes(container):
        if kind == b"ispe" and len(body) >= _FULL + _SIZE.size:
            width, height = _SIZE.unpack_from(body, _FULL)
            if found is None or width * height > found[0] * found[1]:
                found = width, height
        elif kind == b"pixi" and len(body) > _FULL and any(each > _BITS for each in body[5:9]):
            depth = _DEEP_BITS
    return None if found is None else (*found, depth * _CHANNELS)


def _named(data: memoryview, wanted: bytes) -> Iterator[memoryview]:
    return (body for kind, body in _boxes(data) if kind == wanted)


def _boxes(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Yield the boxes that lie beside each other, as far as their lengths can be believed."""
    at = 0
    for _ in range(_MOST_BOXES):
        if len(data) - at < _HEAD.size:
            return
        length, kind = _HEAD.unpack_from(data, at)
        head = _HEAD.size
        if length == 0:  # to the end of the file
            length = len(data) - at
        elif length == 1:  # the length follows
            head += _LARGE.size
            if len(data) - at < head:
                return
            (length,) = _LARGE.unpack_from(data, at + _HEAD.size)
        if length < head:
            return
        # The last box may be longer than what there is: it is cut off.
        yield kind, data[at + head : at + length]
        at += length
