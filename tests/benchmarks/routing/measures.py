"""How long our own answers take, snapping and turn restrictions included."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from pathlib import Path
from time import perf_counter

import numpy as np
import shapely

from routing.closures.types import ClosedArea
from routing.closures.types import Closure
from routing.locate.checked_positions import PositionsLike
from routing.network.arrays import FloatArray
from routing.network.line_geometry import metres_per_degree
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.benchmarks.results import Result
from tests.benchmarks.results import percentiles
from tests.benchmarks.routing.asked import Places
from tests.benchmarks.routing.asked import Scale

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_CREWS_P50_MS = {1000: 4.0, 2000: 8.0, 10_000: 20.0}
_LARGE_TIMES = 3


@dataclass(frozen=True)
class Ready:
    """A network made ready from nothing, and how long each step took, seconds."""

    router: Router
    read_s: float
    prepared_s: float


def make_ready(extract: Path, cache_dir: Path) -> Ready:
    """Read an extract, find the order, save both: what the first start does."""
    began_s = perf_counter()
    network = RoadNetwork.from_osm(extract)
    read_s = perf_counter() - began_s
    router = Router(network, cache_dir=cache_dir)
    return Ready(router, read_s, perf_counter() - began_s - read_s)


def timed(work: Callable[[int], object], times: int) -> list[float]:
    """Return how long some work took each time, after one time that does not count; seconds."""
    work(0)
    took = []
    gc.collect()
    for number in range(times):
        began_s = perf_counter()
        work(number)
        took.append(perf_counter() - began_s)
    return took


def crews_name(count: int) -> str:
    """Return the name of the question who is first."""
    return f"{count} crews to an incident"


def reach_name(scale: Scale) -> str:
    """Return the name of the question how far one gets."""
    return f"{scale.limit_s / 60:.0f}-minute reach as an area"


def measure(router: Router, places: Places, scale: Scale, *, targets: bool = True) -> list[Result]:
    """Return the times of every question.

    Parameters
    ----------
    targets
        Whether the targets hold for this network; they are those of one city.
    """
    incidents = places.incidents
    found: list[Result] = []
    for count in (*scale.counts, scale.fleet):
        crews = places.crews[:count]
        streets = router.streets_from(crews)

        def first(number: int, crews: PositionsLike = streets) -> object:
            return router.travel_times_to(crews, incidents[number % len(incidents)])

        def first_anew(number: int, crews: PositionsLike = crews) -> object:
            return router.travel_times_to(crews, incidents[number % len(incidents)])

        took_s = timed(first, scale.times)
        found += percentiles(
            crews_name(count), took_s, p50_ms=_CREWS_P50_MS.get(count) if targets else None
        )
        found += percentiles(
            f"{crews_name(count)}, no street known", timed(first_anew, scale.times)
        )

    def route(number: int) -> object:
        at = number % len(incidents)
        return router.guide(router.route(places.crews[at], incidents[at]))

    found += percentiles("route, drawn and guided", timed(route, scale.times), p50_ms=2)

    def reach(number: int) -> object:
        return router.reach(places.crews[number % len(places.crews)], scale.limit_s)

    found += percentiles(reach_name(scale), timed(reach, scale.times), p50_ms=40)
    size = scale.matrix_size
    matrix_s = timed(
        lambda _: router.matrix(places.crews[:size], places.crews[-size:]), _LARGE_TIMES
    )
    found.append(Result(f"matrix {size} × {size}", float(np.median(matrix_s)), "s", 6))
    found += _closing(router, places, scale)
    if targets:
        return found
    return [Result(each.name, each.value, each.unit, peers=each.peers) for each in found]


def _closing(router: Router, places: Places, scale: Scale) -> list[Result]:
    """Return how long closing and opening take until the next search can begin."""
    areas = [area_of(router, centre, scale.closed_roads) for centre in places.incidents.tolist()]
    router.set_closures([], NOW)
    close_s, open_s = [], []
    for area in areas:
        closure = [Closure("road works", area, NOW)]
        began_s = perf_counter()
        router.set_closures(closure, NOW)
        closed_s = perf_counter()
        router.set_closures([], NOW)
        open_s.append(perf_counter() - closed_s)
        close_s.append(closed_s - began_s)
    name = f"a polygon of {scale.closed_roads} roads"
    return [
        *percentiles(f"closing {name}", close_s, p50_ms=200),
        *percentiles(f"opening {name}", open_s),
    ]


def area_of(router: Router, centre: tuple[float, float], roads: int) -> ClosedArea:
    """Return the round area about a place that has so many streets, or parts of them, inside."""
    streets = router.network.roads
    scale = np.stack(metres_per_degree(np.array(centre[1])))
    middle = 0.5 * (
        streets.node_lonlat[streets.segment_from] + streets.node_lonlat[streets.segment_to]
    )
    away_m = np.sort(_away_m(middle, np.asarray(centre), scale))
    radius_m = float(away_m[min(roads, len(away_m)) - 1]) + 1.0
    turn = np.linspace(0.0, 2 * np.pi, 24, endpoint=False)
    circle = np.stack((np.cos(turn), np.sin(turn)), axis=1)
    return ClosedArea(shapely.Polygon(centre + radius_m * circle / scale))


def _away_m(lonlat: FloatArray, centre: FloatArray, scale: FloatArray) -> FloatArray:
    return np.asarray(np.hypot(*((lonlat - centre) * scale).T))
