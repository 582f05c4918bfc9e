"""Other ways to get the same answers, measured beside ours: what the product is compared with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from sqlalchemy import text

from routing.engine.edge_expansion import expand
from routing.engine.edge_weights import NORMAL
from routing.engine.edge_weights import UNREACHABLE_MS
from routing.engine.edge_weights import compute_weights
from routing.engine.hierarchy import ContractionHierarchy
from routing.engine.hierarchy import Seeds
from routing.engine.order_cache import load_order
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.benchmarks.city import City

SCIPY = "scipy dijkstra"
NETWORKX = "networkx dijkstra"
STRAIGHT = "straight lines, SQL only"
_STRAIGHT_LINES = text(
    """
    SELECT crew.id, crew.name, crew.duty,
           ST_Distance(point::geography, ST_MakePoint(:lon, :lat)::geography) AS distance_m
    FROM crew_position JOIN crew ON crew.id = crew_id
    WHERE ST_DWithin(point::geography, ST_MakePoint(:lon, :lat)::geography, :radius_m)
    ORDER BY distance_m
    """
)


def median_s(work: Callable[[], object], times: int) -> float:
    """Return the median time of some work, seconds."""
    took = []
    for _ in range(times):
        began_s = perf_counter()
        work()
        took.append(perf_counter() - began_s)
    return float(np.median(took))


def straight_lines_s(city: City, times: int) -> float:
    """Return how long the radius query alone takes: nearest by straight line, nothing judged."""
    parameters = {"lon": city.centre[0], "lat": city.centre[1], "radius_m": city.radius_m}
    with city.services.engine.connect() as connection:
        return median_s(lambda: connection.execute(_STRAIGHT_LINES, parameters).all(), times)


@dataclass(frozen=True, slots=True)
class ManyToOne:
    """Times of one search for all origins, by way of finding them; seconds."""

    ours_s: float
    peers_s: dict[str, float]


class SameRoads:
    """The road network as the engine has it and as the peers take it, and one target on it."""

    def __init__(self, network: RoadNetwork, cache_dir: Path, target: tuple[float, float]) -> None:
        lines = Lines(network.roads)
        expansion = expand(network)
        arc_ms = compute_weights(network, expansion, lines, NORMAL).arc_ms
        order = load_order(network, expansion, lines, cache_dir)
        self._router = Router(network, cache_dir=cache_dir)
        self._target = self._edges([target])[0]
        states = len(expansion.state_edge)
        self._engine = ContractionHierarchy(
            states, expansion.arc_from, expansion.arc_to, order, arc_ms
        )
        usable = arc_ms < UNREACHABLE_MS
        # Turned round: from the one they all drive to.
        tail, head = expansion.arc_to[usable], expansion.arc_from[usable]
        ms = arc_ms[usable]
        self._matrix = csr_array((ms.astype(float), (tail, head)), shape=(states, states))
        self._graph: nx.DiGraph[int] = nx.DiGraph()
        self._graph.add_nodes_from(range(states))
        self._graph.add_weighted_edges_from(
            zip(tail.tolist(), head.tolist(), ms.tolist(), strict=True)
        )

    def measure(self, lonlat: FloatArray, times: int, peer_times: int) -> ManyToOne:
        """Measure one search from the streets of these origins to the target's.

        Raises
        ------
        ArithmeticError
            If the three do not agree: then no comparison means anything.
        """
        origins = np.unique(self._edges(lonlat))
        ours_ms = self._by_engine(origins)
        for peer_ms in (self._by_scipy(), self._by_networkx()):
            if not np.array_equal(ours_ms, peer_ms[origins]):
                message = "the engine and its peers do not agree"
                raise ArithmeticError(message)
        return ManyToOne(
            median_s(lambda: self._by_engine(origins), times),
            {
                SCIPY: median_s(self._by_scipy, peer_times),
                NETWORKX: median_s(self._by_networkx, peer_times),
            },
        )

    def _edges(self, lonlat: FloatArray | list[tuple[float, float]]) -> IntArray:
        edges = self._router.snap(lonlat).edge
        return np.asarray(edges[edges >= 0])

    def _by_engine(self, origins: IntArray) -> FloatArray:
        goal = Seeds(np.array([self._target]), np.array([0]))
        return np.asarray(self._engine.many_to_one(origins, [goal])[0])

    def _by_scipy(self) -> FloatArray:
        found: FloatArray = dijkstra(self._matrix, indices=[self._target])[0]
        return found

    def _by_networkx(self) -> FloatArray:
        found: Any = nx.single_source_dijkstra_path_length(self._graph, int(self._target))
        reached = np.full(len(self._graph), np.inf)
        reached[list(found.keys())] = list(found.values())
        return reached
