"""A larger network than the city at hand: the city several times over, side by side."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.roads.types import RoadData
from routing.network.arrays import IntArray
from routing.network.road_network import RoadNetwork

Numbers = NDArray[Any]

_BRIDGES = 20
_GAP_DEG = 0.002
_BRIDGE_MPS = 13.9
_BRIDGE_CLASS = 4  # primary


def tiled(network: RoadNetwork, nodes: int) -> RoadNetwork:
    """Return a network of at least so many nodes: copies to the east, joined by twenty roads each.

    The roads between two copies join the nodes in their eastern and western margins, south to
    north: a metropolis of towns, not one town with as many streets.
    """
    roads = network.roads
    copies = max(2, -(-nodes // len(roads.node_lonlat)))
    west, _, east, _ = network.bounds
    step_deg = east - west + _GAP_DEG
    # Pulled back, so that copies to either side stay within the globe.
    shift_deg = step_deg * (np.arange(copies) - copies // 2)
    return RoadNetwork.from_roads(
        _joined(_copied(roads, shift_deg), len(roads.node_lonlat), copies)
    )


def _copied(roads: RoadData, shift_deg: Numbers) -> RoadData:
    copies, nodes = len(shift_deg), len(roads.node_lonlat)
    segments = len(roads.segment_from)

    def again(values: Numbers) -> Numbers:
        return np.concatenate([values] * copies)

    def shifted(lonlat: Numbers) -> Numbers:
        return np.concatenate([lonlat + np.array((shift, 0.0)) for shift in shift_deg])

    def counted(values: Numbers, by: int) -> Numbers:
        parts = [values.astype(np.int64) + number * by for number in range(copies)]
        return np.concatenate(parts).astype(values.dtype)

    def starts(values: Numbers) -> Numbers:
        return np.concatenate(
            (counted(values[:-1], int(values[-1])), [copies * int(values[-1])])
        ).astype(values.dtype)

    return replace(
        roads,
        node_lonlat=shifted(roads.node_lonlat),
        node_osm_id=again(roads.node_osm_id),
        node_signal=again(roads.node_signal),
        segment_from=counted(roads.segment_from, nodes),
        segment_to=counted(roads.segment_to, nodes),
        segment_way_id=again(roads.segment_way_id),
        segment_length_m=again(roads.segment_length_m),
        segment_class=again(roads.segment_class),
        segment_forward=again(roads.segment_forward),
        segment_backward=again(roads.segment_backward),
        segment_forward_mps=again(roads.segment_forward_mps),
        segment_backward_mps=again(roads.segment_backward_mps),
        segment_name=again(roads.segment_name),
        segment_flags=again(roads.segment_flags),
        geometry_start=starts(roads.geometry_start),
        geometry_lonlat=shifted(roads.geometry_lonlat),
        restriction_only=again(roads.restriction_only),
        restriction_start=starts(roads.restriction_start),
        restriction_path=counted(roads.restriction_path, 2 * segments),
    )


def _joined(roads: RoadData, nodes: int, copies: int) -> RoadData:
    """Return the copies with roads between each two neighbours."""
    one = roads.node_lonlat[:nodes]
    eastern, western = _margin(one, eastern=True), _margin(one, eastern=False)
    begin = np.concatenate([number * nodes + eastern for number in range(copies - 1)])
    end = np.concatenate([number * nodes + western for number in range(1, copies)])
    more = len(begin)
    lonlat = np.stack((roads.node_lonlat[begin], roads.node_lonlat[end]), axis=1)
    away_deg = lonlat[:, 1] - lonlat[:, 0]
    length_m = 111_000.0 * np.hypot(away_deg[:, 0] * 0.75, away_deg[:, 1])

    def and_more(values: Numbers, value: float) -> Numbers:
        return np.concatenate((values, np.full(more, value))).astype(values.dtype)

    last = int(roads.geometry_start[-1])
    return replace(
        roads,
        segment_from=np.concatenate((roads.segment_from, begin)).astype(np.int32),
        segment_to=np.concatenate((roads.segment_to, end)).astype(np.int32),
        segment_way_id=and_more(roads.segment_way_id, 0),
        segment_length_m=np.concatenate((roads.segment_length_m, length_m)),
        segment_class=and_more(roads.segment_class, _BRIDGE_CLASS),
        segment_forward=and_more(roads.segment_forward, 1),
        segment_backward=and_more(roads.segment_backward, 1),
        segment_forward_mps=and_more(roads.segment_forward_mps, _BRIDGE_MPS),
        segment_backward_mps=and_more(roads.segment_backward_mps, _BRIDGE_MPS),
        segment_name=and_more(roads.segment_name, 0),
        segment_flags=and_more(roads.segment_flags, 0),
        geometry_start=np.concatenate((roads.geometry_start, last + 2 * np.arange(1, more + 1))),
        geometry_lonlat=np.concatenate((roads.geometry_lonlat, lonlat.reshape(-1, 2))),
    )


def _margin(lonlat: Numbers, *, eastern: bool) -> IntArray:
    """Return the outermost node of each of twenty strips, south to north."""
    south, north = lonlat[:, 1].min(), lonlat[:, 1].max()
    strip = np.floor(_BRIDGES * (lonlat[:, 1] - south) / (north - south + 1e-9)).astype(np.int64)
    outwards = np.argsort(-lonlat[:, 0] if eastern else lonlat[:, 0], kind="stable")
    _, first = np.unique(strip[outwards], return_index=True)
    nodes: IntArray = outwards[first].astype(np.int64)
    return nodes
