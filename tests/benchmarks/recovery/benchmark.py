"""Measure recovery: kill parts of the running product and see how long until it serves again.

``make bench-recovery`` runs it; ``python -m tests.benchmarks.recovery --help`` tells what can be
chosen.
"""

import argparse
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from time import sleep

from rich.console import Console

from scripts.cluster import private_cluster as cluster
from scripts.serving.restarts import BackOff
from tests.benchmarks import results
from tests.benchmarks.city import City
from tests.benchmarks.city import Scale
from tests.benchmarks.city import fill_city
from tests.benchmarks.dispatch.benchmark import largest_city
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.machine import load
from tests.benchmarks.recovery.product import Part
from tests.benchmarks.recovery.product import Product
from tests.benchmarks.recovery.product import state_folder
from tests.benchmarks.recovery.product import supervised
from tests.benchmarks.recovery.product import wait_for
from tests.benchmarks.recovery.traffic import Ledger
from tests.benchmarks.recovery.traffic import look_up
from tests.benchmarks.recovery.traffic import traffic
from tests.benchmarks.results import Result

NAME = "recovery"
TARGET_S = 5.0
SCALE = Scale(crews=200, near=60)
KILLS = 5
KILLS_OF_POSTMASTER = 20
# Long enough that the next kill finds a child that counts as well started, and that the workers of
# a killed gunicorn master have ended.
WATCHED_S = BackOff().stable_after_s + 1.0
_PUT_IN = """
    SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[
        ROW('default', 'housekeeping:forget_expired', 0, NULL, NULL, '{"timestamp": 0}', NULL)
    ]::procrastinate_job_to_defer_v1[]))
"""
_WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE id = %s"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write ``var/bench/recovery.json``."""
    asked = _read(arguments)
    console = Console(width=max(Console().width, 120))
    kills = dict.fromkeys(Part, asked.kills or KILLS)
    kills[Part.POSTMASTER] = asked.kills or KILLS_OF_POSTMASTER
    with state_folder() as var_dir:
        console.print(f"Setting up {asked.pbf.name} with {SCALE.crews} crews …")
        urls = cluster.ensure_running(var_dir)
        with fill_city(urls, cluster.DATABASE, asked.pbf, var_dir, SCALE) as city:
            machine = describe_machine(
                database=city.versions, city=f"{city.name}, {SCALE.crews} crews"
            )
        found = measure(city, var_dir, kills, console)
        machine["load after"] = load()
    results.show(found, machine, console)
    path = results.write(asked.out, NAME, found)
    console.print(f"Written to {path}.", highlight=False)


def measure(
    city: City,
    var_dir: Path,
    kills: Mapping[Part, int],
    console: Console,
    watched_s: float = WATCHED_S,
) -> list[Result]:
    """Return how long each part was missed when it was killed so many times, and what was lost."""
    found: list[Result] = []
    with supervised(var_dir, var_dir / "serve.log") as product:
        with traffic(product, city) as ledger:
            wait_for(lambda: len(ledger.clicks) > 1, "no crew could be sent")
            sleep(watched_s)
            for part, times in kills.items():
                console.print(f"Killing the {part}, {times} times …")
                missed_s = [_kill(product, part, ledger, watched_s) for _ in range(times)]
                found += _seconds(part, missed_s)
        kept = look_up(product, cluster.DATABASE, ledger)
    total = sum(kills.values())
    return [
        *found,
        Result("longest wait of one send for its answer", ledger.longest_click_s(), "s", TARGET_S),
        Result(f"sends lost of {len(ledger.orders)}, {total} kills", kept.sends_lost, "", 0),
        Result(f"sends doubled of {len(ledger.orders)}", kept.sends_doubled, "", 0),
        Result(f"fixes acknowledged and lost of {len(ledger.fixes)}", kept.fixes_lost, "", 0),
        Result("requests repeated", ledger.tried_again, ""),
    ]


def _kill(product: Product, part: Part, ledger: Ledger, watched_s: float) -> float:
    """Kill a part and return for how long it was missed; seconds."""
    killed_s = perf_counter()
    product.kill(part)
    next_job_s = _next_job_s(product, killed_s) if part is Part.JOB_WORKER else None
    wait_for(product.is_whole, f"the {part} did not come back")
    sleep(max(0.0, killed_s + watched_s - perf_counter()))
    if next_job_s is not None:
        return next_job_s
    before = len(ledger.clicks)
    wait_for(lambda: len(ledger.clicks) > before, "no crew could be sent any more")
    return ledger.longest_wait_s(killed_s, perf_counter())


def _next_job_s(product: Product, killed_s: float) -> float:
    """Put a job in and return when it had been done, in seconds after the worker was killed."""
    with product.urls.connect(cluster.DATABASE) as connection:
        row = connection.execute(_PUT_IN).fetchone()
        job_id = row[0] if row else None

        def is_done() -> bool:
            waiting = connection.execute(_WAITING, (job_id,)).fetchone()
            return waiting == (0,)

        wait_for(is_done, "the job was not done")
    return perf_counter() - killed_s


def _seconds(part: Part, missed_s: Sequence[float]) -> list[Result]:
    what = "next job done" if part is Part.JOB_WORKER else "next send"
    name = f"{part} killed, until the {what}"
    return [
        Result(f"{name}, median of {len(missed_s)}", median(missed_s), "s", TARGET_S),
        Result(f"{name}, worst", max(missed_s), "s", TARGET_S),
    ]


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-recovery", description=__doc__)
    parser.add_argument("--pbf", type=Path, help="city to measure in (.osm.pbf)")
    parser.add_argument("--kills", type=int, help="of each part; fewer take less time")
    parser.add_argument("--out", type=Path, default=cluster.default_var_dir() / "bench")
    asked = parser.parse_args(arguments)
    asked.pbf = asked.pbf or largest_city()
    return asked
