"""Simulated crews at a real console: gunicorn, PostGIS, the grid city; time goes faster."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from itertools import pairwise
from typing import Any

import httpx
import pytest

from dispatch.bootstrap import Services
from scripts.demo_seed import DISPATCHER
from scripts.demo_seed import PASSWORD
from scripts.demo_seed import seed_demo
from tests.cities import GridCity
from tests.conftest import Database
from tests.webconsole.serving import Server
from tests.webconsole.serving import serving

pytestmark = pytest.mark.postgis
HURRY = 20.0
PATIENCE_S = 60.0
OUTAGE_S = 4.0


@dataclass(frozen=True, slots=True)
class Desk:
    """The dispatcher's program at the console."""

    client: httpx.Client

    def get(self, path: str, **query: str) -> Any:  # noqa: ANN401  (JSON)
        """Ask for something."""
        return self.client.get(path, params=query).raise_for_status().json()

    def send(self, crew_id: int, lonlat: tuple[float, float], **fields: object) -> dict[str, Any]:
        """Pin a gas leak, send a crew there, and return the order."""
        pinned = {"kind": "gas_leak", "lon": lonlat[0], "lat": lonlat[1]}
        incident = self.client.post("/incidents", json=pinned).raise_for_status().json()
        path = f"/incidents/{incident['id']}/assignments"
        sent = self.client.post(path, json={"crew_id": crew_id, **fields}).raise_for_status()
        order: dict[str, Any] = sent.json()
        return order

    def order(self, order: dict[str, Any]) -> dict[str, Any]:
        """Return an order as it is now."""
        found: dict[str, Any] = self.get(f"/assignments/{order['id']}")
        return found

    def crew(self, crew_id: int) -> dict[str, Any]:
        """Return a crew as it is now."""
        found: dict[str, Any] = self.get(f"/crews/{crew_id}")
        return found


@pytest.fixture
def environment(services: Services, database: Database) -> dict[str, str]:
    """Return what a server on the test city is told."""
    return {
        "DATABASE_URL": database.app_url,
        "NEARCREW_VAR": str(services.settings.var_dir),
        "NEARCREW_SECRET_KEY": services.settings.secret_key,
        "NEARCREW_DEMO": "1",
    }


@pytest.fixture
def server(services: Services, environment: dict[str, str]) -> Iterator[Server]:
    """Serve the demo's crews on the grid."""
    seed_demo(services.settings, datetime.now(UTC))
    with serving(services.settings, environment) as running:
        yield running


@contextmanager
def desk_at(url: str) -> Iterator[Desk]:
    """Sign the dispatcher's program in."""
    with httpx.Client(base_url=f"{url}/api/v1", timeout=20) as client:
        body = {"username": DISPATCHER, "password": PASSWORD}
        token = client.post("/login", json=body).raise_for_status().json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield Desk(client)


@pytest.fixture
def desk(server: Server) -> Iterator[Desk]:
    """Return the dispatcher's program."""
    with desk_at(server.url) as program:
        yield program


@contextmanager
def person_at(url: str, username: str) -> Iterator[None]:
    """Have somebody signed in at a page, as people are, until the block ends."""
    with httpx.Client(base_url=url, timeout=20) as browser:
        form = {"username": username, "password": PASSWORD, "csrf_token": _csrf(browser)}
        assert browser.post("/sign-in", data=form).status_code == httpx.codes.SEE_OTHER
        browser.get("/crew").raise_for_status()
        yield
        left = browser.post("/sign-out", data={"csrf_token": _csrf(browser, "/crew")})
        assert left.status_code == httpx.codes.SEE_OTHER


def _csrf(browser: httpx.Client, path: str = "/sign-in") -> str:
    found = re.search(r'"?csrf_token"?(?:" value=|: ?)"([^"]+)"', browser.get(path).text)
    assert found is not None
    return found.group(1)


@contextmanager
def simulating(url: str, pace: float = HURRY) -> Iterator[subprocess.Popen[str]]:
    """Let the crews live until the block ends."""
    options = [f"--url={url}", f"--pace={pace}", "--work-s=5"]
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "scripts.simulator", *options],
        env={name: value for name, value in os.environ.items() if "DATABASE" not in name},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_S)


