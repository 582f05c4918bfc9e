"""Measure positions in: JSON batches, single OsmAnd requests, and candidates meanwhile.

Part of ``make bench-phones``; ``python -m tests.benchmarks.phones.ingest --help`` runs it alone.
"""

import argparse
import threading
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from time import time
from urllib.parse import urlencode

import numpy as np
from rich.console import Console

from dispatch import bootstrap
from dispatch.access.permissions import SYSTEM
from dispatch.trackers.types import AddTracker
from scripts.cluster import private_cluster as cluster
from tests.benchmarks import results
from tests.benchmarks.city import City
from tests.benchmarks.city import Scale
from tests.benchmarks.city import open_city
from tests.benchmarks.clients import Client
from tests.benchmarks.dispatch import traffic
from tests.benchmarks.dispatch.benchmark import largest_city
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.results import Result
from tests.benchmarks.results import percentiles
from tests.benchmarks.server import Server
from tests.benchmarks.server import serving

NAME = "phones-ingest"
BATCH, BATCH_CONNECTIONS = 200, 10
PHONES = 64
MIXED_BATCH, MIXED_BATCHES_PER_S, MIXED_SINGLE_PER_S = 80, 10, 200
"""1 000 fixes a second together: 80 x 10 in batches, 200 each in a request of its own."""
_MIXED_CONNECTIONS = 8
_ASKS_PER_S = 4
_STEP_DEG = 8.0 / 111_000


def measure(city: City) -> list[Result]:
    """Return the rates of both doors, each alone, and how candidates fare beside them."""
    phones = add_trackers(city, PHONES)
    with serving(city.settings) as server:
        city.report_everybody()
        batched = traffic.report_positions(server, city, BATCH, BATCH_CONNECTIONS)
        single = send_singly(server, city, phones)
        city.report_everybody()
        rate, asked_s = ask_meanwhile(server, city, phones)
    return [
        Result(f"positions in JSON batches of {BATCH}", batched, "fixes/s", 5_000, "higher"),
        Result(f"OsmAnd, one fix a request, {PHONES} phones", single, "requests/s", 500, "higher"),
        Result("fixes from both doors beside candidates", rate, "fixes/s", 950, "higher"),
        *percentiles("candidates beside 1 000 fixes a second", asked_s, p95_ms=80),
    ]


def add_trackers(city: City, most: int) -> list[tuple[str, float, float]]:
    """Give crews a tracker each; return their secrets, and where each crew is."""
    services = bootstrap.build(city.settings)
    try:
        return [
            (
                services.trackers.add(SYSTEM, AddTracker(crew_id=crew_id, name="Phone"))["secret"],
                *place,
            )
            for crew_id, place in islice(
                zip(city.crew_ids, city.places.tolist(), strict=True), most
            )
        ]
    finally:
        services.close()


def fix_query(phone: tuple[str, float, float], step: int) -> str:
    """Return the request of a phone's next fix, 8 m further on a circle."""
    secret, lon, lat = phone
    angle = 2 * np.pi * step / 60
    return "/ingest/osmand?" + urlencode(
        {
            "id": secret,
            "lon": f"{lon + _STEP_DEG * 10 * np.sin(angle):.7f}",
            "lat": f"{lat + _STEP_DEG * 10 * (1 - np.cos(angle)):.7f}",
            "timestamp": round(time() * 1000),
            "accuracy": 5,
            "speed": 10,
            "batt": 80,
        }
    )


def send_singly(server: Server, city: City, phones: Sequence[tuple[str, float, float]]) -> float:
    """Return how many requests a second are taken with a fix in each, all phones at once."""
    until_s = perf_counter() + city.scale.report_s
    done = [0] * len(phones)

    def drive(client: Client, number: int) -> None:
        for step in count():
            if perf_counter() > until_s:
                return
            client.get(fix_query(phones[number], step))
            done[number] += 1

    began_s = perf_counter()
    with server.clients("", len(phones)) as clients, ThreadPoolExecutor(len(phones)) as pool:
        list(pool.map(drive, clients, range(len(phones))))
    return sum(done) / (perf_counter() - began_s)


