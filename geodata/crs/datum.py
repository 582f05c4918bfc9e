"""Convert between WGS 84 and the shifted datums of Chinese maps, GCJ-02 and BD-09.

Maps published in China carry positions shifted by up to 800 m. Everything inside Nearcrew is
WGS 84; positions from such maps or devices are converted on input.

References
----------
Neither shift is published by its authors. The formulas are those that the open implementations
share: ``googollee/eviltransform`` for GCJ-02 (an approximation of the surveyors' regulation by
sines, on the Krasovsky 1940 ellipsoid) and ``wandergis/coordtransform`` for BD-09.
"""

from enum import StrEnum
from typing import assert_never

import numpy as np
from numpy.typing import ArrayLike
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_SEMI_MAJOR_M = 6_378_245.0  # Krasovsky 1940
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_ORIGIN_LON, _ORIGIN_LAT = 105.0, 35.0
# West, south, east, north of where maps are shifted. The shift knows no border, only this frame.
SHIFTED_FRAME = (72.004, 0.8293, 137.8347, 55.8271)

_BD_WAVE = np.pi * 3000 / 180
_BD_LON, _BD_LAT = 0.0065, 0.006
# Each step leaves 2 % of the error at most, and the first is under 2 km: eight leave micrometres.
_STEPS = 8


class Datum(StrEnum):
    """The datum that longitude and latitude refer to."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> tuple[FloatArray, FloatArray]:
    """Return WGS 84 positions of positions in another datum.

    The shifts have no inverse in closed form: it is found by going forward from a guess and
    correcting the guess by what is missing, to far less than a millimetre.

    Parameters
    ----------
    lon, lat
        Degrees in ``datum``, of any one shape. GCJ-02 outside ``SHIFTED_FRAME`` is WGS 84; BD-09
        is shifted everywhere, against GCJ-02.
    datum
        What they refer to.

    Returns
    -------
    lon, lat
        Degrees, WGS 84, of the same shape. Within 800 m of the frame a shifted position can be
        that of two places, one on each side; the one inside is meant.
    """
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    match datum:
        case Datum.WGS84:
            return x.copy(), y.copy()
        case Datum.GCJ02:
            return _gcj_to_wgs(x, y)
        case Datum.BD09:
            return _gcj_to_wgs(*_bd_to_gcj(x, y))
        case _:
            assert_never(datum)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> tuple[FloatArray, FloatArray]:
    """Return positions in another datum of WGS 84 positions.

    The published formulas; ``to_wgs84`` inverts them, and the tests compare the two.
    """
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    match datum:
        case Datum.WGS84:
            return x.copy(), y.copy()
        case Datum.GCJ02:
            return _wgs_to_gcj(x, y)
        case Datum.BD09:
            return _gcj_to_bd(*_wgs_to_gcj(x, y))
        case _:
            assert_never(datum)


def is_shifted(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Return whether GCJ-02 differs from WGS 84 at WGS 84 positions."""
    west, south, east, north = SHIFTED_FRAME
    x, y = np.asarray(lon), np.asarray(lat)
    inside: NDArray[np.bool_] = (west <= x) & (x <= east) & (south <= y) & (y <= north)
    return inside


def _wgs_to_gcj(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    inside = is_shifted(lon, lat)
    shifted_lon, shifted_lat = _shift(lon, lat)
    return np.where(inside, shifted_lon, lon), np.where(inside, shifted_lat, lat)


def _gcj_to_wgs(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    # Without the frame the shift is smooth, so the guesses never jump to and fro over its edge.
    x, y = lon.copy(), lat.copy()
    for _ in range(_STEPS):
        shifted_lon, shifted_lat = _shift(x, y)
        x, y = x + (lon - shifted_lon), y + (lat - shifted_lat)
    inside = is_shifted(x, y)
    return np.where(inside, x, lon), np.where(inside, y, lat)


def _shift(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return GCJ-02 of WGS 84 positions, also outside the area where it applies."""
    x, y = lon - _ORIGIN_LON, lat - _ORIGIN_LAT
    root = np.sqrt(np.abs(x))
    ripple = (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north_m += (20 * np.sin(np.pi * y) + 40 * np.sin(np.pi / 3 * y)) * 2 / 3
    north_m += (160 * np.sin(np.pi / 12 * y) + 320 * np.sin(np.pi / 30 * y)) * 2 / 3
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east_m += (20 * np.sin(np.pi * x) + 40 * np.sin(np.pi / 3 * x)) * 2 / 3
    east_m += (150 * np.sin(np.pi / 12 * x) + 300 * np.sin(np.pi / 30 * x)) * 2 / 3
    flatness = 1 - _ECCENTRICITY_SQUARED * np.sin(np.radians(lat)) ** 2
    meridian_m = _SEMI_MAJOR_M * (1 - _ECCENTRICITY_SQUARED) / flatness**1.5
    # At a pole no metre goes east; the frame is far away and nothing must divide by zero there.
    parallel_m = _SEMI_MAJOR_M / np.sqrt(flatness) * np.maximum(np.cos(np.radians(lat)), 1e-9)
    return lon + np.degrees(east_m / parallel_m), lat + np.degrees(north_m / meridian_m)


def _gcj_to_bd(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    far = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_WAVE)
    return far * np.cos(angle) + _BD_LON, far * np.sin(angle) + _BD_LAT


def _bd_to_gcj(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    x, y = lon - _BD_LON, lat - _BD_LAT
    for _ in range(_STEPS):
        shifted_lon, shifted_lat = _gcj_to_bd(x, y)
        x, y = x + (lon - shifted_lon), y + (lat - shifted_lat)
    return x, y
