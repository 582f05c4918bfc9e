"""Notes, reports and photos: written at the desk, taken on scene, with signal or without."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import Route
from playwright.sync_api import expect

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import queue_row
from tests.e2e.line import cut
from tests.e2e.test_accessibility import in_both_lights
from tests.pictures import decode_waiting
from tests.pictures import drawn
from tests.pictures import encoded
from tests.pictures import exif

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
WORDS = {
    "en": ("Add photo", "waiting: 2", "checked: 2", "desk: 1", "Complete"),
    "zh": (
        "拍照上传",
        "待上传照片：2",
        "正在检查：2",
        "调度已收到照片：1",
        "完成处置",
    ),
}


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Return photos: one says where it was taken, one does not, and one is none."""
    found = [tmp_path / "valve.jpg", tmp_path / "yard.png", tmp_path / "a.jpg"]
    near = (PORT[0] + 0.001, PORT[1])
    found[0].write_bytes(encoded(drawn(1600, 1200), exif=exif(lonlat=near)))
    found[1].write_bytes(encoded(drawn(300, 400), "PNG"))
    found[2].write_bytes(b"%PDF-1.7")
    return found


def crew_on_scene(town: Town) -> tuple[Actor, int]:
    """Put a crew on scene; return a dispatcher and the incident."""
    crew_id = town.add_crew("East 1", PORT, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("east", Role.CREW, crew_id=crew_id)
    fields = {"kind": "gas_leak", "address": "Rue Grimaldi 21", "lon": PORT[0], "lat": PORT[1]}
    incident_id: int = town.services.incidents.create(dora, CreateIncident.read(fields))["id"]
    order, _ = town.services.sending.send(dora, incident_id, SendCrew(crew_id=crew_id))
    for step in ("accept", "depart", "arrive"):
        town.services.assignments.act(dora, order["id"], Action(step), Step())
    return dora, incident_id


def section(desk: Page, name: str, *, opened: bool = True) -> None:
    """Open or fold a section of the incident's panel."""
    head = desk.locator(f"[data-section={name}] .fold-head")
    if head.get_attribute("aria-expanded") != str(opened).lower():
        head.click()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_crew_photographs_in_a_cellar_reaches_the_desk_when_it_comes_up(
    town: Town, door: Door, files: list[Path], language: str, picture: Picture
) -> None:
    """It waits on the phone, through a reload too; the desk sees it come, and looks at it large."""
    add, waiting, checked, arrived, complete = WORDS[language]
    dora, incident_id = crew_on_scene(town)
    phone = door.phone("east", PORT, language=language)
    phone.get_by_role("button", name=complete).wait_for()
    expect(phone.locator(".photo-button")).to_contain_text(add)
    expect(phone.locator(".place-state")).to_contain_text(re.compile("±|误差"))
    phone.context.set_offline(True)

    phone.locator(".photo-button input").set_input_files(files[0])
    files[1].touch()  # taken just now, where the phone is
    phone.locator(".photo-button input").set_input_files(files[1])
    expect(phone.locator(".record-count").last).to_contain_text(waiting)
    expect(phone.locator(".outbox-line")).to_contain_text("2")
    picture.of(phone, f"crew-{language}-photos-waiting")
    assert town.services.photos.list(dora, incident_id)["photos"] == []
    # A reload without signal has no page to show; one with signal, but a server that cannot take
    # them yet, has to find them where they were left.
    mend = cut(phone, "/photos$")
    phone.context.set_offline(False)
    phone.reload()
    expect(phone.locator(".record-count").last).to_contain_text(waiting)

    mend()
    desk = door.desk("dora", language=language)
    queue_row(desk, "Rue Grimaldi").click()
    section(desk, "candidates", opened=False)
    section(desk, "photos")
    phone.evaluate("window.dispatchEvent(new Event('online'))")

    expect(desk.locator(".no-picture")).to_have_count(2)
    expect(phone.locator(".record-count").last).to_contain_text(checked)
    decode_waiting(town.services)
    expect(desk.locator(".thumbnail")).to_have_count(2)
    expect(phone.locator(".outbox-line")).to_be_hidden()
    expect(phone.locator(".record-count").last).to_contain_text(arrived.replace("1", "2"))
    photos = town.services.photos.list(dora, incident_id)["photos"]
    assert [each["crew_id"] for each in photos] == [photos[0]["crew_id"]] * 2 != [None] * 2
    # The one says itself where it was taken; for the other the phone said it.
    assert {round(each["lon"] or 0, 4) for each in photos} == {PORT[0], round(PORT[0] + 0.001, 4)}
    desk.locator(".thumbnail").first.click()
    viewer = desk.get_by_role("dialog")
    expect(viewer.locator("img")).to_have_js_property("complete", value=True)
    assert viewer.locator("img").evaluate("image => image.naturalWidth") > 0
    expect(viewer).to_contain_text("43.735")
    desk.keyboard.press("ArrowRight")
    expect(viewer.locator(".photo-count")).to_contain_text("2")
    picture.of(desk, f"console-{language}-photo")
    assert language == "zh" or in_both_lights(desk) == []
    desk.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(desk.locator(".incident-panel")).to_be_visible()  # the same key closes only one thing


def test_a_second_call_about_the_same_thing_a_note_and_a_photo_of_the_desk(
    town: Town, door: Door, files: list[Path]
) -> None:
    """By keyboard; wrong input is told at its field, and another desk sees each at once."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("dan", Role.DISPATCHER)
    town.add_crew("East 1", CASINO, skills=("gas",))
    fields = {"kind": "gas_leak", "address": "Rue Grimaldi 21", "lon": PORT[0], "lat": PORT[1]}
    incident_id = town.services.incidents.create(dora, CreateIncident.read(fields))["id"]
    desk, other = door.desk("dora"), door.desk("dan")
    for each in (desk, other):
        queue_row(each, "Rue Grimaldi").click()
        section(each, "candidates", opened=False)
        section(each, "reports")
        expect(each.locator(".reports .entry")).to_have_count(1)

    desk.get_by_role("button", name="Add a report").press("Enter")
    desk.get_by_role("button", name="Add report").press("Enter")
    expect(desk.locator("#report-words-error")).not_to_be_empty()
    desk.select_option("#report-channel", "hotline")
    desk.fill("#report-reference", "12345-77")
    desk.fill("#report-words", "It hisses.")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    desk.route("**/reports", hold)
    with desk.expect_request("**/reports"):
        desk.get_by_role("button", name="Add report").press("Enter")
    desk.locator(".notes textarea").fill("Key at the porter's")
    held[0].continue_()
    expect(desk.get_by_role("button", name="Add a report")).to_be_visible()
    expect(desk.locator(".notes textarea")).to_be_focused()
    desk.keyboard.press("Control+Enter")
    desk.locator(".photos input").set_input_files([files[0], files[2]])

    expect(other.locator(".reports .entry")).to_have_count(2)
    expect(other.locator(".reports")).to_contain_text("Hotline ticket 12345-77")
    expect(other.locator(".notes .entry")).to_contain_text("Key at the porter's")
    expect(other.locator(".no-picture")).to_contain_text("Received, being checked")
    decode_waiting(town.services)
    expect(other.locator(".thumbnail")).to_have_count(1)
    expect(other.locator("[data-section=photos] .fold-head")).to_contain_text("1")
    expect(desk.locator(".sending")).to_contain_text("a.jpg: must be a JPEG, PNG, WebP or HEIC")
    expect(desk.locator(".timeline")).to_contain_text("Key at the porter's")
    # Pinned, a note, a photo, and that it is shown; a report refuses nobody's send.
    assert town.services.incidents.get(dora, incident_id)["version"] == 4
