"""What the map shows of what is looked at: no smears of another zoom, the whole, the chosen."""

import re
from datetime import UTC
from datetime import datetime
from pathlib import Path
from time import monotonic

import geopandas
import pytest
import shapely
from playwright.sync_api import Page
from playwright.sync_api import Route

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.incidents.types import CreateIncident
from dispatch.layers.service import LayerService
from dispatch.layers.types import ImportLayer
from geodata.db import make_engine
from geodata.layers.layer_files import read_layer_file
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import TWO_FRAMES
from tests.e2e.markers import find_mark
from tests.e2e.markers import is_on_stage
from tests.e2e.markers import stage
from tests.e2e.markers import wait_for_mark

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
PATIENCE_MS = 60_000
# A machine without a graphics card, at its worst: one picture a second.
SLOW_PICTURES = """window.requestAnimationFrame =
    (draw) => setTimeout(() => draw(performance.now()), 1000);"""
TILES = re.compile(r"\.mvt\?")
# What the library does when a name has moved over the edge of a tile; here one of the old zoom.
LABELS_MOVED = """() => document.getElementById("map").board.map.eachLayer((layer) => {
    const [old] = Object.values(layer._tiles ?? {});
    if (old) layer.onTilesInvalidated(new Set([old.el.key]));
})"""
THEME_CHANGED = "() => document.dispatchEvent(new CustomEvent('themechange'))"
# Tiles of every layer: none of another zoom, and each of them drawn.
_AT_REST = """() => {
    const { map } = document.getElementById("map").board;
    let tiles = 0;
    let left = 0;
    map.eachLayer((layer) => {
        for (const tile of Object.values(layer._tiles ?? {})) {
            tiles += 1;
            if (tile.coords.z !== map.getZoom() || !tile.loaded) left += 1;
        }
    });
    return tiles > 0 && left === 0;
}"""


def wait_for_tiles(page: Page) -> None:
    """Wait until only tiles of the zoom in view are left, and all of them are there."""
    page.wait_for_function(_AT_REST, timeout=PATIENCE_MS, polling=100)


def zoom_of(page: Page) -> int:
    """Return the zoom that the map has come to rest at."""
    page.wait_for_function(
        "() => !document.querySelector('.leaflet-zoom-anim')", polling=100, timeout=PATIENCE_MS
    )
    return int(page.evaluate("() => document.getElementById('map').board.map.getZoom()"))


def zoom_before_tiles_come(page: Page, key: str, meanwhile: str) -> None:
    """Zoom by a key of the map's; while the new tiles are on their way something else happens."""
    before = zoom_of(page)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(TILES, hold)
    page.keyboard.press(key)
    page.wait_for_function(
        "(before) => document.getElementById('map').board.map.getZoom() !== before",
        arg=before,
        polling=100,
        timeout=PATIENCE_MS,
    )
    deadline_s = monotonic() + PATIENCE_MS / 1000
    while not held:
        assert monotonic() < deadline_s, "no tile of the new zoom was asked for"
        page.wait_for_timeout(50)
    page.evaluate(meanwhile)
    for route in held:
        route.continue_()
    page.unroute(TILES)


@pytest.fixture
def mains(town: Town, tmp_path: Path) -> None:
    """Lay mains over the port: the layer above the base map."""
    lines = [
        shapely.LineString([(PORT[0] - 0.02, PORT[1] + step), (PORT[0] + 0.02, PORT[1] + step)])
        for step in (-0.004, 0.0, 0.004)
    ]
    path = tmp_path / "mains.gpkg"
    names = {"name": ["DN 300", "DN 200", "DN 150"]}
    geopandas.GeoDataFrame(names, geometry=lines, crs="EPSG:4326").to_file(path, engine="pyogrio")
    owner = make_engine(town.services.settings.database_admin_url or "")
    layers = LayerService(UnitOfWork(owner), lambda: datetime.now(UTC))
    layers.import_file(
        SYSTEM, ImportLayer.read({"name": "Gas mains", "kind": "mains"}), read_layer_file(path)
    )
    owner.dispose()


@pytest.mark.usefixtures("mains")
def test_nothing_of_another_zoom_stays_where_drawing_is_slow(town: Town, door: Door) -> None:
    """Nor of another light: colours and names of two zooms over one another cannot be read."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora", script=SLOW_PICTURES)
    look_at(desk, PORT, 13)
    wait_for_tiles(desk)

    for meanwhile in (LABELS_MOVED, THEME_CHANGED):
        zoom_before_tiles_come(desk, "+", meanwhile)
        wait_for_tiles(desk)


def look_at(page: Page, lonlat: tuple[float, float], zoom: int) -> None:
    """Look at a place, as the product's own buttons would but in one step."""
    page.locator("#map").evaluate(
        "(node, [lon, lat, zoom]) => node.board.map.setView([lat, lon], zoom, {animate: false})",
        [*lonlat, zoom],
    )