def wait_until(what: Callable[[], object]) -> None:
    """Wait until something holds."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline_s, "it did not come to pass"
        time.sleep(0.1)


def off_street_m(city: GridCity, lonlat: tuple[float, float]) -> float:
    """Return how far a place is from the nearest street of the grid, in metres."""
    east, north = city.at(1, 1)
    column = (lonlat[0] - city.west) / (east - city.west)
    row = (lonlat[1] - city.south) / (north - city.south)
    return min(abs(each - round(each)) for each in (column, row)) * city.block_m


def test_an_order_is_driven_along_the_streets_in_the_time_that_was_predicted(
    server: Server, desk: Desk, grid_city: GridCity
) -> None:
    """The whole line, as a dispatcher sees it; five times as fast."""
    pace = 5.0
    with simulating(server.url, pace):
        order = desk.send(3, _north_of(desk.crew(3), grid_city, blocks=2))
        wait_until(lambda: desk.order(order)["state"] == "completed")

    done = desk.order(order)
    period = {"from": done["departed_at"], "to": done["completed_at"]}
    track = desk.get("/crews/3/track", **period)["properties"]
    fixed_at = [datetime.fromisoformat(each) for each in track["fixed_at"]]
    longest_beat_s = max((later - earlier).total_seconds() for earlier, later in pairwise(fixed_at))
    times = [
        datetime.fromisoformat(done[f"{step}_at"])
        for step in ("offered", "accepted", "departed", "arrived", "completed")
    ]
    drive_s = (times[3] - times[2]).total_seconds() * pace
    assert times == sorted(times)
    # Two beats, of a second or however long this machine takes: to ask the way, and to arrive.
    assert drive_s >= done["travel_time_s"] - 1
    assert drive_s <= done["travel_time_s"] + 2 * max(longest_beat_s, 1) * pace
    assert max(off_street_m(grid_city, point) for point in track["points"]) < 1
    assert len(track["points"]) > 5
    assert done["result"]
    assert desk.get(f"/incidents/{done['incident_id']}")["state"] == "resolved"


def test_every_crew_on_duty_reports_each_second_and_those_off_duty_do_not(
    server: Server, desk: Desk
) -> None:
    """One crew of the demo is off duty, until a dispatcher calls it; and another goes."""
    with simulating(server.url):
        wait_until(lambda: sum(each["fix_age_s"] is not None for each in _crews(desk)) == 23)
        wait_until(lambda: max(each["fix_age_s"] or 0 for each in _crews(desk)) < 2)

        desk.client.put("/crews/24/duty", json={"duty": "on_duty"}).raise_for_status()
        desk.client.put("/crews/1/duty", json={"duty": "off_duty"}).raise_for_status()

        wait_until(lambda: desk.crew(24)["fix_age_s"] is not None)
        wait_until(lambda: desk.crew(1)["fix_age_s"] > 4)
        assert desk.crew(24)["fix_age_s"] < 3


def test_a_crew_whose_page_a_person_has_open_is_left_to_that_person(
    server: Server, desk: Desk, grid_city: GridCity
) -> None:
    """Nothing is answered and no position sent for it, until that person signs out."""
    with simulating(server.url):
        wait_until(lambda: desk.crew(5)["fix_age_s"] < 2)
        with person_at(server.url, "crew05"):
            wait_until(lambda: desk.crew(5)["fix_age_s"] > 4)
            order = desk.send(5, _north_of(desk.crew(5), grid_city, blocks=1))
            wait_until(lambda: desk.crew(5)["fix_age_s"] > 7)
            left = desk.order(order)["state"]

        wait_until(lambda: desk.order(order)["state"] == "completed")

    assert left == "offered"


def test_a_withdrawn_order_sets_the_crew_free_and_the_waiting_one_comes_next(
    server: Server, desk: Desk, grid_city: GridCity
) -> None:
    """Withdrawn on the way; the one behind it was accepted meanwhile."""
    with simulating(server.url):
        first = desk.send(7, grid_city.at(12, 12))
        second = desk.send(7, grid_city.at(5, 5), queue=True)
        wait_until(lambda: desk.order(first)["state"] == "en_route")
        wait_until(lambda: desk.order(second)["state"] == "accepted")

        path = f"/assignments/{first['id']}/withdraw"
        desk.client.post(path, json={"reason": "false alarm"}).raise_for_status()

        wait_until(lambda: desk.order(second)["state"] == "completed")
        assert desk.order(first)["state"] == "withdrawn"


def test_a_restart_of_the_console_costs_no_fix_and_no_order(
    services: Services, environment: dict[str, str], grid_city: GridCity
) -> None:
    """The crews drive on, and report afterwards what they could not report meanwhile."""
    seed_demo(services.settings, datetime.now(UTC))
    with serving(services.settings, environment) as first, simulating(first.url) as crews:
        with desk_at(first.url) as desk:
            order = desk.send(11, _north_of(desk.crew(11), grid_city, blocks=3))
            wait_until(lambda: desk.order(order)["state"] == "en_route")
        first.stop()
        away_at = datetime.now(UTC)
        time.sleep(OUTAGE_S)
        port = httpx.URL(first.url).port
        with serving(services.settings, environment, port=port), desk_at(first.url) as desk:
            back_at = datetime.now(UTC)
            wait_until(lambda: desk.order(order)["state"] == "completed")
            period = {"from": away_at.isoformat(), "to": back_at.isoformat()}
            track = desk.get("/crews/11/track", **period)
        ended = crews.poll()

    # One a second were taken; a machine that pauses may miss some.
    assert len(track["properties"]["fixed_at"]) > (back_at - away_at).total_seconds() / 2
    assert ended is None


def _north_of(crew: dict[str, Any], city: GridCity, *, blocks: int) -> tuple[float, float]:
    """Return a place so many blocks up the street from a crew, or down where the city ends."""
    block = city.at(0, 1)[1] - city.south
    _, end = city.at(0, city.blocks)
    up = crew["lat"] + blocks * block
    return crew["lon"], up if up <= end else crew["lat"] - blocks * block


def _crews(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.get("/crews")["crews"]
    return found
