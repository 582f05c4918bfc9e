"""OSRM over the same extract: one matrix, all crews to all incidents, snapping included."""

from importlib import import_module
from typing import Any

from tests.benchmarks.routing.road_peers.asked import Asked
from tests.benchmarks.routing.road_peers.asked import median_s
from tests.benchmarks.routing.road_peers.asked import skip
from tests.benchmarks.routing.road_peers.asked import tell
from tests.benchmarks.routing.road_peers.osrm_peer import built

_TIMES = 3


def main() -> None:
    """Answer ``matrix``."""
    try:
        osrm: Any = import_module("osrm")
    except ImportError as error:
        skip(f"not installed: {error}")
    asked = Asked.read()
    places = [
        (float(lon), float(lat)) for lon, lat in [*asked.crews_lonlat, *asked.incidents_lonlat]
    ]
    engine = osrm.OSRM(
        algorithm="CH",
        storage_config=str(built(osrm, asked)),
        use_shared_memory=False,
        max_locations_distance_table=len(places) + 1,
        default_radius="unlimited",
    )
    parameters = osrm.TableParameters(
        coordinates=places,
        sources=list(range(len(asked.crews_lonlat))),
        destinations=list(range(len(asked.crews_lonlat), len(places))),
        annotations=["duration"],
    )
    engine.Table(parameters)
    tell("matrix", median_s(lambda _: engine.Table(parameters), _TIMES))


if __name__ == "__main__":
    main()
