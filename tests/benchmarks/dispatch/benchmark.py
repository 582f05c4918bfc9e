"""Measure dispatching: candidates, sends, positions, closures, the stream, the search behind it.

``make bench-dispatch`` runs it; ``python -m tests.benchmarks.dispatch --help`` tells what can be
chosen.
"""

import argparse
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

from rich.console import Console

from dispatch import bootstrap
from dispatch.roads.types import Origin
from routing.network.road_network import RoadNetwork
from scripts.cluster import private_cluster as cluster
from scripts.demo.demo_city import fetch_demo_city
from tests.benchmarks import results
from tests.benchmarks.city import City
from tests.benchmarks.city import Scale
from tests.benchmarks.city import open_city
from tests.benchmarks.dispatch import peers
from tests.benchmarks.dispatch import traffic
from tests.benchmarks.dispatch.closing import close_roads
from tests.benchmarks.dispatch.importing import ask_candidates_during_import
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.machine import load
from tests.benchmarks.results import Result
from tests.benchmarks.results import percentiles
from tests.benchmarks.server import serving

NAME = "dispatch"
FULL = Scale()
_DATA = cluster.CHECKOUT.parent / "shared" / "data" / "osm"
_TIMES = 50
_PEER_TIMES = 3
_REPORTS = (
    (200, 10, 10_000),
    (50, 8, None),
    (1, 64, None),
)
"""Fixes in a request, connections, and the fixes a second that are asked for."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write ``var/bench/dispatch.json``."""
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
        found = measure(city, console)
        machine["load after"] = load()
    results.show(found, machine, console)
    path = results.write(asked.out, NAME, found)
    console.print(f"Written to {path}.", highlight=False)


def measure(city: City, console: Console) -> list[Result]:
    """Return everything measured on a city, over HTTP first and in this process afterwards."""
    found: list[Result] = []
    straight_s = peers.straight_lines_s(city, _TIMES)
    with serving(city.settings) as server:
        found.append(Result("both workers ready, network cached", server.ready_s, "s"))
        console.print("Asking for candidates …")
        city.report_everybody()
        alone_s = traffic.ask_candidates(server, city)
        together_s = traffic.ask_candidates_together(server, city)
        console.print("Sending crews …")
        city.report_everybody()
        sent = traffic.send_crews(server, city, listed=True)
        unlisted = traffic.send_crews(server, city, listed=False)
        console.print("Closing roads …")
        closed_s = close_roads(server, city)
        console.print("Moving all crews …")
        rates = [
            Result(
                f"positions in batches of {batch}",
                traffic.report_positions(server, city, batch, connections),
                "fixes/s",
                floor,
                better="higher",
            )
            for batch, connections, floor in _REPORTS
        ]
        console.print("Importing a new ground …")
        city.report_everybody()
        importing_s = ask_candidates_during_import(server, city)
    console.print("Searching roads …")
    searches, networkx_s = _searches(city)
    beside = {
        peers.STRAIGHT: straight_s * 1000,
        f"{peers.STRAIGHT} + {peers.NETWORKX}": (straight_s + networkx_s) * 1000,
    }
    return [
        *percentiles("candidates over HTTP", alone_s, p50_ms=30, p95_ms=80, peers=beside),
        *percentiles(f"candidates, {traffic.CONNECTIONS} desks at once", together_s),
        *percentiles("candidates during an import", importing_s, p50_ms=15, p95_ms=25),
        *percentiles("send over HTTP", sent.send_s, p95_ms=50),
        *percentiles("send of a crew from no list", unlisted.send_s),
        *percentiles("send to seen on the live stream", sent.seen_s, p95_ms=500),
        *percentiles("closure to every worker", closed_s, p95_ms=1_000),
        *rates,
        *searches,
        *found,
    ]


def _searches(city: City) -> tuple[list[Result], float]:
    """Return what searches cost in this process, and what one takes networkx; seconds."""
    began_s = perf_counter()
    fresh = bootstrap.build(city.settings)
    fresh.roads.refresh()
    found = [Result("road network ready from its cache", perf_counter() - began_s, "s")]
    near = [Origin(*lonlat) for lonlat in city.places[: city.scale.near].tolist()]
    product_s = peers.median_s(lambda: fresh.roads.travel_times_to(near, city.centre), _TIMES)
    found.append(Result(f"search, {len(near)} crews that stand", product_s * 1000, "ms"))
    fresh.close()
    cached = next(city.settings.cache_dir.glob("roads-*.bin"))
    same = peers.SameRoads(RoadNetwork.load(cached), city.settings.cache_dir, city.centre)
    networkx_s = 0.0
    for count in sorted({len(city.places) // 2, len(city.places)}):
        took = same.measure(city.places[:count], _TIMES, _PEER_TIMES)
        networkx_s = took.peers_s[peers.NETWORKX]
        in_ms = {name: seconds * 1000 for name, seconds in took.peers_s.items()}
        found.append(Result(f"search, {count} crews to one", took.ours_s * 1000, "ms", peers=in_ms))
    return found, networkx_s


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-dispatch", description=__doc__)
    parser.add_argument("--pbf", type=Path, help="city to measure in (.osm.pbf)")
    parser.add_argument("--crews", type=int, default=FULL.crews)
    parser.add_argument("--near", type=int, default=FULL.near, help="crews inside the radius")
    parser.add_argument("--out", type=Path, default=cluster.default_var_dir() / "bench")
    asked = parser.parse_args(arguments)
    asked.pbf = asked.pbf or largest_city()
    return asked


def largest_city() -> Path:
    """Return the extract of Porto where it is at hand, else the demo city."""
    porto = _DATA / "porto.osm.pbf"
    return porto if porto.is_file() else fetch_demo_city(cluster.default_var_dir())
