"""What routing is asked in the benchmark: the same for us and, written to a folder, for peers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from routing.engine.edge_expansion import expand
from routing.engine.edge_weights import NORMAL
from routing.engine.edge_weights import UNREACHABLE_MS
from routing.engine.edge_weights import compute_weights
from routing.engine.hierarchy import Seeds
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines
from routing.network.line_geometry import metres_per_degree
from routing.router import Router

_BESIDE_THE_ROAD_M = 12.0
_LEAST_ROUTES = 30  # what peers ask for at most


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is asked.

    Attributes
    ----------
    counts
        Numbers of crews that drive to one incident.
    fleet
        A number that only we are asked with.
    times
        How often each quick question is asked.
    matrix_size
        Rows and columns.
    limit_s
        Of a reach.
    pairs
        Origins and targets whose product is compared with plain Dijkstra.
    closures
        Random areas under which it is compared once more.
    closed_roads
        Streets in the polygon that is closed against the clock.
    """

    counts: tuple[int, ...] = (1000, 2000)
    fleet: int = 10_000
    times: int = 60
    matrix_size: int = 1000
    limit_s: float = 600.0
    pairs: tuple[int, int] = (40, 50)
    closures: int = 100
    closed_roads: int = 100


@dataclass(frozen=True)
class Places:
    """Positions as a GPS would have them: beside roads of the main network.

    Attributes
    ----------
    crews, incidents
        WGS 84, shapes ``(n, 2)`` and ``(k, 2)``. Each of the first ``k`` crews can
        drive to the incident of its own number, so that a route can be asked for each of them.
    """

    crews: FloatArray
    incidents: FloatArray

    @classmethod
    def around(cls, router: Router, scale: Scale, seed: int = 20) -> Self:
        """Return random places of a network, the same for the same seed."""
        random = np.random.default_rng(seed)
        routes = max(scale.times, _LEAST_ROUTES)
        most = max(*scale.counts, scale.fleet, 2 * scale.matrix_size, routes)
        crews = _beside_roads(router, most, random)
        pool = _beside_roads(router, 4 * routes, random)
        rows = router.matrix(crews[:routes], pool)
        free = np.ones(len(pool), dtype=np.bool_)
        chosen = []
        for row in rows:
            target = int(np.flatnonzero(np.isfinite(row) & free)[0])
            free[target] = False
            chosen.append(target)
        return cls(crews, pool[chosen])


def write(
    folder: Path,
    router: Router,
    places: Places,
    scale: Scale,
    *,
    extract: Path,
    cache: Path,
    database: str,
) -> IntArray:
    """Write the folder that `tests.benchmarks.routing.road_peers` reads.

    Parameters
    ----------
    cache
        Where peers keep what they build from this extract.
    database
        How pgRouting is reached; empty without it.

    Returns
    -------
    found_ms
        The answer to "all crews to the first incident" between the ends of streets that peers know,
        by our engine, int64; -1 where no road leads.
    """
    network = router.network
    lines, expansion = Lines(network.roads), expand(network)
    arc_ms = compute_weights(network, expansion, lines, NORMAL).arc_ms
    usable = arc_ms < UNREACHABLE_MS
    halfway = lines.places(np.arange(network.segment_count), lines.length_m / 2.0)
    crews, incidents = router.snap(places.crews), router.snap(places.incidents)
    np.savez(
        folder / "asked.npz",
        tail=expansion.arc_from[usable],
        head=expansion.arc_to[usable],
        ms=arc_ms[usable],
        state_lonlat=halfway[expansion.state_edge // 2],
        crews=crews.edge,
        incidents=incidents.edge,
        crews_lonlat=places.crews,
        incidents_lonlat=places.incidents,
    )
    notes = {
        "extract": str(extract),
        "limit_s": scale.limit_s,
        "counts": scale.counts,
        "matrix_size": scale.matrix_size,
        "cache": str(cache),
        "database": database,
    }
    (folder / "asked.json").write_text(json.dumps(notes), encoding="utf-8")
    return _between_states(router, crews.edge, int(incidents.edge[0]))


def _between_states(router: Router, crews: IntArray, incident: int) -> IntArray:
    """Return the engine's own times between beginnings of edges, as peers are asked for them."""
    engine = router._search._hierarchy
    goal = Seeds(np.array([incident]), np.array([0]))
    found = engine.many_to_one(crews, [goal])[0]
    return np.where(np.isfinite(found), found, -1.0).astype(np.int64)


def _beside_roads(router: Router, count: int, random: np.random.Generator) -> FloatArray:
    """Return positions some metres beside random main streets."""
    network = router.network
    edges = np.flatnonzero(network.edge_driveable & np.repeat(router.main_streets, 2))
    edge = random.choice(edges, count)
    offset_m = random.random(count) * network.roads.segment_length_m[edge // 2]
    lonlat = router.on_edges(edge, offset_m).lonlat
    scale = np.stack(metres_per_degree(lonlat[:, 1]), axis=1)
    return np.asarray(lonlat + random.normal(0.0, _BESIDE_THE_ROAD_M / 2, lonlat.shape) / scale)


def same_times(ours_ms: IntArray, theirs_ms: Sequence[float]) -> bool:
    """Tell whether a peer found the same, to a thousandth for those that round on their way."""
    theirs = np.asarray(theirs_ms)
    return bool(
        ((ours_ms < 0) == (theirs < 0)).all()
        and (np.abs(ours_ms - theirs) <= 1e-3 * ours_ms.clip(0) + 1).all()
    )