def ask_meanwhile(
    server: Server, city: City, phones: Sequence[tuple[str, float, float]]
) -> tuple[float, list[float]]:
    """Return how many fixes a second were taken, and how long candidates took meanwhile."""
    fleet = list(zip(city.crew_ids, city.places.tolist(), strict=True))[len(phones) :]
    batches = [fleet[first : first + MIXED_BATCH] for first in range(0, len(fleet), MIXED_BATCH)]
    done = [0, 0]
    path = traffic.candidates_path(city)
    times_s: list[float] = []
    with ExitStack() as stack:
        (desk,) = stack.enter_context(server.clients(city.desk_token, 1))
        gateways = stack.enter_context(server.clients(city.tracker_token, 2))
        devices = stack.enter_context(server.clients("", _MIXED_CONNECTIONS))

        def report(step: int) -> None:
            crews = batches[step % len(batches)]
            body = traffic.fixes(crews, step // len(batches))
            gateways[step % 2].post("/api/v1/positions", body)
            done[0] += len(crews)

        def send(number: int, step: int) -> None:
            phone = phones[(step * _MIXED_CONNECTIONS + number) % len(phones)]
            devices[number].get(fix_query(phone, step))
            done[1] += 1

        desk.get(path)
        began_s = perf_counter()
        each = MIXED_SINGLE_PER_S / _MIXED_CONNECTIONS
        with paced(report, MIXED_BATCHES_PER_S), ExitStack() as sending:
            for number in range(_MIXED_CONNECTIONS):
                sending.enter_context(paced(partial(send, number), each))
            for _ in range(city.scale.asks):
                asked_s = perf_counter()
                desk.get(path)
                times_s.append(perf_counter() - asked_s)
                threading.Event().wait(max(0.0, 1 / _ASKS_PER_S - times_s[-1]))
            took_s = perf_counter() - began_s
            together = sum(done)
    return together / took_s, times_s


@contextmanager
def paced(work: Callable[[int], None], per_s: float) -> Iterator[None]:
    """Do something so often a second, in a thread of its own, until the end of the block."""
    stop = threading.Event()
    failed: list[BaseException] = []

    def run() -> None:
        began_s = perf_counter()
        for step in count():
            if stop.wait(max(0.0, began_s + step / per_s - perf_counter())):
                return
            try:
                work(step)
            except Exception as error:  # noqa: BLE001  (raised below, where somebody waits)
                failed.append(error)
                return

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    if failed:
        raise failed[0]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write ``var/bench/phones-ingest.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pbf", type=Path, help="city to measure in (.osm.pbf)")
    parser.add_argument("--crews", type=int, default=Scale().crews)
    parser.add_argument("--seconds", type=float, default=Scale().report_s)
    parser.add_argument("--asks", type=int, default=Scale().asks)
    parser.add_argument("--out", type=Path, default=cluster.default_var_dir() / "bench")
    asked = parser.parse_args(arguments)
    console = Console(width=max(Console().width, 120))
    scale = Scale(crews=asked.crews, near=min(Scale().near, asked.crews // 2))
    scale = replace(scale, report_s=asked.seconds, asks=asked.asks)
    with ExitStack() as stack:
        var_dir = Path(stack.enter_context(TemporaryDirectory(prefix="nearcrew-bench-")))
        city = stack.enter_context(open_city(asked.pbf or largest_city(), var_dir, scale))
        machine = describe_machine(database=city.versions, city=f"{city.name}, {scale.crews} crews")
        found = measure(city)
    results.show(found, machine, console)
    path = results.write(asked.out, NAME, found)
    console.print(f"Written to {path}.", highlight=False)


if __name__ == "__main__":
    main()
