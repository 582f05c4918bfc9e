"""What is told of a place instead of the place: the middle of a square, and about how far. Pure."""

import math
from typing import Final

GRID_M: Final = 200.0
_DEGREE_M: Final = 111_320.0
_NEAR_M, _KILOMETRE_M, _FAR_M = 300.0, 1_000.0, 10_000.0


def rounded_place(lon: float, lat: float) -> tuple[float, float]:
    """Return the middle of the square of about 200 m in which a point lies.

    The squares stand fixed on the ground: reading often does not narrow a place down.
    """
    row = math.floor(lat * _DEGREE_M / GRID_M)
    middle_lat = (row + 0.5) * GRID_M / _DEGREE_M
    # One width for a whole row, or the squares of a row would not line up.
    width = GRID_M / (_DEGREE_M * max(math.cos(math.radians(middle_lat)), 0.01))
    column = math.floor(lon / width)
    return (column + 0.5) * width, middle_lat


def about_m(distance_m: float) -> int:
    """Return a distance as it is told: 300 at least, then steps of 100 m, 500 m and 1 km."""
    if distance_m < _NEAR_M:
        return int(_NEAR_M)
    step = 100 if distance_m < _KILOMETRE_M else 500 if distance_m < _FAR_M else 1_000
    return round(distance_m / step) * step


def straight_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two points in a straight line, longitude first, in metres.

    On a plane: for distances within a city, told in hundreds of metres.
    """
    middle = math.radians((one[1] + other[1]) / 2)
    east = (one[0] - other[0]) * math.cos(middle)
    return math.hypot(east, one[1] - other[1]) * _DEGREE_M
