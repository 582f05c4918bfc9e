"""Choose a few sensibly different alternatives to the fastest path.

The method is that of via nodes: the fastest path through a node beside the fastest path is a
candidate. Most are useless, so a candidate is only taken if it

* takes at most 25 % longer than the fastest path,
* shares at most 65 % of its length, or of theirs, with the fastest path and those taken before,
* passes no junction and no street twice (no small loops),
* is locally optimal: every part of it that takes up to a quarter of the fastest time is itself a
  fastest path, so that no driver wonders why they do not drive straight on.

Candidates with a long corridor, so that many via nodes give the same path, come first.

References
----------
Abraham, Delling, Goldberg, Werneck (2013), Alternative Routes in Road Networks, ACM JEA 18.
"""

from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace

import numpy as np

from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import metres_per_degree
from routing.network.road_network import RoadNetwork
from routing.paths.path import RoadPath
from routing.paths.via_paths import ViaPath
from routing.paths.via_paths import ViaPaths

_SLOWER = 1.25
_SHARED = 0.65
_LOCALLY_OPTIMAL = 0.25
_VIA_STATES = 2_000
_TRIES = 60
_LONGER = 1.6  # the greatest length factor assumed for a path of at most 1.25 times the time
_NEAR_M = 300.0


@dataclass(frozen=True, eq=False)
class FastestPath:
    """The fastest path between two endpoints, which alternatives are compared with.

    Attributes
    ----------
    path
        Its edges and times.
    ends_lonlat
        Its first and last position, WGS 84, shape ``(2, 2)``.
    driven_m
        Function that returns the driven length of each edge of such a path, metres.
    """

    path: RoadPath
    ends_lonlat: FloatArray
    driven_m: Callable[[RoadPath], FloatArray]


def choose_alternatives(
    network: RoadNetwork, fastest: FastestPath, via_paths: ViaPaths, count: int
) -> list[RoadPath]:
    """Return the alternatives to the fastest path, the best first; may be empty.

    Parameters
    ----------
    via_paths
        Searches between the same endpoints.
    count
        How many at most.
    """
    best_ms = fastest.path.total_ms
    length_m = float(fastest.driven_m(fastest.path).sum())
    taken = [_MeasuredPath(fastest.path, fastest.driven_m(fastest.path))]
    states = _via_states(network, fastest.ends_lonlat, length_m)
    for state in _most_promising(states, via_paths, best_ms):
        if len(taken) > count:
            break
        via_path = via_paths.path_via(state)
        if via_path is None or not _has_no_loop(network, via_path):
            continue
        path = replace(via_path.path, via_edge=state)
        driven = _MeasuredPath(path, fastest.driven_m(path))
        if any(driven.shared_with(other) > _SHARED for other in taken):
            continue
        if via_paths.is_fastest_around(via_path, _LOCALLY_OPTIMAL * best_ms):
            taken.append(driven)
    return sorted((one.path for one in taken[1:]), key=lambda path: path.total_ms)


class _MeasuredPath:
    """A path with the driven length of each edge."""

    def __init__(self, path: RoadPath, driven_m: FloatArray) -> None:
        self.path = path
        self._length_m = float(driven_m.sum())
        self._driven_m = dict(zip(path.edges.tolist(), driven_m.tolist(), strict=True))

    def shared_with(self, other: "_MeasuredPath") -> float:
        """Return the share of the shorter of two paths that is also part of the other."""
        common_m = sum(
            min(driven_m, other._driven_m[edge])  # noqa: SLF001 - its own kind
            for edge, driven_m in self._driven_m.items()
            if edge in other._driven_m  # noqa: SLF001
        )
        shorter_m = min(self._length_m, other._length_m)  # noqa: SLF001
        return common_m / shorter_m if shorter_m > 0.0 else 1.0


def _via_states(network: RoadNetwork, ends_lonlat: FloatArray, length_m: float) -> IntArray:
    """Return candidate via states, sampled, greater roads first.

    No path of a given length leaves the ellipse around its endpoints.
    """
    nodes = network.roads.node_lonlat
    east, north = metres_per_degree(ends_lonlat[:, 1].mean())
    scale = np.array([east, north])
    sum_m = sum(np.hypot(*((nodes - end) * scale).T) for end in ends_lonlat)
    near = np.asarray(sum_m <= _LONGER * length_m + _NEAR_M)
    edges = np.flatnonzero(near[network.edge_from] & network.edge_driveable)
    classes = network.roads.segment_class[edges // 2]
    greater = edges[np.argsort(classes, kind="stable")][: 3 * _VIA_STATES]
    return greater[:: max(1, len(greater) // _VIA_STATES)]


def _most_promising(states: IntArray, via_paths: ViaPaths, best_ms: float) -> Iterator[int]:
    """Yield one state of each different path that is not too slow, the most promising first."""
    to_ms, on_ms = via_paths.times_ms(states)
    whole_ms = to_ms + on_ms
    good = np.flatnonzero((whole_ms > best_ms) & (whole_ms <= _SLOWER * best_ms))
    if not len(good):
        return
    # States on one corridor give the same path, hence the same time: the corridor extends from the
    # first of them to the last.
    order = good[np.lexsort((to_ms[good], whole_ms[good]))]
    first = np.flatnonzero(np.diff(whole_ms[order], prepend=-1.0))
    last = np.append(first[1:], len(order)) - 1
    corridor_ms = to_ms[order[last]] - to_ms[order[first]]
    rank = np.argsort(2.0 * whole_ms[order[first]] - corridor_ms, kind="stable")[:_TRIES]
    for group in rank.tolist():
        yield int(states[order[(first[group] + last[group]) // 2]])


def _has_no_loop(network: RoadNetwork, via_path: ViaPath) -> bool:
    """Return whether a path passes no junction and no street twice."""
    edges = via_path.path.edges
    nodes = network.edge_to[edges[:-1]]
    return len(np.unique(nodes)) == len(nodes) and len(np.unique(edges // 2)) == len(edges)
