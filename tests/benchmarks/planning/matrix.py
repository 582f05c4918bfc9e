"""Measure large matrices by labels: times, preparation, memory, closures; peers in the same run."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import shapely
from rich.console import Console
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.closures.types import ClosedArea
from routing.closures.types import ClosedSegments
from routing.closures.types import Closure
from routing.engine.edge_weights import UNREACHABLE_MS
from routing.network.arrays import FloatArray
from routing.network.line_geometry import metres_per_degree
from routing.paths.time_matrix import compute_matrix
from routing.router import Router
from scripts.cluster import private_cluster as cluster
from tests.benchmarks.results import Result
from tests.benchmarks.routing import peers as routing_peers

SEED = 15
_NOW = datetime(2026, 11, 18, tzinfo=UTC)
_BESIDE_M = 20.0
_ROUNDS = 3
_BY_SCIPY = 5
_CLOSED_STREETS = 100
_CLOSED_RADIUS_M = 800.0


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured.

    Attributes
    ----------
    sizes
        Rows, columns and the most seconds of each matrix; no more columns than rows.
    compared
        How many of its columns the engine is asked for too: it takes a search for each.
    compiling
        Whether the loops are compiled once more to see how long it takes.
    """

    sizes: tuple[tuple[int, int, float | None], ...] = ((1000, 1000, 0.8), (10_000, 200, 2.0))
    compared: int = 100
    compiling: bool = True


def measure(
    router: Router,
    *,
    extract: Path | None = None,
    var_dir: Path | None = None,
    console: Console | None = None,
    scale: Scale | None = None,
) -> list[Result]:
    """Return times of matrices between positions beside streets, with streets closed.

    Positions are given as longitude and latitude, so finding their streets is part of every time,
    ours and OSRM's. The engine alone and scipy's Dijkstra over the same states are told beside
    them, from some columns; OSRM has a cost model of its own and knows no closures.

    Parameters
    ----------
    router
        Of the city, without closures.
    extract, var_dir
        What OSRM reads, and where its environment and files are kept; without, it is left out.
    """
    scale, console = scale or Scale(), console or Console(stderr=True)
    found = _preparing(router, compiling=scale.compiling)
    router.prepare_labels()
    close_some(router)
    for rows, columns, target_s in scale.sizes:
        places = random_places(router, rows + columns, SEED)
        origins, targets = places[:rows], places[rows:]
        took_s, times_s = _median(partial(router.matrix, origins, targets))
        engine_s, engine_times_s = _by_the_engine(router, origins, targets[: scale.compared])
        peers = {
            "the engine alone": engine_s * max(1.0, columns / scale.compared),
            "scipy": _by_scipy_s(router) * min(rows, columns),
            **_by_osrm(origins, targets, extract, var_dir, console),
        }
        name = f"matrix {rows:,} × {columns:,}, streets closed"
        compared = times_s[:, : scale.compared]
        found += [
            Result(name, took_s, "s", target_s, peers=peers),
            Result(
                f"{name}: pairs unlike the engine's, of {compared.size:,}",
                float(np.count_nonzero(compared != engine_times_s)),
                "pairs",
                0,
            ),
        ]
    return [*found, *_closing(router)]


