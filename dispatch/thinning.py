"""Tracks with fewer points that still tell where somebody was at any time.

A line simplified by its shape alone forgets when: a van that waited five minutes at a light would
glide through it. So the distance that counts is the one between where the van was at an instant and
where the thinned track puts it at the same instant.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_EARTH_M = 6_371_008.8


def split_at_silence(at_s: Array, longest_s: float) -> list[slice]:
    """Return the stretches of a track in which no silence is longer than ``longest_s``.

    Across a silence nobody knows where the crew was; drawing a line there would be a claim.

    Parameters
    ----------
    at_s
        Seconds, rising, shape ``(n,)``.
    longest_s
        How long a device may be silent and still count as heard.
    """
    if not len(at_s):
        return []
    breaks = np.flatnonzero(np.diff(at_s) > longest_s) + 1
    edges = [0, *breaks.tolist(), len(at_s)]
    return [slice(start, stop) for start, stop in pairwise(edges)]


def thinned(lonlat: Array, at_s: Array, tolerance_m: float) -> NDArray[np.int64]:
    """Return which points of a track have to stay.

    Parameters
    ----------
    lonlat
        WGS 84, longitude first, shape ``(n, 2)``.
    at_s
        Seconds, rising, shape ``(n,)``.
    tolerance_m
        How far the thinned track may be from the whole one at the same instant, in metres.

    Returns
    -------
    kept
        Indices, rising, the first and the last among them. Between two neighbours the whole track
        is nowhere further than the tolerance from the straight, even movement between them.

    References
    ----------
    Meratnia, de By (2004), Spatiotemporal compression techniques for moving point objects, EDBT:
    Douglas and Peucker's algorithm with the synchronised distance (TD-TR).
    """
    count = len(at_s)
    if count <= 2:  # noqa: PLR2004  (both ends)
        return np.arange(count)
    plane_m = _in_metres(lonlat)
    keep = np.zeros(count, dtype=bool)
    keep[[0, -1]] = True
    waiting = [(0, count - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:  # noqa: PLR2004  (nothing between them)
            continue
        off_m = _off_m(plane_m, at_s, first, last)
        worst = int(np.argmax(off_m))
        if off_m[worst] > tolerance_m:
            middle = first + 1 + worst
            keep[middle] = True
            waiting += [(first, middle), (middle, last)]
    return np.flatnonzero(keep)


def thinned_to(
    tracks: Sequence[tuple[Array, Array]], tolerance_m: float, most: int
) -> tuple[list[NDArray[np.int64]], float]:
    """Thin several tracks alike, and more and more until they have few enough points together.

    Returns
    -------
    kept, tolerance_m
        As of `thinned`, for each track; and what was tolerated in the end.
    """
    while True:
        kept = [thinned(lonlat, at_s, tolerance_m) for lonlat, at_s in tracks]
        if sum(map(len, kept)) <= max(most, 2 * len(tracks)):
            return kept, tolerance_m
        tolerance_m *= 2


def _in_metres(lonlat: Array) -> Array:
    """Return positions in metres on a plane that touches the earth in the middle of the track.

    Good to a few in a thousand over the tens of kilometres that a crew drives; the tolerance needs
    no more.
    """
    middle = np.radians(lonlat[:, 1].mean())
    scale = np.radians(_EARTH_M) * np.array([np.cos(middle), 1.0])
    metres: Array = (lonlat - lonlat[0]) * scale
    return metres


def _off_m(plane_m: Array, at_s: Array, first: int, last: int) -> Array:
    """Return how far the points between two are from an even movement between the two."""
    between = slice(first + 1, last)
    whole_s = at_s[last] - at_s[first]
    share = (at_s[between] - at_s[first]) / whole_s if whole_s > 0 else np.zeros(last - first - 1)
    there = plane_m[first] + share[:, None] * (plane_m[last] - plane_m[first])
    off: Array = np.hypot(*(plane_m[between] - there).T)
    return off
