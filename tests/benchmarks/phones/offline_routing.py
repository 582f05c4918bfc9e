"""Measure the roads that a phone keeps: how large they are, and how soon it finds a way on them.

``python -m tests.benchmarks.phones.offline_routing --help`` tells what can be chosen. The phone is
our own JavaScript, in Node and in Chromium with a processor made four times slower; ways are judged
by the engine's on the same pairs of places.
"""

import argparse
import gzip
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from playwright.sync_api import Route
from rich.console import Console

from routing.errors import RoutingError
from routing.network.road_network import RoadNetwork
from routing.router import Router
from scripts.cluster import private_cluster as cluster
from scripts.demo.demo_city import fetch_demo_city
from tests.benchmarks import results
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.machine import load
from tests.benchmarks.results import Result
from tests.benchmarks.results import percentiles
from tests.chromium import open_chromium
from tests.routing.ways.phones import PHONE
from tests.routing.ways.phones import Phone
from tests.routing.ways.phones import between
from tests.routing.ways.phones import run_script
from tests.routing.ways.test_against_the_engine import Trips
from tests.routing.ways.test_against_the_engine import differs
from tests.routing.ways.test_against_the_engine import middle
from webconsole.serving.bundles import STATIC

NAME = "phones-offline-routing"
MOST_KB, PORTO = 205.0, (-8.611, 41.149)
SLOWER = 4
PAIRS = 500
_SHARED = 0.7  # of the radius: the ways between these places stay on the kept roads
_AS_GOOD = 0.02
_ROUNDS = 5
_DATA = cluster.CHECKOUT.parent / "shared" / "data" / "osm"
_SITE = "http://phone.invalid"
_IN_BROWSER = """async ({ file, asks }) => {
    const { unpack } = await import("/js/ways/road_kit.js");
    const { KeptRoads } = await import("/js/ways/kept_roads.js");
    const content = await (await fetch(file)).arrayBuffer();
    const began = performance.now();
    const roads = new KeptRoads(unpack(content));
    const unpackedMs = performance.now() - began;
    const tookMs = asks.map((ask) => {
        const asked = performance.now();
        roads.way({ ...ask, nowMs: 0, language: "en" });
        return performance.now() - asked;
    });
    return { unpackedMs, tookMs };
}"""


@dataclass(frozen=True, slots=True)
class Scale:
    """How far the roads reach, and how many ways are looked for."""

    radius_m: float = 5_000.0
    pairs: int = PAIRS


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write ``var/bench/phones-offline-routing.json``."""
    asked = _read(arguments)
    console = Console(width=max(Console().width, 120))
    network = RoadNetwork.from_osm(asked.pbf)
    centre = centre_of(asked.pbf, network)
    machine = describe_machine(city=asked.pbf.name)
    with tempfile.TemporaryDirectory(prefix="nearcrew-bench-") as folder:
        found = measure(network, centre, Scale(pairs=asked.pairs), Path(folder))
    machine["load after"] = load()
    results.show(found, machine, console)
    path = results.write(asked.out, NAME, found)
    console.print(f"Written to {path}.", highlight=False)


def centre_of(pbf: Path, network: RoadNetwork) -> tuple[float, float]:
    """Return the place around which roads are cut: the same in Porto every time."""
    return PORTO if pbf.name.startswith("porto") else middle(network)


def measure(
    network: RoadNetwork, centre: tuple[float, float], scale: Scale, folder: Path
) -> list[Result]:
    """Return the sizes and times of the roads around a place."""
    router = Router(network)
    phone = Phone.keeping(router, folder, centre, scale.radius_m)
    made_s = [_made_s(router, folder, centre, scale.radius_m) for _ in range(_ROUNDS)]
    trips = Trips.around(network, centre, _SHARED * scale.radius_m, scale.pairs)
    asks = [between(here, there) for here, there in zip(trips.origins, trips.targets, strict=True)]
    in_node = run_script(PHONE, json.dumps({"asks": asks, "nowMs": 0}), phone.file)
    in_browser = _in_browser(phone.file, asks)
    name = f"{scale.radius_m / 1000:g} km of roads on a phone"
    slow = f"{name}, processor {SLOWER} times slower"
    return [
        Result(f"{name}: packed", phone.file.stat().st_size / 1000, "kB", MOST_KB),
        Result(f"{name}: directed edges", len(phone.cut.edge), ""),
        Result(f"{name}: made by the server", float(np.median(made_s)) * 1000, "ms"),
        Result(f"{name}: unpacked, Node", in_node["unpacked_ms"], "ms"),
        *percentiles(
            f"{name}: path, Node", [each["took_ms"] / 1000 for each in in_node["answers"]]
        ),
        Result(f"{slow}: unpacked, Chromium", in_browser["unpackedMs"], "ms"),
        *percentiles(
            f"{slow}: way with words, Chromium", [each / 1000 for each in in_browser["tookMs"]]
        ),
        Result(
            f"{name}: ways within 2 % of the engine's",
            100.0 * _as_good(router, trips, phone, in_node["answers"]),
            "%",
            98.0,
            "higher",
        ),
    ]


def _made_s(router: Router, folder: Path, centre: tuple[float, float], radius_m: float) -> float:
    began_s = perf_counter()
    Phone.keeping(router, folder, centre, radius_m)
    return perf_counter() - began_s


def _as_good(
    router: Router, trips: Trips, phone: Phone, answers: Sequence[dict[str, Any]]
) -> float:
    """Return the share of ways that take as long as the engine's, of those on the kept roads."""
    good: list[bool] = []
    for origin, target, answer in zip(trips.origins, trips.targets, answers, strict=True):
        try:
            route = router.route(origin, target)
        except RoutingError:
            continue
        if (phone.cut.own_edges(route.edges) < 0).any():
            continue
        took_s = answer["total_ms"] / 1000 if answer["edges"] else np.inf
        good.append(differs(took_s, route.travel_time_s) <= _AS_GOOD)
    return float(np.mean(good))


def _in_browser(file: Path, asks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what a page measures that unpacks the roads and finds ways on a slow processor."""
    content = gzip.decompress(file.read_bytes())

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(_SITE)
        if path == "/roads":
            route.fulfill(body=content, content_type="application/octet-stream")
        elif path.startswith("/js/"):
            script = (STATIC / path.removeprefix("/")).read_bytes()
            route.fulfill(body=script, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    with open_chromium() as browser:
        page = browser.new_page()
        page.route(f"{_SITE}/**", serve)
        page.goto(_SITE)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        found: dict[str, Any] = page.evaluate(_IN_BROWSER, {"file": "/roads", "asks": list(asks)})
    return found


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pbf", type=Path, help="city to measure in (.osm.pbf)")
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args(arguments)
    porto, var_dir = _DATA / "porto.osm.pbf", cluster.default_var_dir()
    asked.pbf = asked.pbf or (porto if porto.is_file() else fetch_demo_city(var_dir))
    asked.out = asked.out or var_dir / "bench"
    return asked


if __name__ == "__main__":
    main()
