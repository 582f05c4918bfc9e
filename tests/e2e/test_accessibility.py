"""Every page, by day and by night, against the rules of axe: nothing serious, nothing critical."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import text

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Town
from tests.e2e.console import queue_row

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
# What fades in has less contrast on the way; what blinks for ever is looked at as it is.
COME_TO_REST = """() => Promise.allSettled(document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().endTime !== Infinity)
    .map((each) => each.finished))"""


def findings(page: Page) -> list[str]:
    """Return what axe holds against a page, each as rule, element and reason."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(COME_TO_REST)
    found = page.evaluate("async () => (await axe.run(document)).violations")
    return [
        f"{rule['id']}: {node['target']}: {node['failureSummary']}"
        for rule in found
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


def night(page: Page) -> None:
    """Change to night colours, as the system would."""
    page.emulate_media(color_scheme="dark")
    page.locator("html[data-theme=dark]").wait_for()


def in_both_lights(page: Page, look: Callable[[Page], list[str]] = findings) -> list[str]:
    """Return the findings by day and by night."""
    by_day = look(page)
    night(page)
    return by_day + look(page)


def test_the_sign_in_page_has_no_grave_finding(town: Town, door: Door) -> None:
    """The door is open to everybody."""
    context = door.browser.new_context()
    door.contexts.append(context)
    page = context.new_page()
    page.goto(f"{town.server.url}/sign-in")
    page.fill("#username", "nobody")
    page.fill("#password", "wrong password")
    page.click("button.primary")
    page.locator(".refused").wait_for()

    assert in_both_lights(page) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_console_has_no_grave_finding(town: Town, door: Door, language: str) -> None:
    """At rest, with an incident and its candidates, with a crew, with the form of a report."""
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    town.add_crew("West 2", FONTVIEILLE, skills=("gas",))
    town.services.crews.add(SYSTEM, AddCrew(name="Off 3", duty=Duty.OFF_DUTY))
    dora = town.sign_up("dora", Role.DISPATCHER)
    for address, lonlat in (("sent", PORT), ("open", CASINO)):
        fields = {"kind": "gas_leak", "address": address, "lon": lonlat[0], "lat": lonlat[1]}
        incident = town.services.incidents.create(dora, CreateIncident.read(fields))
        if address == "sent":
            town.services.sending.send(dora, incident["id"], SendCrew(crew_id=crew_id))
    desk = door.desk("dora", language=language)

    at_rest = in_both_lights(desk)
    queue_row(desk, "open").click()
    desk.locator(".candidate").first.wait_for()
    with_candidates = in_both_lights(desk)
    queue_row(desk, "sent").click()
    desk.locator(".assignment").wait_for()
    with_an_order = in_both_lights(desk)
    desk.locator(".assignment .name").click()
    desk.locator(".crew-panel").wait_for()
    with_a_crew = in_both_lights(desk)
    desk.locator("#map").click(button="right", position={"x": 360, "y": 300})
    desk.locator(".pin-form").wait_for()
    with_the_form = in_both_lights(desk)

    found = [at_rest, with_candidates, with_an_order, with_a_crew, with_the_form]
    assert found == [[]] * 5


def test_dialogs_alarms_and_odd_states_have_no_grave_finding(town: Town, door: Door) -> None:
    """The first day, the menu, keys, commands, preferences; an order without answer; signed out."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora", language="zh")
    found = {}

    def look(state: str, awaited: str) -> None:
        desk.locator(awaited).first.wait_for()
        desk.emulate_media(color_scheme="light")
        desk.locator("html[data-theme=light]").wait_for()
        found[state] = in_both_lights(desk)

    look("first day", "#first-day li")
    desk.locator("#menu summary").click()
    look("menu", "#menu[open] button")
    desk.keyboard.press("Escape")
    for key, dialog in (("?", ".sheet"), ("/", ".command-options li"), (",", ".preferences")):
        desk.keyboard.press(key)
        look(dialog, f"dialog{dialog}" if dialog != ".command-options li" else dialog)
        desk.keyboard.press("Escape")
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    fields = {"kind": "gas_leak", "lon": PORT[0], "lat": PORT[1]}
    incident = town.services.incidents.create(dora, CreateIncident.read(fields))
    town.services.sending.send(dora, incident["id"], SendCrew(crew_id=crew_id))
    with town.owner.begin() as connection:
        connection.execute(text("UPDATE order_chain SET alarm_at = now() - interval '1 s'"))
    desk.reload()
    look("alarm", "#alarms li")
    desk.locator("body[data-ready] #connection[data-state=live]").wait_for()
    desk.context.clear_cookies()
    desk.locator("#alarms button:visible").first.click()
    look("signed out", "#alarm strong")

    assert {state: findings for state, findings in found.items() if findings} == {}
    assert len(found) == 7


def test_the_crew_page_has_no_grave_finding(town: Town, door: Door) -> None:
    """Waiting, rung, on the way, on scene, and asked how it ended."""
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("east", Role.CREW, crew_id=crew_id)
    phone = door.phone("east", CASINO)
    phone.locator(".duty-screen[data-duty=on_duty]").wait_for()
    found = [in_both_lights(phone)]
    fields = {"kind": "gas_outage", "address": "Port", "lon": PORT[0], "lat": PORT[1]}
    incident = town.services.incidents.create(dora, CreateIncident.read(fields))
    town.services.sending.send(dora, incident["id"], SendCrew(crew_id=crew_id))

    for button, screen in (
        (None, ".offer-screen"),
        ("Accept", ".drive-screen"),
        ("Depart", ".banner .what"),
        ("We are there", ".scene-screen"),
        ("Complete", ".result-screen"),
    ):
        if button:
            phone.get_by_role("button", name=button, exact=True).click()
        phone.locator(screen).wait_for()
        found.append(in_both_lights(phone))

    assert found == [[]] * 6
