"""Another base map by setting: drawn under the same crews, in its own datum."""

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect
from typing_extensions import override

from dispatch.access.permissions import Role
from geodata.crs.datum import Datum
from geodata.crs.datum import from_wgs84
from geodata.tiles.vector_tiles import tile
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PATIENCE_S
from tests.e2e.conftest import Door
from tests.e2e.conftest import Seats
from tests.e2e.conftest import Town
from tests.geodata.mvt import tile_at
from tests.geodata.pmtiles_writer import write
from tests.webconsole.served_console import serving

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
BD09_PX = {13: 4.0, 17: 2.0, 19: 4.0}  # by zoom; 19 is drawn from tiles of 18

# Of our own style: what each thing is painted in by day and by night.
WATER, WATER_BY_NIGHT = "#bfd9e8", "#0c2231"
BY_DAY = {
    "green": "#dfe9d5",
    "building": "#e3e0da",
    "street": "#ffffff",
    "main road": "#fcf1cf",
    "hospital's sign": "#b4546a",
    "fire station's sign": "#4f6a9e",
}
BY_NIGHT = {"building": "#222a32", "street": "#323c45", "hospital's sign": "#d0899a"}


@contextmanager
def desk_with(town: Town, browser: Browser, **variables: str) -> Iterator[Page]:
    """Serve the town with such settings and sign a dispatcher in."""
    town.sign_up("dora", Role.DISPATCHER)
    town.add_crew("East 1", CASINO, skills=("gas",))
    with serving(town.services.settings, variables) as server:
        door = Door(Seats(browser), server.url)
        yield door.desk("dora")
        door.close()
    assert door.complaints == []


COLOURS = """() => {
  const seen = new Set();
  for (const one of document.querySelectorAll("#map .leaflet-tile-pane canvas")) {
    if (!one.width) continue;
    const { data } = one.getContext("2d").getImageData(0, 0, one.width, one.height);
    const pixels = new Uint32Array(data.buffer);
    for (const each of pixels) seen.add(each & 0xffffff);
  }
  return [...seen];
}"""


def canvas_colours(page: Page) -> set[str]:
    """Return the colours of the base map's canvases."""
    found: list[int] = page.evaluate(COLOURS)
    return {"#" + each.to_bytes(3, "little").hex() for each in found}


def drawn(page: Page, *wanted: str) -> set[str]:
    """Wait until the map shows these colours; return those that never came."""
    missing = set(wanted)
    for _ in range(10 * PATIENCE_S):
        missing = set(wanted) - canvas_colours(page)
        if not missing:
            break
        page.wait_for_timeout(100)
    return missing


def gone(page: Page, colour: str) -> bool:
    """Wait until no tile shows a colour; the former tiles go a little after the new ones come."""
    for _ in range(10 * PATIENCE_S):
        if colour not in canvas_colours(page):
            return True
        page.wait_for_timeout(100)
    return False


ASKED = """() => performance
  .getEntriesByType("resource")
  .map(({ name }) => new URL(name).pathname)"""


def test_the_ground_is_drawn_in_full_by_day_and_by_night(town: Town, door: Door) -> None:
    """Water, green, houses, streets and the signs of what a repair service looks for."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    town.add_crew("West 1", FONTVIEILLE, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")

    assert drawn(desk, WATER, *BY_DAY.values()) == set()
    desk.emulate_media(color_scheme="dark")
    assert drawn(desk, WATER_BY_NIGHT, *BY_NIGHT.values()) == set()
    assert gone(desk, WATER)


@pytest.fixture
def desk(town: Town, door: Door) -> Page:
    """Return a desk with one crew on its map."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    return door.desk("dora")


def scale_of(desk: Page) -> tuple[Locator, str]:
    """Return the map's scale, and what it says now."""
    scale = desk.locator(".leaflet-control-scale-line")
    return scale, scale.inner_text()


def test_the_map_is_moved_by_keys(desk: Page) -> None:
    """Nearer, farther, and back to what matters, wherever the keyboard is."""
    scale, first = scale_of(desk)
    desk.locator("#queue").focus()

    desk.keyboard.press("-")
    expect(scale).not_to_have_text(first)
    desk.keyboard.press("+")
    expect(scale).to_have_text(first)
    for _ in range(3):
        desk.keyboard.press("-")
    desk.keyboard.press("h")
    expect(scale).to_have_text(first)


