"""A route: line, length and time, in total and street by street."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork
from routing.paths.path import RoadPath
from routing.paths.path import driven_m


class Walks(NamedTuple):
    """Straight distances walked before and after a drive, metres."""

    before_m: float
    after_m: float


_NO_WALKS = Walks(0.0, 0.0)


@dataclass(frozen=True)
class Leg:
    """A part of a route along streets of one name.

    Attributes
    ----------
    street_name
        Empty where the street has none.
    length_m, travel_time_s
        Of this part; the time includes the turn at its beginning.
    first_point, last_point
        Its indices in the line of the route, both included.
    """

    street_name: str
    length_m: float
    travel_time_s: float
    first_point: int
    last_point: int


@dataclass(frozen=True, eq=False)
class Route:
    """A path from a road near one position to a road near another.

    Attributes
    ----------
    line
        Of the drive, WGS 84, longitude first, shape ``(k, 2)``; at least two points.
    length_m
        Of the drive.
    travel_time_s
        Of the drive and of both walks, at 1.4 m/s: as the router's travel times.
    legs
        Street by street; they add up to the drive.
    edges
        Directed edges driven, int64; the first and last usually in part.
    edge_length_m, edge_travel_time_s
        Length and time of each, the turn into it included.
    edge_closed_m
        Closed part of the driven length of each, metres: above 0 only where the origin or the
        destination is inside that closure.
    edge_last_point
        Index in the line at which each of them ends, int64.
    goal
        The target as given, WGS 84, shape ``(2,)``; ``None`` if it was given as a snapped position.
        It determines on which side of the road the destination is.
    walks
        From the origin to the road, and from the road to the target; nothing for positions that
        were given snapped.
    via_edge
        The directed edge that leads to it, of a route that is not the fastest: the route is the
        fastest one to the beginning of this edge and from there on.
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
    walks: Walks = _NO_WALKS
    via_edge: int | None = None

    @property
    def closed_length_m(self) -> float:
        """The closed length of the route, metres; 0 unless it begins or ends inside a closure."""
        return float(self.edge_closed_m.sum())


def draw_route(
    network: RoadNetwork,
    lines: Lines,
    path: RoadPath,
    *,
    begin_m: float,
    end_m: float,
    walks: Walks,
    goal: FloatArray | None = None,
) -> Route:
    """Return the route along a path.

    Parameters
    ----------
    begin_m, end_m
        Offset on the first edge to set out from, and on the last to stop at.
    walks
        Before and after the drive.
    goal
        The target as given, if it was a position.
    """
    edges, times_ms = path.edges, path.times_ms
    upto_m = lines.length_m[edges // 2].copy()
    from_m = np.zeros(len(edges))
    from_m[0], upto_m[-1] = begin_m, end_m
    first = lines.cut(int(edges[0]), begin_m, float(upto_m[0]))
    last = lines.cut(int(edges[-1]), float(from_m[-1]), end_m)
    between, counts = lines.wholes(edges[1:-1])
    # Each part begins with the last point of the one before: kept once.
    inner = np.ones(len(between), dtype=np.bool_)
    inner[np.cumsum(counts) - counts] = False
    parts = [first, between[inner], *([last[1:]] if len(edges) > 1 else [])]
    line = np.vstack(parts)
    points = np.cumsum(np.concatenate(([len(first)], counts, [len(last)]))[: len(edges)] - 1)
    length_m = driven_m(edges, lines.length_m, begin_m, end_m)
    return Route(
        line=line,
        length_m=float(length_m.sum()),
        travel_time_s=path.total_ms / 1000.0,
        legs=_legs(network, edges, length_m, times_ms, points),
        edges=edges,
        edge_length_m=length_m,
        edge_travel_time_s=times_ms / 1000.0,
        edge_closed_m=path.closed_m,
        edge_last_point=points,
        goal=goal,
        walks=walks,
        via_edge=path.via_edge,
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
