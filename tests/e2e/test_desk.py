"""What a dispatcher can rely on while others work at the same time."""

import re

import pytest
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from dispatch.incidents.types import ChangeIncident
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import JARDIN_EXOTIQUE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import candidate
from tests.e2e.console import pin
from tests.e2e.console import queue_row
from tests.e2e.markers import click_mark
from tests.workers import held
from tests.workers import workers_of

pytestmark = [pytest.mark.browser, pytest.mark.postgis]


def test_the_slower_desk_is_told_who_was_faster_and_may_queue(town: Town, door: Door) -> None:
    """One crew, two incidents, two desks: nobody is sent twice, nobody is left guessing."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("eva", Role.DISPATCHER)
    desk = door.desk("eva")
    pin(desk, "Rue Grimaldi 21")
    other = town.services.incidents.create(
        dora, CreateIncident(kind="gas_leak", lon=PORT[0], lat=PORT[1])
    )
    # The candidates on the screen stay as they were when the other desk was faster: no answer comes
    # any more, not even to a question that is still on its way.
    desk.route("**/candidates*", lambda route: route.abort())
    with desk.expect_event("requestfailed", lambda asked: "/candidates" in asked.url):
        desk.get_by_role("button", name="10", exact=True).click()
    crew = town.services.crews.list(dora)["crews"][0]
    town.services.sending.send(dora, other["id"], SendCrew(crew_id=crew["id"]))

    candidate(desk, "East 1").locator(".send").click()

    refusal = desk.locator(".toast.refusal")
    expect(refusal).to_contain_text(f"East 1 was sent to #{other['id']} by dora")
    refusal.get_by_role("button", name="Queue behind that order").click()
    expect(desk.locator(".assignment")).to_contain_text("after 1 other")


def test_undo_takes_the_order_back(town: Town, door: Door) -> None:
    """Ten seconds to think better of it."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    pin(desk, "Rue Grimaldi 21")
    candidate(desk, "East 1").locator(".send").click()

    desk.get_by_role("button", name="Undo").click()

    expect(desk.locator(".assignment.a-withdrawn")).to_contain_text("Withdrawn")
    expect(queue_row(desk, "Rue Grimaldi 21")).to_contain_text("waiting")


def test_two_clicks_on_send_are_one_order(town: Town, door: Door) -> None:
    """A nervous hand sends once."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    pin(desk, "Rue Grimaldi 21")

    candidate(desk, "East 1").locator(".send").dblclick()

    expect(desk.locator(".timeline [data-kind='assignment.offered']")).to_have_count(1)
    expect(desk.locator(".toast.refusal")).to_have_count(0)


def test_what_a_caller_says_is_shown_as_text(town: Town, door: Door) -> None:
    """Markup and SQL are words like any others."""
    town.add_crew("<b>Crew</b>", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    said = "<img src=x onerror=alert(1)>'; DROP TABLE incident; --"

    pin(desk, said)

    expect(desk.locator(".details")).to_contain_text(said)
    expect(queue_row(desk, said)).to_have_count(1)
    expect(candidate(desk, "<b>Crew</b>")).to_have_count(1)
    assert desk.locator("img[src=x]").count() == 0


def test_a_board_that_hears_nothing_says_so_and_then_for_how_long_it_was_blind(
    town: Town, door: Door, picture: Picture
) -> None:
    """Hatched and in words after 25 s, as after a night's sleep: stale cannot look fresh."""
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    desk.clock.install()
    desk.reload()
    desk.locator("body[data-ready] #connection[data-state=live]").wait_for()
    desk.clock.fast_forward(20_000)
    expect(desk.locator("#connection")).to_have_attribute("data-state", "live")

    with held(workers_of(town.server.process.pid)):
        desk.clock.fast_forward(26_000)
        expect(desk.locator("#connection")).to_have_attribute("data-state", "dead")
        expect(desk.locator("#connection")).to_contain_text("no live data")
        expect(desk.locator("body")).to_have_class(re.compile("is-stale"))
        expect(desk.get_by_role("alert")).to_contain_text("This board is not live.")
        picture.of(desk, "console-en-not-live")
        desk.clock.fast_forward(3_600_000)

    desk.clock.run_for(12_000)
    expect(desk.locator("#connection")).to_have_attribute("data-state", "live")
    expect(desk.locator("body")).not_to_have_class(re.compile("is-stale"))
    expect(desk.locator("#alarm")).to_be_empty()
    words = "Live again. This board was not updated for 1 h"
    expect(desk.locator("#toasts")).to_contain_text(words)


