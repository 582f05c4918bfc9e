"""Places on streets near each fix: the states of the hidden Markov model."""

import math
from typing import NamedTuple

import numpy as np

from routing.engine.compiled import compiled
from routing.matching.network_arrays import StreetGrid
from routing.matching.network_arrays import TurnGraph
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray

# As many streets as a fix may be on, the nearest ones.
MOST_STREETS = 24
_MARGIN = 5  # of the keys of the grid
_WORKING = 512


class Candidates(NamedTuple):
    """Candidates of all fixes, one fix after another.

    Attributes
    ----------
    start
        Candidates of fix ``i`` are ``start[i]:start[i + 1]``, shape ``(n + 1,)``.
    state
        State of the edge-expanded network, shape ``(k,)``.
    offset_m
        Along its directed edge.
    distance_m
        From the fix.
    bearing_deg
        In which one drives there.
    """

    start: IntArray
    state: IntArray
    offset_m: FloatArray
    distance_m: FloatArray
    bearing_deg: FloatArray


@compiled
def find_candidates(
    lonlat: FloatArray,
    metres: FloatArray,
    radius_m: FloatArray,
    grid: StreetGrid,
    graph: TurnGraph,
) -> Candidates:
    """Return the nearest place on every street near each fix, in each direction it may be driven.

    An edge that remembers a restriction begun has a candidate for each of its states.

    Parameters
    ----------
    lonlat, metres
        Fixes, and metres of a degree there, shape ``(n, 2)`` each.
    radius_m
        How far streets may be, at most the width of a cell; shape ``(n,)``.
    """
    fixes = len(lonlat)
    room = 16 * fixes + 64
    start = np.zeros(fixes + 1, np.int64)
    state = np.empty(room, np.int64)
    offset_m = np.empty(room, np.float64)
    distance_m = np.empty(room, np.float64)
    bearing_deg = np.empty(room, np.float64)
    count = 0
    near_street = np.empty(_WORKING, np.int64)
    near_m2 = np.empty(_WORKING, np.float64)
    near_segment = np.empty(_WORKING, np.int64)
    near_share = np.empty(_WORKING, np.float64)
    for fix in range(fixes):
        near = 0
        limit_m2 = radius_m[fix] ** 2
        lon, lat = lonlat[fix, 0], lonlat[fix, 1]
        east, north = metres[fix, 0], metres[fix, 1]
        column = math.floor((lon - grid.origin[0]) / grid.cell[0])
        row = math.floor((lat - grid.origin[1]) / grid.cell[1])
        if -1 <= column <= grid.extent[0] + 1 and -1 <= row <= grid.extent[1] + 1:
            for each_row in range(row - 1, row + 2):
                key = (each_row + 2) * (grid.extent[0] + _MARGIN) + column + 1
                for slot in range(grid.starts[key], grid.starts[key + 3]):
                    segment = grid.listed[slot]
                    ax = (grid.line[segment, 0] - lon) * east
                    ay = (grid.line[segment, 1] - lat) * north
                    dx, dy = grid.line[segment, 2] * east, grid.line[segment, 3] * north
                    share = -(ax * dx + ay * dy) / max(dx * dx + dy * dy, 1e-12)
                    share = min(max(share, 0.0), 1.0)
                    m2 = (ax + share * dx) ** 2 + (ay + share * dy) ** 2
                    if m2 > limit_m2:
                        continue
                    street = grid.street[segment]
                    at = 0
                    while at < near and near_street[at] != street:
                        at += 1
                    if at == near:
                        if near == _WORKING:
                            continue
                        near += 1
                    elif m2 >= near_m2[at]:
                        continue
                    near_street[at], near_m2[at] = street, m2
                    near_segment[at], near_share[at] = segment, share
        for rank in range(min(near, MOST_STREETS)):
            best = rank
            for other in range(rank + 1, near):
                if near_m2[other] < near_m2[best] or (
                    near_m2[other] == near_m2[best] and near_street[other] < near_street[best]
                ):
                    best = other
            street, m2 = near_street[best], near_m2[best]
            segment, share = near_segment[best], near_share[best]
            near_street[best], near_m2[best] = near_street[rank], near_m2[rank]
            near_segment[best], near_share[best] = near_segment[rank], near_share[rank]
            along_m = grid.begin_m[segment] + share * grid.length_m[segment]
            for edge in range(2 * street, 2 * street + 2):
                if graph.edge_s[edge] == np.inf:
                    continue
                whole_m = graph.edge_m[edge]
                along_m = min(max(along_m, 0.0), whole_m)
                states = graph.edge_states_start[edge + 1] - graph.edge_states_start[edge]
                if count + states > room:
                    room *= 2
                    state = _grown(state, room)
                    offset_m = _grown_floats(offset_m, room)
                    distance_m = _grown_floats(distance_m, room)
                    bearing_deg = _grown_floats(bearing_deg, room)
                for each in range(states):
                    state[count] = graph.edge_states[graph.edge_states_start[edge] + each]
                    offset_m[count] = along_m if edge % 2 == 0 else whole_m - along_m
                    distance_m[count] = math.sqrt(m2)
                    bearing_deg[count] = grid.bearing_deg[segment] + 180.0 * (edge % 2)
                    count += 1
        start[fix + 1] = count
    return Candidates(
        start, state[:count], offset_m[:count], distance_m[:count], bearing_deg[:count]
    )


@compiled
def _grown(old: IntArray, room: int) -> IntArray:
    new = np.empty(room, np.int64)
    new[: len(old)] = old
    return new


@compiled
def _grown_floats(old: FloatArray, room: int) -> FloatArray:
    new = np.empty(room, np.float64)
    new[: len(old)] = old
    return new
