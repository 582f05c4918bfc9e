"""Measure large studies: what a site costs, here and in one or two processes, and their memory."""

import itertools
import os
import signal
import tempfile
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
import psutil
from distributed import Client

from routing.router import Router
from scripts.studies.inputs.points import Points
from scripts.studies.roads.study_roads import Placed
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.spread.processes import Processes
from scripts.studies.spread.reach_counts import ReachCounts
from scripts.studies.spread.reach_counts import count_reach
from scripts.studies.spread.road_sums import sum_on_roads
from scripts.studies.spread.running import Progress
from scripts.studies.spread.running import Spread
from tests.benchmarks.planning.cover import make_places
from tests.benchmarks.results import Result

MINUTES = (5.0, 10.0, 15.0)
SITES_PER_SHARD = 64
STEP_M = 25.0
_MEBIBYTE = 1024.0 * 1024.0
_MS = 1000.0


def measure(
    router: Router,
    *,
    demand_points: int = 50_000,
    site_count: int = 2_000,
    workers: Sequence[int] = (1, 2),
) -> list[Result]:
    """Return the cost of a site by limit, times with one and two workers, and their memory.

    All answers are held equal to that of this process; with the most workers the study runs once
    more, and one of them is killed in the middle. Starting the processes is told apart: it is
    seconds, whatever the study.
    """
    roads = StudyRoads(router)
    sites, demand = make_places(router, demand_points, min(site_count, demand_points // 2))
    placed_sites, placed = roads.place(sites), roads.place(demand)
    found = [*_sites_alone(roads, placed_sites, placed), *_streets(roads, demand)]
    limit_s = [60.0 * MINUTES[1]]
    what = f"{len(placed_sites):,} sites, {len(placed):,} places, {MINUTES[1]:g} min"
    began = perf_counter()
    plain = count_reach(roads, placed_sites, placed, limit_s, sites_per_shard=SITES_PER_SHARD)
    found.append(Result(f"{what}: this process", perf_counter() - began, "s"))
    for count in workers:
        found += _with_workers(
            count,
            lambda spread: count_reach(
                roads, placed_sites, placed, limit_s, spread, sites_per_shard=SITES_PER_SHARD
            ),
            plain,
            what,
            kill=count == max(workers) > 1,
        )
    return found


def _sites_alone(roads: StudyRoads, sites: Placed, demand: Placed) -> Iterator[Result]:
    """Yield what one search costs, and what the study's files do."""
    some = sites.origins[:200]
    for minutes in MINUTES:
        began = perf_counter()
        packed = roads.router.pack(some, demand.targets, 60.0 * minutes)
        packed_s = perf_counter() - began
        packed.search(0)  # compiles
        began = perf_counter()
        reached = [len(packed.search(site).target) for site in range(len(some))]
        each_ms = _MS * (perf_counter() - began) / len(some)
        told = f"a site's search, {minutes:g} min, {np.mean(reached):,.0f} places"
        yield Result(told, each_ms, "ms")
        if minutes == MINUTES[0]:
            yield Result("packing a site", _MS * packed_s / len(some), "ms")
            with tempfile.TemporaryDirectory() as folder:
                packed.save(Path(folder))
                size = sum(file.stat().st_size for file in Path(folder).iterdir())
            yield Result("network and demand in the study's files", size / _MEBIBYTE, "MiB")


def _streets(roads: StudyRoads, demand: Points) -> Iterator[Result]:
    began = perf_counter()
    summed = sum_on_roads(roads, demand, STEP_M)
    took_s = perf_counter() - began
    name = f"demand summed on the streets every {STEP_M:g} m"
    yield Result(f"{name}: a place", 1e6 * took_s / len(demand), "µs")
    yield Result(f"{name}: points per place", len(summed.points) / len(demand), "")


def _with_workers(
    count: int,
    study: Callable[[Spread], ReachCounts],
    plain: ReachCounts,
    what: str,
    *,
    kill: bool,
) -> Iterator[Result]:
    named = "1 worker" if count == 1 else f"{count} workers"
    began = perf_counter()
    with Processes(count).connected() as client:
        if client is None:
            return
        started_s = perf_counter() - began
        yield Result(f"starting {named}", started_s, "s")
        _hold_equal(study(Spread(client)), plain)  # they import and compile
        began = perf_counter()
        _hold_equal(study(Spread(client)), plain)
        yield Result(f"{what}: {named}", perf_counter() - began, "s")
        yield from _memory(client, named)
        if kill:
            began = perf_counter()
            _hold_equal(study(replace(Spread(client), progress=_killing(client))), plain)
            yield Result(f"{what}: {named}, one killed", perf_counter() - began, "s")


def _memory(client: Client, named: str) -> Iterator[Result]:
    """Yield what a worker takes for itself, and what of it is the network, shared by all."""
    used = [psutil.Process(pid).memory_full_info() for pid in client.run(os.getpid).values()]
    own = max(one.uss for one in used) / _MEBIBYTE
    yield Result(f"memory of a worker, of {named}: its own", own, "MiB")
    whole = max(one.rss for one in used) / _MEBIBYTE
    yield Result(f"memory of a worker, of {named}: with shared pages", whole, "MiB")


def _killing(client: Client) -> Progress:
    """Return a progress that kills a worker after a third of the shards."""
    victim = min(client.run(os.getpid).values())

    @contextmanager
    def progress(missing: int) -> Iterator[Callable[[], None]]:
        steps = itertools.count(1)

        def step() -> None:
            if next(steps) == 1 + missing // 3:
                os.kill(victim, signal.SIGKILL)

        yield step

    return progress


def _hold_equal(found: ReachCounts, plain: ReachCounts) -> None:
    if not np.array_equal(found.demand, plain.demand):
        message = "the workers and this process disagree"
        raise AssertionError(message)
