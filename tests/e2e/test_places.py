"""Places at the desk: a pin moved by address, unknown house numbers, in both languages."""

import pytest
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from dispatch.incidents.types import CreateIncident
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.test_search import look_for

pytestmark = [pytest.mark.browser, pytest.mark.postgis]


def test_a_wrong_pin_is_moved_by_address_while_the_form_keeps_what_was_typed(
    town: Town, door: Door, picture: Picture
) -> None:
    """The search moves the pin of the change that is open, and fills its address."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    report = {"kind": "gas_leak", "lon": PORT[0], "lat": PORT[1], "address": "Quai Albert"}
    incident = town.services.incidents.create(dora, CreateIncident.read(report))
    desk = door.desk("dora")
    desk.locator(f".incident-row[data-incident-id='{incident['id']}']").click()
    desk.get_by_role("button", name="Change details").click()
    desk.locator("#pin-description").fill("Second floor, smells")

    look_for(desk, "papalins 8")
    desk.locator("#search-results [role=option]").first.click()

    expect(desk.locator("#pin-address")).to_have_value("8 Avenue des Papalins")
    expect(desk.locator("#pin-address")).to_be_focused()
    expect(desk.locator("#pin-description")).to_have_value("Second floor, smells")
    expect(desk.get_by_role("button", name="Back to “Quai Albert”")).to_be_visible()
    picture.of(desk, "console-en-pin-moved")
    desk.keyboard.press("Enter")
    desk.locator(".incident-panel").wait_for()
    changed = town.services.incidents.get(dora, incident["id"])
    assert (changed["address"], changed["description"]) == (
        "8 Avenue des Papalins",
        "Second floor, smells",
    )
    assert (changed["lon"], changed["lat"]) == pytest.approx((7.415, 43.729), abs=0.003)


def test_a_house_number_that_nobody_knows_is_said_and_kept_in_chinese(
    town: Town, door: Door
) -> None:
    """In the list, under the address, and in the address; also in the form that is open."""
    town.sign_up("wang", Role.DISPATCHER)
    desk = door.desk("wang", language="zh")
    first = desk.locator("#search-results [role=option]").first

    look_for(desk, "12 rue grimaldi")
    expect(first).to_contain_text("12 Rue Grimaldi")
    expect(first).to_contain_text("查不到 12 号，仅定位到道路")
    first.click()
    desk.get_by_role("button", name="在此登记险情").click()
    expect(desk.locator("#pin-address")).to_have_value("12 Rue Grimaldi")
    expect(desk.locator("#pin-address-suggestion")).to_have_text("查不到 12 号，仅定位到道路")

    look_for(desk, "14 rue grimaldi")
    first.click()
    expect(desk.locator("#pin-address")).to_have_value("14 Rue Grimaldi")
