"""What the desk does with the map: look further, compare ways, measure, follow; and by command."""

import re

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from dispatch.crews.states import Duty
from dispatch.crews.types import SetDuty
from dispatch.incidents.types import CreateIncident
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import JARDIN_EXOTIQUE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import candidate
from tests.e2e.console import command
from tests.e2e.console import queue_row

pytestmark = [pytest.mark.browser, pytest.mark.postgis]


def report(town: Town, username: str, address: str, lonlat: tuple[float, float]) -> int:
    """Sign a dispatcher up who reports an incident."""
    actor = town.sign_up(username, Role.DISPATCHER)
    fields = {"kind": "gas_leak", "address": address, "lon": lonlat[0], "lat": lonlat[1]}
    return int(town.services.incidents.create(actor, CreateIncident.read(fields))["id"])


def test_the_radius_is_typed_dragged_and_walked_and_always_the_same(
    town: Town, door: Door, picture: Picture
) -> None:
    """Field, handle and slider say one figure, within 100 m and 100 km."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    report(town, "dora", "here", CASINO)
    desk = door.desk("dora")
    queue_row(desk, "here").click()
    field = desk.get_by_label("Within")

    field.fill("600 m")
    desk.keyboard.press("Enter")
    expect(field).to_have_value("600 m")
    handle = desk.get_by_role("slider", name="Radius around the incident")
    expect(handle).to_have_attribute("aria-valuetext", "600 m")
    field.fill("0,5")
    desk.keyboard.press("Enter")
    expect(field).to_have_value("500 m")
    expect(handle).to_have_attribute("aria-valuenow", "500")

    # Dragged towards the incident: smaller, live, and in step.
    place = handle.bounding_box()
    assert place is not None
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    desk.mouse.move(x, y)
    desk.mouse.down()
    desk.mouse.move(x - 60, y, steps=4)
    desk.mouse.up()
    now_m = int(handle.get_attribute("aria-valuenow") or 0)
    assert 200 < now_m < 500
    expect(desk.locator(".radius-label")).to_have_text(re.compile(rf"^{now_m} m$"))
    expect(field).to_have_value(desk.locator(".radius-label").inner_text())
    picture.of(desk, "console-en-radius")

    # Walked by keys, and never beyond the limits.
    handle.focus()
    desk.keyboard.press("Home")
    expect(field).to_have_value("100 m")
    desk.keyboard.press("ArrowLeft")
    expect(handle).to_have_attribute("aria-valuenow", "100")
    desk.keyboard.press("ArrowRight")
    expect(field).to_have_value("150 m")
    command(desk, "/radius 2.5 km")
    expect(field).to_have_value("2.5 km")


def test_two_ways_are_compared_on_the_map_and_in_words(
    town: Town, door: Door, picture: Picture
) -> None:
    """One is held, the other pointed at: two kinds of line, two figures, one sentence."""
    town.add_crew("East 1", PORT, skills=("gas",))
    town.add_crew("West 2", JARDIN_EXOTIQUE, skills=("gas",))
    report(town, "dora", "here", CASINO)
    desk = door.desk("dora")
    queue_row(desk, "here").click()

    desk.get_by_role("button", name="Compare East 1").click()
    candidate(desk, "West 2").hover()

    said = re.compile(
        r"^West 2: (\d+ min (slower|faster)|as fast), ([\d.]+ k?m (longer|shorter)|as far)"
        r" than East 1\.$"
    )
    expect(desk.locator(".compare-bar .words")).to_have_text(said)
    expect(desk.locator(".held-tip")).to_have_text(re.compile(r"^East 1 · \d+ min · [\d.]+ k?m$"))
    expect(desk.locator(".preview-tip")).to_have_text(re.compile(r"^West 2 · \d+ min · "))
    expect(desk.locator("path.route.compared:not(.casing)")).to_have_count(1)
    picture.of(desk, "console-en-compare")

    # By keys: down to the other one, and let go of the first.
    candidate(desk, "East 1").locator(".name").focus()
    desk.keyboard.press("ArrowDown")
    expect(desk.locator(".preview-tip")).to_contain_text("West 2")
    desk.keyboard.press("c")
    expect(desk.get_by_role("button", name="Compare West 2")).to_have_attribute(
        "aria-pressed", "true"
    )
    desk.keyboard.press("c")
    expect(desk.locator(".compare-bar")).to_be_hidden()
    expect(desk.locator("path.route.compared")).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "length", "closed"),
    [
        ("en", r"^[\d.]+ k?m$", r"^area [\d.]+ (ha|m²|km²), around"),
        ("zh", r"^[\d.]+ (公里|米)$", r"^面积 [\d.]+ (公顷|平方米|平方公里)，周长"),
    ],
)
def test_distances_and_areas_are_measured_by_hand_and_by_keys(
    town: Town, door: Door, picture: Picture, language: str, length: str, closed: str
) -> None:
    """Clicks add up, the first point closes the shape, Esc ends; a click chooses nothing."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    report(town, "dora", "here", PORT)
    desk = door.desk("dora", language=language)
    words = desk.locator(".map-chip.measuring .words")
    stage = desk.locator("#map")

    tool = {"en": "Measure distances and areas", "zh": "测量距离和面积"}[language]
    desk.get_by_role("button", name=tool).click()
    desk.locator("#map.is-marking").wait_for()
    for x, y in ((200, 300), (400, 300)):
        stage.click(position={"x": x, "y": y})
    expect(words).to_have_text(re.compile(length))
    expect(desk.locator(".map-chip .road")).not_to_be_empty()
    stage.click(position={"x": 400, "y": 500})
    stage.click(position={"x": 200, "y": 300})
    expect(words).to_have_text(re.compile(closed))
    picture.of(desk, f"console-{language}-measure")
    expect(desk.locator(".incident-panel, .pin-form")).to_have_count(0)

    desk.keyboard.press("Escape")
    expect(desk.locator(".map-chip.measuring")).to_be_hidden()

    # Without the mouse: m begins, Enter sets a point in the middle, arrows move the map.
    desk.keyboard.press("m")
    expect(desk.locator(".map-chip.measuring")).to_be_visible()
    expect(stage).to_be_focused()
    desk.keyboard.press("Enter")
    desk.keyboard.press("ArrowRight")
    expect(desk.locator(".map-cross")).to_be_visible()
    desk.wait_for_function("() => !document.querySelector('.leaflet-pan-anim')")
    desk.keyboard.press("Enter")
    expect(words).to_have_text(re.compile(length))
    desk.keyboard.press("Backspace")
    expect(words).not_to_have_text(re.compile(length))


