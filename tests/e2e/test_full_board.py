"""A board with more on it than one question answers, and what a desk says of its choices."""

import re

import pytest
from playwright.sync_api import Request
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy import text

from dispatch.access.permissions import Role
from dispatch.assignments.models import Decision
from geodata.db import make_engine
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Town
from tests.e2e.console import candidate
from tests.e2e.console import pin
from tests.e2e.console import queue_row
from tests.looking import looking

pytestmark = [pytest.mark.browser, pytest.mark.postgis]


def add_many(town: Town, state: str, count: int) -> None:
    """Add incidents as they would be after a long time, newest last."""
    engine = make_engine(town.services.settings.database_admin_url or "")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO incident (kind, priority, state, round, version, point, created_at,"
                " updated_at, address, description, caller_name, caller_phone)"
                " SELECT 'gas_leak', 3, :state, 0, 1,"
                " ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), now(), now(), :state || n, '', '', ''"
                " FROM generate_series(1, :count) AS n"
            ),
            {"state": state, "count": count, "lon": PORT[0], "lat": PORT[1]},
        )
    engine.dispose()


def test_open_incidents_stay_on_the_board_however_much_is_done(town: Town, door: Door) -> None:
    """Nobody closes what is done, and the oldest leak is still open."""
    town.sign_up("dora", Role.DISPATCHER)
    add_many(town, "open", 501)
    add_many(town, "resolved", 500)

    desk = door.desk("dora")

    expect(desk.locator("[data-group=open] .incident-row")).to_have_count(501)
    expect(queue_row(desk, "open1").first).to_be_attached()
    expect(desk.locator("[data-group=done] .incident-row")).to_have_count(100)
    expect(desk.locator(".older")).to_be_visible()


def test_nothing_is_said_of_older_ones_when_there_are_none(town: Town, door: Door) -> None:
    """A hundred is all."""
    town.sign_up("dora", Role.DISPATCHER)
    add_many(town, "resolved", 100)

    desk = door.desk("dora")

    expect(desk.locator("[data-group=done] .incident-row")).to_have_count(100)
    expect(desk.locator(".older")).to_be_hidden()


def test_why_not_the_recommended_crew_may_be_said(town: Town, door: Door) -> None:
    """It is kept with the order, and so is the radius of the list; saying nothing is fine too."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    town.add_crew("West 2", FONTVIEILLE, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    pin(desk, "Rue Grimaldi 21")
    with desk.expect_response(re.compile(r"/candidates\?radius_m=10000")) as answered:
        desk.get_by_role("button", name="10", exact=True).click()
    answered.value.finished()
    other = desk.locator(".candidate:not(.recommended)")
    expect(other).to_have_count(1)

    desk.get_by_label("Why not the recommended crew").fill("They have the pump")
    other.locator(".send").click()

    expect(desk.locator(".timeline [data-kind='assignment.offered']")).to_have_count(1)
    with looking(town.services.engine) as connection:
        kept = connection.execute(select(Decision.candidates)).scalar_one()
    assert (kept["reason"], kept["radius_m"]) == ("They have the pump", 10_000)


def test_a_decision_made_again_after_a_lost_answer_goes_by_the_same_name(
    town: Town, door: Door
) -> None:
    """The first try may have arrived."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    pin(desk, "Rue Grimaldi 21")
    sent: list[str] = []

    def lose_the_first_answer(request: Request) -> None:
        sent.append(str((request.post_data_json or {})["client_id"]))

    desk.on(
        "request",
        lambda request: lose_the_first_answer(request) if request.url.endswith("/cancel") else None,
    )
    desk.route("**/cancel", lambda route: (route.fetch(), route.abort()), times=1)

    desk.get_by_role("button", name="Cancel incident").click()
    desk.keyboard.type("Reported twice")
    desk.keyboard.press("Enter")
    desk.locator(".toast.refusal").get_by_role("button", name="Try again").click()

    expect(desk.locator(".toast.done")).to_be_visible()
    expect(desk.locator(".timeline [data-kind='incident.cancelled']")).to_have_count(1)
    assert len(sent) == 2
    assert len(set(sent)) == 1
    expect(candidate(desk, "East 1")).to_have_count(0)