def test_queue_and_panel_work_by_keyboard(town: Town, door: Door) -> None:
    """Arrows walk, Enter opens, Escape closes."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    for address, lonlat in (("one", PORT), ("two", CASINO)):
        fields = {"kind": "gas_leak", "address": address, "lon": lonlat[0], "lat": lonlat[1]}
        town.services.incidents.create(dora, CreateIncident.read(fields))
    desk = door.desk("dora")
    queue_row(desk, "one").focus()

    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.locator(".incident-panel .details")).to_contain_text("two")
    desk.keyboard.press("Escape")

    expect(desk.locator(".incident-panel")).to_have_count(0)


def test_an_incident_ends_with_its_reason_and_can_be_reopened(town: Town, door: Door) -> None:
    """Nothing is closed or reopened without a trace."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    pin(desk, "Rue Grimaldi 21")

    desk.get_by_role("button", name="Cancel incident").click()
    desk.keyboard.type("Reported twice")
    desk.keyboard.press("Enter")
    expect(desk.locator(".details")).to_contain_text("Reported twice")
    expect(queue_row(desk, "Rue Grimaldi 21")).to_have_count(0)
    desk.get_by_role("button", name="Reopen").click()
    desk.keyboard.type("Smell is back")
    desk.keyboard.press("Enter")

    expect(queue_row(desk, "Rue Grimaldi 21")).to_contain_text("waiting")
    expect(desk.locator(".timeline")).to_contain_text("Smell is back")


