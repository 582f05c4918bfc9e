"""How soon the crew's page is there without signal, on a phone with a slow processor.

The page was open before, with an order, and has kept what it needs. Then there is no network any
more, and its service worker has ended, as browsers end them after half a minute. Opened, it must
show the order with its way. Times are the page's own, from the beginning of the navigation.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser
from playwright.sync_api import BrowserContext
from playwright.sync_api import Page

from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from tests.benchmarks.city import City
from tests.benchmarks.clients import UnexpectedAnswerError
from tests.benchmarks.results import Result
from tests.benchmarks.results import percentiles
from tests.benchmarks.server import HOST
from tests.benchmarks.server import Server
from tests.chromium import open_chromium

TARGET_MS = 1_500.0
TIMES = 10
SLOWER = 4
"""How many times slower the processor is made than this machine's."""
_PHONE = {"width": 390, "height": 844}
_CREW = "crew without signal"
_PATIENCE_MS = 60_000
_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
_IS_KEPT = """() => navigator.serviceWorker.controller
    && document.querySelector(".kit-line")?.textContent.startsWith("Kept for")"""
# When the order's name stands on the page, the next picture but one shows it.
_WATCH = """() => {
    const look = () => {
        if (!document.querySelector("#crew-main .title")) return;
        watch.disconnect();
        requestAnimationFrame(() => requestAnimationFrame(() => {
            window.orderShownMs = performance.now();
        }));
    };
    const watch = new MutationObserver(look);
    watch.observe(document, { subtree: true, childList: true });
}"""
_PAINTED_MS = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def measure(server: Server, city: City, *, times: int = TIMES) -> list[Result]:
    """Return how long the first paint and the order take, and what the phone keeps for it."""
    _send_a_crew(city)
    painted_s: list[float] = []
    shown_s: list[float] = []
    with open_chromium() as browser, _kept(server, city, browser) as (context, kept_mb):
        for _ in range(times):
            with _reopened(context, server) as page:
                page.wait_for_function("() => window.orderShownMs")
                shown_s.append(page.evaluate("() => window.orderShownMs") / 1000)
                painted_s.append(page.evaluate(_PAINTED_MS) / 1000)
    name = f"crew page without signal, processor {SLOWER} times slower"
    return [
        *percentiles(f"{name}: first paint", painted_s),
        *percentiles(f"{name}: order shown", shown_s, p50_ms=TARGET_MS, p95_ms=TARGET_MS),
        Result("crew page without signal: kept on the phone", kept_mb, "MB"),
    ]


@contextmanager
def _kept(server: Server, city: City, browser: Browser) -> Iterator[tuple[BrowserContext, float]]:
    """Give a phone that has kept all it needs and lost its network; and how many MB that is."""
    context = browser.new_context(viewport=_PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]  # a plain dict is enough
    context.set_default_timeout(_PATIENCE_MS)
    try:
        url = f"http://{HOST}:{server.port}"
        _sign_in(context, url, city.desk_password)
        page = context.new_page()
        page.goto(f"{url}/crew")
        page.get_by_role("button", name="Accept").tap()
        page.get_by_role("button", name="Depart").wait_for()
        page.wait_for_function(_IS_KEPT)
        used = page.evaluate("() => navigator.storage.estimate().then(({ usage }) => usage)")
        page.close()
        context.set_offline(offline=True)
        yield context, used / 1e6
    finally:
        context.close()


@contextmanager
def _reopened(context: BrowserContext, server: Server) -> Iterator[Page]:
    """Open the app on a slow processor; no page was open, and the worker is not running."""
    page = context.new_page()
    try:
        devtools = context.new_cdp_session(page)
        devtools.send("ServiceWorker.enable")
        devtools.send("ServiceWorker.stopAllWorkers")
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.add_init_script(f"({_WATCH})()")
        page.goto(f"http://{HOST}:{server.port}/crew", wait_until="commit")
        yield page
    finally:
        page.close()


def _send_a_crew(city: City) -> None:
    """Give an idle crew an account and an order."""
    crew_id = city.idle[-1]
    city.services.accounts.create(
        CreateAccount(
            username=_CREW, password=city.desk_password, roles=(Role.CREW,), crew_id=crew_id
        )
    )
    lon, lat = city.centre
    fields = {"kind": "gas_leak", "address": "at the bench", "lon": lon, "lat": lat}
    incident = city.services.incidents.create(city.desk, CreateIncident.read(fields))
    city.services.sending.send(city.desk, incident["id"], SendCrew(crew_id=crew_id))


def _sign_in(context: BrowserContext, url: str, password: str) -> None:
    context.add_cookies([{"name": "language", "value": "en", "url": url}])
    form = _CSRF.search(context.request.get(f"{url}/sign-in").text())
    if form is None:
        message = "the sign-in page has no form"
        raise UnexpectedAnswerError(message)
    fields = {"csrf_token": form[1], "username": _CREW, "password": password}
    answer = context.request.post(f"{url}/sign-in", form=fields, max_redirects=0)
    if answer.status != 303:
        message = f"signing in was answered with {answer.status}"
        raise UnexpectedAnswerError(message)
