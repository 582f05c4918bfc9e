"""Place every fix on the traced path, in order, and tell when each part was driven."""

import math
from typing import NamedTuple

import numpy as np

from routing.engine.compiled import compiled
from routing.matching.network_arrays import StreetLines
from routing.matching.path_tracing import TracedPath
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines

_TINY = 1e-12


class PlacedFixes(NamedTuple):
    """Fixes on a path.

    Attributes
    ----------
    part
        Of the path, shape ``(n,)``; -1 for those that are not on it.
    at_m
        Offset on its edge.
    """

    part: IntArray
    at_m: FloatArray


@compiled
def place_fixes(
    lonlat: FloatArray,
    metres: FloatArray,
    node: IntArray,
    stands: BoolArray,
    path: TracedPath,
    lines: StreetLines,
    edge_m: FloatArray,
) -> PlacedFixes:
    """Return where on the path each fix is, never before the fix before it.

    The nearest place between the nodes around it is taken, then all of a chain are made to follow
    each other by changing them as little as possible (least squares; pool adjacent violators).
    The ends of the path, in ``from_m`` and ``to_m``, are moved to the first and last fix.

    Parameters
    ----------
    node
        Of each fix; -1: not to be placed.
    stands
        Which nodes are stops: all their fixes are at the node's own place.
    """
    count, parts = len(lonlat), len(path.edge)
    part_of = np.full(count, -1, np.int64)
    at_m = np.full(count, np.nan)
    if parts == 0:
        return PlacedFixes(part_of, at_m)
    begin_m = np.zeros(parts + 1)
    for part in range(parts):
        begin_m[part + 1] = begin_m[part] + path.to_m[part] - path.from_m[part]
    nodes = len(path.node_part)
    along_m = np.full(nodes, np.nan)
    before = np.full(nodes, -1, np.int64)
    after = np.full(nodes, -1, np.int64)
    latest = -1
    for each in range(nodes):
        part = path.node_part[each]
        if part < 0:
            continue
        along_m[each] = begin_m[part] + path.node_m[each] - path.from_m[part]
        if latest >= 0 and path.chain[path.node_part[latest]] == path.chain[part]:
            before[each], after[latest] = latest, each
            along_m[each] = max(along_m[each], along_m[latest])
        latest = each
    found_m = np.full(count, np.nan)
    for fix in range(count):
        here = node[fix]
        if here < 0 or path.node_part[here] < 0:
            continue
        if stands[here]:
            found_m[fix] = along_m[here]
            continue
        first = path.node_part[before[here]] if before[here] >= 0 else path.node_part[here]
        last = path.node_part[after[here]] if after[here] >= 0 else path.node_part[here]
        least_m2 = np.inf
        for part in range(first, last + 1):
            low_m, high_m = path.from_m[part], path.to_m[part]
            if part == first:
                low_m = 0.0
                if before[here] >= 0:
                    low_m = path.from_m[part] + along_m[before[here]] - begin_m[part]
            if part == last:
                high_m = edge_m[path.edge[part]]
                if after[here] >= 0:
                    high_m = path.from_m[part] + along_m[after[here]] - begin_m[part]
            m2, offset_m = _nearest(
                lonlat[fix], metres[fix], path.edge[part], low_m, high_m, lines, edge_m
            )
            if m2 < least_m2:
                least_m2 = m2
                found_m[fix] = begin_m[part] + offset_m - path.from_m[part]
    _make_rise(found_m, node, path)
    _write_places(found_m, node, path, begin_m, edge_m, part_of, at_m)
    return PlacedFixes(part_of, at_m)