def test_details_are_corrected_without_undoing_another_desk(town: Town, door: Door) -> None:
    """Only the lines that were changed here are written."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    fields = {"kind": "gas_leak", "address": "Rue A", "lon": PORT[0], "lat": PORT[1]}
    incident = town.services.incidents.create(dora, CreateIncident.read(fields))
    desk = door.desk("dora")
    queue_row(desk, "Rue A").click()
    desk.get_by_role("button", name="Change details").click()
    town.services.incidents.update(dora, incident["id"], ChangeIncident(description="Second floor"))

    desk.get_by_label("Address", exact=True).fill("Rue Grimaldi 21")
    desk.keyboard.press("Enter")

    expect(desk.locator(".details")).to_contain_text("Rue Grimaldi 21")
    expect(desk.locator(".details")).to_contain_text("Second floor")


def test_a_long_press_pins_as_the_right_button_does(town: Town, door: Door) -> None:
    """Wall screens and tablets have no right button."""
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    finger = desk.context.new_cdp_session(desk)
    place = desk.locator("#map").bounding_box()
    assert place is not None
    spot = {"x": place["x"] + 300, "y": place["y"] + 300}

    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [spot]})
    expect(desk.locator("#pin-kind")).to_be_focused()
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    expect(desk.locator(".pin-form")).to_have_count(1)


def test_the_radius_can_be_changed_and_outsiders_are_marked(town: Town, door: Door) -> None:
    """With nobody inside, the nearest outside are shown and said to be outside."""
    town.add_crew("Far 3", FONTVIEILLE, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    fields = {"kind": "gas_leak", "address": "here", "lon": CASINO[0], "lat": CASINO[1]}
    town.services.incidents.create(dora, CreateIncident.read(fields))
    desk = door.desk("dora")
    queue_row(desk, "here").click()
    expect(candidate(desk, "Far 3")).to_be_visible()

    desk.get_by_label("Within").fill("0.3")
    desk.keyboard.press("Enter")

    expect(desk.locator(".outside-note")).to_contain_text("No crew within the radius")
    expect(candidate(desk, "Far 3")).to_contain_text("outside the radius")


@pytest.mark.parametrize(
    ("language", "idle", "busy"),
    [
        ("en", r"^[\d.]+ (km|m)$", r"^[\d.]+ (km|m) straight · 1 waiting · fix \d min$"),
        ("zh", r"^[\d.]+ (公里|米)$", r"^直线 [\d.]+ (公里|米) · 1 单在手 · 定位 \d 分钟前$"),
    ],
)
def test_a_candidate_says_time_distance_work_and_age_of_an_old_fix(
    town: Town, door: Door, language: str, idle: str, busy: str
) -> None:
    """Idle: how far by road; busy, how far it is now, how much it has to do and since when."""
    town.add_crew("East 1", JARDIN_EXOTIQUE, skills=("gas",))
    at_work = town.add_crew("West 2", FONTVIEILLE, skills=("gas",), minutes_ago=3)
    dora = town.sign_up("dora", Role.DISPATCHER)
    for address, lonlat in (("one", PORT), ("two", CASINO)):
        fields = {"kind": "gas_leak", "address": address, "lon": lonlat[0], "lat": lonlat[1]}
        incident = town.services.incidents.create(dora, CreateIncident.read(fields))
        if address == "one":
            town.services.sending.send(dora, incident["id"], SendCrew(crew_id=at_work))
    desk = door.desk("dora", language=language)

    queue_row(desk, "two").click()

    expect(candidate(desk, "East 1").locator(".arrival")).to_have_text(re.compile(r"^\d+ \S+$"))
    expect(candidate(desk, "East 1").locator(".facts")).to_have_text(re.compile(idle))
    expect(candidate(desk, "West 2").locator(".facts")).to_have_text(re.compile(busy))


def test_the_way_of_the_crew_under_the_pointer_says_time_and_length(
    town: Town, door: Door, picture: Picture
) -> None:
    """Before anything is sent, and gone when the pointer is."""
    town.add_crew("West 2", JARDIN_EXOTIQUE, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    fields = {"kind": "gas_leak", "address": "here", "lon": CASINO[0], "lat": CASINO[1]}
    town.services.incidents.create(dora, CreateIncident.read(fields))
    desk = door.desk("dora")
    queue_row(desk, "here").click()

    candidate(desk, "West 2").hover()

    expect(desk.locator(".way-tip")).to_have_text(re.compile(r"^\d+ min · \d\.\d km$"))
    expect(desk.locator("path.route.preview:not(.casing)")).to_have_count(1)
    picture.of(desk, "console-en-preview")
    desk.mouse.move(720, 450)
    expect(desk.locator(".way-tip")).to_have_count(0)
    expect(desk.locator("path.route")).to_have_count(0)


def test_a_click_on_a_crew_shows_its_orders(town: Town, door: Door, picture: Picture) -> None:
    """Where it is going, and what waits behind that."""
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    for address, lonlat in (("one", PORT), ("two", FONTVIEILLE)):
        fields = {"kind": "gas_leak", "address": address, "lon": lonlat[0], "lat": lonlat[1]}
        incident = town.services.incidents.create(dora, CreateIncident.read(fields))
        town.services.sending.send(dora, incident["id"], SendCrew(crew_id=crew_id, queue=True))
    desk = door.desk("dora", dark=True)

    click_mark(desk, "crew", crew_id)

    orders = desk.locator(".crew-panel .order-row")
    expect(orders).to_have_count(2)
    expect(orders.nth(0)).to_contain_text("now")
    expect(orders.nth(1)).to_contain_text("next 1")
    picture.of(desk, "console-en-night-crew")

    # By keys from one to the next: what was pressed is gone, the place on the page is not.
    head = desk.locator("#side h2").first
    orders.nth(0).focus()
    desk.keyboard.press("Enter")
    expect(head).to_contain_text("Gas leak #")
    expect(head).to_be_focused()
    desk.get_by_role("button", name="Cancel incident").press("Enter")
    desk.get_by_role("button", name="Leave it").press("Enter")
    expect(desk.get_by_role("button", name="Close incident")).to_be_focused()
    desk.get_by_role("button", name="Close this panel").press("Enter")
    expect(head).to_contain_text("Crews")
    expect(head).to_be_focused()
