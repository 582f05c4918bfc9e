"""Chinese and English, and day and night, on every page."""

import pytest
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from tests.e2e.conftest import Door
from tests.e2e.conftest import Town

pytestmark = [pytest.mark.browser, pytest.mark.postgis]


def test_the_console_changes_its_language_at_a_click(town: Town, door: Door) -> None:
    """Words from the templates and words from the scripts change together."""
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora", language="zh")
    expect(desk.locator("#queue h2")).to_have_text("险情")

    desk.locator("#menu summary").click()
    desk.get_by_role("button", name="English").click()

    expect(desk.locator("#queue h2")).to_have_text("Incidents")
    desk.locator("#menu summary").click()
    expect(desk.get_by_role("button", name="Sign out")).to_be_visible()


def test_the_colours_chosen_by_hand_survive_a_reload(town: Town, door: Door) -> None:
    """As the system says, day, night: and then it stays."""
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    switch = desk.locator("[data-theme-switch]")
    switch.click()
    switch.click()
    expect(desk.locator("html")).to_have_attribute("data-theme", "dark")

    desk.reload()

    expect(desk.locator("html")).to_have_attribute("data-theme", "dark")
