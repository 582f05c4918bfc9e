"""The search box, and the address that a pin gets, in both languages."""

import re

import pytest
from playwright.sync_api import Page
from playwright.sync_api import Route
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from dispatch.incidents.types import CreateIncident
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Town
from tests.e2e.markers import wait_for_mark
from tests.e2e.test_accessibility import in_both_lights

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
API = re.compile(r"/api/v1/search\?")


def look_for(page: Page, words: str) -> None:
    """Type into the box and wait for what is found."""
    with page.expect_response(lambda answer: API.search(answer.url) is not None):
        page.locator("#search-input").fill(words)
    expect(page.locator("#search")).not_to_have_attribute("aria-busy", "true")


def test_an_address_is_found_shown_and_pinned_without_the_mouse(town: Town, door: Door) -> None:
    """f, a few letters, Enter, Enter: the form is open, at the place, with its address."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    options = desk.locator("#search-results [role=option]")
    box = desk.get_by_role("combobox", name="Find a place, an address, a crew or an incident")

    desk.keyboard.press("f")
    expect(box).to_be_focused()
    desk.keyboard.type("papalins 8")
    expect(options.first).to_contain_text("8 Avenue des Papalins")
    expect(options.first).to_contain_text(re.compile(r"\d+(\.\d)? (k?)m"))
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_have_attribute("aria-activedescendant", "search-result-0")
    desk.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "search-result-1")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("ArrowUp")
    assert in_both_lights(desk) == []
    desk.keyboard.press("Enter")

    card = desk.get_by_role("group", name="8 Avenue des Papalins")
    expect(card).to_contain_text(re.compile(r"43\.72\d+, 7\.4\d+"))
    expect(card.get_by_role("button", name="Pin an incident here")).to_be_focused()
    expect(options.first).to_be_hidden()
    expect(desk.locator(".leaflet-zoom-anim")).to_have_count(0)
    assert in_both_lights(desk) == []
    desk.keyboard.press("Enter")
    expect(desk.locator("#pin-address")).to_have_value("8 Avenue des Papalins")
    expect(desk.locator(".found-mark")).to_have_count(0)
    desk.keyboard.press("1")
    desk.keyboard.press("Enter")
    desk.locator(".incident-panel").wait_for()
    (incident,) = town.services.incidents.list(dora)["incidents"]
    assert incident["address"] == "8 Avenue des Papalins"
    assert (incident["lon"], incident["lat"]) == pytest.approx((7.415, 43.729), abs=0.003)


def test_crossings_positions_crews_and_incidents_are_found_in_chinese(
    town: Town, door: Door
) -> None:
    """All words of the box and of the card are Chinese; what was meant is chosen."""
    crew = town.add_crew("水务一班", CASINO, skills=("water",))
    wang = town.sign_up("wang", Role.DISPATCHER)
    report = {"kind": "gas_leak", "lon": PORT[0], "lat": PORT[1], "address": "Quai Albert"}
    incident = town.services.incidents.create(wang, CreateIncident.read(report))
    desk = door.desk("wang", language="zh")
    wait_for_mark(desk, "crew", crew)
    first = desk.locator("#search-results [role=option]").first
    card = desk.locator(".found-card")

    look_for(desk, "grimaldi / caroline")
    expect(first).to_contain_text("Rue Grimaldi / Rue Princesse Caroline")
    expect(first).to_contain_text("路口")
    first.click()
    expect(card.get_by_role("button", name="在此登记险情")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(desk.locator("#search-input")).to_be_focused()

    look_for(desk, "北纬43.7352，东经7.4215")
    expect(first).to_contain_text("43.735200, 7.421500")
    first.click()
    expect(card).to_contain_text("43°44'06.7\"N 7°25'17.4\"E")

    expect(card.get_by_role("button", name="在此登记险情")).to_be_focused()
    desk.keyboard.press("/")
    desk.keyboard.type("找 larvotto")
    expect(desk.locator(".command-options [role=option]").first).to_contain_text("Larvotto")
    desk.keyboard.press("Enter")
    larvotto = desk.get_by_role("group", name="Larvotto")
    expect(larvotto.get_by_role("button", name="在此登记险情")).to_be_focused()

    look_for(desk, "shuiwu")
    expect(first).to_contain_text("水务一班")
    first.click()
    expect(desk.locator("#side h2").first).to_contain_text("水务一班")

    look_for(desk, f"#{incident['id']}")
    expect(first).to_contain_text("燃气泄漏")
    desk.keyboard.press("Enter")
    expect(desk.locator(".incident-panel")).to_contain_text("Quai Albert")


def test_nothing_found_and_no_answer_are_said(town: Town, door: Door) -> None:
    """And what is typed last is what is shown, however late an older answer comes."""
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    said = desk.locator(".search-said")
    options = desk.locator("#search-results [role=option]")
    held: list[Route] = []

    look_for(desk, "qqqq zzzz")
    expect(said).to_have_text("Nothing found for “qqqq zzzz”.")
    expect(options).to_have_count(0)

    def hold(route: Route) -> None:
        held.append(route)

    desk.route(re.compile(r"q=larvotto"), hold)
    desk.locator("#search-input").fill("larvotto")
    expect(desk.locator("#search")).to_have_attribute("aria-busy", "true")
    look_for(desk, "moneghetti")
    expect(options.first).to_contain_text(re.compile("Moneghetti", re.IGNORECASE))
    for late in held:
        late.abort()
    expect(options.first).to_contain_text(re.compile("Moneghetti", re.IGNORECASE))
    expect(said).to_be_empty()

    desk.unroute(re.compile(r"q=larvotto"))
    desk.route(API, lambda route: route.fulfill(status=503, body="{}"))
    desk.locator("#search-input").fill("port hercule")
    expect(said).to_have_class(re.compile("wrong"))
    desk.unroute(API)
    desk.get_by_role("button", name="Try again").click()
    expect(options.first).to_be_visible()
    desk.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    desk.keyboard.press("Escape")
    expect(desk.locator("#search-input")).to_have_value("")
    # The deliberate 503 above.
    door.complaints[:] = [each for each in door.complaints if "503" not in each]


def test_a_pin_gets_its_address_but_never_over_what_was_written(town: Town, door: Door) -> None:
    """Suggested into an empty field, renewed as the pin moves; beside anybody's own words."""
    town.add_crew("Gas 1", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    address = desk.locator("#pin-address")

    desk.locator("#map").click(button="right", position={"x": 300, "y": 430})
    expect(address).not_to_be_empty()
    first = address.input_value()
    expect(desk.locator(".suggestion")).to_contain_text("pin")
    drag_pin(desk, 130, -90)
    expect(address).not_to_have_value(first)
    expect(address).not_to_be_empty()

    address.fill("Back yard, ask for the porter")
    expect(desk.locator(".suggestion")).to_be_empty()
    with desk.expect_response(lambda answer: "/addresses/nearest" in answer.url):
        drag_pin(desk, -90, 60)
    expect(address).to_have_value("Back yard, ask for the porter")
    offer = desk.locator(".suggestion button")
    expect(offer).to_contain_text("At the pin:")
    offer.click()
    expect(address).not_to_have_value("Back yard, ask for the porter")
    expect(address).not_to_be_empty()


def drag_pin(page: Page, right: int, down: int) -> None:
    """Drag the new incident's pin by so many pixels."""
    box = page.locator(".incident-marker.draft").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2)
    page.mouse.move(x + right, y + down)
    page.mouse.up()
