"""The audit trail at the desk and on a phone: read, and a block lifted."""

import pytest
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.test_accessibility import findings
from tests.e2e.test_accessibility import in_both_lights

pytestmark = [pytest.mark.browser, pytest.mark.postgis]


def test_a_supervisor_hears_of_mass_reading_and_lifts_the_block(
    town: Town, door: Door, picture: Picture
) -> None:
    """Nothing is cut and nothing scrolls sideways, in both languages and lights."""
    reader = town.sign_up("dan", Role.DISPATCHER)
    town.sign_up("ann", Role.ADMINISTRATOR)
    desk = door.desk("ann")

    town.services.readings.note(reader, dict.fromkeys(range(1, 100), True))
    expect(desk.locator("#toasts")).to_contain_text("dan has looked up 99 callers' numbers")
    desk.locator("#menu summary").click()
    desk.locator("#menu").get_by_role("link", name="Audit trail").click()

    expect(desk.locator("#blocks")).to_contain_text("99 records")
    expect(desk.locator("#found tbody tr").first).to_be_visible()
    picture.of(desk, "audit-en")
    assert in_both_lights(desk) == []
    desk.get_by_label("What you found out").fill("looked for yesterday's outage")
    desk.get_by_role("button", name="Let read again: dan").click()
    expect(desk.locator("#blocks")).to_contain_text("Nobody is blocked.")
    row = desk.locator("#found tbody tr").filter(has_text="lift_reason")
    expect(row).to_contain_text("looked for yesterday's outage")

    phone = door.desk("ann", language="zh", size=(390, 844))
    phone.goto(f"{door.url}/audit?kind=change")
    expect(phone.locator("#found")).to_contain_text("变更")
    picture.of(phone, "audit-zh-phone")
    assert findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
