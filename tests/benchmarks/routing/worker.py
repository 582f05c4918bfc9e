"""One worker for itself: how soon it is ready from the cache, and how much memory it takes.

Run as ``python -m tests.benchmarks.routing.worker NETWORK CACHE``; prints one JSON object.
"""

import json
import sys
from pathlib import Path
from time import perf_counter

_BEGAN_S = perf_counter()

from routing.network.road_network import RoadNetwork  # noqa: E402 - importing is part of what is measured
from routing.router import Router  # noqa: E402

_KIBIBYTES = 1024


def main() -> None:
    """Make a router ready, ask it everything once and tell."""
    imported_s = perf_counter()
    network = RoadNetwork.load(sys.argv[1])
    router = Router(network, cache_dir=Path(sys.argv[2]))
    ready_s = perf_counter()
    ready_mb = _resident_mb("VmRSS")
    crews = network.roads.node_lonlat[:: max(1, len(network.roads.node_lonlat) // 1000)]
    times_s = router.travel_times_to(crews, crews[0])
    nearest = crews[int(times_s[1:].argmin()) + 1]
    router.guide(router.route(nearest, crews[0]))
    router.reach(crews[:1], 600.0)
    router.under(profile="emergency").travel_times_to(crews, crews[0])
    answer = {
        "ready_s": ready_s - imported_s,
        "process_s": ready_s - _BEGAN_S,
        "ready_mb": ready_mb,
        "used_mb": _resident_mb("VmRSS"),
        "peak_mb": _resident_mb("VmHWM"),
    }
    sys.stdout.write(json.dumps(answer) + "\n")


def _resident_mb(which: str) -> float:
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name == which:
            return float(value.split()[0]) / _KIBIBYTES
    return 0.0


if __name__ == "__main__":
    main()