def test_the_view_asked_for_last_wins_while_the_map_zooms(desk: Page) -> None:
    """In the same frame, and in the middle of zooming."""
    scale, first = scale_of(desk)
    ask = """async ([first, second, between]) => {
        const frame = () => new Promise(requestAnimationFrame);
        const zooming = () => document.querySelector(".leaflet-zoom-anim");
        const press = key => document.body.dispatchEvent(
            new KeyboardEvent("keydown", {key, bubbles: true}));
        press(first);
        for (let waited = 0; between && !zooming() && waited < 20; waited += 1) await frame();
        press(second);
        for (let still = 0; still < 5; still = zooming() ? 0 : still + 1) await frame();
    }"""

    for between in (False, True):
        desk.evaluate(ask, ["-", "h", between])
        assert scale.inner_text() == first


def our_tiles(town: Town) -> dict[tuple[int, int, int], bytes]:
    """Return our own tiles around the harbour, as somebody would export them."""
    engine, ground = town.services.engine, town.services.ground.active()
    assert ground is not None
    zoom = 13
    _, x, y = tile_at(*CASINO, zoom)
    around = [(zoom, x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    wider = [(zoom - 1, (x + dx) // 2, (y + dy) // 2) for dx in (-1, 1) for dy in (-1, 1)]
    with engine.connect() as connection:
        return {each: tile(connection, ground.id, *each) for each in {*around, *wider}}


OTHERS = """async () => {
  const own = document.querySelector("script[src$='js/pages/console.js']").src;
  const module = own.replace("gen/js/pages/console.js", "js/map/base/base_map.js");
  const { baseMapLayer } = await import(module);
  const told = JSON.parse(document.getElementById("boot").textContent).base_map;
  const node = document.createElement("div");
  Object.assign(node.style, { position: "fixed", inset: "0", width: "600px", height: "600px" });
  document.getElementById("map").parentElement.append(node);
  document.getElementById("map").id = "";
  node.id = "map";
  const map = L.map(node).setView([43.7390, 7.4270], 14);
  const layer = baseMapLayer({ ...told, ours: false }, { dark: false, lang: "en" }).addTo(map);
  window.turnDark = () => layer.setDark(true);
}"""


def test_a_pmtiles_archive_takes_the_place_of_our_tiles(
    town: Town, chromium: Browser, tmp_path: Path
) -> None:
    """Read in pieces from our own server; one of our own layers is drawn in our own style."""
    names = ("landuse", "green", "water", "buildings", "roads", "road_names", "places")
    archive = write(
        tmp_path / "town.pmtiles",
        our_tiles(town),
        bounds=(7.37, 43.71, 7.47, 43.77),
        metadata={
            "vector_layers": [{"id": name, "fields": {}} for name in names],
            "attribution": "Town survey",
        },
    )
    with desk_with(town, chromium, NEARCREW_BASE_MAP=str(archive)) as desk:
        assert drawn(desk, WATER) == set()
        asked: list[str] = desk.evaluate(ASKED)
        expect(desk.locator(".credits")).to_contain_text("Town survey · © OpenStreetMap")
        # One of other layers is drawn by the library's own rules, in our colours.
        desk.evaluate(OTHERS)
        assert drawn(desk, WATER) == set()
        desk.evaluate("() => turnDark()")
        assert drawn(desk, WATER_BY_NIGHT) == set()
    assert any(path.startswith("/base-map/") for path in asked)
    assert not any(path.startswith("/tiles/") for path in asked)


class _Pictures(BaseHTTPRequestHandler):
    """Answers any address with a green square."""

    def do_GET(self) -> None:
        body = io.BytesIO()
        Image.new("RGB", (256, 256), (40, 160, 80)).save(body, "PNG")
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(body.getvalue())

    @override
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def picture_server() -> Iterator[str]:
    """Serve pictures from another origin; give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pictures)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_pictures_of_another_server_may_take_the_place_of_our_tiles(
    town: Town, chromium: Browser
) -> None:
    """From the one host that was named, dimmed at night, with its source named as plain text."""
    with (
        picture_server() as pictures,
        desk_with(
            town,
            chromium,
            NEARCREW_BASE_MAP=f"{pictures}/{{z}}/{{x}}/{{y}}.png",
            NEARCREW_BASE_MAP_ATTRIBUTION="<b>City</b> survey",
            NEARCREW_BASE_MAP_MAX_ZOOM="17",
        ) as desk,
    ):
        expect(desk.locator("#map .picture-ground img.leaflet-tile-loaded").first).to_be_visible()
        expect(desk.locator(".credits")).to_contain_text("<b>City</b> survey · ")
        ground = desk.locator("#map .picture-ground")
        dimmed = re.compile(r"\bby-night\b")
        expect(ground).not_to_have_class(dimmed)
        desk.keyboard.press("Shift+N")
        expect(ground).to_have_class(dimmed)
        desk.keyboard.press("Shift+N")
        expect(ground).not_to_have_class(dimmed)


LAID = """async ({ datum, centre, zoom, places }) => {
  const own = document.querySelector("script[src$='js/pages/console.js']").src;
  const module = own.replace("gen/js/pages/console.js", "js/map/base/datum_layer.js");
  const { layUnder } = await import(module);
  const node = document.createElement("div");
  Object.assign(node.style, { position: "fixed", inset: "0", width: "900px", height: "700px" });
  document.body.append(node);
  const map = L.map(node, { zoomAnimation: false, fadeAnimation: false });
  map.setView([centre[1] + 0.001, centre[0] - 0.001], zoom);
  const Grid = L.GridLayer.extend({ createTile: () => document.createElement("div") });
  const layer = layUnder(new Grid({ maxZoom: 19, maxNativeZoom: 18 }), datum).addTo(map);
  map.setView([centre[1], centre[0]], zoom, { animate: false });
  const frame = node.getBoundingClientRect();
  const z = Math.min(zoom, 18);
  const off = places.map(([lon, lat, sourceLon, sourceLat]) => {
    const at = map.project([sourceLat, sourceLon], z);
    const tile = at.divideBy(256).floor();
    const found = layer._tiles[`${tile.x}:${tile.y}:${z}`];
    if (!found) return Infinity; // not asked for, though in view
    const box = found.el.getBoundingClientRect();
    const inside = at.subtract(tile.multiplyBy(256)).divideBy(256);
    const seen = L.point(
      box.left - frame.left + inside.x * box.width,
      box.top - frame.top + inside.y * box.height,
    );
    return map.distance(map.containerPointToLatLng(seen), [lat, lon]);
  });
  const boxes = new Map(
    Object.values(layer._tiles).map(({ el, coords: { x, y } }) => [
      `${x}:${y}`,
      el.getBoundingClientRect(),
    ]),
  );
  const gaps = [...boxes].map(([key, box]) => {
    const [x, y] = key.split(":").map(Number);
    const [right, below] = [boxes.get(`${x + 1}:${y}`), boxes.get(`${x}:${y + 1}`)];
    return Math.max(
      right ? right.left - box.right : 0,
      below ? below.top - box.bottom : 0,
    );
  });
  map.remove();
  node.remove();
  return { off: Math.max(...off), gap: Math.max(...gaps) };
}"""


def laid(desk: Page, datum: Datum, claimed: Datum, centre: tuple[float, float], zoom: int) -> Any:  # noqa: ANN401
    """Return how far off (m) places all over a view are drawn, and the widest gap (px)."""
    degrees = 360 / 256 / 2**zoom  # a pixel
    steps = np.linspace(-1, 1, 5)
    lon = (centre[0] + 430 * degrees * steps)[:, None] + 0 * steps
    lat = (centre[1] + 230 * degrees * steps)[None, :] + 0 * steps[:, None]
    source_lon, source_lat = from_wgs84(lon, lat, datum)
    places = np.column_stack([each.ravel() for each in (lon, lat, source_lon, source_lat)])
    return desk.evaluate(
        LAID,
        {"datum": claimed.value, "centre": centre, "zoom": zoom, "places": places.tolist()},
    )


def test_a_map_in_another_datum_lies_where_its_ground_is(town: Town, door: Door) -> None:
    """All over the view, without gaps; within a metre close up, within a pixel farther out.

    BD-09 ripples by 40 m over a few kilometres and shears what is between: two pixels of a tile
    close up, four farther out.
    """
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    pixel_m = 156_543 * np.cos(np.radians(22.5)) / 2 ** np.arange(20)

    for centre in ((116.397, 39.909), (114.058, 22.543)):  # Beijing, Shenzhen
        for datum in (Datum.GCJ02, Datum.BD09):
            for zoom, ripple_px in BD09_PX.items():
                found = laid(desk, datum, datum, centre, zoom)
                pixels = ripple_px if datum is Datum.BD09 else 1.1
                assert found["off"] < max(1.0, pixels * pixel_m[zoom]), (datum, zoom)
                assert found["gap"] < 0.01
            assert laid(desk, datum, Datum.WGS84, centre, 17)["off"] > 100  # what it is for
