"""A console in a real browser, and how busy its main thread is.

Chromium tells by its own protocol how long the page's main thread has worked (`TaskDuration`:
scripts, layout, painting, and without a graphics card drawing on canvases too), whatever else the
machine did meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from time import perf_counter
from time import sleep
from time import time

from playwright.sync_api import Browser
from playwright.sync_api import CDPSession
from playwright.sync_api import Page

from tests.benchmarks.city import City
from tests.benchmarks.clients import UnexpectedAnswerError
from tests.benchmarks.server import HOST
from tests.benchmarks.server import Server
from tests.chromium import open_chromium

SIZE = {"width": 1440, "height": 900}
_PATIENCE_MS = 60_000
# When an incident's row in the queue says that a crew is asked, the next picture but one shows it.
_WATCH = """() => {
    const drawn = (window.ordersDrawn = new Map());
    const noticed = new Set();
    const notice = (mark) => {
        const id = Number(mark.closest("[data-incident-id]")?.dataset.incidentId);
        if (mark.dataset.state !== "offered" || noticed.has(id)) return;
        noticed.add(id);
        requestAnimationFrame(() => requestAnimationFrame(() => {
            drawn.set(id, performance.timeOrigin + performance.now());
        }));
    };
    const all = { subtree: true, attributes: true, attributeFilter: ["data-state"] };
    const look = (changes) => changes.forEach(({ target }) => notice(target));
    new MutationObserver(look).observe(document.body, all);
}"""


@dataclass(frozen=True, slots=True)
class Busy:
    """What part of some time the page's main thread worked: 0 to 1, by what it did."""

    tasks: float
    scripts: float
    layout: float
    styles: float


class ConsolePage:
    """One page, watched by Chromium's own protocol."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._protocol: CDPSession = page.context.new_cdp_session(page)
        # The thread's own time: what it waits for a core that others have does not count.
        self._protocol.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy(self, seconds: float) -> Busy:
        """Watch the page for some seconds, without touching it."""
        before, began_s = self._metrics(), perf_counter()
        self.page.wait_for_timeout(seconds * 1000)
        after, took_s = self._metrics(), perf_counter() - began_s
        names = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
        return Busy(*[(after[name] - before[name]) / took_s for name in names])

    def watch_orders(self) -> None:
        """Begin to note when each order is drawn."""
        self.page.evaluate(_WATCH)

    def orders_drawn(self, incident_ids: set[int], within_s: float) -> dict[int, float]:
        """Return when the order of each incident was drawn, in seconds of `perf_counter`."""
        give_up_s = monotonic() + within_s
        while True:
            drawn: list[list[float]] = self.page.evaluate("() => [...window.ordersDrawn]")
            ahead_s = time() - perf_counter()
            found = {int(each): at_ms / 1000 - ahead_s for each, at_ms in drawn}
            if incident_ids <= found.keys():
                return {each: found[each] for each in incident_ids}
            if monotonic() > give_up_s:
                message = "an order was not drawn by the browser"
                raise UnexpectedAnswerError(message)
            sleep(0.1)

    def _metrics(self) -> dict[str, float]:
        answer = self._protocol.send("Performance.getMetrics")
        return {each["name"]: each["value"] for each in answer["metrics"]}


@contextmanager
def open_page(server: Server, city: City, browser: Browser | None = None) -> Iterator[ConsolePage]:
    """Sign a dispatcher in and wait until the console is live."""
    if browser is None:
        with open_chromium() as started, open_page(server, city, started) as opened:
            yield opened
        return
    context = browser.new_context(viewport=SIZE, locale="en")  # type: ignore[arg-type]  # a plain dict is enough
    context.set_default_timeout(_PATIENCE_MS)
    try:
        page = context.new_page()
        page.goto(f"http://{HOST}:{server.port}/sign-in")
        page.fill("#username", city.desk.username)
        page.fill("#password", city.desk_password)
        page.click("button.primary")
        page.locator("#connection[data-state=live]").wait_for()
        page.wait_for_function("() => document.getElementById('map')?.board?.shown.length > 0")
        yield ConsolePage(page)
    finally:
        context.close()
