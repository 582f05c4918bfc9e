"""A real console on the real demo city, and people with real browsers.

Everything is as it runs for users: gunicorn with its workers, PostGIS, an imported extract, one
Chromium for the session and a fresh browsing context for each person.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from time import monotonic
from time import sleep

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import BrowserContext
from playwright.sync_api import Page
from playwright.sync_api import ViewportSize
from playwright.sync_api import expect
from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from dispatch import bootstrap
from dispatch import migrate
from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from dispatch.bootstrap import Services
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.positions.types import ReportPositions
from dispatch.settings import Settings
from geodata.db import make_engine
from geodata.ground import extract_import
from scripts.cluster import private_cluster as cluster
from tests.chromium import open_chromium
from tests.conftest import CHEAP_HASHER
from tests.conftest import PASSWORD
from tests.conftest import delete_all
from tests.conftest import throwaway_database
from tests.webconsole.conftest import TOKEN_FIELD
from tests.webconsole.served_console import Server
from tests.webconsole.served_console import serving

DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
# Longitude and latitude of streets in Monaco, some minutes apart by road.
PORT = (7.4215, 43.7352)
CASINO = (7.4270, 43.7390)
FONTVIEILLE = (7.4163, 43.7296)
JARDIN_EXOTIQUE = (7.4135, 43.7330)
PATIENCE_S = 20
_TRANSACTIONS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = :role AND xact_start IS NOT NULL"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder: it drives a real browser at a real server."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("real_time")


_LONG_AGO = text(
    "UPDATE duty_spell SET began_at = began_at - interval '3 hours' WHERE crew_id = :crew_id"
)


@dataclass(frozen=True, slots=True)
class Town:
    """The served city and the way to set its scene."""

    server: Server
    services: Services
    owner: Engine

    def add_crew(
        self,
        name: str,
        lonlat: tuple[float, float],
        *,
        skills: tuple[str, ...],
        minutes_ago: float = 0,
    ) -> int:
        """Put a crew on duty at a place, for three hours: nothing is stored from before."""
        crew_id = self.services.crews.add(
            SYSTEM, AddCrew(name=name, skills=skills, duty=Duty.ON_DUTY)
        )
        with self.owner.begin() as connection:
            connection.execute(_LONG_AGO, {"crew_id": crew_id})
        self.move(crew_id, lonlat, minutes_ago=minutes_ago)
        return crew_id

    def move(self, crew_id: int, lonlat: tuple[float, float], *, minutes_ago: float = 0) -> None:
        """Report a crew's position as of now, or of some minutes ago."""
        tracker = Actor(None, "tracker", "tracker", frozenset({Role.INTEGRATION.value}), None)
        report = {
            "crew_id": crew_id,
            "lon": lonlat[0],
            "lat": lonlat[1],
            "fixed_at": datetime.now(UTC) - timedelta(minutes=minutes_ago),
            "accuracy_m": 5.0,
        }
        answer = self.services.positions.record(tracker, ReportPositions(positions=[report]))
        assert answer["results"][0]["status"] == "used", answer

    def sign_up(self, username: str, role: Role, *, crew_id: int | None = None) -> Actor:
        """Add an account."""
        account_id = self.services.accounts.create(
            CreateAccount(username=username, password=PASSWORD, roles=(role,), crew_id=crew_id)
        )
        return Actor(account_id, username, username, frozenset({role.value}), crew_id)


