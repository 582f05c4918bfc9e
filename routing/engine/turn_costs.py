"""Turn costs: one table, as documented in docs/routing.md.

| turn at a junction (three streets or more) | seconds |
|---|---|
| straight on, up to 30° | 0 |
| bearing right or left, 30° to 60° | 1 |
| right, 60° to 150° | 3 |
| left, 60° to 150° (across the oncoming traffic) | 5 |
| sharper than 150°, right / left | 5 / 7 |
| back into the street one came from | 15 |
| within a roundabout, or leaving it | 0 |
| into a roundabout | 3 |
| additional: traffic lights at the node | 5 |
| additional: into a street with restricted access from outside | 30 |

A bend where only two streets meet costs nothing: the streets' speeds account for it. Traffic is
taken to keep right. The figures are our own round ones, of the same size as those of OSRM's car
profile (up to 7.5 s by angle, 20 s back, 2 s at lights); measured ones may replace them.
"""

from dataclasses import dataclass

import numpy as np

from geodata.roads.types import RESTRICTED_ACCESS
from geodata.roads.types import ROUNDABOUT
from routing.engine.edge_expansion import Expansion
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines
from routing.network.line_geometry import turn_deg
from routing.network.road_network import RoadNetwork

_BEARING_FROM_DEG = 30.0
_TURNING_FROM_DEG = 60.0
_SHARP_FROM_DEG = 150.0
_JUNCTION_STREETS = 3


@dataclass(frozen=True)
class TurnCosts:
    """The table of turn costs, milliseconds."""

    bearing_ms: int = 1_000
    right_ms: int = 3_000
    left_ms: int = 5_000
    sharp_right_ms: int = 5_000
    sharp_left_ms: int = 7_000
    back_ms: int = 15_000
    into_roundabout_ms: int = 3_000
    signal_ms: int = 5_000
    restricted_access_ms: int = 30_000


def turn_times_ms(
    network: RoadNetwork, expansion: Expansion, lines: Lines, costs: TurnCosts
) -> IntArray:
    """Return the cost of the turn at the end of each arc, permitted or not.

    Returns
    -------
    turn_ms
        Whole milliseconds, int64, shape ``(a,)``.
    """
    here = expansion.state_edge[expansion.arc_from]
    there = expansion.state_edge[expansion.arc_to]
    node = network.edge_to[here]
    flags = network.roads.segment_flags
    departing, arriving = lines.bearings()

    streets = np.bincount(network.edge_from, minlength=len(network.roads.node_lonlat))
    junction = streets[node] >= _JUNCTION_STREETS
    circling = (flags[here // 2] & ROUNDABOUT) > 0
    into_circle = ((flags[there // 2] & ROUNDABOUT) > 0) & ~circling
    back = there == (here ^ 1)

    turn_ms = np.where(junction, _angle_ms(turn_deg(arriving[here], departing[there]), costs), 0)
    turn_ms[circling] = 0
    turn_ms[into_circle] = costs.into_roundabout_ms
    turn_ms[back] = costs.back_ms
    turn_ms[network.roads.node_signal[node]] += costs.signal_ms
    turn_ms[_enters_restricted(flags, here, there)] += costs.restricted_access_ms
    return turn_ms


def _angle_ms(angle_deg: FloatArray, costs: TurnCosts) -> IntArray:
    size = np.abs(angle_deg)
    right = angle_deg > 0
    return np.select(
        [size < _BEARING_FROM_DEG, size < _TURNING_FROM_DEG, size < _SHARP_FROM_DEG],
        [0, costs.bearing_ms, np.where(right, costs.right_ms, costs.left_ms)],
        np.where(right, costs.sharp_right_ms, costs.sharp_left_ms),
    )


def _enters_restricted(
    flags: np.ndarray[tuple[int], np.dtype[np.uint8]], here: IntArray, there: IntArray
) -> BoolArray:
    inside_before = (flags[here // 2] & RESTRICTED_ACCESS) > 0
    inside_after = (flags[there // 2] & RESTRICTED_ACCESS) > 0
    return np.asarray(inside_after & ~inside_before)
