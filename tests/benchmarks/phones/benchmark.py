"""Measure what phones ask of the server, and of themselves: ``make bench-phones``.

Positions through all doors with candidates beside them, the crew's page opening without signal,
ways worked out on the phone, and how well and how fast tracks are matched. Each part is a module of
its own that can be run alone, for another city or at another size.
"""

import argparse
import tempfile
from collections.abc import Callable
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from routing.network.road_network import RoadNetwork
from routing.router import Router
from scripts.cluster import private_cluster as cluster
from tests.benchmarks import results
from tests.benchmarks.city import Scale
from tests.benchmarks.city import open_city
from tests.benchmarks.dispatch.benchmark import largest_city
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.machine import load
from tests.benchmarks.phones import app_opening
from tests.benchmarks.phones import ingest
from tests.benchmarks.phones import matching
from tests.benchmarks.phones import offline_routing
from tests.benchmarks.results import Result
from tests.benchmarks.server import serving

NAME = "phones"
CREWS = 1_200


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write ``var/bench/phones.json``."""
    asked = _read(arguments)
    console = Console(width=max(Console().width, 120))
    found: list[Result] = []
    for part in asked.only or PARTS:
        console.print(f"Measuring {part} …")
        with tempfile.TemporaryDirectory(prefix="nearcrew-bench-") as folder:
            found += PARTS[part](asked, Path(folder))
    machine = describe_machine(city=f"{asked.pbf.name}, {asked.crews} crews")
    machine["load after"] = load()
    results.show(found, machine, console)
    path = results.write(asked.out, NAME, found)
    console.print(f"Written to {path}.", highlight=False)


def _positions(asked: argparse.Namespace, folder: Path) -> list[Result]:
    scale = Scale(crews=asked.crews, near=min(Scale().near, asked.crews // 2))
    with open_city(asked.pbf, folder, scale) as city:
        return ingest.measure(city)


def _opening(asked: argparse.Namespace, folder: Path) -> list[Result]:
    with ExitStack() as stack:
        city = stack.enter_context(open_city(asked.pbf, folder, Scale(crews=20, near=5)))
        return app_opening.measure(stack.enter_context(serving(city.settings)), city)


def _ways(asked: argparse.Namespace, folder: Path) -> list[Result]:
    network = RoadNetwork.from_osm(asked.pbf)
    centre = offline_routing.centre_of(asked.pbf, network)
    return offline_routing.measure(network, centre, offline_routing.Scale(), folder)


def _matching(asked: argparse.Namespace, folder: Path) -> list[Result]:
    network = RoadNetwork.from_osm(asked.pbf)
    router = Router(network, cache_dir=folder)
    network.save(folder / "network.roads")
    scale = matching.QUICK if asked.quick else matching.FULL
    return [*matching.measure(router, scale), *matching.first_match(folder)]


PARTS: dict[str, Callable[[argparse.Namespace, Path], list[Result]]] = {
    "positions": _positions,
    "opening": _opening,
    "ways": _ways,
    "matching": _matching,
}


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-phones", description=__doc__)
    parser.add_argument("--pbf", type=Path, help="city to measure in (.osm.pbf)")
    parser.add_argument("--crews", type=int, default=CREWS)
    parser.add_argument("--only", action="append", choices=sorted(PARTS))
    parser.add_argument("--quick", action="store_true", help="fewer drives to match")
    parser.add_argument("--out", type=Path, default=cluster.default_var_dir() / "bench")
    asked = parser.parse_args(arguments)
    asked.pbf = asked.pbf or largest_city()
    return asked
