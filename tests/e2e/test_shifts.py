"""Shifts in real browsers: a rota planned by mouse, a week walked by keys, a hand-over."""

import re
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from dispatch.shifts.types import AddShift
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PHONE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.test_accessibility import findings
from tests.e2e.test_accessibility import in_both_lights

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
SPILLS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def plan_nights(page: Page, picture: Picture) -> list[str]:
    """Add a kind of shift and a rotation of two crews; return what is hard to see in the form."""
    dialog = page.get_by_role("dialog")
    page.get_by_role("button", name="Add a kind of shift").click()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator("#shift-name-error")).to_have_text("is required")
    picture.of(page, "shifts-form-en")
    found = in_both_lights(page)
    dialog.get_by_label("Name").fill("Night")
    dialog.get_by_label("From").fill("20:00")
    dialog.get_by_label("To", exact=True).fill("08:00")
    dialog.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Add a rotation").click()
    dialog.get_by_label("Name").fill("Two crews")
    dialog.get_by_label("Days of the cycle").fill("2")
    dialog.get_by_label("Day 1 of the cycle").select_option("Night")
    dialog.get_by_label("East 1", exact=True).check()
    dialog.get_by_label("West 2", exact=True).check()
    dialog.get_by_label("West 2 begins on day").fill("2")
    dialog.get_by_role("button", name="Save and plan").click()
    expect(dialog).to_be_hidden()
    return found


def ask_for_days(page: Page) -> None:
    """Want a crew with a gas ticket by day."""
    dialog = page.get_by_role("dialog")
    page.get_by_role("button", name="Add a rule").click()
    dialog.get_by_label("Name").fill("Days")
    dialog.get_by_label("Skill").select_option("gas")
    dialog.get_by_label("From").fill("08:00")
    dialog.get_by_label("To", exact=True).fill("20:00")
    dialog.get_by_role("button", name="Save").click()


def test_a_supervisor_plans_a_rota_by_mouse_and_walks_the_week_by_keys(
    town: Town, door: Door, picture: Picture
) -> None:
    """A kind of shift, a rotation of two crews, a rule and its gaps; what is wrong is said."""
    for name, place in (("East 1", CASINO), ("West 2", FONTVIEILLE)):
        town.add_crew(name, place, skills=("gas",))
    town.sign_up("sue", Role.SUPERVISOR)
    page = door.desk("sue")
    page.goto(f"{door.url}/shifts")
    page.locator("body[data-ready]").wait_for()
    dialog = page.get_by_role("dialog")

    with_a_form = plan_nights(page, picture)
    page.get_by_role("button", name="Week after").click()
    shifts = page.locator("button.shift")
    expect(shifts).to_have_count(7)  # one crew each night
    ask_for_days(page)
    expect(page.locator(".gap-list li").first).to_contain_text("nobody planned")

    first = page.locator(".week tbody td button").first
    first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.locator(":focus")).to_have_attribute("aria-label", re.compile("^West 2, Tue "))
    shifts.first.focus()
    page.keyboard.press("Enter")
    dialog.get_by_label("Kind of shift").select_option("Other hours")
    dialog.get_by_label("From").fill("21:30")
    dialog.get_by_label("Reason (optional)").fill("train")
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator("button.shift .hours", has_text="21:30–08:00")).to_have_count(1)
    picture.of(page, "shifts-week-en")
    at_rest = in_both_lights(page)
    page.set_viewport_size(PHONE)
    assert not page.evaluate(SPILLS)
    picture.of(page, "shifts-week-en-phone")
    chinese = door.desk("sue", language="zh")
    chinese.goto(f"{door.url}/shifts")
    expect(chinese.locator(".gap-list li").first).to_contain_text("无人排班")
    picture.of(chinese, "shifts-week-zh")
    assert [with_a_form, at_rest, findings(page)] == [[], [], []]


def test_the_crew_asks_for_a_swap_and_the_desk_hands_over_what_is_left(
    town: Town, door: Door, picture: Picture
) -> None:
    """Ten minutes before the end: the phone says so, one click gives the order to who comes in."""
    east = town.add_crew("East 1", CASINO, skills=("gas",))
    west = town.add_crew("West 2", FONTVIEILLE, skills=("gas",))
    now = datetime.now(UTC)
    for crew_id, begin, end in ((east, -700, 10), (west, 10, 730), (east, 2880, 3600)):
        times = [now + timedelta(minutes=each) for each in (begin, end)]
        shift = {"crew_id": crew_id, "begins_at": times[0], "ends_at": times[1], "name": "Shift"}
        town.services.shifts.add(SYSTEM, AddShift.read(shift))
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("east", Role.CREW, crew_id=east)
    leak = {"kind": "gas_leak", "priority": 2, "address": "Quai", "lon": PORT[0], "lat": PORT[1]}
    incident = town.services.incidents.create(dora, CreateIncident.read(leak))["id"]
    town.services.sending.send(dora, incident, SendCrew(crew_id=east))
    desk, phone = door.desk("dora"), door.phone("east", CASINO)

    expect(phone.locator(".shift-dock")).to_contain_text("1 order is left")
    expect(phone.locator(".shift-dock")).to_contain_text("Next: West 2.")
    phone.locator("details.more summary").click()
    phone.get_by_role("button", name="My shifts").click()
    phone.get_by_role("button", name="Swap: ").click()
    phone.get_by_role("button", name="Ask for the swap").click()
    expect(phone.locator(".own-swaps .swap")).to_contain_text("to West 2")
    picture.of(phone, "shifts-phone-en")
    on_the_phone = findings(phone)
    row = desk.locator(".leaving")
    expect(row).to_contain_text("then West 2")
    picture.of(desk, "shifts-leaving-en")
    row.get_by_role("button", name="Hand over…").click()
    desk.get_by_role("dialog").get_by_role("button", name="Hand over", exact=True).click()

    expect(desk.locator("#toasts")).to_contain_text("1 order handed over to West 2.")
    expect(row).to_have_count(0)
    (order,) = town.services.assignments.list_for_crew(dora, west, live_only=True)["assignments"]
    assert order["incident"]["id"] == incident
    assert on_the_phone == []
