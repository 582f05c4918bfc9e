"""Up to a few sensibly different ways besides the fastest.

The method is that of via nodes: the fastest way through a place beside the fastest way is a
candidate. Most are nonsense, so a candidate is only taken if it

* takes at most 25 % longer than the fastest way,
* shares at most 65 % of its length, or of theirs, with the fastest way and those taken before,
* comes by no junction and no street twice (no small loops),
* is locally optimal: every part of it that takes up to a quarter of the fastest time is itself a
  fastest way, so that nobody on it wonders why they do not drive straight on.

Candidates that stay long with one corridor, so that many places give the same way, come first.

References
----------
Abraham, Delling, Goldberg, Werneck (2013), Alternative Routes in Road Networks, ACM JEA 18.
"""

from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import metres_per_degree
from routing.network.road_network import RoadNetwork
from routing.paths.path import Way
from routing.paths.via_paths import Detour
from routing.paths.via_paths import Detours

_SLOWER = 1.25
_SHARED = 0.65
_LOCALLY_OPTIMAL = 0.25
_VIA_PLACES = 2_000
_TRIES = 60
_LONGER = 1.6  # how much longer a way of at most 1.25 times the time is taken to be
_NEAR_M = 300.0


@dataclass(frozen=True, eq=False)
class Trip:
    """What alternatives are looked for to.

    Attributes
    ----------
    way
        The fastest way.
    ends
        Where it begins and ends, WGS 84, shape ``(2, 2)``.
    driven_m
        Says how much of each edge of a way between these ends is driven, metres.
    """

    way: Way
    ends: FloatArray
    driven_m: Callable[[Way], FloatArray]


def choose(network: RoadNetwork, trip: Trip, detours: Detours, count: int) -> list[Way]:
    """Return the alternatives to a trip, the best first; none where there are none.

    Parameters
    ----------
    detours
        Searches between the same ends.
    count
        How many at most.
    """
    best_ms = float(trip.way.times_ms.sum())
    length_m = float(trip.driven_m(trip.way).sum())
    taken = [_Driven(trip.way, trip.driven_m(trip.way))]
    states = _places(network, trip.ends, length_m)
    for state in _promising(states, detours, best_ms):
        if len(taken) > count:
            break
        detour = detours.by_way_of(state)
        if detour is None or not _goes_straight(network, detour):
            continue
        driven = _Driven(detour.way, trip.driven_m(detour.way))
        if any(driven.shared_with(other) > _SHARED for other in taken):
            continue
        if detours.is_fastest_around(detour, _LOCALLY_OPTIMAL * best_ms):
            taken.append(driven)
    return sorted((one.way for one in taken[1:]), key=lambda way: float(way.times_ms.sum()))


class _Driven:
    """A way and how much of each edge is driven."""

    def __init__(self, way: Way, driven_m: FloatArray) -> None:
        self.way = way
        self._length_m = float(driven_m.sum())
        self._driven_m = dict(zip(way.edges.tolist(), driven_m.tolist(), strict=True))

    def shared_with(self, other: "_Driven") -> float:
        """Return the share of the shorter of two ways that is also part of the other."""
        common_m = sum(
            min(driven_m, other._driven_m[edge])  # noqa: SLF001 - its own kind
            for edge, driven_m in self._driven_m.items()
            if edge in other._driven_m  # noqa: SLF001
        )
        shorter_m = min(self._length_m, other._length_m)  # noqa: SLF001
        return common_m / shorter_m if shorter_m > 0.0 else 1.0


def _places(network: RoadNetwork, ends: FloatArray, length_m: float) -> IntArray:
    """Return states to go by way of: within reach, the greater roads first, thinned out.

    No way of a given length leaves the ellipse around its ends.
    """
    nodes = network.roads.node_lonlat
    east, north = metres_per_degree(ends[:, 1].mean())
    scale = np.array([east, north])
    sum_m = sum(np.hypot(*((nodes - end) * scale).T) for end in ends)
    near = np.asarray(sum_m <= _LONGER * length_m + _NEAR_M)
    edges = np.flatnonzero(near[network.edge_from] & network.edge_driveable)
    classes = network.roads.segment_class[edges // 2]
    greater = edges[np.argsort(classes, kind="stable")][: 3 * _VIA_PLACES]
    return greater[:: max(1, len(greater) // _VIA_PLACES)]


def _promising(states: IntArray, detours: Detours, best_ms: float) -> Iterator[int]:
    """Yield one state of each different way that is not too slow, the most promising first."""
    to_ms, on_ms = detours.times_ms(states)
    whole_ms = to_ms + on_ms
    good = np.flatnonzero((whole_ms > best_ms) & (whole_ms <= _SLOWER * best_ms))
    if not len(good):
        return
    # Places on one corridor give the same way, hence the same time: from the first of them to the
    # last the corridor goes on.
    order = good[np.lexsort((to_ms[good], whole_ms[good]))]
    first = np.flatnonzero(np.diff(whole_ms[order], prepend=-1.0))
    last = np.append(first[1:], len(order)) - 1
    corridor_ms = to_ms[order[last]] - to_ms[order[first]]
    rank = np.argsort(2.0 * whole_ms[order[first]] - corridor_ms, kind="stable")[:_TRIES]
    for group in rank.tolist():
        yield int(states[order[(first[group] + last[group]) // 2]])


def _goes_straight(network: RoadNetwork, detour: Detour) -> bool:
    """Tell whether a way comes by no junction and no street twice."""
    edges = detour.way.edges
    nodes = network.edge_to[edges[:-1]]
    return len(np.unique(nodes)) == len(nodes) and len(np.unique(edges // 2)) == len(edges)
