"""Convert the road network to an osmnx graph.

An osmnx graph is a ``networkx.MultiDiGraph``: nodes with ``x`` and ``y``; an edge for every
direction that may be driven, with ``length`` in metres, ``speed_kph``, ``travel_time`` in seconds,
``highway``, ``name``, ``oneway``, ``reversed`` and ``geometry``; ``crs`` is EPSG:4326.

It has no turn restrictions and no turn costs: a shortest path that networkx finds knows neither.
The restrictions travel as JSON in the graph's attribute ``turn_restrictions``, which
``osmnx.save_graphml`` keeps and the rest of osmnx leaves alone.

networkx is heavy and only imported when a graph is made.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeAlias

import numpy as np

from geodata.roads.types import BRIDGE
from geodata.roads.types import RESTRICTED_ACCESS
from geodata.roads.types import ROAD_CLASSES
from geodata.roads.types import ROUNDABOUT
from geodata.roads.types import TUNNEL
from geodata.roads.types import RoadData

if TYPE_CHECKING:
    import networkx as nx

Graph: TypeAlias = "nx.MultiDiGraph[Any]"
EdgeKey: TypeAlias = tuple[Any, Any, int]

KMH_PER_MPS = 3.6
RESTRICTIONS = "turn_restrictions"
_FLAG_TAGS = (
    (BRIDGE, "bridge", "yes"),
    (TUNNEL, "tunnel", "yes"),
    (ROUNDABOUT, "junction", "roundabout"),
    (RESTRICTED_ACCESS, "access", "destination"),
)


def to_graph(roads: RoadData) -> Graph:
    """Return an osmnx graph of all streets in the directions in which they may be driven.

    Nodes carry their OpenStreetMap ids; a node that stands twice, at both sides of a barrier, gets
    a negative id the second time.
    """
    import networkx as nx  # noqa: PLC0415 - heavy, and only wanted here
    from shapely import LineString  # noqa: PLC0415

    graph: Graph = nx.MultiDiGraph(crs="epsg:4326", simplified=True, created_with="nearcrew")
    nodes = _node_ids(roads)
    streets = np.bincount(
        np.concatenate((roads.segment_from, roads.segment_to)), minlength=len(nodes)
    )
    for number, osm_id in enumerate(nodes):
        lon, lat = roads.node_lonlat[number].tolist()
        signal = {"highway": "traffic_signals"} if roads.node_signal[number] else {}
        graph.add_node(osm_id, x=lon, y=lat, street_count=int(streets[number]), **signal)
    keys: dict[int, EdgeKey] = {}
    for street in range(len(roads.segment_from)):
        shared = _shared_attributes(roads, street)
        first, last = roads.geometry_start[street : street + 2]
        line = roads.geometry_lonlat[first:last]
        begin, end = nodes[roads.segment_from[street]], nodes[roads.segment_to[street]]
        for direction, here, there, speed_mps in _open_directions(roads, street, begin, end):
            key = graph.add_edge(
                here,
                there,
                **shared,
                speed_kph=speed_mps * KMH_PER_MPS,
                travel_time=shared["length"] / speed_mps,
                reversed=bool(direction),
                geometry=LineString(line[::-1] if direction else line),
            )
            keys[2 * street + direction] = (here, there, key)
    graph.graph[RESTRICTIONS] = json.dumps(list(_restrictions(roads, keys)))
    return graph


def _node_ids(roads: RoadData) -> list[int]:
    seen: set[int] = set()
    spare = min(0, int(roads.node_osm_id.min()))
    ids: list[int] = []
    for osm_id in roads.node_osm_id.tolist():
        own = osm_id
        if osm_id in seen:
            spare -= 1
            own = spare
        seen.add(own)
        ids.append(own)
    return ids


def _open_directions(
    roads: RoadData, street: int, begin: int, end: int
) -> Iterator[tuple[int, int, int, float]]:
    """Yield 0 or 1, first node, last node and speed of each direction that may be driven."""
    if roads.segment_forward[street]:
        yield 0, begin, end, float(roads.segment_forward_mps[street])
    if roads.segment_backward[street]:
        yield 1, end, begin, float(roads.segment_backward_mps[street])


def _shared_attributes(roads: RoadData, street: int) -> dict[str, Any]:
    """Return what both directions of a street have in common."""
    flags = int(roads.segment_flags[street])
    attributes: dict[str, Any] = {
        "osmid": int(roads.segment_way_id[street]),
        "length": float(roads.segment_length_m[street]),
        "highway": ROAD_CLASSES[roads.segment_class[street]],
        "oneway": not (roads.segment_forward[street] and roads.segment_backward[street]),
    }
    if roads.segment_name[street]:
        attributes["name"] = roads.names[roads.segment_name[street]]
    return attributes | {tag: value for flag, tag, value in _FLAG_TAGS if flags & flag}


def _restrictions(
    roads: RoadData, keys: dict[int, EdgeKey]
) -> Iterator[dict[str, bool | list[EdgeKey]]]:
    """Yield the restrictions whose edges are all in the graph; others concern no driveable path."""
    for rule, only in enumerate(roads.restriction_only.tolist()):
        first, last = roads.restriction_start[rule : rule + 2]
        path = roads.restriction_path[first:last].tolist()
        if all(edge in keys for edge in path):
            yield {"only": only, "path": [keys[edge] for edge in path]}
