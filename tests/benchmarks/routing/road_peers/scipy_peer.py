"""scipy's Dijkstra over the same edge-expanded network."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from tests.benchmarks.routing.road_peers.asked import Asked
from tests.benchmarks.routing.road_peers.asked import Numbers
from tests.benchmarks.routing.road_peers.asked import median_s
from tests.benchmarks.routing.road_peers.asked import tell
from tests.benchmarks.routing.road_peers.asked import tell_times
from tests.benchmarks.routing.road_peers.asked import timed

_TIMES = 5


def main() -> None:
    """Answer everything."""
    asked = Asked.read()
    size = len(asked.state_lonlat)

    def graph(tail: Numbers, head: Numbers) -> csr_array:
        return csr_array((asked.ms.astype(float), (tail, head)), shape=(size, size))

    onwards = timed("ready", lambda: graph(asked.tail, asked.head))
    backwards = graph(asked.head, asked.tail)

    def to_incident(number: int) -> Numbers:
        found = dijkstra(backwards, indices=asked.incidents[number])
        return np.asarray(found[asked.crews])

    tell_times("crews", to_incident(0))
    to_incident_s = median_s(to_incident, _TIMES)
    for count in asked.counts:
        tell(f"crews {count}", to_incident_s)  # one search finds all of them
    limit_ms = asked.limit_s * 1000.0
    reach_s = median_s(
        lambda number: dijkstra(onwards, indices=asked.crews[number], limit=limit_ms), _TIMES
    )
    tell("reach, times only", reach_s)
    pair_s = median_s(
        lambda number: dijkstra(onwards, indices=asked.crews[number], return_predecessors=True),
        _TIMES,
    )
    tell("route, path only", pair_s)
    tell("matrix", asked.matrix_size * to_incident_s)


if __name__ == "__main__":
    main()
