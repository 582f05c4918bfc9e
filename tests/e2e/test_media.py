"""Video, sound, a signature and a HEIC photo from a cellar; played at the desk, printed as PDF."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import queue_row
from tests.e2e.test_accessibility import in_both_lights
from tests.e2e.test_record import crew_on_scene
from tests.e2e.test_record import section
from tests.pdf_text import pdf_text
from tests.pictures import decode_waiting

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
HEIC = Path(__file__).parents[1] / "dispatch" / "records" / "files" / "valve.heic"
_PLAYS = """player => new Promise((done, fail) => {
    player.onplaying = () => done(player.currentTime >= 0);
    player.onerror = () => fail(player.error.message);
    player.muted = true;
    player.play();
})"""


def record(phone: Page, kind: str, picture: Picture) -> None:
    """Record for a second and more."""
    phone.locator(f"[data-record={kind}]").click()
    screen = phone.locator(".recording-screen")
    expect(screen.locator(".huge")).to_have_text(re.compile(r"0:28|1:58"))
    picture.of(phone, f"crew-en-record-{kind}")
    screen.get_by_role("button", name="Stop and keep").click()
    expect(screen).to_have_count(0)


def sign(phone: Page, name: str) -> None:
    """Draw two lines where the customer signs; what is half signed outlives other screens."""
    phone.locator("[data-sign]").click()
    done = phone.get_by_role("button", name="Keep signature")
    expect(done).to_be_disabled()
    phone.get_by_label("Name of who signs").fill(name)
    box = phone.locator(".signature-pad").bounding_box()
    assert box is not None
    for left, top in ((40, 60), (160, 80)):
        phone.mouse.move(box["x"] + left, box["y"] + top)
        phone.mouse.down()
        phone.mouse.move(box["x"] + left + 60, box["y"] + top + 30, steps=6)
        phone.mouse.move(box["x"] + left + 90, box["y"] + top - 20, steps=6)
        phone.mouse.up()
    phone.get_by_role("button", name="Back").click()
    phone.locator("[data-sign]").click()
    expect(done).to_be_enabled()


def test_what_a_crew_records_and_has_signed_in_a_cellar_is_played_and_printed_at_the_desk(
    town: Town, door: Door, picture: Picture
) -> None:
    """Nothing of it needs a signal; with one again the desk has all, and the order has a report."""
    dora, incident_id = crew_on_scene(town)
    phone = door.phone("east", PORT)
    phone.locator("[data-sign]").wait_for()
    expect(phone.locator(".place-state")).to_contain_text("±")
    phone.context.set_offline(True)

    for kind in ("video", "audio"):
        record(phone, kind, picture)
    expect(phone.locator(".recordings .record-count")).to_have_text("recordings waiting: 2")
    phone.locator("[data-record=video]").click()
    phone.get_by_role("button", name="Discard").click()
    sign(phone, "Li Wei")
    picture.of(phone, "crew-en-sign")
    assert in_both_lights(phone) == []
    phone.get_by_role("button", name="Keep signature").click()
    expect(phone.locator(".signature .record-count")).to_have_text("Signed by Li Wei")
    phone.locator(".photo-button input").set_input_files(HEIC)
    picture.of(phone, "crew-en-media-waiting")
    phone.context.set_offline(False)

    expect(phone.locator(".recordings .record-count")).to_have_text("Recordings at the desk: 2")
    expect(phone.locator(".record-count").last).to_contain_text("being checked: 1")
    decode_waiting(town.services)
    (photo,) = town.services.photos.list(dora, incident_id)["photos"]
    assert (photo["state"], photo["width"], photo["height"]) == ("shown", 120, 160)
    recordings = town.services.recordings.list(dora, incident_id)["recordings"]
    assert [each["kind"] for each in recordings] == ["video", "audio"]
    assert {round(each["lon"] or 0, 4) for each in recordings} == {PORT[0]}
    assert all((each["duration_s"] or 0) >= 1 for each in recordings)

    desk = door.desk("dora")
    queue_row(desk, "Rue Grimaldi").click()
    section(desk, "candidates", opened=False)
    for name in ("recordings", "work-reports"):
        section(desk, name)
    for kind in ("video", "audio"):
        assert desk.locator(f".recordings {kind}").evaluate(_PLAYS)
    expect(desk.locator(".signed figcaption")).to_contain_text("Signed by Li Wei")
    expect(desk.get_by_role("link", name="Report (PDF)")).to_have_count(0)

    phone.locator(".scene-screen .go").click()
    phone.get_by_role("button", name="Go on without it").click()
    phone.locator("label.choice", has_text="Repaired").click()
    phone.get_by_label("What was done, what is left").fill("New seal at the meter")
    phone.get_by_role("button", name="Finish this order").click()
    on_phone = phone.locator(".finished-order").get_by_role("link", name="Report (PDF)")
    at_desk = desk.get_by_role("link", name="Report (PDF)")
    for page, link in ((phone, on_phone), (desk, at_desk)):
        address = link.get_attribute("href")
        assert address is not None
        printed = page.request.get(f"{door.url}{address}")
        assert printed.headers["content-type"] == "application/pdf"
        text = pdf_text(printed.body())
        for expected in ("Repair report", "New seal at the meter", "Li Wei", "Rue Grimaldi 21"):
            assert expected in text
    picture.of(phone, "crew-en-finished")
    picture.of(desk, "console-en-recordings")
    assert in_both_lights(desk) == []