def lonlat_of(lines: Lines, edges: IntArray, placed: PlacedFixes) -> FloatArray:
    """Return the places of fixes, WGS 84, shape ``(n, 2)``; NaN of those not on the path."""
    lonlat = np.full((len(placed.part), 2), np.nan)
    on = placed.part >= 0
    edge, at_m = edges[placed.part[on]], placed.at_m[on]
    drawn_m = np.where(edge % 2 == 1, lines.length_m[edge // 2] - at_m, at_m)
    lonlat[on] = lines.places(edge // 2, drawn_m)
    return lonlat


@compiled
def _write_places(
    found_m: FloatArray,
    node: IntArray,
    path: TracedPath,
    begin_m: FloatArray,
    edge_m: FloatArray,
    part_of: IntArray,
    at_m: FloatArray,
) -> None:
    """Turn metres along the whole path into offsets on parts, and move the ends of chains."""
    parts = len(path.edge)
    part, chain = 0, -1
    ends_m = np.full(parts, -np.inf)
    begins_m = np.full(parts, np.inf)
    for fix in range(len(found_m)):
        if math.isnan(found_m[fix]):
            continue
        now = path.chain[path.node_part[node[fix]]]
        if now != chain:
            chain = now
            while path.chain[part] != chain:
                part += 1
        while (
            part + 1 < parts and path.chain[part + 1] == chain and found_m[fix] > begin_m[part + 1]
        ):
            part += 1
        part_of[fix] = part
        offset_m = path.from_m[part] + found_m[fix] - begin_m[part]
        at_m[fix] = min(max(offset_m, 0.0), edge_m[path.edge[part]])
        begins_m[part] = min(begins_m[part], at_m[fix])
        ends_m[part] = max(ends_m[part], at_m[fix])
    for each in range(parts):
        if (each == 0 or path.chain[each - 1] != path.chain[each]) and begins_m[each] < np.inf:
            path.from_m[each] = begins_m[each]
        if (each + 1 == parts or path.chain[each + 1] != path.chain[each]) and ends_m[
            each
        ] > -np.inf:
            path.to_m[each] = max(ends_m[each], path.from_m[each])


@compiled
def _make_rise(found_m: FloatArray, node: IntArray, path: TracedPath) -> None:
    """Make the places of each chain rise, changing them as little as possible."""
    count = len(found_m)
    mean = np.empty(count)
    weight = np.empty(count)
    first = np.empty(count, np.int64)
    blocks, chain = 0, -1
    rows = np.empty(count, np.int64)
    held = 0
    for fix in range(count + 1):
        if fix < count and math.isnan(found_m[fix]):
            continue
        now = path.chain[path.node_part[node[fix]]] if fix < count else -2
        if now != chain and held:
            for block in range(blocks):
                end = first[block + 1] if block + 1 < blocks else held
                for each in range(first[block], end):
                    found_m[rows[each]] = mean[block]
            blocks, held = 0, 0
        chain = now
        if fix == count:
            break
        rows[held] = fix
        mean[blocks], weight[blocks], first[blocks] = found_m[fix], 1.0, held
        held += 1
        blocks += 1
        while blocks > 1 and mean[blocks - 2] > mean[blocks - 1]:
            both = weight[blocks - 2] + weight[blocks - 1]
            mean[blocks - 2] += (mean[blocks - 1] - mean[blocks - 2]) * weight[blocks - 1] / both
            weight[blocks - 2] = both
            blocks -= 1


@compiled
def _nearest(
    lonlat: FloatArray,
    metres: FloatArray,
    edge: int,
    low_m: float,
    high_m: float,
    lines: StreetLines,
    edge_m: FloatArray,
) -> tuple[float, float]:
    """Return the square of the distance from a stretch of an edge, and the nearest offset."""
    street, against = edge // 2, edge % 2
    whole_m = edge_m[edge]
    if against:
        low_m, high_m = whole_m - high_m, whole_m - low_m
    best_m2, best_m = np.inf, low_m
    for point in range(lines.start[street], lines.start[street + 1] - 1):
        begin_m, end_m = lines.at_m[point], lines.at_m[point + 1]
        if end_m < low_m or begin_m > high_m:
            continue
        ax = (lines.lonlat[point, 0] - lonlat[0]) * metres[0]
        ay = (lines.lonlat[point, 1] - lonlat[1]) * metres[1]
        dx = (lines.lonlat[point + 1, 0] - lines.lonlat[point, 0]) * metres[0]
        dy = (lines.lonlat[point + 1, 1] - lines.lonlat[point, 1]) * metres[1]
        share = -(ax * dx + ay * dy) / max(dx * dx + dy * dy, _TINY)
        span_m = end_m - begin_m
        least = (low_m - begin_m) / span_m if span_m > 0 else 0.0
        most = (high_m - begin_m) / span_m if span_m > 0 else 0.0
        share = min(max(share, least, 0.0), most, 1.0)
        m2 = (ax + share * dx) ** 2 + (ay + share * dy) ** 2
        if m2 < best_m2:
            best_m2, best_m = m2, begin_m + share * span_m
    return best_m2, whole_m - best_m if against else best_m
