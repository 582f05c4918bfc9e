"""Array types of routing, and the validation of positions and headings."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from routing.errors import InvalidPointError

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
Int32Array: TypeAlias = NDArray[np.int32]
BoolArray: TypeAlias = NDArray[np.bool_]
LonLatLike: TypeAlias = FloatArray | Sequence[Sequence[float]] | Sequence[float]


def as_lonlat(points: LonLatLike) -> FloatArray:
    """Return positions as a checked float64 array.

    Parameters
    ----------
    points
        WGS 84, longitude first: shape ``(n, 2)``, one position ``(2,)``, or nothing at all.

    Returns
    -------
    lonlat
        Shape ``(n, 2)``; ``n`` may be 0.

    Raises
    ------
    InvalidPointError
        If the shape is another, a number is missing, infinite or out of range.
    """
    try:
        lonlat = np.array(points, dtype=np.float64)
    except (TypeError, ValueError) as error:
        message = "positions must be numbers: longitude, latitude"
        raise InvalidPointError(message) from error
    if lonlat.size == 0:
        return np.empty((0, 2))
    if lonlat.ndim == 1 and lonlat.shape == (2,):
        lonlat = lonlat[np.newaxis]
    if lonlat.ndim != 2 or lonlat.shape[1] != 2:  # noqa: PLR2004 - rows of two
        message = f"positions must have shape (n, 2), not {lonlat.shape}"
        raise InvalidPointError(message)
    inside = (np.abs(lonlat) <= (180.0, 90.0)).all(axis=1)  # NaN compares false
    if not inside.all():
        row = int(np.flatnonzero(~inside)[0])
        message = (
            f"position {row} is not longitude, latitude: {lonlat[row, 0]:g}, {lonlat[row, 1]:g}"
        )
        raise InvalidPointError(message)
    return lonlat


def as_headings(heading_deg: float | Sequence[float] | FloatArray | None, count: int) -> FloatArray:
    """Return one heading per position, degrees clockwise from north; NaN where unknown.

    Raises
    ------
    InvalidPointError
        If there are neither one nor ``count`` headings, or one is infinite.
    """
    if heading_deg is None:
        return np.full(count, np.nan)
    try:
        headings = np.array(heading_deg, dtype=np.float64)
    except (TypeError, ValueError) as error:
        message = "headings must be numbers: degrees clockwise from north"
        raise InvalidPointError(message) from error
    if headings.shape not in {(), (count,)}:
        message = f"expected one heading or {count}, got shape {headings.shape}"
        raise InvalidPointError(message)
    if np.isinf(headings).any():
        message = "a heading cannot be infinite"
        raise InvalidPointError(message)
    return np.broadcast_to(headings, (count,)).copy()


def ranges(first: IntArray, last: IntArray) -> IntArray:
    """Return the concatenated ranges ``first[i]:last[i]``."""
    count = last - first
    return np.asarray(np.arange(count.sum()) + np.repeat(first - (np.cumsum(count) - count), count))
