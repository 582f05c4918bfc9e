"""The history: found again on a phone in Chinese, opened in the console in English."""

from datetime import UTC
from datetime import datetime

import pytest
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from dispatch.incidents.types import CreateIncident
from dispatch.writes.command import Step
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.test_accessibility import findings

pytestmark = [pytest.mark.browser, pytest.mark.postgis]


def test_what_is_over_is_found_again_and_opened(town: Town, door: Door, picture: Picture) -> None:
    """From the menu, by a word and a day; the link can be sent to somebody with a phone."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    numbers = []
    for address in ("Quai Albert", "Rue Basse"):
        report = {"kind": "gas_leak", "lon": PORT[0], "lat": PORT[1], "address": address}
        incident = town.services.incidents.create(dora, CreateIncident.read(report))
        town.services.decisions.cancel(dora, incident["id"], Step(reason="Told twice"))
        numbers.append(incident["id"])
    desk = door.desk("dora")
    desk.locator("#menu summary").click()
    desk.get_by_role("link", name="History").click()

    expect(desk.locator("tbody tr")).to_have_count(2)
    desk.get_by_label("Words in address or description").fill("albert")
    desk.get_by_label("From").fill(datetime.now(UTC).date().replace(day=1).isoformat())
    desk.keyboard.press("Enter")
    expect(desk.locator("tbody tr")).to_have_count(1)
    picture.of(desk, "history-en")
    assert findings(desk) == []
    address = desk.url
    desk.get_by_role("link", name=f"#{numbers[0]}").first.click()
    expect(desk.locator(".incident-panel h2")).to_contain_text(f"#{numbers[0]}")

    phone = door.desk("dora", language="zh", size=(390, 844), dark=True)
    phone.goto(address)
    row = phone.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("已取消")
    expect(phone.get_by_label("地址或描述中的文字")).to_have_value("albert")
    picture.of(phone, "history-zh-phone")
    assert findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
