"""How busy a browser is with a board of thousands of moving crews and hundreds of incidents.

Watched is the main thread of the page, as it is used: the whole city, where markers are joined,
and near, where names stand under them. The peer is the way most maps do it, and this one once
did: each marker an element of the page (Leaflet's own `L.marker` with a `divIcon`), the same
crews at the same pace, and nothing else on the page: no list, no panel, no base map.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser
from rich.console import Console

from dispatch.incidents.types import CreateIncident
from scripts.cluster import private_cluster as cluster
from tests.benchmarks.city import SEED
from tests.benchmarks.city import City
from tests.benchmarks.console import long_tasks
from tests.benchmarks.console import page as console_page
from tests.benchmarks.console.movers import moving
from tests.benchmarks.console.page import ConsolePage
from tests.benchmarks.results import Result
from tests.benchmarks.server import Server
from tests.chromium import open_chromium

TARGET_PART = 15.0
ELEMENTS = "markers as elements (Leaflet's own), no lists, no base map"
NEAR_ZOOM = 16
_LEAFLET = cluster.CHECKOUT / "node_modules" / "leaflet" / "dist"
_PRIORITIES = (1, 2, 3, 3, 3, 4)
_PEER = Path(__file__).with_name("marker_elements.js")
_LOOK_AT = """([lat, lon, zoom]) => {
    document.getElementById("map").board.map.setView([lat, lon], zoom, { animate: false });
}"""


@dataclass(frozen=True, slots=True)
class Board:
    """What is on the board, how long it is watched at each zoom, and comes to rest before."""

    crews: int = 5_000
    incidents: int = 500
    seconds: float = 12.0
    settle_s: float = 3.0
    zooms: int = 4


def measure(
    server: Server, city: City, console: Console, board: Board | None = None
) -> list[Result]:
    """Return what part of one core the main thread of a console's page takes."""
    board = board or Board()
    places = _report_incidents(city, board.incidents)
    name = f"{board.crews} crews moving, {board.incidents} incidents"
    found = []
    with open_chromium() as browser, moving(server, city, board.crews):
        console.print("Watching a console in Chromium …")
        with console_page.open_page(server, city, browser) as page:
            ways = {}
            tasks: list[Result] = []
            for where, zoom in (("the whole city", None), ("near, with names", NEAR_ZOOM)):
                if zoom is not None:
                    lon, lat = city.centre
                    page.page.evaluate(_LOOK_AT, [lat, lon, zoom])
                page.page.wait_for_timeout(board.settle_s * 1000)  # tiles are there
                if zoom is None:
                    tasks = long_tasks.measure(page.page, name, zooms=board.zooms)
                    page.page.locator("#tool-home").click()
                    page.page.wait_for_timeout(board.settle_s * 1000)
                ways[where] = page.busy(board.seconds)
        peer = _peer(browser, city, places, board)
        for where, busy in ways.items():
            peers = {ELEMENTS: peer * 100} if where == "the whole city" else {}
            found += [
                Result(
                    f"{name}: main thread, {where}",
                    busy.tasks * 100,
                    "% of a core",
                    TARGET_PART,
                    peers=peers,
                ),
                Result(f"{name}: of it scripts, {where}", busy.scripts * 100, "% of a core"),
                Result(
                    f"{name}: of it layout and styles, {where}",
                    (busy.layout + busy.styles) * 100,
                    "% of a core",
                ),
            ]
    return found + tasks


def _report_incidents(city: City, count: int) -> list[tuple[float, float]]:
    """Report incidents all over the city, and return where."""
    rng = np.random.default_rng(SEED)
    lonlat = city.roads.node_lonlat
    places = [(float(lon), float(lat)) for lon, lat in lonlat[rng.choice(len(lonlat), count)]]
    for number, (lon, lat) in enumerate(places):
        city.services.incidents.create(
            city.desk,
            CreateIncident(
                kind="gas_leak", lon=lon, lat=lat, priority=_PRIORITIES[number % len(_PRIORITIES)]
            ),
        )
    return places


def _peer(
    browser: Browser, city: City, incidents: list[tuple[float, float]], board: Board
) -> float:
    """Return what part of a core markers that are elements take, on a page of their own."""
    context = browser.new_context(viewport=console_page.SIZE)  # type: ignore[arg-type]  # a plain dict is enough
    try:
        page = context.new_page()
        page.add_style_tag(path=_LEAFLET / "leaflet.css")
        page.add_script_tag(path=_LEAFLET / "leaflet.js")
        crews = city.places[-board.crews :].tolist()
        lon, lat = city.centre
        page.evaluate(
            _PEER.read_text(encoding="utf-8"),
            {
                "places": [[lat, lon] for lon, lat in crews],
                "incidents": [[lat, lon] for lon, lat in incidents],
                "centre": [lat, lon],
                "zoom": 13,
            },
        )
        page.wait_for_timeout(board.settle_s * 1000)
        return ConsolePage(page).busy(board.seconds).tasks
    finally:
        context.close()
