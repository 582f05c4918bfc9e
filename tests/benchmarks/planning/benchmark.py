"""Measure planning studies: ``make bench-planning``.

Location models, OD matrices, cover, closures, simulated days and large studies on several
processes. Each part is a module of its own that can be run alone, or for another city.
"""

import argparse
import tempfile
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from routing.network.road_network import RoadNetwork
from routing.router import Router
from scripts.cluster import private_cluster as cluster
from tests.benchmarks import results
from tests.benchmarks.dispatch.benchmark import largest_city
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.machine import load
from tests.benchmarks.planning import closure
from tests.benchmarks.planning import cover
from tests.benchmarks.planning import dragging
from tests.benchmarks.planning import matrix
from tests.benchmarks.planning import simulation
from tests.benchmarks.planning import siting
from tests.benchmarks.planning import spread
from tests.benchmarks.results import Result

NAME = "planning"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write ``var/bench/planning.json``."""
    asked = _read(arguments)
    console = Console(width=max(Console().width, 120))
    found: list[Result] = []
    for part in asked.only or PARTS:
        console.print(f"Measuring {part} …")
        with tempfile.TemporaryDirectory(prefix="nearcrew-bench-") as folder:
            found += PARTS[part](asked, Path(folder))
    machine = describe_machine(city=asked.pbf.name)
    machine["load after"] = load()
    results.show(found, machine, console)
    path = results.write(asked.out, NAME, found)
    console.print(f"Written to {path}.", highlight=False)


def _siting(asked: argparse.Namespace, _: Path) -> list[Result]:
    scale = siting.QUICK if asked.quick else siting.FULL
    return siting.measure(scale=scale, var_dir=cluster.default_var_dir())


def _matrix(asked: argparse.Namespace, folder: Path) -> list[Result]:
    var_dir = cluster.default_var_dir()
    return matrix.measure(_router(asked, folder), extract=asked.pbf, var_dir=var_dir)


def _cover(asked: argparse.Namespace, folder: Path) -> list[Result]:
    return cover.measure(_router(asked, folder))


def _closure(asked: argparse.Namespace, folder: Path) -> list[Result]:
    return closure.measure(_router(asked, folder))


def _dragging(asked: argparse.Namespace, folder: Path) -> list[Result]:
    return dragging.measure(_router(asked, folder))


def _simulation(asked: argparse.Namespace, folder: Path) -> list[Result]:
    return simulation.measure(_router(asked, folder))


def _spread(asked: argparse.Namespace, folder: Path) -> list[Result]:
    return spread.measure(_router(asked, folder))


def _router(asked: argparse.Namespace, folder: Path) -> Router:
    return Router(RoadNetwork.from_osm(asked.pbf), cache_dir=folder)


PARTS: dict[str, Callable[[argparse.Namespace, Path], list[Result]]] = {
    "siting": _siting,
    "matrix": _matrix,
    "cover": _cover,
    "closure": _closure,
    "dragging": _dragging,
    "simulation": _simulation,
    "spread": _spread,
}


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-planning", description=__doc__)
    parser.add_argument("--pbf", type=Path, help="city to measure in (.osm.pbf)")
    parser.add_argument("--only", action="append", choices=sorted(PARTS))
    parser.add_argument("--quick", action="store_true", help="a few small location models")
    parser.add_argument("--out", type=Path, default=cluster.default_var_dir() / "bench")
    asked = parser.parse_args(arguments)
    asked.pbf = asked.pbf or largest_city()
    return asked
