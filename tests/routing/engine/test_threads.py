"""Searches from many threads: answers do not depend on what other threads search."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from datetime import datetime
from typing import TypeVar

import numpy as np
import shapely

from routing.closures.types import ClosedArea
from routing.closures.types import Closure
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.routing.drawing import draw
from tests.routing.drawing import street

T = TypeVar("T")
_NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def test_many_threads_get_the_answers_one_thread_gets(monaco_router: Router) -> None:
    """Eight threads ask for times, matrices and routes at once, from threads that come and go."""
    router = monaco_router
    random = np.random.default_rng(3)
    edges = random.choice(np.flatnonzero(np.repeat(router.main_streets, 2)), 40)
    places = router.on_edges(edges, np.zeros(len(edges)))
    alone_s = router.matrix(places, places)

    def ask(number: int) -> bool:
        one = places[number : number + 1]
        to_s = router.travel_times_to(places, one)
        from_s = router.travel_times_from(one, places)
        route = router.route(places[:1], one) if np.isfinite(alone_s[0, number]) else None
        return (
            np.array_equal(to_s, alone_s[:, number])
            and np.array_equal(from_s, alone_s[number])
            and (route is None or abs(route.travel_time_s - alone_s[0, number]) < 1e-9)
        )

    agreed: list[bool] = []
    for _ in range(3):
        with ThreadPoolExecutor(8) as threads:
            agreed += threads.map(ask, range(len(places)))

    assert len(agreed) == 120
    assert all(agreed)


def test_roads_close_and_open_while_others_ask(monaco: RoadNetwork) -> None:
    """Every answer is that of one state or of the other, never of something between."""
    router = Router(monaco)
    random = np.random.default_rng(4)
    edges = random.choice(np.flatnonzero(np.repeat(router.main_streets, 2)), 60)
    places = router.on_edges(edges, np.zeros(len(edges)))
    middle = shapely.Point(*places.lonlat[0].tolist())
    closures = [Closure("works", ClosedArea(middle.buffer(0.004)), _NOW)]
    open_s = router.matrix(places, places)
    router.set_closures(closures, _NOW)
    closed_s = router.matrix(places, places)
    emergency = router.under(profile="emergency")

    def ask(number: int) -> bool:
        if number % 5 == 0:
            router.set_closures(closures if number % 2 else [], _NOW)
            emergency.travel_times_to(places, places[:1])
            return True
        times_s = router.travel_times_to(places, places[number : number + 1])
        return any(np.array_equal(times_s, state[:, number]) for state in (open_s, closed_s))

    with ThreadPoolExecutor(8) as threads:
        agreed = [*threads.map(ask, list(range(60)) * 3)]

    assert (open_s != closed_s).any()
    assert all(agreed)


def test_the_injected_native_thread_runs_every_search() -> None:
    """No search runs in the calling thread."""
    town = draw({"A": (0.0, 0.0), "B": (100.0, 0.0)}, [street("A-B")])
    calls: list[str] = []

    def native(function: Callable[..., T], /, *args: object) -> T:
        calls.append(getattr(function, "__name__", ""))
        return function(*args)

    router = Router(town.network, native=native)
    here, there = town.lonlat(0, 0), town.lonlat(100, 0)

    router.travel_times_to([here], there)
    router.route(here, there)

    assert calls == ["times_to_each", "fastest_path"]
