"""Clocks of pledges: in queue and panel, beside the candidates, on the phone; and their page."""

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.incidents.types import CreateIncident
from dispatch.pledges.types import SetPledge
from dispatch.sending.types import SendCrew
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import queue_row
from tests.e2e.test_accessibility import findings
from tests.e2e.test_accessibility import in_both_lights

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
WORDS = {
    "en": {
        "late": "too late for the 1 min pledge",
        "even": "Even the best crew (West 1) comes",
        "pause": "Pause There in 1 h",
        "reason": "Nobody lets us in",
        "resume": "Let it run again",
        "cause": "Why it was missed",
        "other": "Something else",
        "what": "What it was",
        "by": "To be there by",
    },
    "zh": {
        "late": "比 1 分钟的承诺晚",
        "even": "最快的班组（West 1）也要晚",
        "pause": "暂停计时：1 小时到场",
        "reason": "无法进入",
        "resume": "恢复计时",
        "cause": "超时原因",
        "other": "其他原因",
        "what": "具体原因",
        "by": "到场",
    },
}


def promise(town: Town, sue: Actor, utility: str, limit_s: float, **fields: object) -> None:
    """Pledge that somebody is there in time."""
    words = {60.0: ("There in 1 min", "1 分钟到场"), 3600.0: ("There in 1 h", "1 小时到场")}
    name_en, name_zh = words.get(limit_s, ("There at once", "立即到场"))
    wanted = {"name_en": name_en, "name_zh": name_zh, "utility": utility, "limit_s": limit_s}
    town.services.pledges.add(
        sue, SetPledge.model_validate({"start": "pinned", "stop": "on_scene", **wanted, **fields})
    )


def report(town: Town, dora: Actor, kind: str, address: str) -> int:
    """Pin an incident at the port."""
    place = {
        "lon": PORT[0],
        "lat": PORT[1],
        "address": address,
        "description": "A smell in the hall",
    }
    wanted = CreateIncident.read({"kind": kind, **place})
    return town.services.incidents.create(dora, wanted)["id"]


def look(desk: Page, address: str, state: str) -> None:
    """Expect a row's clock to look so."""
    expect(queue_row(desk, address).locator(f".pledge[data-look={state}]")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_clock_is_quiet_until_it_warns_and_a_breach_is_told_before_it_happens(
    town: Town, door: Door, picture: Picture, language: str
) -> None:
    """Left, soon, over, paused; too late for whom; paused with a reason, missed with a cause."""
    words = WORDS[language]
    sue, dora = town.sign_up("sue", Role.SUPERVISOR), town.sign_up("dora", Role.DISPATCHER)
    crew_id = town.add_crew("West 1", FONTVIEILLE, skills=("gas", "water", "heat", "power"))
    town.sign_up("west", Role.CREW, crew_id=crew_id)
    promise(town, sue, "gas", 60.0)
    promise(town, sue, "water", 3600.0, warn_before_s=3600.0)
    promise(town, sue, "power", 3600.0, pauses=["no_access"], source="State Grid")
    promise(town, sue, "heat", 1.0)
    for kind, address in (("water_leak", "Rue Eau"), ("power_outage", "Rue Courant")):
        report(town, dora, kind, address)
    missed_id = report(town, dora, "heat_outage", "Rue Chaud")
    desk = door.desk("dora", language=language)

    look(desk, "Rue Courant", "quiet")
    look(desk, "Rue Eau", "warning")
    look(desk, "Rue Chaud", "missed")
    report(town, dora, "gas_leak", "Rue Gaz")
    queue_row(desk, "Rue Gaz").click()
    panel = desk.locator(".incident-panel")
    expect(panel.locator(".pledge-late")).to_contain_text(words["even"])
    late = panel.locator(".candidate .note.warn", has_text=words["late"])
    expect(late).to_have_count(1)
    picture.of(desk, f"pledge-late-{language}")

    queue_row(desk, "Rue Courant").click()
    section = panel.locator("[data-section=pledges]")
    section.locator(".fold-head").click()
    section.get_by_label(words["pause"]).select_option(label=words["reason"])
    look(desk, "Rue Courant", "paused")
    section.get_by_role("button", name=words["resume"]).click()
    look(desk, "Rue Courant", "quiet")

    town.services.deadlines.run_due()  # the worker's part
    queue_row(desk, "Rue Chaud").click()
    cause = section.get_by_label(words["cause"])
    cause.select_option(label=words["other"])
    section.get_by_label(words["what"]).fill("Flood")
    desk.keyboard.press("Enter")
    expect(section.get_by_label(words["what"])).to_be_hidden()
    expect(cause).to_have_value("other")
    assert findings(desk) == []
    picture.of(desk, f"pledge-missed-{language}")
    (clock,) = town.services.pledge_clocks.of_incident(dora, missed_id)["clocks"]
    assert (clock["cause"], clock["cause_note"], clock["cause_by"]) == ("other", "Flood", "dora")

    water_id = report(town, dora, "water_leak", "Rue Basse")
    town.services.sending.send(dora, water_id, SendCrew(crew_id=crew_id))
    phone = door.phone("west", CASINO, language=language)
    told = phone.locator(".pledge-told[data-look=warning]")
    expect(told).to_contain_text(words["by"])
    picture.of(phone, f"pledge-phone-{language}")


def test_the_page_shows_examples_with_their_sources_and_switches_them(
    town: Town, door: Door, picture: Picture
) -> None:
    """At the desk and on a phone; nothing is cut and nothing scrolls sideways."""
    town.sign_up("sue", Role.SUPERVISOR)
    desk = door.desk("sue")
    desk.locator("#menu summary").click()
    desk.locator("#menu").get_by_role("link", name="Pledges").click()
    name = "Gas hazard: there in 30 min"
    desk.get_by_role("button", name=f"Switch on: {name}").click()

    row = desk.locator("#holds tbody tr")
    expect(row).to_contain_text(name)
    expect(row).to_contain_text("DVGW GW 1200 (Germany)")
    expect(row).to_contain_text("example")
    picture.of(desk, "pledges-en")
    assert in_both_lights(desk) == []
    row.get_by_role("button", name=f"Switch off: {name}").click()
    expect(row.locator(".on-off.off")).to_be_visible()

    phone = door.desk("sue", language="zh", size=(390, 844))
    phone.goto(f"{door.url}/pledges")
    expect(phone.locator("#examples")).to_contain_text("它们不是国家标准")
    picture.of(phone, "pledges-zh-phone")
    assert findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
