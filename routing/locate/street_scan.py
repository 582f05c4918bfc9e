"""Nearest streets of many positions in one compiled pass, equal to `SegmentGrid.of_each_street`.

A study snaps fifty thousand places at once. In numpy each of their twenty million candidates is
written and read some twenty times; compiled, the streets of one position stay in the processor.
Importing numba takes half a second and 100 MB, so this module is imported for many positions only.
"""

import math
from typing import TYPE_CHECKING

import numba
import numpy as np

from routing.locate.segment_grid import NearSegments
from routing.locate.segment_grid import SegmentGrid
from routing.network.line_geometry import metres_per_degree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from routing.network.arrays import FloatArray
    from routing.network.arrays import IntArray

_TINY = 1e-12  # as in `routing.locate.line_segments`


def scan_streets(grid: SegmentGrid, lonlat: "FloatArray", most: int) -> NearSegments:
    """Return the nearest segments of so many streets around each position, the nearest first."""
    if not len(grid.segments) or not len(lonlat):
        return NearSegments.joined([])
    scale = np.stack(metres_per_degree(lonlat[:, 1]), axis=1)
    slot, count = grid.slots(lonlat)
    found = _scan(
        lonlat,
        scale,
        slot,
        count,
        grid.cells.segment,
        grid.segments.line,
        grid.segments.street,
        grid.radius_m,
        most,
    )
    segment, share, distance_m = found
    position, rank = np.nonzero(segment >= 0)
    return NearSegments(
        position, segment[position, rank], share[position, rank], distance_m[position, rank]
    )


@numba.njit(cache=True, nogil=True)
def _scan(
    lonlat: "FloatArray",
    scale: "FloatArray",
    slot: "IntArray",
    count: "IntArray",
    of_cell: "NDArray[np.int32]",
    line: "FloatArray",
    street: "IntArray",
    radius_m: float,
    most: int,
) -> "tuple[IntArray, FloatArray, FloatArray]":
    """Return segment (-1: none), share along it and distance, each of shape ``(n, most)``."""
    size = len(lonlat)
    segment = np.full((size, most), -1, np.int64)
    shares = np.zeros((size, most))
    distances_m = np.full((size, most), np.inf)
    streets = np.full(most, -1, np.int64)
    for row in range(size):
        held = 0
        for cells in range(slot.shape[1]):
            for at in range(slot[row, cells], slot[row, cells] + count[row, cells]):
                candidate = of_cell[at]
                ax = (line[candidate, 0] - lonlat[row, 0]) * scale[row, 0]
                ay = (line[candidate, 1] - lonlat[row, 1]) * scale[row, 1]
                dx = line[candidate, 2] * scale[row, 0]
                dy = line[candidate, 3] * scale[row, 1]
                square = max(dx * dx + dy * dy, _TINY)
                share = min(max(-(ax * dx + ay * dy) / square, 0.0), 1.0)
                off_m = math.sqrt((ax + share * dx) ** 2 + (ay + share * dy) ** 2)
                if not off_m <= radius_m:
                    continue
                if held == most and off_m > distances_m[row, most - 1]:
                    continue
                here = street[candidate]
                # Where the street is listed already, its nearer segment stays.
                place = held
                for other in range(held):
                    if streets[other] == here:
                        place = other
                        break
                if place < held:
                    if off_m >= distances_m[row, place]:
                        continue
                elif held < most:
                    held += 1
                else:
                    last_m = distances_m[row, most - 1]
                    if off_m == last_m and here > streets[most - 1]:
                        continue
                    place = most - 1
                while place > 0 and (
                    distances_m[row, place - 1] > off_m
                    or (distances_m[row, place - 1] == off_m and streets[place - 1] > here)
                ):
                    distances_m[row, place] = distances_m[row, place - 1]
                    shares[row, place] = shares[row, place - 1]
                    segment[row, place] = segment[row, place - 1]
                    streets[place] = streets[place - 1]
                    place -= 1
                distances_m[row, place] = off_m
                shares[row, place] = share
                segment[row, place] = candidate
                streets[place] = here
    return segment, shares, distances_m
