"""Convert an osmnx graph, from a download or a GraphML file, to road arrays.

Speeds come from ``speed_kph``, else ``travel_time``, else ``maxspeed`` and the class of the road.
Edges that cars may not use, by their ``highway``, are left out. Of several values in one attribute,
as osmnx leaves them where it joins ways, the first counts; of speed limits the least. osmnx knows
no turn restrictions; those that `routing.network.osmnx_export` put into the graph are taken back.
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from geodata.osm.way_tags import WayMeaning
from geodata.osm.way_tags import is_signal
from geodata.osm.way_tags import way_meaning
from geodata.roads.types import ROAD_CLASSES
from geodata.roads.types import RoadData
from routing.errors import NetworkError
from routing.network.arrays import FloatArray
from routing.network.line_geometry import piece_lengths_m
from routing.network.osmnx_export import KMH_PER_MPS
from routing.network.osmnx_export import RESTRICTIONS
from routing.network.osmnx_export import EdgeKey
from routing.network.osmnx_export import Graph

_LONGITUDE_LATITUDE = frozenset({"epsg:4326", "ogc:crs84", "wgs84", "wgs 84"})
_TAGS = ("highway", "maxspeed", "junction", "bridge", "tunnel", "access", "service", "name", "ref")


def from_graph(graph: Graph) -> RoadData:
    """Return the road arrays of an osmnx graph.

    Raises
    ------
    NetworkError
        If it is no such graph, projected, or has no streets.
    """
    _check(graph)
    streets = _pair_directions(graph)
    if not streets:
        message = "the graph has no streets for cars; edges need highway=residential and the like"
        raise NetworkError(message)
    number = {node: index for index, node in enumerate(graph.nodes)}
    names = {"": 0}
    for one in streets:
        names.setdefault(one.meaning.name, len(names))
    edges = {
        key: 2 * index + direction
        for index, one in enumerate(streets)
        for direction, key in enumerate((one.forward, one.backward))
        if key is not None
    }
    rules = list(_restrictions(graph, edges))
    lines = [one.line for one in streets]
    nodes = [data for _, data in graph.nodes(data=True)]
    return RoadData(
        node_lonlat=np.array([[node["x"], node["y"]] for node in nodes], dtype=np.float64),
        node_osm_id=np.array([_node_id(*item) for item in enumerate(graph.nodes)], dtype=np.int64),
        node_signal=np.array([_has_signal(node) for node in nodes], dtype=np.bool_),
        segment_from=np.array([number[one.forward[0]] for one in streets], dtype=np.int32),
        segment_to=np.array([number[one.forward[1]] for one in streets], dtype=np.int32),
        segment_way_id=np.array([one.way_id for one in streets], dtype=np.int64),
        segment_length_m=np.array([one.length_m for one in streets], dtype=np.float64),
        segment_class=np.array([one.meaning.class_code for one in streets], dtype=np.uint8),
        segment_forward=np.ones(len(streets), dtype=np.bool_),
        segment_backward=np.array([one.backward is not None for one in streets], dtype=np.bool_),
        segment_forward_mps=np.array([one.forward_mps for one in streets], dtype=np.float32),
        segment_backward_mps=np.array([one.backward_mps for one in streets], dtype=np.float32),
        segment_name=np.array([names[one.meaning.name] for one in streets], dtype=np.int32),
        segment_flags=np.array([one.meaning.flags for one in streets], dtype=np.uint8),
        geometry_start=np.cumsum([0, *(len(line) for line in lines)], dtype=np.int64),
        geometry_lonlat=np.vstack(lines),
        names=tuple(names),
        restriction_only=np.array([only for only, _ in rules], dtype=np.bool_),
        restriction_start=np.cumsum([0, *(len(path) for _, path in rules)], dtype=np.int32),
        restriction_path=np.array([edge for _, path in rules for edge in path], dtype=np.int64),
    )


@dataclass
class _Street:
    """One street of a graph; ``forward`` is the direction it was met in first."""

    forward: EdgeKey
    backward: EdgeKey | None
    line: FloatArray
    way_id: int
    length_m: float
    meaning: WayMeaning
    forward_mps: float
    backward_mps: float


def _check(graph: object) -> None:
    import networkx as nx  # noqa: PLC0415 - heavy, and only wanted here

    if not isinstance(graph, nx.MultiDiGraph):
        message = f"expected an osmnx graph (networkx.MultiDiGraph), not {type(graph).__name__}"
        raise NetworkError(message)
    crs = str(graph.graph.get("crs", "")).lower()
    if crs not in _LONGITUDE_LATITUDE:
        message = (
            f"the graph is in {crs or 'no named CRS'}, not EPSG:4326; "
            "osmnx.projection.project_graph(graph, to_latlong=True) brings it there"
        )
        raise NetworkError(message)
    for node, data in graph.nodes(data=True):
        if not {"x", "y"} <= data.keys():
            message = f"node {node!r} of the graph has no x and y"
            raise NetworkError(message)


def _pair_directions(graph: Graph) -> list[_Street]:
    """Join the two edges that follow one line in opposite directions into one street."""
    streets: list[_Street] = []
    alone: dict[tuple[Any, Any, bytes], list[_Street]] = defaultdict(list)
    for begin, end, key, data in graph.edges(keys=True, data=True):
        tags = {tag: _text(data[tag], tag) for tag in _TAGS if data.get(tag) is not None}
        meaning = way_meaning(tags)
        if meaning is None:
            continue
        line = _line(graph, begin, end, data)
        length_m = _length_m(data, line)
        speed_mps = _speed_mps(data, length_m) or meaning.forward_mps
        opposites = alone[begin, end, _line_key(line[::-1])]
        if opposites:
            opposite = opposites.pop()
            opposite.backward, opposite.backward_mps = (begin, end, key), speed_mps
            continue
        one = _Street(
            forward=(begin, end, key),
            backward=None,
            line=line,
            way_id=_way_id(data),
            length_m=length_m,
            meaning=meaning,
            forward_mps=speed_mps,
            backward_mps=speed_mps,
        )
        streets.append(one)
        alone[end, begin, _line_key(line)].append(one)
    return streets


def _line(graph: Graph, begin: Any, end: Any, data: dict[str, Any]) -> FloatArray:  # noqa: ANN401 - osmnx nodes are anything hashable
    end_points = np.array(
        [[graph.nodes[node]["x"], graph.nodes[node]["y"]] for node in (begin, end)], float
    )
    geometry = data.get("geometry")
    if geometry is None:
        return end_points
    line = np.asarray(geometry.coords, dtype=np.float64)[:, :2]
    # Some tools leave the line of the direction back as it was drawn.
    if np.abs(line[0] - end_points[0]).sum() > np.abs(line[-1] - end_points[0]).sum():
        line = line[::-1]
    return line


def _length_m(data: dict[str, Any], line: FloatArray) -> float:
    length_m = data.get("length")
    return float(piece_lengths_m(line).sum() if length_m is None else length_m)


def _speed_mps(data: dict[str, Any], length_m: float) -> float | None:
    """Return the speed an edge states, in one way or another; None if it does not."""
    speed_kph, time_s = data.get("speed_kph"), data.get("travel_time")
    if speed_kph is not None and math.isfinite(float(speed_kph)) and float(speed_kph) > 0:
        return float(speed_kph) / KMH_PER_MPS
    if time_s is not None and float(time_s) > 0 and length_m > 0:
        return length_m / float(time_s)
    return None


def _line_key(line: FloatArray) -> bytes:
    return np.rint(line * 1e7).astype(np.int64).tobytes()


def _way_id(data: dict[str, Any]) -> int:
    first = data.get("osmid", 0)
    if isinstance(first, list):
        first = first[0] if first else 0
    try:
        return int(first)
    except (TypeError, ValueError):
        return 0


def _text(value: Any, tag: str = "") -> str:  # noqa: ANN401 - whatever a graph file holds
    if isinstance(value, list):
        known = [one for one in value if tag != "highway" or one in ROAD_CLASSES] or value
        return ";".join(map(str, value)) if tag == "maxspeed" else str(known[0])
    return "" if value is None else str(value)


def _has_signal(node: dict[str, Any]) -> bool:
    return is_signal({"highway": _text(node.get("highway"))})


def _node_id(index: int, node: object) -> int:
    return node if isinstance(node, int) else -1 - index


def _restrictions(graph: Graph, edges: dict[EdgeKey, int]) -> Iterator[tuple[bool, list[int]]]:
    """Yield the restrictions whose edges are still in the graph and still follow each other."""
    try:
        rules = json.loads(graph.graph.get(RESTRICTIONS) or "[]")
        for rule in rules:
            path = [(begin, end, key) for begin, end, key in rule["path"]]
            joined = all(here[1] == there[0] for here, there in pairwise(path))
            if joined and len(path) > 1 and all(key in edges for key in path):
                yield bool(rule["only"]), [edges[key] for key in path]
    except (TypeError, ValueError, KeyError) as error:
        message = f"the graph's {RESTRICTIONS} cannot be read: {error}"
        raise NetworkError(message) from error