@pytest.fixture(scope="session")
def served_city(monaco_pbf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Serve Monaco from a database of its own until the session ends."""
    with throwaway_database("e2e") as made:
        environment = {
            "DATABASE_URL": made.app_url,
            "DATABASE_ADMIN_URL": made.owner_url,
            "NEARCREW_VAR": str(tmp_path_factory.mktemp("var")),
        }
        migrate.upgrade(made.owner_url, cluster.APP_ROLE)
        owner = make_engine(made.owner_url)
        extract_import.import_extract(owner, monaco_pbf, name="Monaco")
        settings = Settings.from_environment(environment)
        services = bootstrap.build(settings, hasher=CHEAP_HASHER)
        with serving(settings, {"NEARCREW_PUBLIC_REPORTS": "yes"}) as server:
            yield Town(server, services, owner)
        services.close()
        owner.dispose()


@pytest.fixture
def town(served_city: Town) -> Iterator[Town]:
    """Give the city with nobody in it yet, and leave it so."""
    yield served_city
    try:
        _clear(served_city.owner)
    except OperationalError:  # a deadlock with a request that came to write only now
        _clear(served_city.owner)
    served_city.services.roads.apply_closures()


def _clear(owner: Engine) -> None:
    _let_the_server_finish(owner)
    # Numbers go on, for the server runs on and its events only ever rise.
    with owner.begin() as connection:
        delete_all(connection)
        connection.execute(text("NOTIFY nearcrew_closure"))  # the roads are open again


def _let_the_server_finish(owner: Engine) -> None:
    """Wait until nothing is written any more: what a page asked for goes on after it is closed."""
    deadline_s = monotonic() + PATIENCE_S
    still = 0
    while still < 3:
        assert monotonic() < deadline_s, "the server goes on writing"
        with owner.connect() as connection:
            busy = connection.execute(_TRANSACTIONS, {"role": cluster.APP_ROLE}).scalar_one()
        still = 0 if busy else still + 1
        sleep(0.01)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start one browser for the session."""
    # A machine that also runs everything else is slow; what never comes still fails.
    expect.set_options(timeout=PATIENCE_S * 1_000)
    with open_chromium() as browser:
        yield browser


@dataclass
class Seats:
    """Places at the desk, each a browsing context that keeps nothing but its cache of files.

    Loading the console anew for each test would take a minute of the suite.
    """

    browser: Browser
    free: list[BrowserContext] = field(default_factory=list)

    def take(self) -> BrowserContext:
        """Give one that nobody sits at."""
        return self.free.pop() if self.free else self.browser.new_context(viewport=DESK)

    def leave(self, context: BrowserContext, url: str) -> None:
        """Take one back and forget what was done there."""
        page = context.new_page()
        for each in context.pages:
            if each != page:
                each.close()
        context.set_offline(offline=False)
        context.unroute_all()
        context.clear_permissions()
        context.clear_cookies()
        everything = {"origin": url, "storageTypes": "all"}
        context.new_cdp_session(page).send("Storage.clearDataForOrigin", everything)
        page.close()
        self.free.append(context)


@pytest.fixture(scope="session")
def seats(chromium: Browser) -> Seats:
    """Return the places at the desk."""
    return Seats(chromium)


@dataclass
class Door:
    """Lets people in, each with a browser of their own, and hears what their pages complain of."""

    seats: Seats
    url: str
    seated: list[BrowserContext] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def browser(self) -> Browser:
        """The browser everybody uses."""
        return self.seats.browser

    def desk(
        self,
        username: str,
        *,
        language: str = "en",
        dark: bool = False,
        size: tuple[int, int] = (DESK["width"], DESK["height"]),
        touch: bool = False,
        script: str | None = None,
    ) -> Page:
        """Sign a dispatcher in at a wide screen, or one of another size.

        ``script`` runs before any of ours in each of their pages.
        """
        viewport: ViewportSize = {"width": size[0], "height": size[1]}
        if viewport == DESK and not (dark or touch or script):
            context = self.seats.take()
            self.seated.append(context)
        else:
            context = self.browser.new_context(
                viewport=viewport, color_scheme="dark" if dark else "light", has_touch=touch
            )
            self.contexts.append(context)
        if script is not None:
            context.add_init_script(script)
        page = self._enter(context, username, language)
        page.locator("body[data-ready] #connection[data-state=live]").wait_for()
        return page

    def close(self) -> None:
        """Send everybody home."""
        for context in self.contexts:
            context.close()
        for context in self.seated:
            self.seats.leave(context, self.url)

    def phone(self, username: str, lonlat: tuple[float, float], *, language: str = "en") -> Page:
        """Sign a crew in on a phone that stands at a place."""
        context = self.browser.new_context(
            viewport=PHONE,
            has_touch=True,
            is_mobile=True,
            geolocation={"longitude": lonlat[0], "latitude": lonlat[1], "accuracy": 8},
            permissions=["geolocation"],
        )
        self.contexts.append(context)
        page = self._enter(context, username, language)
        page.locator(".line-state[data-live=true]").wait_for()
        # What the page loads later, and the worker: a test may cut the line at once.
        page.locator("body[data-ready]").wait_for()
        page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
        return page

    def _enter(self, context: BrowserContext, username: str, language: str) -> Page:
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "language", "value": language, "url": self.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                self.complaints.append(said.text)
                if "Content Security Policy" in said.text
                else None
            ),
        )
        self._sign_in(context, username)
        page.goto(self.url)
        return page

    def _sign_in(self, context: BrowserContext, username: str) -> None:
        """Go through the door as the page does, without drawing it for every one of the tests."""
        address = f"{self.url}/sign-in"
        found = TOKEN_FIELD.search(context.request.get(address).text())
        assert found is not None
        form = {"csrf_token": found[1], "username": username, "password": PASSWORD}
        answer = context.request.post(address, form=form, max_redirects=0)
        assert answer.status == 303, answer.text()


@pytest.fixture
def door(seats: Seats, town: Town) -> Iterator[Door]:
    """Return who lets people in; a script error or a policy violation fails the test."""
    door = Door(seats, town.server.url)
    yield door
    door.close()
    assert door.complaints == []


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> "Picture":
    """Return what takes screenshots, when NEARCREW_SCREENSHOTS names a folder for them."""
    folder = os.environ.get("NEARCREW_SCREENSHOTS")
    return Picture(Path(folder) if folder else None, request.node.name)


@dataclass(frozen=True, slots=True)
class Picture:
    """Takes screenshots for the documentation."""

    folder: Path | None
    test: str

    def of(self, page: Page, name: str) -> None:
        """Take one, if they are wanted."""
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            page.wait_for_timeout(1_500)  # tiles and glides come to rest
            # A map as PNG is half a megabyte, and the repository keeps every version of it.
            page.screenshot(path=self.folder / f"{name}.jpg", type="jpeg", quality=82)
