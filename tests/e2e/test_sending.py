"""The desk in a hurry: what is known already, a kind by one key, one crew instead of another."""

import re

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.incidents.types import CreateIncident
from dispatch.incidents.types import IncidentAnswer
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Town
from tests.e2e.console import candidate
from tests.e2e.console import queue_row

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
NORTH_40_M = 40 / 111_000
PRESS_WHAT_COMES = """(aimed) => {
    const row = document.querySelector(`[data-incident-id="${aimed}"]`);
    const box = row.getBoundingClientRect();
    const at = {clientX: box.x + 40, clientY: box.y + box.height / 2, bubbles: true, detail: 1};
    const watch = new MutationObserver(() => {
        const under = document.elementFromPoint(at.clientX, at.clientY)?.closest(".incident-row");
        if (!under || under === row) return;
        watch.disconnect();
        under.dispatchEvent(new PointerEvent("pointerdown", {...at, pointerType: "mouse"}));
        under.dispatchEvent(new MouseEvent("click", at));
        document.body.dataset.pressed = under.dataset.incidentId;
    });
    watch.observe(document.querySelector("#queue .scroll"), {childList: true, subtree: true});
}"""
"""Press whatever comes under the pointer, in the moment in which it does."""


def report(
    town: Town,
    actor: Actor,
    address: str,
    *,
    kind: str = "gas_leak",
    lonlat: tuple[float, float] = PORT,
) -> IncidentAnswer:
    """Report an incident from another desk."""
    lon, lat = lonlat
    return town.services.incidents.create(
        actor, CreateIncident(kind=kind, lon=lon, lat=lat, address=address)
    )


def states(town: Town, actor: Actor, incident: IncidentAnswer) -> list[tuple[str, str]]:
    """Return the crew and state of each order of an incident."""
    found = town.services.incidents.get(actor, incident["id"])
    return [(each["crew_name"], each["state"]) for each in found["assignments"]]


def begin_report(desk: Page) -> tuple[float, float]:
    """Right-click the map and return where the pin stands, longitude first."""
    desk.locator("#map").click(button="right", position={"x": 360, "y": 400})
    place = desk.locator(".place-line").inner_text()
    lat, lon = re.findall(r"\d+\.\d{5}", place)
    return float(lon), float(lat)


@pytest.mark.parametrize(
    ("language", "asks", "away", "done"),
    [
        ("en", "Very likely reported already", r"40 m away · .* ago · .*Gas 1: ", "was added to"),
        ("zh", "很可能已有报修", r"相距 40 米 · .*前 · .*Gas 1：", "来电已作为报修并入"),
    ],
)
def test_a_second_call_becomes_a_report_of_the_open_incident_by_one_key(
    town: Town, door: Door, language: str, asks: str, away: str, done: str
) -> None:
    """Proposed with distance, age and help; S adds the call, Alt+S even while words are typed."""
    crew_id = town.add_crew("Gas 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora", language=language)
    lon, lat = begin_report(desk)
    desk.keyboard.press("Escape")
    known = report(town, dora, "Rue Grimaldi 21", lonlat=(lon, lat + NORTH_40_M))
    report(town, dora, "Quai Antoine 3", kind="water_burst", lonlat=(lon, lat - NORTH_40_M / 2))
    town.services.sending.send(dora, known["id"], SendCrew(crew_id=crew_id))

    begin_report(desk)
    proposed = desk.locator(".known-incidents li")
    expect(proposed).to_have_count(2)
    desk.keyboard.press("2")
    expect(desk.locator(".known-incidents")).to_contain_text(asks)
    expect(proposed).to_have_count(1)
    expect(proposed.locator(".facts")).to_have_text(re.compile(away))
    desk.fill("#pin-description", "It smells in the stairs")
    desk.fill("#pin-caller_name", "Wang")
    desk.keyboard.press("Alt+s")
    expect(desk.locator(".toast")).to_contain_text(done)
    expect(desk.locator(".incident-panel h2")).to_contain_text(f"#{known['id']}")
    begin_report(desk)
    desk.keyboard.press("1")
    expect(proposed).to_have_count(1)
    desk.keyboard.press("s")
    expect(desk.locator(".incident-panel h2")).to_contain_text(f"#{known['id']}")

    reports = town.services.reports.list(dora, known["id"])["reports"]
    assert [each["caller_name"] for each in reports] == ["", "Wang", ""]
    assert reports[1]["words"].startswith("It smells in the stairs\n")
    assert len(town.services.incidents.list(dora)["incidents"]) == 2