def random_places(router: Router, count: int, seed: int) -> FloatArray:
    """Return positions some metres beside random places of the main network, seeded."""
    random = np.random.default_rng(seed)
    edges = np.flatnonzero(router.network.edge_driveable & np.repeat(router.main_streets, 2))
    edge = random.choice(edges, count)
    offset_m = random.random(count) * router.network.roads.segment_length_m[edge // 2]
    lonlat = router.on_edges(edge, offset_m).lonlat
    scale = np.stack(metres_per_degree(lonlat[:, 1]), axis=1)
    return np.asarray(lonlat + random.normal(0.0, _BESIDE_M / 2, lonlat.shape) / scale)


def close_some(router: Router) -> None:
    """Close random streets, and an area in the middle of the city with places inside it."""
    network = router.network
    middle = np.median(network.roads.node_lonlat, axis=0)
    radius_deg = _CLOSED_RADIUS_M / float(metres_per_degree(middle[1:])[1][0])
    area = ClosedArea(shapely.Point(*middle.tolist()).buffer(radius_deg))
    random = np.random.default_rng(SEED)
    closures = [Closure("works", area, _NOW), _streets(router, _CLOSED_STREETS, random)]
    router.set_closures(closures, _NOW)


def _streets(router: Router, count: int, random: np.random.Generator) -> Closure:
    streets = random.choice(router.network.segment_count, count)
    place = ClosedSegments(tuple(set(streets.tolist())), router.network.content_hash)
    return Closure("streets", place, _NOW)


def _preparing(router: Router, *, compiling: bool) -> list[Result]:
    """Return what labels cost processes that have none yet: the first, and those after it."""
    with tempfile.TemporaryDirectory(prefix="nearcrew-bench-") as made:
        folder = Path(made)
        router.network.save(folder / "network.roads")
        Router(router.network, cache_dir=folder)  # the contraction order is not of labels
        anew = []
        if compiling:
            told = _worker(folder, {"NUMBA_CACHE_DIR": str(folder / "numba")})
            took_s = told["prepared_s"] + told["first_s"]
            anew = [Result("labels and first matrix, no loop compiled yet", took_s, "s")]
            for path in [*folder.glob("*.labels"), *folder.glob("*.metric")]:
                path.unlink()
        first, second = _worker(folder), _worker(folder)
        sizes = {path.suffix: path.stat().st_size / 1e6 for path in folder.iterdir()}
    return [
        *anew,
        Result("labels made, loops compiled before", first["prepared_s"], "s"),
        Result("labels mapped from the cache", second["prepared_s"], "s"),
        Result("the first matrix of a process after that", second["first_s"], "s"),
        Result("labels on disk: topology", sizes[".labels"], "MB"),
        Result("labels on disk: each profile and hour", sizes[".metric"], "MB"),
        Result("memory that labels add, numba and shared pages included", second["added_mb"], "MB"),
    ]


def _worker(folder: Path, more: Mapping[str, str] | None = None) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.planning.label_worker", str(folder)]
    finished = subprocess.run(  # noqa: S603 - our own module
        command,
        cwd=cluster.CHECKOUT,
        capture_output=True,
        check=True,
        env={**os.environ, **(more or {})},
    )
    told: dict[str, float] = json.loads(finished.stdout)
    return told


def _median(work: Callable[[], FloatArray]) -> tuple[float, FloatArray]:
    answer, took_s = work(), []
    for _ in range(_ROUNDS):
        began_s = perf_counter()
        answer = work()
        took_s.append(perf_counter() - began_s)
    return float(np.median(took_s)), answer


def _by_the_engine(
    router: Router, origins: FloatArray, targets: FloatArray
) -> tuple[float, FloatArray]:
    began_s = perf_counter()
    starts, goals = router.streets_from(origins), router.streets_to(targets)
    times_s = compute_matrix(router._search, router._run, starts, goals)
    return perf_counter() - began_s, times_s


def _by_scipy_s(router: Router) -> float:
    """Return how long one search over all states takes, closed streets left out."""
    expansion = router._expansion
    arc_ms = router._search._distances.weights.arc_ms
    usable = arc_ms < UNREACHABLE_MS
    ends = expansion.arc_from[usable], expansion.arc_to[usable]
    size = len(expansion.state_edge)
    graph = csr_array((arc_ms[usable].astype(np.float64), ends), shape=(size, size))
    sources = np.random.default_rng(SEED).choice(expansion.arc_from[usable], _BY_SCIPY)
    began_s = perf_counter()
    for source in sources.tolist():
        dijkstra(graph, indices=source)
    return (perf_counter() - began_s) / _BY_SCIPY


def _by_osrm(
    origins: FloatArray,
    targets: FloatArray,
    extract: Path | None,
    var_dir: Path | None,
    console: Console,
) -> dict[str, float]:
    if extract is None or var_dir is None:
        return {}
    try:
        python = routing_peers.environment(var_dir, console)
    except routing_peers.MissingEnvironmentError as error:
        console.print(f"osrm is left out: {error}")
        return {}
    nothing = np.empty(0)
    with tempfile.TemporaryDirectory(prefix="nearcrew-peers-") as made:
        folder = Path(made)
        graph: dict[str, Any] = dict.fromkeys(
            ("tail", "head", "ms", "state_lonlat", "crews", "incidents"), nothing
        )
        np.savez(folder / "asked.npz", crews_lonlat=origins, incidents_lonlat=targets, **graph)
        notes: dict[str, Any] = {
            "extract": str(extract.resolve()),
            "limit_s": 0.0,
            "counts": [],
            "matrix_size": len(targets),
            "cache": str(routing_peers.cache_of(extract, var_dir)),
            "database": "",
        }
        (folder / "asked.json").write_text(json.dumps(notes), encoding="utf-8")
        answer = routing_peers.ask(python, "osrm_matrix", folder, nothing.astype(np.int64))
    if answer.remark:
        console.print(f"osrm: {answer.remark}", highlight=False, markup=False)
    return {"osrm": answer.seconds["matrix"]} if "matrix" in answer.seconds else {}


def _closing(router: Router) -> list[Result]:
    """Return how long labels take to follow closures, and the openings after them."""
    metric = router._matrices._engines[router._search]._metric
    random = np.random.default_rng(SEED)
    found = []
    for count in (1, _CLOSED_STREETS):
        took_s = []
        for _ in range(_ROUNDS * 3):
            for closures in ([_streets(router, count, random)], []):
                router.set_closures(closures, _NOW)
                began_s = perf_counter()
                metric.apply(router._search._distances.weights.arc_ms)
                took_s.append(perf_counter() - began_s)
        name = f"labels follow {count} closed streets" if count > 1 else "labels follow one street"
        found.append(Result(name, 1000 * float(np.median(took_s)), "ms"))
    return found
