"""A new road network is prepared apart and swapped in at once; the former one answers meanwhile."""

import logging
import threading
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.closures.types import CloseRoads
from dispatch.roads import network_loading
from dispatch.roads import preparation
from dispatch.roads.adapter import Roads
from dispatch.roads.preparation import PreparationFailedError
from dispatch.roads.types import Origin
from dispatch.sending.types import SendCrew
from dispatch.settings import Settings
from geodata.ground import service as ground
from routing.engine.hourly_speeds import SpeedTable
from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.conftest import Database
from tests.conftest import SettableClock
from tests.dispatch.roads.held_threads import HeldThreads
from tests.dispatch.roads.held_threads import build_worker
from tests.waiting import wait_until
from webconsole.ground.ground_watch import GroundWatch

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
FREE_S = 60  # three blocks of 200 m at 10 m/s


@pytest.fixture
def worker(
    services: Services, settings: Settings, clock: SettableClock, threads: HeldThreads
) -> Iterator[Services]:
    """Return one more worker on the same database, its network loaded."""
    assert services.roads.ready  # its files are in the cache
    built = build_worker(settings, clock, threads)
    built.roads.refresh()
    yield built
    threads.open_all()
    built.close()


@pytest.fixture
def new_ground(owner_engine: Engine, grid_extract: Path) -> Callable[[], int]:
    """Return a function that imports the city once more, under the same name, as a new ground."""

    def import_again() -> int:
        return ground.import_extract(owner_engine, grid_extract, name="Grid").ground_id

    return import_again


def drive_s(worker: Services, city: GridCity) -> float:
    """Return how long three blocks along row 3 take."""
    times = worker.roads.travel_times_to([Origin(*city.at(3.5, 3))], city.at(6.5, 3))
    assert times is not None
    return times.travel_time_s[0]


def closure_on_the_way(city: GridCity) -> CloseRoads:
    """Return a closure of the middle of the first whole block."""
    west, south, east, north = *city.at(4.2, 2.9), *city.at(4.8, 3.1)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return CloseRoads.read({"kind": "area", "geometry": geometry, "reason": "A burst main"})


def test_crews_are_judged_and_sent_while_a_new_network_is_loaded(
    worker: Services,
    threads: HeldThreads,
    new_ground: Callable[[], int],
    dispatcher: Actor,
    pin: Pin,
    yard: CrewYard,
) -> None:
    """One block is 20 s by the former network until the other is ready; then its thread ends."""
    crew_id, incident = yard.put("One", 4.5, 3), pin(3.5, 3)
    threads.hold_next, former = True, worker.roads.ground_id
    latest = new_ground()
    loading = threading.Thread(target=worker.roads.refresh)
    loading.start()
    wait_until(lambda: len(threads.made) == 2)

    judged = worker.candidates.for_incident(dispatcher, incident["id"])
    order, _ = worker.sending.send(dispatcher, incident["id"], SendCrew(crew_id=crew_id))

    assert worker.roads.ground_id == former
    assert judged["candidates"][0]["travel_time_s"] == pytest.approx(20, abs=1)
    assert order["travel_time_s"] == pytest.approx(20, abs=1)
    threads.open_all()
    loading.join(60)
    assert worker.roads.ground_id == latest
    wait_until(lambda: threads.made[0].ended)
    assert not threads.made[1].ended


def test_what_is_closed_meanwhile_holds_on_both_networks_from_the_first_answer_on(
    services: Services,
    worker: Services,
    threads: HeldThreads,
    new_ground: Callable[[], int],
    dispatcher: Actor,
    grid_city: GridCity,
) -> None:
    """Another worker took it: this one is told while its new network is still being loaded."""
    assert drive_s(worker, grid_city) == pytest.approx(FREE_S, abs=1)
    threads.hold_next = True
    latest = new_ground()
    watch = GroundWatch(worker)
    watch.look()
    wait_until(lambda: len(threads.made) == 2)

    services.closures.create(dispatcher, closure_on_the_way(grid_city))
    watch.look()

    assert worker.roads.ground_id != latest
    assert drive_s(worker, grid_city) >= FREE_S + 40
    threads.open_all()
    wait_until(lambda: not watch.loading)
    assert worker.roads.ground_id == latest
    assert drive_s(worker, grid_city) >= FREE_S + 40


def test_only_one_process_prepares_a_network_and_the_others_wait_for_its_files(
    services: Services, clock: SettableClock, tmp_path: Path
) -> None:
    """Held as another process would: what it made meanwhile is loaded, and nothing made twice."""
    active = services.ground.active()
    assert active is not None
    prepared: list[int] = []
    roads = bare_roads(services, clock, tmp_path, lambda ground_id, _: prepared.append(ground_id))
    with preparation.alone(tmp_path, active.network_hash):
        loading = threading.Thread(target=roads.refresh)
        loading.start()
        network_loading.make_files(tmp_path, active.network_hash, services.ground.roads(active.id))
        assert not roads.ready

    loading.join(60)

    assert roads.ground_id == active.id
    assert prepared == []
    roads.close()


def test_a_process_of_its_own_makes_the_files_that_every_worker_loads(
    services: Services, database: Database, tmp_path: Path
) -> None:
    """Network and contraction order both; nothing is computed by whoever loads them."""
    active = services.ground.active()
    assert active is not None

    preparation.prepare_apart(database.app_url, tmp_path)(active.id, active.network_hash)

    router = network_loading.load_router(tmp_path, active.network_hash, SpeedTable())
    assert router is not None
    assert {path.suffix for path in tmp_path.iterdir()} == {".bin", ".order"}
    places = router.on_edges(np.zeros(800, dtype=np.int64), np.zeros(800))
    assert not router.matrix(places, places).any()  # as large as nobody at a desk asks
    assert {path.suffix for path in tmp_path.iterdir()} == {".bin", ".order"}  # no labels either


def test_a_preparation_that_fails_leaves_the_former_network_and_is_tried_again(
    services: Services,
    clock: SettableClock,
    tmp_path: Path,
    new_ground: Callable[[], int],
    grid_city: GridCity,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not at once: after a minute."""
    tried: list[int] = []
    working = preparation.prepare_here(services.ground, tmp_path)

    def prepare(ground_id: int, network_hash: str) -> None:
        tried.append(ground_id)
        if len(tried) == 2:
            message = "no memory left"
            raise PreparationFailedError(message)
        working(ground_id, network_hash)

    roads = bare_roads(services, clock, tmp_path, prepare)
    roads.refresh()
    former, latest = roads.ground_id, new_ground()
    for path in tmp_path.iterdir():
        path.unlink()

    with caplog.at_level(logging.ERROR):
        assert not roads.refresh()
    assert not roads.refresh()

    assert (roads.ground_id, tried) == (former, [former, latest])
    assert "no memory left" in caplog.text
    assert roads.travel_times_to([Origin(*grid_city.at(3.5, 3))], grid_city.at(6.5, 3)) is not None
    clock.forward(61)
    assert roads.refresh()
    assert roads.ground_id == latest
    roads.close()


def bare_roads(
    services: Services, clock: SettableClock, cache_dir: Path, prepare: preparation.Preparation
) -> Roads:
    """Return the roads of one more worker with a folder of its own."""
    return Roads(
        services.ground,
        HeldThreads(),
        cache_dir,
        list,
        clock,
        prepare=prepare,
        wait_s=60,
    )