@pytest.mark.parametrize(
    ("language", "choose"), [("en", "Choose what happened."), ("zh", "请选择险情类型。")]
)
def test_a_kind_is_chosen_by_a_key_and_a_reload_loses_nothing(
    town: Town, door: Door, language: str, choose: str
) -> None:
    """None is chosen at first, not even the last one; its priority follows until set by hand."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora", language=language)
    chosen = desk.locator("input[name=kind]:checked")
    priority = desk.locator("input[name=priority]:checked")
    begin_report(desk)

    desk.keyboard.press("Enter")
    expect(desk.locator("#pin-kind-error")).to_have_text(choose)
    expect(chosen).to_have_count(0)
    desk.keyboard.press("7")
    expect(chosen).to_have_value("water_burst")
    expect(priority).to_have_value("1")
    desk.keyboard.press("9")
    expect(priority).to_have_value("3")
    desk.locator("#pin-priority-2").check(force=True)
    desk.fill("#pin-address", "Rue Grimaldi 21")
    desk.fill("#pin-caller_phone", "0377 1234")
    desk.reload()

    expect(desk.locator("#pin-address")).to_have_value("Rue Grimaldi 21")
    expect(desk.locator("#pin-caller_phone")).to_have_value("0377 1234")
    expect(chosen).to_have_value("water_leak")
    expect(priority).to_have_value("2")
    desk.locator("#pin-address").press("Enter")
    expect(desk.locator(".incident-panel")).to_be_visible()
    begin_report(desk)
    expect(chosen).to_have_count(0)
    expect(desk.locator("#pin-caller_phone")).to_have_value("")
    (incident,) = town.services.incidents.list(dora)["incidents"]
    assert (incident["kind"], incident["priority"]) == ("water_leak", 2)


@pytest.mark.parametrize(
    ("language", "another", "replace", "too"),
    [
        ("en", "Send another crew / Replace", "Replace Far 2", "Send too"),
        ("zh", "加派或换派", "换下 Far 2", "加派"),
    ],
)
def test_a_crew_that_does_not_answer_is_replaced_by_one_click_and_undo_gives_it_back(
    town: Town, door: Door, language: str, another: str, replace: str, too: str
) -> None:
    """While somebody is asked the panel is about that crew; others fold to one line."""
    near = town.add_crew("Near 1", CASINO, skills=("gas",))
    far = town.add_crew("Far 2", FONTVIEILLE, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    incident = report(town, dora, "here", lonlat=CASINO)
    town.services.sending.send(dora, incident["id"], SendCrew(crew_id=far))
    desk = door.desk("dora", language=language)
    queue_row(desk, "here").click()
    folded = desk.locator("button.another")

    expect(folded).to_contain_text(another)
    expect(desk.locator(".candidate")).to_have_count(0)
    expect(desk.locator(".assignment .asked b")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    desk.keyboard.press("r")
    row = candidate(desk, "Near 1")
    expect(row.locator("button.first")).to_have_text(replace)
    expect(row.locator("button.send")).to_have_text(too)
    expect(row.locator("button.first")).to_be_focused()
    desk.keyboard.press("Enter")
    asked = desk.locator(".assignment.a-offered")
    expect(asked).to_contain_text("Near 1")
    assert states(town, dora, incident) == [("Far 2", "withdrawn"), ("Near 1", "offered")]
    expect(folded).to_be_visible()

    desk.keyboard.press("u")
    expect(asked).to_contain_text("Far 2")
    assert states(town, dora, incident)[1:] == [("Near 1", "withdrawn"), ("Far 2", "offered")]
    expect(folded).to_be_visible()

    # The crew says no: who else is the question again, without a click.
    (order,) = town.services.assignments.list_for_crew(dora, far)["assignments"]
    town.services.assignments.act(dora, order["id"], Action.DECLINE, Step())
    expect(candidate(desk, "Near 1").locator("button.first")).to_be_visible()
    assert near != far


def test_the_panel_begins_at_its_top_whatever_the_pointer_lies_on(town: Town, door: Door) -> None:
    """Saved and sent with the mouse: nobody aimed at what has come under it."""
    for number in range(8):
        town.add_crew(f"Gas {number}", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    begin_report(desk)
    desk.keyboard.press("1")
    scroller = desk.locator(".incident-panel .scroll")

    desk.locator(".pin-form button[type=submit]").click()
    desk.locator(".candidate").nth(7).wait_for()
    expect(desk.locator(".candidate .send").first).to_be_in_viewport()
    assert scroller.evaluate("node => node.scrollTop") == 0

    last = desk.locator(".candidate .send").nth(7)
    last.scroll_into_view_if_needed()
    last.click()
    expect(desk.locator(".assignment.a-offered .name")).to_be_in_viewport()
    desk.locator("button.another").wait_for()
    assert scroller.evaluate("node => node.scrollTop") == 0


def test_a_resting_hand_leaves_no_hole_and_presses_no_row_that_came_under_it(
    town: Town, door: Door
) -> None:
    """Rows are held while it aims; then they close up, and a click on a surprise is dropped."""
    crew_id = town.add_crew("Near 1", CASINO, skills=("gas",))
    town.add_crew("Far 2", FONTVIEILLE, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    above, aimed, _ = (report(town, dora, each, lonlat=CASINO) for each in ("one", "two", "three"))
    desk = door.desk("dora")
    rows = desk.locator("#queue .incident-row .place")
    expect(rows).to_have_text(["one", "two", "three"])

    queue_row(desk, "two").hover()
    desk.evaluate(PRESS_WHAT_COMES, aimed["id"])
    town.services.decisions.cancel(dora, above["id"], Step(reason="twice"))
    desk.locator("body[data-pressed]").wait_for()
    expect(rows).to_have_text(["two", "three"])
    expect(desk.locator(".incident-row[aria-current=true]")).to_have_count(0)

    # The panel: a row that is pressed stays although the order above it goes; then no hole is left.
    order, _ = town.services.sending.send(dora, aimed["id"], SendCrew(crew_id=crew_id))
    queue_row(desk, "two").click()
    desk.locator("button.another").wait_for()
    desk.keyboard.press("r")
    row = candidate(desk, "Far 2")
    row.locator(".facts").hover()
    desk.mouse.down()
    town.services.assignments.act(dora, order["id"], Action.DECLINE, Step())
    expect(desk.locator(".assignments:not(.past) .assignment")).to_have_count(0)
    scroller, lent = desk.locator(".incident-panel .scroll"), re.compile("padding")
    expect(scroller).to_have_attribute("style", lent)
    desk.mouse.up()
    expect(scroller).not_to_have_attribute("style", lent)
    expect(desk.locator(".incident-panel h2")).to_contain_text(f"#{aimed['id']}")
