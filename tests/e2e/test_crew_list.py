"""The list of all crews: narrowed, sorted, grouped, walked by keys, smooth with a thousand."""

import re
from datetime import UTC
from datetime import datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.crews.types import AddStation
from dispatch.incidents.types import CreateIncident
from dispatch.positions.types import ReportPositions
from dispatch.sending.types import SendCrew
from geodata.db import make_engine
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town

pytestmark = [pytest.mark.browser, pytest.mark.postgis]


def tell_battery(town: Town, crew_id: int, battery_pct: float) -> None:
    """Report a position with the state of the phone's battery."""
    tracker = Actor(None, "tracker", "tracker", frozenset({Role.INTEGRATION.value}), None)
    fix = {"crew_id": crew_id, "lon": PORT[0], "lat": PORT[1], "fixed_at": datetime.now(UTC)}
    answer = town.services.positions.record(
        tracker, ReportPositions(positions=[{**fix, "battery_pct": battery_pct}])
    )
    assert answer["results"][0]["status"] == "used", answer


def test_crews_are_narrowed_sorted_grouped_and_walked_by_keys(
    town: Town, door: Door, picture: Picture
) -> None:
    """Each row says state, age of its fix, battery where known and today's orders."""
    town.services.stations.add(SYSTEM, AddStation(name="North depot", lon=PORT[0], lat=PORT[1]))
    crews = town.services.crews
    gas = crews.add(
        SYSTEM, AddCrew(name="Gas 10", skills=("gas",), duty=Duty.ON_DUTY, station="North depot")
    )
    crews.add(
        SYSTEM, AddCrew(name="Gas 9", skills=("gas",), duty=Duty.OFF_DUTY, station="North depot")
    )
    water = crews.add(SYSTEM, AddCrew(name="Water 1", skills=("water",), duty=Duty.ON_DUTY))
    town.move(gas, CASINO)
    tell_battery(town, water, 14.0)
    dora = town.sign_up("dora", Role.DISPATCHER)
    fields = {"kind": "gas_leak", "lon": PORT[0], "lat": PORT[1]}
    incident = town.services.incidents.create(dora, CreateIncident.read(fields))
    town.services.sending.send(dora, incident["id"], SendCrew(crew_id=gas))
    desk = door.desk("dora")
    rows = desk.locator(".crew-row")
    expect(rows).to_have_count(3)

    expect(desk.locator(f".crew-row[data-crew-id='{gas}']")).to_have_text(
        re.compile(r"Gas 10.*Asked, no answer yet.*Gas.*North depot.*1 today · fix \d+ s")
    )
    expect(desk.locator(f".crew-row[data-crew-id='{water}']")).to_have_text(
        re.compile(r"Water 1.*Available.*Water.*battery 14 % · fix \d+ s")
    )
    picture.of(desk, "console-en-crews")

    # Names sort as people count: 9 before 10. Groups carry their counts.
    desk.get_by_label("Sort by").select_option("name")
    expect(rows.locator(".crew-name")).to_have_text(["Gas 9", "Gas 10", "Water 1"])
    desk.get_by_label("Group by").select_option("station")
    expect(desk.locator(".crew-group")).to_have_text(["No station 1", "North depot 2"])
    desk.get_by_label("Skill").select_option("gas")
    desk.get_by_label("State", exact=True).select_option("on_duty")
    expect(rows.locator(".crew-name")).to_have_text(["Gas 10"])
    expect(desk.locator(".overview .panel-head")).to_contain_text("1 of 3")
    desk.get_by_label("Filter the crews").fill("nobody")
    expect(desk.locator(".overview .empty")).to_have_text("No crew passes the filters.")
    desk.get_by_role("button", name="Show all", exact=True).click()
    expect(rows).to_have_count(3)

    # Down the list by keys; Enter chooses, and the crew can be followed.
    rows.first.focus()
    desk.keyboard.press("End")
    desk.keyboard.press("ArrowUp")
    expect(rows.nth(1)).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator(".crew-panel h2")).to_have_text("Gas 9")


def test_a_thousand_crews_need_no_thousand_rows(town: Town, door: Door) -> None:
    """Only what is on the screen exists, and every crew is reached; in Chinese this time."""
    town.sign_up("dora", Role.DISPATCHER)
    engine = make_engine(town.services.settings.database_admin_url or "")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO crew (name, skills, duty, duty_changed_at, created_at)"
                " SELECT '抢修' || n || '班', '{}', 'on_duty', now(), now()"
                " FROM generate_series(1, 1000) AS n"
            )
        )
    engine.dispose()
    desk = door.desk("dora", language="zh")
    rows = desk.locator(".crew-row")
    expect(rows.first).to_contain_text("抢修1班")
    assert rows.count() < 50
    expect(desk.locator(".crew-item").first).to_have_attribute("aria-setsize", "1000")

    rows.first.focus()
    desk.keyboard.press("End")
    expect(desk.locator(".crew-row", has_text="抢修1000班")).to_be_focused()
    expect(desk.locator(".crew-item").last).to_have_attribute("aria-posinset", "1000")
    assert rows.count() < 60
    desk.get_by_label("筛选班组").fill("修77")
    expect(rows.locator(".crew-name")).to_have_text(
        ["抢修77班", *(f"抢修{n}班" for n in range(770, 780))]
    )
    expect(desk.locator(".overview .panel-head")).to_contain_text("11 / 1000")

    # A pass over everything that streams in stays far below a frame.
    spent_ms = desk.evaluate(
        """async () => {
            const own = document.querySelector("script[src$='js/pages/console.js']").src;
            const arranging = own.replace("gen/js/pages/console", "js/crews/crew_arrangement");
            const { arrangedCrews } = await import(arranging);
            const { crews } = await (await fetch("/api/v1/crews")).json();
            const spentMs = () => {
              const before = performance.now();
              arrangedCrews(crews);
              return performance.now() - before;
            };
            if (crews.length !== 1000) throw new Error(`${crews.length} crews`);
            return Math.min(...Array.from({ length: 9 }, spentMs));
        }"""
    )
    assert spent_ms < 100