def take_back(desk: Page) -> None:
    """Press the key once there is something to take back and no line takes it for a letter."""
    expect(desk.get_by_role("button", name=re.compile("^Undo"))).to_have_count(1)
    expect(desk.locator("dialog[open]")).to_have_count(0)
    desk.keyboard.press("u")


def test_commands_send_follow_and_set_and_each_step_is_taken_back(
    town: Town, door: Door, picture: Picture
) -> None:
    """The line says how long the crew takes before Enter sends it; u takes the last step back."""
    crew_id = town.add_crew("Gas 12", FONTVIEILLE, skills=("gas",))
    incident_id = report(town, "dora", "Rue Grimaldi 21", PORT)
    desk = door.desk("dora")
    queue_row(desk, "Rue Grimaldi 21").wait_for()

    # Sent by two words and a number; the line tells the time first.
    desk.keyboard.press("/")
    desk.locator(".command-input").fill(f"send gas12 → {incident_id}")
    option = desk.locator(".command-options [role=option]").first
    expect(option).to_have_text(
        re.compile(rf"Send Gas 12 to Gas leak #{incident_id} *\d+ min · [\d.]+ k?m")
    )
    picture.of(desk, "console-en-send-command")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.locator(".coming .assignment")).to_contain_text("Gas 12")
    expect(desk.locator(".coming .eta")).to_contain_text("once they set out")
    take_back(desk)
    expect(desk.locator(".nobody")).to_have_text("Nobody is on the way.")
    told = "dora recalled Gas 12: Withdrawn right after sending"
    expect(desk.locator(".timeline")).to_contain_text(told)

    # Urgency, and its way back.
    command(desk, f"/priority {incident_id} 2")
    expect(desk.locator(".incident-panel .priority")).to_have_text("P2")
    take_back(desk)
    expect(desk.locator(".incident-panel .priority")).to_have_text("P1")

    # Closed by mistake.
    command(desk, f"/close {incident_id} nothing found")
    expect(queue_row(desk, "Rue Grimaldi 21")).to_have_count(0)
    take_back(desk)
    expect(queue_row(desk, "Rue Grimaldi 21")).to_have_count(1)

    # A crew that leaves the view is followed until the hand moves the map.
    command(desk, "/select gas 12")
    expect(desk.locator(".crew-panel h2")).to_have_text("Gas 12")
    desk.get_by_role("button", name="Follow", exact=True).click()
    chip = desk.locator(".map-chip.following")
    expect(chip).to_have_text(re.compile("Following Gas 12"))
    town.services.crews.set_duty(
        town.sign_up("eva", Role.DISPATCHER), crew_id, SetDuty(duty=Duty.ON_BREAK)
    )
    expect(desk.locator(".crew-panel .facts-line")).to_contain_text("On break")
    box = desk.locator("#map").bounding_box()
    assert box is not None
    desk.mouse.move(box["x"] + 200, box["y"] + 500)
    desk.mouse.down()
    desk.mouse.move(box["x"] + 260, box["y"] + 540, steps=4)
    desk.mouse.up()
    expect(chip).to_be_hidden()
    expect(desk.get_by_role("button", name="Follow", exact=True)).to_have_attribute(
        "aria-pressed", "false"
    )
