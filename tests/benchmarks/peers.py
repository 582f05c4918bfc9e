"""Other ways to get the same answers, measured beside ours: what the product is compared with."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from sqlalchemy import text

from routing.ends import find_ends
from routing.ends import seeds_arriving
from routing.ends import straight_on_ms
from routing.expansion import expand
from routing.geometry import Lines
from routing.metric import NORMAL
from routing.metric import UNREACHABLE_MS
from routing.metric import weigh
from routing.router import Router
from routing.snapping import Snaps
from tests.benchmarks.city import City

SCIPY = "scipy dijkstra"
NETWORKX = "networkx dijkstra"
STRAIGHT = "straight lines, SQL only"
FloatArray = NDArray[np.float64]
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
    """The road network in three forms, and one target on it."""

    def __init__(self, router: Router, target: tuple[float, float]) -> None:
        self._router = router
        self._target = router.snap([target])
        network = router.network
        self._lines = Lines(network.roads)
        expansion = expand(network)
        self._weights = weigh(network, expansion, self._lines, NORMAL)
        self._goal = find_ends(self._target, self._lines.length_m, self._weights)
        seeds = seeds_arriving(self._goal, expansion, self._weights)
        usable = self._weights.arc_ms < UNREACHABLE_MS
        states = len(expansion.state_edge)
        # Backwards, for many start and one arrives; the target is one node more.
        tail = np.concatenate((expansion.arc_to[usable], np.full(len(seeds.nodes), states)))
        head = np.concatenate((expansion.arc_from[usable], seeds.nodes))
        ms = np.concatenate((self._weights.arc_ms[usable], seeds.costs_ms))
        self._node = states
        self._matrix = csr_array((ms.astype(float), (tail, head)), shape=(states + 1, states + 1))
        self._graph: nx.DiGraph[int] = nx.DiGraph()
        self._graph.add_weighted_edges_from(
            zip(tail.tolist(), head.tolist(), ms.tolist(), strict=True)
        )

    def measure(self, lonlat: FloatArray, times: int, peer_times: int) -> ManyToOne:
        """Measure one search for these origins, already snapped to roads.

        Raises
        ------
        ArithmeticError
            If the three do not agree: then no comparison means anything.
        """
        origins = self._router.snap(lonlat)
        answers = (
            self._router.travel_times_to(origins, self._target),
            self._with(origins, self._by_scipy()),
            self._with(origins, self._by_networkx()),
        )
        if not all(np.allclose(answers[0], each) for each in answers):
            message = "engine, scipy and networkx do not agree"
            raise ArithmeticError(message)
        return ManyToOne(
            median_s(lambda: self._router.travel_times_to(origins, self._target), times),
            {
                SCIPY: median_s(self._by_scipy, peer_times),
                NETWORKX: median_s(self._by_networkx, peer_times),
            },
        )

    def _by_scipy(self) -> FloatArray:
        found: FloatArray = dijkstra(self._matrix, indices=[self._node])[0]
        return found

    def _by_networkx(self) -> FloatArray:
        found: Any = nx.single_source_dijkstra_path_length(self._graph, self._node)
        reached = np.full(self._node + 1, np.inf)
        reached[list(found.keys())] = list(found.values())
        return reached

    def _with(self, origins: Snaps, reached: FloatArray) -> FloatArray:
        """Return seconds for origins in the middle of streets from times at all nodes."""
        starts = find_ends(origins, self._lines.length_m, self._weights)
        at_edge = np.where(starts.edge >= 0, reached[starts.edge], np.inf)
        round_ms = (at_edge - starts.passed_ms).min(axis=1)
        return np.asarray(np.minimum(round_ms, straight_on_ms(starts, self._goal)) / 1000.0)
