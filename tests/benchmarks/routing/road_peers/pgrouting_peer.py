"""pgRouting over the same edge-expanded network, in a database of its own."""

from functools import partial

import numpy as np
import psycopg

from tests.benchmarks.routing.road_peers.asked import Asked
from tests.benchmarks.routing.road_peers.asked import Numbers
from tests.benchmarks.routing.road_peers.asked import median_s
from tests.benchmarks.routing.road_peers.asked import skip
from tests.benchmarks.routing.road_peers.asked import tell
from tests.benchmarks.routing.road_peers.asked import tell_times
from tests.benchmarks.routing.road_peers.asked import timed

_TIMES = 3
_ARCS = "SELECT id, source, target, cost FROM arc"
_TURNED_ROUND = "SELECT id, target AS source, source AS target, cost FROM arc"


def main() -> None:
    """Answer everything."""
    asked = Asked.read()
    if not asked.database:
        skip("no PostgreSQL with pgRouting (apt: postgresql-N-pgrouting)")
    with psycopg.connect(asked.database, autocommit=True) as connection:
        timed("ready", lambda: _fill(connection, asked))

        # From the one they all drive to, over arcs turned round: far quicker than many to one.
        def to_incident(number: int, count: int) -> Numbers:
            crews = asked.crews[:count].tolist()
            rows = connection.execute(
                "SELECT end_vid, agg_cost FROM pgr_dijkstraCost(%s, %s::bigint, %s::bigint[])",
                (_TURNED_ROUND, int(asked.incidents[number]), crews),
            ).fetchall()
            found = dict(rows)
            found[int(asked.incidents[number])] = 0.0
            return np.array([found.get(state, np.inf) for state in crews])

        tell_times("crews", to_incident(0, len(asked.crews)))
        for count in asked.counts:
            tell(f"crews {count}", median_s(partial(to_incident, count=count), _TIMES))
        path = "SELECT * FROM pgr_dijkstra(%s, %s::bigint, %s::bigint)"
        path_s = median_s(
            lambda number: connection.execute(
                path, (_ARCS, int(asked.crews[number]), int(asked.incidents[number]))
            ).fetchall(),
            _TIMES,
        )
        tell("route, path only", path_s)
        reach = "SELECT * FROM pgr_drivingDistance(%s, %s::bigint, %s)"
        reach_s = median_s(
            lambda number: connection.execute(
                reach, (_ARCS, int(asked.crews[number]), asked.limit_s * 1000.0)
            ).fetchall(),
            _TIMES,
        )
        tell("reach, times only", reach_s)


def _fill(connection: psycopg.Connection, asked: Asked) -> None:
    connection.execute(
        "CREATE TABLE arc (id bigint PRIMARY KEY, source bigint, target bigint, cost float8)"
    )
    rows = zip(asked.tail.tolist(), asked.head.tolist(), asked.ms.tolist(), strict=True)
    with connection.cursor().copy("COPY arc FROM STDIN") as copy:
        for number, row in enumerate(rows):
            copy.write_row((number, *row))
    connection.execute("CREATE INDEX ON arc (source)")
    connection.execute("CREATE INDEX ON arc (target)")
    connection.execute("ANALYZE arc")


if __name__ == "__main__":
    main()
