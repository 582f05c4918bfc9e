"""What the demo's utility has in the ground, and who covers what."""

from collections.abc import Callable
from datetime import UTC
from datetime import datetime

import numpy as np
import pytest
import shapely

from dispatch.access.permissions import SYSTEM
from dispatch.bootstrap import Services
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.layers.service import LayerService
from dispatch.zones.service import ZoneService
from geodata.db import make_engine
from scripts.demo.demo_records import MADE_UP
from scripts.demo.demo_records import mains
from scripts.demo.demo_records import response_areas
from scripts.demo.demo_records import seed_records
from scripts.demo.demo_records import valves
from scripts.demo.demo_seed import seed_demo
from tests.conftest import Database

pytestmark = pytest.mark.postgis
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def seeded(services: Services, database: Database) -> Services:
    """Return the services of a demo city with its records."""
    seed_demo(services.settings, NOW)
    seed_records(database.owner_url)
    return services


def test_the_demo_has_mains_valves_and_an_area_for_each_station(seeded: Services) -> None:
    """In both languages, and none of them can be taken for real."""
    layers = seeded.layers.list(SYSTEM)["layers"]
    zones = seeded.zones.list(SYSTEM)["zones"]

    assert sorted(each["kind"] for each in layers) == ["mains", "valves"]
    assert [each["kind"] for each in zones] == ["response_area"] * 3
    for each in [*layers, *zones]:
        assert "(demo)" in each["name"]
        assert "演示" in each["name_zh"]


def test_what_people_removed_does_not_come_back(seeded: Services, database: Database) -> None:
    """The log knows that it was there."""
    owner = make_engine(database.owner_url)
    names = [each["name"] for each in seeded.layers.list(SYSTEM)["layers"]]
    LayerService(UnitOfWork(owner), lambda: NOW).remove(SYSTEM, names[0])
    owner.dispose()

    seed_records(database.owner_url)

    assert [each["name"] for each in seeded.layers.list(SYSTEM)["layers"]] == names[1:]


@pytest.mark.parametrize("done", [1, 2])
def test_an_interrupted_first_start_is_finished_by_the_next(
    services: Services, database: Database, monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    """After the mains, or after the valves; nothing is there twice."""
    seed_demo(services.settings, NOW)
    left = iter(range(done))

    def interrupted(real: Callable[..., object]) -> Callable[..., object]:
        def work(*args: object) -> object:
            if next(left, None) is None:
                raise KeyboardInterrupt
            return real(*args)

        return work

    with monkeypatch.context() as patched:
        patched.setattr(LayerService, "import_file", interrupted(LayerService.import_file))
        patched.setattr(ZoneService, "take_in", interrupted(ZoneService.take_in))
        with pytest.raises(KeyboardInterrupt):
            seed_records(database.owner_url)
    seed_records(database.owner_url)

    layers = services.layers.list(SYSTEM)["layers"]
    assert sorted(each["kind"] for each in layers) == ["mains", "valves"]
    assert len(services.zones.list(SYSTEM)["zones"]) == 3


def test_every_valve_sits_on_mains_and_says_that_it_is_made_up(services: Services) -> None:
    """On three of them at least: where streets meet."""
    roads = services.ground.roads(services.roads.ground_id or 0)
    pipes, taps = mains(roads), valves(roads)
    tree = shapely.STRtree(pipes.geometries)

    for tap in taps.features():
        assert tap.attributes["note"] == MADE_UP
        assert len(tree.query(tap.shape, predicate="dwithin", distance=1e-9)) >= 3
    assert len(pipes) > len(taps) > 0
    assert len({each["name"] for each in taps.rows}) == len(taps)


def test_an_area_is_what_is_nearest_to_its_station(services: Services) -> None:
    """Of random places, and together the areas are the whole ground."""
    active = services.ground.active()
    assert active is not None
    west, south, east, north = active.bounds
    rng = np.random.default_rng(1)
    stations = [(x, y) for x, y in rng.uniform((west, south), (east, north), (3, 2)).tolist()]
    shrink = np.cos(np.radians((south + north) / 2))

    areas = [
        shapely.Polygon(each.geometry["coordinates"][0])
        for each in response_areas(stations, active.bounds)
    ]

    assert sum(each.area for each in areas) == pytest.approx(shapely.box(*active.bounds).area)
    for place in rng.uniform((west, south), (east, north), (200, 2)):
        away = np.hypot(*((np.array(stations) - place) * [shrink, 1.0]).T)
        assert areas[int(away.argmin())].distance(shapely.Point(place)) < 1e-9
