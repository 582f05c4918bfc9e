"""networkx's Dijkstra over the same edge-expanded network."""

import networkx as nx
import numpy as np

from tests.benchmarks.routing.road_peers.asked import Asked
from tests.benchmarks.routing.road_peers.asked import Numbers
from tests.benchmarks.routing.road_peers.asked import median_s
from tests.benchmarks.routing.road_peers.asked import tell
from tests.benchmarks.routing.road_peers.asked import tell_times
from tests.benchmarks.routing.road_peers.asked import timed

_TIMES = 3


def main() -> None:
    """Answer everything."""
    asked = Asked.read()
    graph = timed("ready", lambda: _graph(asked))
    backwards = graph.reverse(copy=False)

    def to_incident(number: int) -> Numbers:
        found = nx.single_source_dijkstra_path_length(backwards, int(asked.incidents[number]))
        return np.array([found.get(state, np.inf) for state in asked.crews.tolist()])

    tell_times("crews", to_incident(0))
    to_incident_s = median_s(to_incident, _TIMES)
    for count in asked.counts:
        tell(f"crews {count}", to_incident_s)  # one search finds all of them

    def path(number: int) -> object:
        pair = int(asked.crews[number]), int(asked.incidents[number])
        return nx.bidirectional_dijkstra(graph, *pair) if nx.has_path(graph, *pair) else None

    tell("route, path only", median_s(path, 2 * _TIMES))
    limit_ms = asked.limit_s * 1000.0
    reach_s = median_s(
        lambda number: nx.single_source_dijkstra_path_length(
            graph, int(asked.crews[number]), cutoff=limit_ms
        ),
        _TIMES,
    )
    tell("reach, times only", reach_s)
    tell("matrix", asked.matrix_size * to_incident_s)


def _graph(asked: Asked) -> "nx.DiGraph[int]":
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(asked.state_lonlat)))
    arcs = zip(asked.tail.tolist(), asked.head.tolist(), asked.ms.tolist(), strict=True)
    graph.add_weighted_edges_from(arcs)
    return graph


if __name__ == "__main__":
    main()
