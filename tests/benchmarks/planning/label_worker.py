"""Tell what labels cost a process: making or mapping them, the loops, the memory that stays.

Run as ``python -m tests.benchmarks.planning.label_worker FOLDER``; prints one JSON object. The
folder holds the network, and whatever files an earlier process has made.
"""

import json
import sys
from os import getpid
from pathlib import Path
from time import perf_counter

from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.benchmarks.processes import rss_bytes

_PLACES = 100


def main(folder: Path) -> None:
    """Print JSON: ``prepared_s``, ``first_s`` (of a small matrix), ``added_mb``."""
    network = RoadNetwork.load(folder / "network.roads")
    router = Router(network, cache_dir=folder)
    places = network.roads.node_lonlat[:_PLACES]
    router.matrix(places[:1], places)
    before = rss_bytes([getpid()])
    began_s = perf_counter()
    router.prepare_labels()
    prepared_s = perf_counter() - began_s
    router.matrix(places, places)
    first_s = perf_counter() - began_s - prepared_s
    added_mb = (rss_bytes([getpid()]) - before) / 1e6
    told = {"prepared_s": prepared_s, "first_s": first_s, "added_mb": added_mb}
    print(json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
