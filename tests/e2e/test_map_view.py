"""What the map shows of what is looked at: no smears of another zoom, the whole, the chosen."""

import re
from datetime import UTC
from datetime import datetime
from pathlib import Path

import geopandas
import pytest
import shapely
from playwright.sync_api import Page
from playwright.sync_api import Route

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.layers.service import LayerService
from dispatch.layers.types import ImportLayer
from geodata.db import make_engine
from geodata.layers.layer_files import read_layer_file
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Town

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
    page.wait_for_function("() => !document.querySelector('.leaflet-zoom-anim')", polling=100)
    return int(page.evaluate("() => document.getElementById('map').board.map.getZoom()"))


def zoom_before_tiles_come(page: Page, key: str, meanwhile: str) -> None:
    """Zoom by a key of the map's; while the new tiles are on their way something else happens."""
    before = zoom_of(page)
    held: list[Route] = []
    page.route(TILES, lambda route: held.append(route))
    page.keyboard.press(key)
    page.wait_for_function(
        "(before) => document.getElementById('map').board.map.getZoom() !== before",
        arg=before,
        polling=100,
    )
    while not held:
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
    wait_for_tiles(desk)

    for key, meanwhile in (("+", LABELS_MOVED), ("-", THEME_CHANGED)):
        zoom_before_tiles_come(desk, key, meanwhile)
        wait_for_tiles(desk)