def report(town: Town, places: list[tuple[tuple[float, float], int]]) -> list[int]:
    """Report an incident at each place with its priority; dora sits at the desk."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    return [
        int(
            town.services.incidents.create(
                dora, CreateIncident(kind="gas_leak", lon=lon, lat=lat, priority=priority)
            )["id"]
        )
        for (lon, lat), priority in places
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_pin_says_which_one_it_is_and_a_group_how_many_and_how_urgent(
    town: Town, door: Door, picture: Picture, language: str
) -> None:
    """Four emergencies side by side are four numbers; five on one spot are a card."""
    beside = [((PORT[0] + step * 6e-4, PORT[1]), 1) for step in range(4)]
    heap = [((FONTVIEILLE[0] + step * 1e-5, FONTVIEILLE[1]), 4 - step % 3) for step in range(5)]
    numbers = report(town, [*beside, *heap])
    desk = door.desk("dora", language=language)
    wait_for_mark(desk, "incident", numbers[0])
    look_at(desk, PORT, 16)
    group = wait_for_mark(desk, "incident", numbers[-1])

    written = desk.evaluate(
        """() => { const { board } = document.getElementById("map"); board.inView();
            return [...board.named.keys()].map(({ tag }) => tag.number).filter(Boolean); }"""
    )

    assert {str(each) for each in numbers[:4]} <= set(written)
    assert group.joined
    look_at(desk, FONTVIEILLE, 16)
    group = wait_for_mark(desk, "incident", numbers[-1])
    desk.mouse.move(group.x, group.y)
    tip = desk.locator(".leaflet-tooltip.tip")
    tip.get_by_text({"en": "5 incidents", "zh": "5 起险情"}[language]).wait_for()
    tip.get_by_text({"en": "most urgent: ", "zh": "最高优先级："}[language]).wait_for()
    picture.of(desk, f"pins-{language}")


def test_home_shows_the_ground_and_again_everything(town: Town, door: Door) -> None:
    """Not a stamp in the middle of grey, however far out somebody waits."""
    bounds = town.services.ground.info()["bounds"]
    assert bounds is not None
    west, south, east, north = bounds
    far = [((west + 0.001, south + 0.001), 3), ((east - 0.001, north - 0.001), 3)]
    first, *_, last = report(town, [far[0], (PORT, 1), (CASINO, 2), far[1]])
    desk = door.desk("dora")
    wait_for_mark(desk, "incident", first)

    shown = desk.evaluate(
        """() => { const seen = document.getElementById("map").board.map.getBounds();
            return [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()]; }"""
    )

    across, along = (
        (min(high, shown[at + 2]) - max(low, shown[at])) / (shown[at + 2] - shown[at])
        for at, low, high in ((0, west, east), (1, south, north))
    )
    assert across * along > 0.75
    desk.locator("#tool-home").click()
    assert [is_on_stage(desk, find_mark(desk, "incident", each)) for each in (first, last)] == [
        True,
        True,
    ]


def test_the_chosen_incident_is_framed_with_who_can_come_but_not_under_the_hand(
    town: Town, door: Door
) -> None:
    """Whoever has just moved the map keeps the zoom that he chose."""
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    first, second = report(town, [(FONTVIEILLE, 1), (PORT, 2)])
    desk = door.desk("dora")
    wait_for_mark(desk, "incident", first)
    look_at(desk, FONTVIEILLE, 18)

    desk.locator(f".incident-row[data-incident-id='{first}']").click()

    desk.wait_for_function(
        """([crew, incident]) => {
            const { board } = document.getElementById("map");
            const size = board.map.getSize();
            return [["crew", crew], ["incident", incident]].every(([kind, id]) => {
                const at = board.whereIs(kind, id);
                return at && at.x > 20 && at.y > 20 && at.x < size.x - 20 && at.y < size.y - 20;
            });
        }""",
        arg=[crew_id, first],
    )
    mark = wait_for_mark(desk, "incident", first)
    desk.mouse.move(mark.x, mark.y)
    desk.mouse.wheel(0, -120)
    desk.wait_for_function(
        "() => document.querySelector('.leaflet-zoom-anim') === null"
        " && document.getElementById('map').board.map.getZoom() > 14"
    )
    zoom = zoom_of(desk)
    desk.locator(f".incident-row[data-incident-id='{second}']").click()
    desk.locator(".incident-panel .candidate").first.wait_for()
    assert zoom_of(desk) == zoom


def test_a_notch_of_the_wheel_is_one_step_and_a_touchpad_is_slower(town: Town, door: Door) -> None:
    """Three notches are three steps; small strokes add up to one."""
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    look_at(desk, PORT, 14)
    left, top, right, bottom = stage(desk)
    desk.mouse.move((left + right) / 2, (top + bottom) / 2)

    for strokes, zoom in (((-120,), 15), ((-100, -100, -100), 18), ((4,) * 30, 17)):
        for stroke in strokes:
            desk.mouse.wheel(0, stroke)
        desk.wait_for_function(
            "(zoom) => !document.querySelector('.leaflet-zoom-anim')"
            " && document.getElementById('map').board.map.getZoom() === zoom",
            arg=zoom,
        )
        desk.evaluate(TWO_FRAMES)
        assert zoom_of(desk) == zoom
