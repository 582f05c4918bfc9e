"""The tree of units, lending and sight at the administration pages, by mouse and by keyboard."""

import re

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.core.scope import within
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.test_accessibility import findings
from tests.e2e.test_accessibility import in_both_lights
from tests.e2e.test_administration import open_subject

pytestmark = [pytest.mark.browser, pytest.mark.postgis]


def _add_company(desk: Page) -> None:
    """Add a company below the group by keyboard, with a code that cannot be at first."""
    desk.keyboard.press("n")
    form = desk.get_by_role("dialog", name="New unit")
    form.get_by_label("Kind").select_option("company")
    form.get_by_label("Unified code").fill("no spaces")
    form.get_by_label("Name").fill("Second")
    form.get_by_label("Belongs to").select_option(label="G The Group")
    form.get_by_role("button", name="Save").click()
    expect(form.locator("[data-field=code]")).not_to_be_empty()
    form.get_by_label("Unified code").fill("G-2")
    form.get_by_label("Unified code").press("Enter")
    expect(desk.locator("table.list tbody tr")).to_have_count(3)


def test_a_company_becomes_a_group_and_lends_a_crew(
    town: Town, door: Door, picture: Picture
) -> None:
    """A group above, a second company below it, a station moved and deleted; a crew asked for."""
    services = town.services
    town.sign_up("ada", Role.ADMINISTRATOR)
    desk = door.desk("ada")

    open_subject(desk, "units")
    row = desk.locator("table.list tbody tr")
    expect(row).to_have_count(1)
    row.get_by_role("button", name=re.compile("Put a group above")).click()
    form = desk.get_by_role("dialog")
    form.get_by_label("Unified code").fill("G")
    form.get_by_label("Name").fill("The Group")
    form.get_by_role("button", name="Put a group above").click()
    expect(row).to_have_count(2)
    expect(row.first).to_contain_text("The Group")
    _add_company(desk)
    picture.of(desk, "units-en")
    at_rest = in_both_lights(desk)
    (company,) = (
        each for each in services.units.list(SYSTEM)["units"] if each["name"] == "Company"
    )
    row.filter(has_text="Company").last.get_by_role("button", name=re.compile("Delete")).click()
    form = desk.get_by_role("dialog")
    expect(form).to_be_visible()
    desk.keyboard.press("Escape")
    expect(form).to_be_hidden()

    open_subject(desk, "loans")
    desk.get_by_role("button", name="Ask for a crew").click()
    form = desk.get_by_role("dialog", name="Ask for a crew")
    form.get_by_label("Who is asked").select_option(str(company["id"]))
    form.get_by_label("What for").fill("Two people for a gas leak")
    form.get_by_role("button", name="Save").click()
    expect(desk.locator("table.list tbody tr")).to_contain_text("Asked")
    picture.of(desk, "loans-en")

    open_subject(desk, "sight")
    desk.locator("table.list tbody tr").get_by_role("button").first.click()
    expect(desk.get_by_role("dialog")).to_contain_text("Incidents")
    picture.of(desk, "sight-en")
    seen = findings(desk)
    desk.keyboard.press("Escape")
    desk.set_viewport_size({"width": 390, "height": 844})
    open_subject(desk, "units")
    picture.of(desk, "units-en-phone")
    assert [at_rest, seen, findings(desk)] == [[], [], []]
    with within(SYSTEM.scope):
        (loan,) = services.loans.list(SYSTEM)["loans"]
    assert (loan["lender_name"], loan["unit_name"]) == ("Company", "The Group")
