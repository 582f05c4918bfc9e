"""Tracks with fewer points that still tell where somebody was at any time.

A line simplified by its shape alone forgets when: a van that waited five minutes at a light would
glide through it. So the distance that counts is the one between where the van was at an instant and
where the thinned track puts it at the same instant.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geodata.crs.flat_plane import Plane

Array = NDArray[np.float64]


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


def significance_m(lonlat: Array, at_s: Array, least_m: float) -> Array:
    """Return up to which tolerance each point of a track has to stay.

    Douglas and Peucker's algorithm splits a stretch at its worst point, as long as that one is off
    by more than the tolerance. Split down to the least tolerance once, it is known for every larger
    one: a point stays while it, and every split that led to it, is off by more.

    Parameters
    ----------
    lonlat
        WGS 84, longitude first, shape ``(n, 2)``.
    at_s
        Seconds, rising, shape ``(n,)``.
    least_m
        The least tolerance that will be asked for, in metres.

    Returns
    -------
    significance_m
        Metres, shape ``(n,)``; ``inf`` for the first and the last point, 0 for points that no
        tolerance from ``least_m`` on needs. Never NaN.

    References
    ----------
    Meratnia, de By (2004), Spatiotemporal compression techniques for moving point objects, EDBT:
    Douglas and Peucker's algorithm with the synchronised distance (TD-TR).
    """
    found = np.zeros(len(at_s))
    if not len(at_s):
        return found
    found[[0, -1]] = np.inf
    plane_m = Plane(float(lonlat[:, 1].mean())).project(lonlat - lonlat[0])
    waiting = [(0, len(at_s) - 1, np.inf)]
    while waiting:
        first, last, parent_m = waiting.pop()
        if last - first < 2:  # noqa: PLR2004  (nothing between them)
            continue
        off_m = _off_m(plane_m, at_s, first, last)
        worst = int(np.argmax(off_m))
        own_m = min(float(off_m[worst]), parent_m)
        if own_m > least_m:
            middle = first + 1 + worst
            found[middle] = own_m
            waiting += [(first, middle, own_m), (middle, last, own_m)]
    return found


def thinned_to(
    tracks: Sequence[tuple[Array, Array]], tolerance_m: float, most: int
) -> tuple[list[NDArray[np.int64]], float]:
    """Thin several tracks alike, as little as leaves few enough points of all together.

    Between two points that stay the whole track is nowhere further than the tolerance, in metres,
    from the straight, even movement between them.

    Returns
    -------
    kept, tolerance_m
        Which points of each track stay, as rising indices; and what had to be tolerated. Both
        ends of every track stay, however many that are.
    """
    found = [significance_m(lonlat, at_s, tolerance_m) for lonlat, at_s in tracks]
    together = np.concatenate([each[np.isfinite(each)] for each in found]) if found else np.empty(0)
    room = max(most - sum(int(np.isinf(each).sum()) for each in found), 0)
    if np.count_nonzero(together > tolerance_m) > room:
        # The first that has no room any more: it, and all that matter less, are left out.
        tolerance_m = float(np.sort(together)[::-1][room])
    return [np.flatnonzero(each > tolerance_m) for each in found], tolerance_m


def _off_m(plane_m: Array, at_s: Array, first: int, last: int) -> Array:
    """Return how far the points between two are from an even movement between the two."""
    between = slice(first + 1, last)
    whole_s = at_s[last] - at_s[first]
    share = (at_s[between] - at_s[first]) / whole_s if whole_s > 0 else np.zeros(last - first - 1)
    there = plane_m[first] + share[:, None] * (plane_m[last] - plane_m[first])
    off: Array = np.hypot(*(plane_m[between] - there).T)
    return off
