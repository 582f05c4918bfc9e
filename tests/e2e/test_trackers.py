"""A tracker set up at the desk, the fix that comes by its link, and a crew that is not heard."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import expect

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.silence.models import CrewSilence
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import TWO_FRAMES
from tests.e2e.test_accessibility import findings

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
_CUT = Path(__file__).with_name("cut_words.js").read_text(encoding="utf-8")


def _send(town: Town, link: str, **fields: str) -> int:
    """Send by a link's id what a phone sends; return the status."""
    query = dict(each.split("=") for each in urlsplit(link).query.split("&"))
    told = {"id": query["id"], "lon": str(CASINO[0]), "lat": str(CASINO[1]), **fields}
    return httpx.get(f"{town.server.url}{urlsplit(link).path}", params=told).status_code


def _fall_silent(town: Town, crew_id: int) -> None:
    """Let a crew be one that the worker has found silent."""
    services = town.services
    now = services.clock()
    with services.work.writing() as session:
        session.add(
            CrewSilence(
                crew_id=crew_id,
                heard_at=now - timedelta(seconds=200),
                limit_s=180,
                alarmed_at=now,
                escalate_at=now + timedelta(seconds=180),
            )
        )
        session.flush()
        events.append(session, EventKind.CREW_SILENT, SYSTEM, at=now, crew_id=crew_id)


def test_a_phone_is_set_up_by_a_link_and_the_board_shows_what_it_sends(
    town: Town, door: Door, picture: Picture
) -> None:
    """Added by an administrator; refused fixes are shown with their reasons; then revoked."""
    town.sign_up("ada", Role.ADMINISTRATOR)
    for name in ("Gas 1", "Gas 2"):
        town.services.crews.add(SYSTEM, AddCrew(name=name, duty=Duty.ON_DUTY))
    desk = door.desk("ada")
    desk.locator("#menu summary").click()
    desk.get_by_role("link", name="Trackers").click()
    expect(desk.locator(".sum")).to_have_text("0 trackers · none in trouble")

    desk.get_by_role("button", name="Add a tracker").click()
    desk.get_by_label("Crew", exact=True).select_option("Gas 2")
    assert findings(desk) == []
    desk.get_by_role("button", name="Add the tracker").click()
    link = desk.locator(".setup-link").get_attribute("href")
    assert link is not None
    assert link.startswith(f"{door.url}/ingest/osmand?id=")
    expect(desk.get_by_role("img", name="QR code that sets the phone up")).to_be_visible()
    picture.of(desk, "tracker-link-en")
    assert findings(desk) == []
    desk.get_by_role("button", name="Close").click()

    row = desk.locator("tbody tr", has_text="Gas 2")
    expect(row.locator(".troubles")).to_contain_text("Never heard")
    assert _send(town, link, batt="81", accuracy="8") == 200
    assert _send(town, link, valid="false") == 200
    desk.reload()
    expect(row.locator("[data-column=battery]")).to_contain_text("81 %")
    expect(row.locator("[data-column=refused]")).to_contain_text("1 × unreadable or marked invalid")
    expect(row.locator("[data-column=heard]")).to_contain_text("ago")
    expect(row).to_contain_text("in use")
    expect(desk.locator(".sum")).to_have_text("One tracker · none in trouble")
    row.get_by_role("button", name="Refused").click()
    expect(desk.locator(".refused-list tbody tr")).to_have_count(1)
    desk.get_by_role("button", name="Close").click()
    picture.of(desk, "trackers-en")
    assert findings(desk) == []
    for width in (1440, 1024):
        desk.set_viewport_size({"width": width, "height": 900})
        desk.evaluate(TWO_FRAMES)
        assert desk.evaluate(_CUT) == []

    phone = door.desk("ada", language="zh", size=(390, 844), dark=True)
    phone.goto(f"{door.url}/trackers")
    expect(phone.locator(".sum")).to_have_text("1 个定位器 · 均正常")
    picture.of(phone, "trackers-zh-phone")
    assert findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.evaluate(_CUT) == []

    desk.once("dialog", lambda dialog: dialog.accept())
    row.get_by_role("button", name="Revoke").click()
    expect(desk.locator("tbody tr")).to_have_count(0)


def test_a_silent_crew_is_loud_at_the_desk_until_somebody_sees_to_it(
    town: Town, door: Door, picture: Picture
) -> None:
    """Who it is, since when, and one button."""
    town.sign_up("dora", Role.DISPATCHER)
    crew_id = town.add_crew("Gas 1", CASINO, skills=("gas",))
    desk = door.desk("dora")
    _fall_silent(town, crew_id)

    call = desk.locator(".silent-call")
    expect(call).to_contain_text("Gas 1 is not heard since")
    expect(call).to_have_class("safety-call silent-call loud")
    picture.of(desk, "silent-crew-en")
    assert findings(desk) == []
    call.get_by_role("button", name="I see to it").click()
    expect(call).to_contain_text("Gas 1: dora sees to it")
