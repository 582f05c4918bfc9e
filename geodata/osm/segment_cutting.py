"""Cut drawn ways into segments at junctions. Pure functions of arrays; no files."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from geodata.osm.ways import DrawnWays
from geodata.osm.ways import StreetNodes

JUNCTION_ENDS = 3  # street ends meeting at a point, from which on it is a junction


@dataclass(frozen=True, slots=True)
class CutStreets:
    """Segments between junctions; arrays parallel per segment, per graph node or per point."""

    node_of: NDArray[np.int64]  # index into StreetNodes, (n,)
    segment_from: NDArray[np.int32]
    segment_to: NDArray[np.int32]
    segment_way: NDArray[np.int64]  # index into DrawnWays
    segment_length_m: NDArray[np.float64]
    geometry_start: NDArray[np.int64]
    geometry_lonlat: NDArray[np.float64]
    barriers_cutting: int
    ways_with_gaps: int


def cut(drawn: DrawnWays, nodes: StreetNodes, via_nodes: NDArray[np.int64]) -> CutStreets:
    """Return the segments of all ways, cut at every decision point.

    Those are where streets meet or a way crosses itself, at traffic lights, at nodes that a turn
    restriction names, at barriers that cut the street, and where the extract lacks a node: the gap
    is left open, because a straight line over it would be invented.

    Parameters
    ----------
    via_nodes
        Node ids at which turn restrictions sit.

    Returns
    -------
    streets
        In the order of ways and of drawing along each; a barrier's node stands once per side.
    """
    way_starts = np.frombuffer(drawn.starts, dtype=np.int64)
    index = np.searchsorted(nodes.ids, np.frombuffer(drawn.refs, dtype=np.int64))
    way_of = np.repeat(np.arange(len(way_starts) - 1), np.diff(way_starts))
    present = ~nodes.missing[index]
    ways_with_gaps = len(np.unique(way_of[~present]))

    first, last = _run_ends(present, way_starts)
    ends_here = np.bincount(index[present], minlength=len(nodes.ids))
    special = (ends_here > 1) | nodes.signal | nodes.cutting | np.isin(nodes.ids, via_nodes)
    at = present & (first | last | special[index])
    starts = np.flatnonzero(at & ~last)
    # Cuts of one run follow each other, and a run's last point always is one.
    ends = np.flatnonzero(at & ~first)

    counts = ends - starts + 1
    geometry_start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    inner = np.arange(geometry_start[-1]) - np.repeat(geometry_start[:-1], counts)
    geometry = nodes.lonlat[index[np.repeat(starts, counts) + inner]]

    node_of, segment_from, segment_to, barriers = _graph_nodes(
        index[starts], index[ends], nodes.cutting
    )
    return CutStreets(
        node_of=node_of,
        segment_from=segment_from,
        segment_to=segment_to,
        segment_way=way_of[starts],
        segment_length_m=_lengths_m(geometry, geometry_start),
        geometry_start=geometry_start,
        geometry_lonlat=np.ascontiguousarray(geometry),
        barriers_cutting=barriers,
        ways_with_gaps=ways_with_gaps,
    )


def _run_ends(
    present: NDArray[np.bool_], way_starts: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the first and last points of unbroken runs; a single point is both."""
    begins_way = np.zeros(len(present) + 1, dtype=np.bool_)
    begins_way[way_starts] = True
    before = np.concatenate([[False], present[:-1]]) & ~begins_way[:-1]
    after = np.concatenate([present[1:], [False]]) & ~begins_way[1:]
    return present & ~before, present & ~after


def _graph_nodes(
    from_index: NDArray[np.int64], to_index: NDArray[np.int64], cutting: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], int]:
    """Return a node number for every end point; each side of a blocking barrier has its own."""
    both = np.concatenate([from_index, to_index])
    ends_here = np.bincount(both, minlength=len(cutting))
    # A bollard drawn on the junction itself closes the side path, not the street it leaves from.
    apart = cutting & (ends_here < JUNCTION_ENDS)
    key = both.astype(np.int64)
    alone = np.flatnonzero(apart[both])
    key[alone] = len(cutting) + np.arange(len(alone))
    keys, number = np.unique(key, return_inverse=True)
    node_of = keys.copy()
    node_of[keys >= len(cutting)] = both[alone]
    segment_from, segment_to = np.split(number.astype(np.int32), 2)
    return node_of, segment_from, segment_to, int(np.count_nonzero(apart & (ends_here > 1)))


def _lengths_m(
    geometry: NDArray[np.float64], geometry_start: NDArray[np.int64]
) -> NDArray[np.float64]:
    if len(geometry) == 0:
        return np.empty(0)
    lon, lat = geometry[:, 0], geometry[:, 1]
    _, _, step_m = Geod(ellps="WGS84").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    step_m = np.append(np.asarray(step_m, dtype=np.float64), 0.0)
    step_m[geometry_start[1:] - 1] = 0.0  # from one segment's end to the next one's beginning
    return np.add.reduceat(step_m, geometry_start[:-1])
