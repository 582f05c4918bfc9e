"""The demo's crews among people: called to duty, visited, given orders that are taken back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from dispatch.settings import Settings
from scripts.demo.demo_seed import PASSWORD
from scripts.demo.demo_seed import seed_demo
from tests.cities import GridCity
from tests.conftest import empty_the_tables
from tests.conftest import put_grid_in_use
from tests.scripts.simulated import DEMO
from tests.scripts.simulated import PATIENCE_S
from tests.scripts.simulated import Desk
from tests.scripts.simulated import desk_at
from tests.scripts.simulated import north_of
from tests.scripts.simulated import simulating
from tests.scripts.simulated import wait_until
from tests.webconsole.served_console import serving

pytestmark = [pytest.mark.postgis, pytest.mark.real_time]
PACE = 20.0
BEATS = timedelta(seconds=3)


@pytest.fixture(scope="module")
def desk(settings: Settings, owner_engine: Engine, grid_extract: Path) -> Iterator[Desk]:
    """Return the dispatcher's program in a city whose crews live, the same for all these tests."""
    put_grid_in_use(owner_engine, grid_extract)
    try:
        seed_demo(settings, datetime.now(UTC))
        with (
            serving(settings, DEMO) as server,
            simulating(server.url, PACE),
            desk_at(server.url) as program,
        ):
            yield program
    finally:
        empty_the_tables(owner_engine)


def on_duty(desk: Desk) -> list[dict[str, Any]]:
    """Return the crews that are on duty, or on a break."""
    return [each for each in desk.get("/crews")["crews"] if each["duty"] != "off_duty"]


def heard_at(crew: dict[str, Any]) -> datetime:
    """Return when a crew's position was taken."""
    return datetime.fromisoformat(crew["fixed_at"])


@contextmanager
def person_at(url: str, username: str) -> Iterator[None]:
    """Have somebody signed in at a page, as people are, until the block ends."""
    with httpx.Client(base_url=url, timeout=PATIENCE_S) as browser:
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


def test_every_crew_on_duty_reports_and_those_off_duty_do_not(desk: Desk) -> None:
    """One crew of the demo is off duty, until a dispatcher calls it; and another goes."""
    begun_at = datetime.now(UTC)
    wait_until(lambda: all(heard_at(each) > begun_at + BEATS for each in on_duty(desk)))
    assert len(on_duty(desk)) == 23
    assert desk.crew(24)["fixed_at"] is None

    desk.client.put("/crews/1/duty", json={"duty": "off_duty"}).raise_for_status()
    desk.client.put("/crews/24/duty", json={"duty": "on_duty"}).raise_for_status()

    wait_until(lambda: desk.crew(24)["fixed_at"] and desk.crew(1)["fix_age_s"] > 4)
    left_at = heard_at(desk.crew(1))
    wait_until(lambda: heard_at(desk.crew(24)) > left_at + BEATS)
    assert heard_at(desk.crew(1)) == left_at


def test_a_crew_whose_page_a_person_has_open_is_left_to_that_person(
    desk: Desk, grid_city: GridCity
) -> None:
    """Nothing is answered and no position sent for it, until that person signs out."""
    begun_at = datetime.now(UTC)
    wait_until(lambda: heard_at(desk.crew(5)) > begun_at)
    with person_at(str(desk.client.base_url.join("/")), "crew05"):
        wait_until(lambda: desk.crew(5)["fix_age_s"] > 3)
        order = desk.send(5, north_of(desk.crew(5), grid_city, blocks=1))
        wait_until(lambda: desk.crew(5)["fix_age_s"] > 6)
        left = desk.order(order)["state"]

    wait_until(lambda: desk.order(order)["state"] == "completed")

    assert left == "offered"


def test_a_withdrawn_order_sets_the_crew_free_and_the_waiting_one_comes_next(
    desk: Desk, grid_city: GridCity
) -> None:
    """Withdrawn on the way; the one behind it was accepted meanwhile."""
    first = desk.send(7, grid_city.at(12, 12))
    second = desk.send(7, north_of(desk.crew(7), grid_city, blocks=1), queue=True)
    wait_until(lambda: desk.order(first)["departed_at"])
    wait_until(lambda: desk.order(second)["accepted_at"])

    path = f"/assignments/{first['id']}/withdraw"
    desk.client.post(path, json={"reason": "false alarm"}).raise_for_status()

    wait_until(lambda: desk.order(second)["state"] == "completed")
    assert desk.order(first)["state"] == "withdrawn"


def test_a_simulated_crew_reads_what_the_desk_writes_and_says_so(
    desk: Desk, grid_city: GridCity
) -> None:
    """Once for each message, and the message is marked as read."""
    order = desk.send(9, grid_city.at(12, 12))
    path = f"/incidents/{order['incident_id']}/messages"
    desk.client.post(path, json={"words": "Dog in the yard"}).raise_for_status()

    wait_until(lambda: len(desk.get(path)["messages"]) == 2)

    first, answer = desk.get(path)["messages"]
    assert [each["crew_id"] for each in first["read_by"]] == [9]
    assert (answer["side"], answer["crew_id"]) == ("crew", 9)
