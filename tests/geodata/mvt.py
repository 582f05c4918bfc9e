"""Just enough of a Mapbox Vector Tile reader to see what a map would draw."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import asinh
from math import dist
from math import pi
from math import radians
from math import tan
from struct import unpack

Value = str | float | int | bool
Point = tuple[int, int]

POINT, LINE, POLYGON = 1, 2, 3
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MOVE, _LINE_TO = 1, 2


@dataclass(frozen=True)
class Feature:
    """Attributes and shape; coordinates from the tile's upper left corner, 0 to 4096."""

    sort: int
    attributes: dict[str, Value]
    parts: list[list[Point]]

    @property
    def length(self) -> float:
        """Length of all lines in tile units."""
        return sum(dist(a, b) for part in self.parts for a, b in pairwise(part))


def tile_at(lon: float, lat: float, zoom: int) -> tuple[int, int, int]:
    """Return zoom, column and row of the tile over a point."""
    count = 2**zoom
    row = (1 - asinh(tan(radians(lat))) / pi) / 2 * count
    return zoom, int((lon + 180) / 360 * count), int(row)


def decode(tile: bytes) -> dict[str, list[Feature]]:
    """Return the features of each layer."""
    layers = {}
    for number, content in _fields(tile):
        assert number == 3
        assert isinstance(content, bytes)
        name, features = _layer(content)
        assert name not in layers
        layers[name] = features
    return layers


def _layer(content: bytes) -> tuple[str, list[Feature]]:
    fields = list(_fields(content))
    name = next(_text(value) for number, value in fields if number == 1)
    keys = [_text(value) for number, value in fields if number == 3]
    values = [_value(value) for number, value in fields if number == 4]
    features = []
    for number, value in fields:
        if number != 2:
            continue
        assert isinstance(value, bytes)
        inner = dict(_fields(value))
        tags, shape, sort = inner.get(2, b""), inner[4], inner[3]
        assert isinstance(tags, bytes)
        assert isinstance(shape, bytes)
        assert isinstance(sort, int)
        pairs = list(_varints(tags))
        named = {keys[k]: values[v] for k, v in zip(pairs[::2], pairs[1::2], strict=True)}
        features.append(Feature(sort, named, _parts(list(_varints(shape)))))
    return name, features


def _parts(commands: list[int]) -> list[list[Point]]:
    parts: list[list[Point]] = []
    x = y = at = 0
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if command not in (_MOVE, _LINE_TO):
            continue  # close path: no coordinates
        for _ in range(count):
            x += _signed(commands[at])
            y += _signed(commands[at + 1])
            at += 2
            if command == _MOVE:
                parts.append([])
            parts[-1].append((x, y))
    return parts


def _value(content: int | bytes) -> Value:
    assert isinstance(content, bytes)
    ((number, value),) = _fields(content)
    if number == 1:
        return _text(value)
    if number == 7:
        return bool(value)
    if number in (2, 3):
        assert isinstance(value, bytes)
        (real,) = unpack("<f" if number == 2 else "<d", value)
        return float(real)
    assert isinstance(value, int)
    return _signed(value) if number == 6 else value


def _text(value: int | bytes) -> str:
    assert isinstance(value, bytes)
    return value.decode()


def _signed(value: int) -> int:
    return (value >> 1) ^ -(value & 1)


def _varints(content: bytes) -> Iterator[int]:
    value = shift = 0
    for byte in content:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield value
            value = shift = 0


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _fields(content: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(content):
        tag, at = _varint(content, at)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, at = _varint(content, at)
            yield number, value
            continue
        assert kind in (_FIXED64, _BYTES, _FIXED32)
        if kind == _BYTES:
            size, at = _varint(content, at)
        else:
            size = 8 if kind == _FIXED64 else 4
        yield number, content[at : at + size]
        at += size
