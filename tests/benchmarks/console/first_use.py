"""What the first load of a page costs: requests, bytes as they go over the line, and the wait.

Cold: a browser that was never here. Signing in is not counted, it has a page of its own. The
console is usable when its lists are filled, its stream lives and its markers are drawn; the crew's
page when its stream lives. Map tiles are counted apart: how many there are depends on the window.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from playwright.sync_api import Browser
from playwright.sync_api import Page

from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from tests.benchmarks.city import City
from tests.benchmarks.clients import UnexpectedAnswerError
from tests.benchmarks.console.counted_line import counted_line
from tests.benchmarks.console.page import SIZE
from tests.benchmarks.results import Result
from tests.benchmarks.server import HOST
from tests.benchmarks.server import Server
from tests.chromium import open_chromium

MOST_REQUESTS = 16.0
USABLE_S = 2.0
ROUNDS = 3
_PHONE = {"width": 390, "height": 844}
_CREW = "crew at the bench"
_PATIENCE_MS = 60_000
_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
_CONSOLE_IS_USABLE = """() => document.body?.dataset.ready === "true"
    && document.getElementById("connection")?.dataset.state === "live"
    && document.getElementById("map")?.board?.shown.length > 0"""
_CREW_IS_USABLE = "() => document.querySelector('.line-state')?.dataset.live === 'true'"


@dataclass(frozen=True, slots=True)
class _Visit:
    """Who opens which page how, and what it should cost at most."""

    name: str
    username: str
    password: str
    usable: str
    most_kb: float
    language: str = "en"
    phone: bool = False


def measure(server: Server, city: City, *, rounds: int = ROUNDS) -> list[Result]:
    """Open the console in both languages and the crew's page, each in a browser of its own."""
    found: list[Result] = []
    desk = (city.desk.username, city.desk_password)
    visits = (
        _Visit("console in English", *desk, _CONSOLE_IS_USABLE, 300.0),
        _Visit("console in Chinese", *desk, _CONSOLE_IS_USABLE, 330.0, "zh"),
        _Visit("crew page", *_sign_a_crew_up(city), _CREW_IS_USABLE, 150.0, phone=True),
    )
    with open_chromium() as browser:
        for visit in visits:
            found += _transfer(server, browser, visit)
        waits_s = [_wait(server, browser, visits[0]) for _ in range(rounds)]
    found.append(Result(f"{visits[0].name}, cold: until usable", min(waits_s), "s", USABLE_S))
    return found


def _transfer(server: Server, browser: Browser, visit: _Visit) -> list[Result]:
    with counted_line(server.port) as line, _fresh_page(server, browser, visit) as page:
        page.goto(line.url)
        page.wait_for_function(visit.usable)
        requests, received = line.sums(tiles=False)
        tiles, tile_bytes = line.sums(tiles=True)
    name = f"{visit.name}, cold"
    most = None if visit.phone else MOST_REQUESTS
    return [
        Result(f"{name}: requests besides tiles", requests, "requests", most),
        Result(f"{name}: over the line besides tiles", received / 1000, "kB", visit.most_kb),
        Result(f"{name}: tiles", tiles, "requests"),
        Result(f"{name}: tiles over the line", tile_bytes / 1000, "kB"),
    ]


def _wait(server: Server, browser: Browser, visit: _Visit) -> float:
    with _fresh_page(server, browser, visit) as page:
        began_s = perf_counter()
        page.goto(f"http://{HOST}:{server.port}", wait_until="commit")
        page.wait_for_function(visit.usable)
        return perf_counter() - began_s


@contextmanager
def _fresh_page(server: Server, browser: Browser, visit: _Visit) -> Iterator[Page]:
    """Give a page of somebody who is signed in, and in whose browser nothing is kept."""
    url = f"http://{HOST}:{server.port}"
    asked: dict[str, Any] = {"viewport": SIZE}
    if visit.phone:
        asked = {"viewport": _PHONE, "has_touch": True, "is_mobile": True}
    # What a browser takes from a server on a LAN without a certificate: on this machine itself, and
    # over https, it would take less (brotli).
    asked["extra_http_headers"] = {"Accept-Encoding": "gzip"}
    context = browser.new_context(**asked)
    context.set_default_timeout(_PATIENCE_MS)
    try:
        # A cookie counts for every port of a host: it is shown at the counted line too.
        context.add_cookies([{"name": "language", "value": visit.language, "url": url}])
        form = _CSRF.search(context.request.get(f"{url}/sign-in").text())
        if form is None:
            message = "the sign-in page has no form"
            raise UnexpectedAnswerError(message)
        fields = {
            "csrf_token": form[1],
            "username": visit.username,
            "password": visit.password,
        }
        answer = context.request.post(f"{url}/sign-in", form=fields, max_redirects=0)
        if answer.status != 303:
            message = f"signing in was answered with {answer.status}"
            raise UnexpectedAnswerError(message)
        yield context.new_page()
    finally:
        context.close()


def _sign_a_crew_up(city: City) -> tuple[str, str]:
    """Give a crew an account, and return its name and password."""
    city.services.accounts.create(
        CreateAccount(
            username=_CREW, password=city.desk_password, roles=(Role.CREW,), crew_id=city.idle[-1]
        )
    )
    return _CREW, city.desk_password
