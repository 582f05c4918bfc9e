"""Measure the desk: grab mode, candidates, sends, deadlines, batches.

``make bench-desk`` runs it; ``python -m tests.benchmarks.desk --help`` tells what can be chosen.
"""

import argparse
import tempfile
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console

from scripts.cluster import private_cluster as cluster
from tests.benchmarks import results
from tests.benchmarks.city import City
from tests.benchmarks.city import Scale
from tests.benchmarks.city import open_city
from tests.benchmarks.desk import batch
from tests.benchmarks.desk import cover
from tests.benchmarks.desk.grab import grab
from tests.benchmarks.desk.lateness import lateness
from tests.benchmarks.dispatch import traffic
from tests.benchmarks.dispatch.benchmark import largest_city
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.machine import load
from tests.benchmarks.results import Result
from tests.benchmarks.results import percentiles
from tests.benchmarks.server import Server
from tests.benchmarks.server import serving

NAME = "desk"


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything; the numbers of the targets."""

    phones: int = 100
    rounds: int = 10
    deadlines: int = 1_000
    spread_s: float = 10.0
    batch: tuple[int, int] = (200, 400)
    """Incidents and crews."""
    asked: int = 100
    """How often candidates are asked for while cover is."""


Measure = Callable[[City, Size, Server], list[Result]]


def measure_grab(city: City, size: Size, server: Server) -> list[Result]:
    """Measure so many phones that accept one offer in one instant."""
    grabbed = grab(server, city, phones=size.phones, rounds=size.rounds)
    name = f"accept of {size.phones} phones at once"
    return [
        *percentiles(name, grabbed.answer_s, p95_ms=300),
        *percentiles("accepted to heard by another crew", grabbed.heard_s),
    ]


def measure_sending(city: City, _size: Size, server: Server) -> list[Result]:
    """Measure candidates, with all that stands beside them, and sends."""
    city.report_everybody()
    asked_s = traffic.ask_candidates(server, city)
    city.report_everybody()
    sent = traffic.send_crews(server, city, listed=True)
    return [
        *percentiles("candidates over HTTP", asked_s, p50_ms=40),
        *percentiles("send over HTTP", sent.send_s, p95_ms=50),
    ]


def measure_deadlines(city: City, size: Size, _server: Server) -> list[Result]:
    """Measure how late one worker acts when very many deadlines are set."""
    late_s = lateness(city, deadlines=size.deadlines, spread_s=size.spread_s)
    p50, p99 = np.percentile(np.asarray(late_s) * 1000, [50, 99]).tolist()
    name = f"lateness of {size.deadlines} deadlines"
    return [Result(f"{name}, p50", p50, "ms"), Result(f"{name}, p99", p99, "ms", 1_000)]


def measure_batch(city: City, size: Size, _server: Server) -> list[Result]:
    """Measure a proposal of crews for many incidents, and sending it."""
    incidents, crews = size.batch
    return batch.measure(city, incidents=incidents, crews=crews)


def measure_cover(city: City, size: Size, _server: Server) -> list[Result]:
    """Measure what a send uncovers, and the candidates that are asked for meanwhile."""
    return cover.measure(city, times=size.asked)


PARTS: Mapping[str, Measure] = {
    "cover": measure_cover,
    "grab": measure_grab,
    "sending": measure_sending,
    "deadlines": measure_deadlines,
    "batch": measure_batch,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write ``var/bench/desk.json``."""
    asked = _read(arguments)
    console = Console(width=max(Console().width, 120))
    scale = Scale(crews=asked.crews, near=asked.near)
    with ExitStack() as stack:
        var_dir = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nearcrew-bench-")))
        console.print(f"Setting up {asked.pbf.name} with {scale.crews} crews …")
        city = stack.enter_context(open_city(asked.pbf, var_dir, scale))
        machine = describe_machine(
            database=city.versions,
            city=f"{city.name}, {scale.crews} crews, {scale.near} within {city.radius_m:.0f} m",
        )
        size = Size(asked.phones, asked.rounds, asked.deadlines)
        found = measure(city, size, console, asked.only)
        machine["load after"] = load()
    results.show(found, machine, console)
    path = results.write(asked.out, NAME, found)
    console.print(f"Written to {path}.", highlight=False)


def measure(
    city: City, size: Size, console: Console, only: Sequence[str] | None = None
) -> list[Result]:
    """Return everything measured, or the parts named."""
    found: list[Result] = []
    with serving(city.settings) as server:
        for name, part in PARTS.items():
            if not only or name in only:
                console.print(f"Measuring {name} …")
                found += part(city, size, server)
    return found


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-desk", description=__doc__)
    full, size = Scale(), Size()
    parser.add_argument("--pbf", type=Path, help="city to measure in (.osm.pbf)")
    parser.add_argument("--crews", type=int, default=full.crews)
    parser.add_argument("--near", type=int, default=full.near, help="crews inside the radius")
    parser.add_argument("--phones", type=int, default=size.phones)
    parser.add_argument("--rounds", type=int, default=size.rounds)
    parser.add_argument("--deadlines", type=int, default=size.deadlines)
    parser.add_argument("--only", action="append", choices=list(PARTS))
    parser.add_argument("--out", type=Path, default=cluster.default_var_dir() / "bench")
    asked = parser.parse_args(arguments)
    asked.pbf = asked.pbf or largest_city()
    return asked
