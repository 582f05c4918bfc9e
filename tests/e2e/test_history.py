"""The history: found again on a phone in Chinese, opened in the console in English."""

import re
from datetime import UTC
from datetime import datetime

import pytest
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.incidents.types import CreateIncident
from dispatch.outcomes.types import Complete
from dispatch.sending.types import SendCrew
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


def test_what_is_done_is_closed_at_once_and_what_is_not_is_left(
    town: Town, door: Door, picture: Picture
) -> None:
    """Each with its crew's words; one that another desk closed meanwhile is named, not lost."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    numbers = {}
    for outcome in ("repaired", "nothing_found", "made_safe", "no_access"):
        crew_id = town.add_crew(f"Crew {outcome}", PORT, skills=("gas",))
        report = {"kind": "gas_leak", "lon": PORT[0], "lat": PORT[1], "address": outcome}
        incident_id = town.services.incidents.create(dora, CreateIncident.read(report))["id"]
        order, _ = town.services.sending.send(dora, incident_id, SendCrew(crew_id=crew_id))
        for action in (Action.ACCEPT, Action.DEPART, Action.ARRIVE):
            town.services.assignments.act(dora, order["id"], action, Step())
        end = Complete(outcome=outcome)
        town.services.assignments.act(dora, order["id"], Action.COMPLETE, end)
        numbers[outcome] = incident_id
    desk = door.desk("dora")

    desk.get_by_role("button", name="Close all 2…").click()
    dialog = desk.get_by_role("dialog", name="Close what is done")
    expect(dialog.locator("li")).to_have_count(2)
    words = dialog.get_by_label(re.compile("How did"))
    expect(words.nth(0)).to_have_value("Repaired")
    expect(words.nth(1)).to_have_value("Nothing found")
    assert findings(desk) == []
    desk.route(
        f"**/incidents/{numbers['repaired']}/close",
        lambda route: route.fulfill(status=503, json={"detail": "Later", "code": "not_ready"}),
    )
    dialog.get_by_role("button", name="Close 2 incidents").click()
    expect(dialog.locator(".close-many-said")).to_have_text("1 closed, 1 not: see why beside each.")
    expect(dialog.locator("li.failed")).to_have_count(1)
    picture.of(desk, "close-many")
    desk.unroute_all()
    dialog.get_by_role("button", name="Close 1 incident").click()

    expect(dialog).to_have_count(0)
    ends = {
        outcome: town.services.incidents.get(dora, number) for outcome, number in numbers.items()
    }
    assert [each["state"] for each in ends.values()] == ["closed", "closed", "resolved", "open"]
    assert ends["repaired"]["outcome_reason"] == "Repaired"

    chinese = door.desk("dora", language="zh")
    expect(chinese.locator(".close-many-open")).to_be_hidden()
