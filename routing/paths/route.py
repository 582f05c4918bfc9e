"""A way from here to there: its line, its length, its time, street by street."""

from dataclasses import dataclass

import numpy as np

from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork
from routing.paths.path import driven_m


@dataclass(frozen=True)
class Leg:
    """A stretch along streets of one name.

    Attributes
    ----------
    street_name
        Empty where the street has none.
    length_m, travel_time_s
        Of this stretch; the time contains the turn at its beginning.
    first_point, last_point
        Where it lies in the line of the route, both included.
    """

    street_name: str
    length_m: float
    travel_time_s: float
    first_point: int
    last_point: int


@dataclass(frozen=True, eq=False)
class Route:
    """The fastest way, from the place on the road nearest to one position to that of another.

    Attributes
    ----------
    line
        WGS 84, longitude first, shape ``(k, 2)``; at least two points.
    length_m, travel_time_s
        Of the whole.
    legs
        Street by street; they add up to the whole.
    edges
        Directed edges driven, int64; the first and last usually in part.
    edge_length_m, edge_travel_time_s
        What each of them adds, the turn into it included.
    edge_closed_m
        How much of what is driven of each of them is closed, metres: only where the origin or the
        destination lies within that closure.
    edge_last_point
        Where in the line each of them ends, int64.
    goal
        The position asked for, WGS 84, shape ``(2,)``; ``None`` if a place on a road was asked for.
        It tells on which side of the road the destination lies.
    """

    line: FloatArray
    length_m: float
    travel_time_s: float
    legs: tuple[Leg, ...]
    edges: IntArray
    edge_length_m: FloatArray
    edge_travel_time_s: FloatArray
    edge_closed_m: FloatArray
    edge_last_point: IntArray
    goal: FloatArray | None = None

    @property
    def closed_length_m(self) -> float:
        """How much of the way is closed, metres; 0 for all ways but out of and into closures."""
        return float(self.edge_closed_m.sum())


def draw_route(
    network: RoadNetwork,
    lines: Lines,
    edges: IntArray,
    *,
    begin_m: float,
    end_m: float,
    times_ms: FloatArray,
    closed_m: FloatArray,
    goal: FloatArray | None = None,
) -> Route:
    """Return a route along given edges.

    Parameters
    ----------
    edges
        Directed edges in driving order, shape ``(k,)``.
    begin_m, end_m
        Offset on the first edge to set out from, and on the last to stop at.
    times_ms
        What each edge adds, shape ``(k,)``.
    closed_m
        How much of what is driven of each is closed, shape ``(k,)``.
    goal
        The position asked for, if it was one.
    """
    upto_m = lines.length_m[edges // 2].copy()
    from_m = np.zeros(len(edges))
    from_m[0], upto_m[-1] = begin_m, end_m
    cuts = [lines.whole(edge) for edge in edges.tolist()]
    for end in {0, len(edges) - 1}:
        cuts[end] = lines.cut(int(edges[end]), float(from_m[end]), float(upto_m[end]))
    # Each cutting repeats the last point of the one before: kept once.
    line = np.vstack([cuts[0], *(cut[1:] for cut in cuts[1:])])
    points = np.cumsum([len(cuts[0]) - 1, *(len(cut) - 1 for cut in cuts[1:])])
    length_m = driven_m(edges, lines.length_m, begin_m, end_m)
    return Route(
        line=line,
        length_m=float(length_m.sum()),
        travel_time_s=float(times_ms.sum()) / 1000.0,
        legs=_legs(network, edges, length_m, times_ms, points),
        edges=edges,
        edge_length_m=length_m,
        edge_travel_time_s=times_ms / 1000.0,
        edge_closed_m=closed_m,
        edge_last_point=points,
        goal=goal,
    )


def _legs(
    network: RoadNetwork,
    edges: IntArray,
    length_m: FloatArray,
    times_ms: FloatArray,
    points: IntArray,
) -> tuple[Leg, ...]:
    name = network.roads.segment_name[edges // 2]
    begins = np.concatenate(([0], np.flatnonzero(np.diff(name)) + 1))
    ends = np.concatenate((begins[1:], [len(edges)]))
    return tuple(
        Leg(
            street_name=network.roads.names[int(name[begin])],
            length_m=float(length_m[begin:end].sum()),
            travel_time_s=float(times_ms[begin:end].sum()) / 1000.0,
            first_point=int(points[begin - 1]) if begin else 0,
            last_point=int(points[end - 1]),
        )
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
    )
