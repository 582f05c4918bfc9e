"""Tell what the first match of a process costs: time, and memory that stays."""

import json
import sys
from os import getpid
from pathlib import Path
from time import perf_counter

import numpy as np

from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.benchmarks.processes import rss_bytes


def main(folder: Path) -> None:
    """Print JSON: ``first_s``, ``again_s``, ``added_mb``."""
    network = RoadNetwork.load(folder / "network.roads")
    router = Router(network, cache_dir=folder)
    before = rss_bytes([getpid()])
    lonlat = network.roads.geometry_lonlat[:20]
    at_s = 5.0 * np.arange(len(lonlat), dtype=np.float64)
    began_s = perf_counter()
    router.match(lonlat, at_s)
    first_s = perf_counter() - began_s
    added = rss_bytes([getpid()]) - before
    print(json.dumps({"first_s": first_s, "added_mb": added / 1e6}))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
