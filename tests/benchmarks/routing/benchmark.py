"""Measure routing: who is first, routes, reach, matrices, closures, start-up, memory, exactness.

``make bench-routing`` runs it; ``python -m tests.benchmarks.routing --help`` tells what can be
chosen. Peers are asked the same in the same run, each in its own process.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from rich.console import Console

from routing.network.road_network import RoadNetwork
from routing.router import Router
from scripts.cluster import private_cluster as cluster
from scripts.demo.demo_city import fetch_demo_city
from tests.benchmarks import results
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.machine import load
from tests.benchmarks.results import Result
from tests.benchmarks.routing import exact as routing_exact
from tests.benchmarks.routing import measures as routing_measures
from tests.benchmarks.routing import peers as routing_peers
from tests.benchmarks.routing.asked import Places
from tests.benchmarks.routing.asked import Scale
from tests.benchmarks.routing.large import tiled
from tests.benchmarks.routing.peers import Answers

NAME = "routing"
FULL = Scale()
LARGE_NODES = 500_000
_DATA = cluster.CHECKOUT.parent / "shared" / "data" / "osm"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write ``var/bench/routing.json``."""
    asked = _read(arguments)
    console = Console(width=max(Console().width, 120))
    with tempfile.TemporaryDirectory(prefix="nearcrew-bench-") as made:
        cache_dir = Path(made)
        console.print(f"Reading {asked.pbf.name} …")
        ready = routing_measures.make_ready(asked.pbf, cache_dir)
        network = ready.router.network
        machine = describe_machine(city=f"{asked.pbf.name}, {_size(network)}")
        found = [
            Result("extract to ready", ready.read_s + ready.prepared_s, "s", 25),
            Result("of it reading the extract", ready.read_s, "s"),
            *worker(network, cache_dir),
        ]
        places = Places.around(ready.router, FULL)
        console.print("Asking ourselves …")
        rounds = [routing_measures.measure(ready.router, places, FULL)]
        answers = {}
        if asked.peers:
            answers = routing_peers.ask_all(
                ready.router,
                places,
                FULL,
                extract=asked.pbf,
                var_dir=asked.var,
                wanted=tuple(asked.peers),
                console=console,
            )
        rounds.append(routing_measures.measure(ready.router, places, FULL))
        exact = []
        if asked.exact:
            console.print("Comparing with plain Dijkstra …")
            exact = routing_exact.compare(ready.router, FULL)
        rounds.append(routing_measures.measure(ready.router, places, FULL))
        found = [*beside([*found, *quietest(rounds)], answers, FULL), *exact]
        if asked.large:
            console.print(f"Laying out {LARGE_NODES} nodes …")
            found += large(network, LARGE_NODES, FULL)
        machine["load after"] = load()
    results.show(found, machine, console)
    for peer, answer in answers.items():
        if answer.remark:
            console.print(f"{peer}: {answer.remark}", highlight=False, markup=False)
    path = results.write(asked.out, NAME, found)
    console.print(f"Written to {path}.", highlight=False)


def worker(network: RoadNetwork, cache_dir: Path) -> list[Result]:
    """Return what one more worker needs, measured in a process of its own."""
    saved = cache_dir / "network.roads"
    network.save(saved)
    command = [sys.executable, "-m", "tests.benchmarks.routing.worker", saved, cache_dir]
    finished = subprocess.run(  # noqa: S603 - our own module
        [str(part) for part in command], cwd=cluster.CHECKOUT, capture_output=True, check=True
    )
    told = json.loads(finished.stdout)
    return [
        Result("ready from the cache", told["ready_s"], "s", 2),
        Result("the same with starting Python", told["process_s"], "s"),
        Result("memory of a worker that has answered everything", told["used_mb"], "MB", 250),
        Result("the most it ever had", told["peak_mb"], "MB"),
    ]


def quietest(rounds: Sequence[Sequence[Result]]) -> list[Result]:
    """Return the lowest of each number: rounds lie minutes apart on a shared machine."""
    return [min(same, key=lambda result: result.value) for same in zip(*rounds, strict=True)]


def beside(found: Sequence[Result], answers: Mapping[str, Answers], scale: Scale) -> list[Result]:
    """Return results with what peers needed for the same, in the same unit."""
    questions: dict[str, tuple[str, ...]] = {
        f"{routing_measures.crews_name(count)}, p50": (f"crews {count}",) for count in scale.counts
    }
    questions |= {
        "extract to ready": ("ready",),
        "route, drawn and guided, p50": ("route", "route, path only"),
        f"{routing_measures.reach_name(scale)}, p50": ("reach", "reach, times only"),
        f"matrix {scale.matrix_size} × {scale.matrix_size}": ("matrix",),
    }
    return [
        replace(result, peers=_peers(answers, questions.get(result.name, ()), result.unit))
        for result in found
    ]


def _peers(answers: Mapping[str, Answers], questions: Sequence[str], unit: str) -> dict[str, float]:
    per_second = 1000.0 if unit == "ms" else 1.0
    return {
        peer + question.partition(",")[2].replace(" ", ", ", 1): seconds * per_second
        for peer, answer in answers.items()
        for question in questions
        if (seconds := answer.seconds.get(question)) is not None
    }


def large(city: RoadNetwork, nodes: int, scale: Scale) -> list[Result]:
    """Return how cost grows: the same questions on the city several times over."""
    network = tiled(city, nodes)
    began_s = perf_counter()
    router = Router(network)
    ready_s = perf_counter() - began_s
    places = Places.around(router, scale)
    found = [Result("prepared, without reading", ready_s, "s")]
    found += routing_measures.measure(router, places, scale, targets=False)
    count = len(network.roads.node_lonlat)
    return [replace(each, name=f"{count:,} nodes: {each.name}") for each in found]


def _size(network: RoadNetwork) -> str:
    roads = network.roads
    return (
        f"{len(roads.node_lonlat):,} nodes, {network.segment_count:,} streets, "
        f"{len(roads.restriction_only):,} turn restrictions"
    )


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-routing", description=__doc__)
    parser.add_argument("--pbf", type=Path, help="city to measure in (.osm.pbf)")
    parser.add_argument(
        "--peers", nargs="*", choices=routing_peers.PEERS, default=routing_peers.PEERS
    )
    parser.add_argument("--no-large", dest="large", action="store_false")
    parser.add_argument("--no-exact", dest="exact", action="store_false")
    parser.add_argument("--var", type=Path, default=cluster.default_var_dir())
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args(arguments)
    asked.pbf = asked.pbf or _city(asked.var)
    asked.out = asked.out or asked.var / "bench"
    return asked


def _city(var_dir: Path) -> Path:
    """Return the extract of Porto where it is at hand, else the demo city."""
    porto = _DATA / "porto.osm.pbf"
    return porto if porto.is_file() else fetch_demo_city(var_dir)
