"""Small towns drawn by hand, in metres, for tests."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from itertools import pairwise

import numpy as np

from geodata.roads.types import ROAD_CLASSES
from geodata.roads.types import RoadData
from routing.locate.snapping import Snaps
from routing.network.line_geometry import metres_per_degree
from routing.network.road_network import RoadNetwork
from routing.router import Router

ORIGIN = (7.42, 43.73)
_EAST, _NORTH = (float(scale) for scale in metres_per_degree(np.array(ORIGIN[1])))

Point = tuple[float, float]


@dataclass(frozen=True)
class Street:
    """A street between two nodes, driven at 10 m/s unless told otherwise."""

    begin: str
    end: str
    forward: bool = True
    backward: bool = True
    speed_mps: float = 10.0
    name: str = ""
    flags: int = 0
    through: tuple[Point, ...] = ()
    road_class: str = "residential"


def street(text: str, **more: object) -> Street:
    """Return ``"A-B"`` as a two-way street, ``"A>B"`` as a one-way one."""
    one_way = ">" in text
    begin, end = text.split(">" if one_way else "-")
    return Street(begin, end, backward=not one_way, **more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Town:
    """A drawn network that remembers the names of its nodes."""

    roads: RoadData
    places: Mapping[str, Point]
    streets: Sequence[Street]
    network: RoadNetwork = field(init=False)

    def __post_init__(self) -> None:
        """Freeze the network."""
        object.__setattr__(self, "network", RoadNetwork.from_roads(self.roads))

    def edge(self, begin: str, end: str) -> int:
        """Return the directed edge from one node to another."""
        return edge_between(self.streets, begin, end)

    def at(self, router: Router, begin: str, end: str, at_m: float) -> Snaps:
        """Return the place some metres along the street from one node to another."""
        return router.on_edges(np.array([self.edge(begin, end)]), np.array([at_m]))

    def lonlat(self, x_m: float, y_m: float) -> Point:
        """Return metres of the drawing as a WGS 84 position."""
        return lonlat((x_m, y_m))


def lonlat(point: Point) -> Point:
    """Return metres east and north of the origin of all drawings as a WGS 84 position."""
    return ORIGIN[0] + point[0] / _EAST, ORIGIN[1] + point[1] / _NORTH


def edge_between(streets: Sequence[Street], begin: str, end: str) -> int:
    """Return ``2 * street + direction`` of the first street between two nodes."""
    for number, one in enumerate(streets):
        if (one.begin, one.end) == (begin, end):
            return 2 * number
        if (one.end, one.begin) == (begin, end):
            return 2 * number + 1
    raise KeyError(begin, end)


def draw(
    places: Mapping[str, Point],
    streets: Sequence[Street],
    rules: Sequence[str] = (),
    signals: Sequence[str] = (),
) -> Town:
    """Return a town.

    Parameters
    ----------
    places
        Nodes by name, metres east and north.
    streets
        Between nodes; a length is that of the line drawn.
    rules
        ``"no A B C"``: from A over B not to C; ``"only A B C"``; more letters go through ways.
    signals
        Nodes with traffic lights.
    """
    numbers = {name: number for number, name in enumerate(places)}
    paths = [
        [edge_between(streets, *pair) for pair in pairwise(nodes)]
        for nodes in (rule.split()[1:] for rule in rules)
    ]
    roads = roads_of(
        nodes=list(places.values()),
        ends=[(numbers[one.begin], numbers[one.end]) for one in streets],
        streets=streets,
        rules=[(rule.startswith("only"), path) for rule, path in zip(rules, paths, strict=True)],
        signals=[numbers[name] for name in signals],
    )
    return Town(roads, places, streets)


def roads_of(
    *,
    nodes: Sequence[Point],
    ends: Sequence[tuple[int, int]],
    streets: Sequence[Street],
    rules: Sequence[tuple[bool, Sequence[int]]] = (),
    signals: Sequence[int] = (),
) -> RoadData:
    """Return drawn streets as the arrays the importer would make."""
    lines = [
        np.array([nodes[begin], *one.through, nodes[end]], dtype=float)
        for (begin, end), one in zip(ends, streets, strict=True)
    ]
    names = ["", *sorted({one.name for one in streets} - {""})]
    lights = np.zeros(len(nodes), dtype=np.bool_)
    lights[list(signals)] = True
    steps = [np.hypot(*np.diff(line, axis=0).T).sum() for line in lines]
    geometry = np.vstack(lines)
    return RoadData(
        node_lonlat=np.array([lonlat(node) for node in nodes]),
        node_osm_id=np.arange(len(nodes), dtype=np.int64) + 100,
        node_signal=lights,
        segment_from=np.array([begin for begin, _ in ends], dtype=np.int32),
        segment_to=np.array([end for _, end in ends], dtype=np.int32),
        segment_way_id=np.arange(len(streets), dtype=np.int64) + 1000,
        segment_length_m=np.array(steps, dtype=np.float64),
        segment_class=np.array(
            [ROAD_CLASSES.index(one.road_class) for one in streets], dtype=np.uint8
        ),
        segment_forward=np.array([one.forward for one in streets], dtype=np.bool_),
        segment_backward=np.array([one.backward for one in streets], dtype=np.bool_),
        segment_forward_mps=np.array([one.speed_mps for one in streets], dtype=np.float32),
        segment_backward_mps=np.array([one.speed_mps for one in streets], dtype=np.float32),
        segment_name=np.array([names.index(one.name) for one in streets], dtype=np.int32),
        segment_flags=np.array([one.flags for one in streets], dtype=np.uint8),
        geometry_start=np.concatenate(([0], np.cumsum([len(line) for line in lines]))).astype(
            np.int64
        ),
        geometry_lonlat=np.array([lonlat((x, y)) for x, y in geometry.tolist()]),
        names=tuple(names),
        restriction_only=np.array([only for only, _ in rules], dtype=np.bool_),
        restriction_start=np.concatenate(([0], np.cumsum([len(path) for _, path in rules]))).astype(
            np.int32
        ),
        restriction_path=np.array([edge for _, path in rules for edge in path], dtype=np.int64),
    )
