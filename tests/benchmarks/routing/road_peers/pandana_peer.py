"""pandana's contraction hierarchies over the same edge-expanded network."""

from functools import partial
from importlib import import_module

import numpy as np

from tests.benchmarks.routing.road_peers.asked import Asked
from tests.benchmarks.routing.road_peers.asked import Numbers
from tests.benchmarks.routing.road_peers.asked import median_s
from tests.benchmarks.routing.road_peers.asked import skip
from tests.benchmarks.routing.road_peers.asked import tell
from tests.benchmarks.routing.road_peers.asked import tell_times
from tests.benchmarks.routing.road_peers.asked import timed

_TIMES = 10
_NOTHING_MS = 4_294_967  # its answer where no road leads
_ROWS = 10


def main() -> None:
    """Answer everything."""
    try:
        pandana, pandas = import_module("pandana"), import_module("pandas")
    except ImportError as error:
        skip(f"not installed: {error}")
    asked = Asked.read()
    lon, lat = (pandas.Series(column) for column in asked.state_lonlat.T)
    columns = (pandas.Series(column) for column in (asked.tail, asked.head))
    # In seconds: it keeps whole thousandths, and milliseconds would overflow on longer ways.
    weights = pandas.DataFrame({"s": asked.ms / 1000.0})
    network = timed("ready", lambda: pandana.Network(lon, lat, *columns, weights, twoway=False))

    def to_incident(number: int, count: int) -> Numbers:
        crews = asked.crews[:count]
        goals = np.full(len(crews), asked.incidents[number])
        return np.asarray(network.shortest_path_lengths(crews, goals, imp_name="s")) * 1000.0

    found_ms = to_incident(0, len(asked.crews))
    tell_times("crews", np.where(found_ms < _NOTHING_MS * 1000.0 * 0.999, found_ms, np.inf))
    for count in asked.counts:
        tell(f"crews {count}", median_s(partial(to_incident, count=count), _TIMES))
    path_s = median_s(
        lambda number: network.shortest_path(
            int(asked.crews[number]), int(asked.incidents[number]), imp_name="s"
        ),
        _TIMES,
    )
    tell("route, path only", path_s)
    reach_s = median_s(
        lambda number: network.nodes_in_range([int(asked.crews[number])], asked.limit_s, "s"),
        _TIMES,
    )
    tell("reach, times only", reach_s)
    one_row_s = median_s(lambda number: to_incident(number, asked.matrix_size), _ROWS)
    tell("matrix", asked.matrix_size * one_row_s)


if __name__ == "__main__":
    main()
