"""Who reported something follows it on an old phone; anybody reports, and the desk decides."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.callers.types import SendCallerLink
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import PHONE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import queue_row
from tests.e2e.test_accessibility import findings
from tests.orders import step_for
from tests.pictures import drawn
from tests.pictures import encoded

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
SAYS = {
    "en": ("looking for a crew", "on its way", "is there", "is finished", "third gate"),
    "zh": ("正在安排抢修人员", "正在赶来", "已到现场", "处理完毕", "第三个门"),
}


def _stranger(door: Door, language: str, *, script: bool) -> Page:
    """Return the phone of somebody without an account."""
    context = door.browser.new_context(
        viewport=PHONE,
        locale="zh-CN" if language == "zh" else "en-GB",
        java_script_enabled=script,
        geolocation={"longitude": PORT[0], "latitude": PORT[1]},
        permissions=["geolocation"],
    )
    door.contexts.append(context)
    context.set_default_timeout(15_000)
    return context.new_page()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_caller_follows_the_crew_and_says_where_he_is_without_any_script(
    town: Town, door: Door, tmp_path: Path, picture: Picture, language: str
) -> None:
    """Step by step to the end; what he says is seen at the desk and by the crew that comes."""
    searching, coming, there, finished, words = SAYS[language]
    photo = tmp_path / "spot.jpg"
    photo.write_bytes(encoded(drawn()))
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("east", Role.CREW, crew_id=crew_id)
    job = town.services
    job.roads.refresh()
    fields = {"kind": "gas_leak", "address": "Quai 1", "caller_phone": "+377 1"}
    wanted = CreateIncident.read({**fields, "lon": PORT[0], "lat": PORT[1]})
    incident = job.incidents.create(dora, wanted)["id"]
    report = job.reports.list(dora, incident)["reports"][0]["id"]
    asked = SendCallerLink(sms=False)
    link = job.callers.send(dora, incident, report, asked, f"{town.server.url}/")["link"]
    caller = _stranger(door, language, script=False)
    caller.goto(link)
    expect(caller.locator("h1")).to_contain_text(searching)
    order, _ = job.sending.send(dora, incident, SendCrew(crew_id=crew_id))
    for action in (Action.ACCEPT, Action.DEPART):
        job.assignments.act(dora, order["id"], action, step_for(action))
    town.move(crew_id, CASINO)
    caller.goto(link)
    expect(caller.locator("h1")).to_contain_text(coming)
    expect(caller.locator(".arrival")).to_contain_text(re.compile(r"\d\d:\d\d"))
    expect(caller.locator(".crew")).to_contain_text(re.compile(r"\d+ "))
    picture.of(caller, f"caller-{language}")

    caller.locator("a[href*='/here']").click()
    caller.fill("#words", words)
    caller.set_input_files("#photo", photo)
    caller.locator("button[type=submit]").click()
    caller.wait_for_url(re.compile(r"/t/[^/]+$|/t/[^/]+\?"))
    desk = door.desk("dora", language=language)
    queue_row(desk, "Quai 1").click()
    desk.locator("[data-section=reports] button").first.click()
    expect(desk.locator(".caller-link")).to_contain_text(words)
    phone = door.phone("east", CASINO, language=language)
    expect(phone.locator(".caller-place").first).to_contain_text(words)

    for action, sentence in ((Action.ARRIVE, there), (Action.COMPLETE, finished)):
        job.assignments.act(dora, order["id"], action, step_for(action))
        caller.goto(link)
        expect(caller.locator("h1")).to_contain_text(sentence)
    caller.locator("a[href*='/rating']").click()
    caller.check("#r4")
    caller.check("#call_back")
    caller.locator("button[type=submit]").click()
    expect(desk.locator(".caller-link")).to_contain_text("4")
    looked = _stranger(door, language, script=True)
    looked.goto(link)
    assert looked.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    assert findings(looked) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_anybody_reports_waits_apart_until_the_desk_confirms_it(
    town: Town, door: Door, picture: Picture, language: str
) -> None:
    """The browser has worked for it meanwhile; no crew is sent by itself."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora", language=language)
    person = _stranger(door, language, script=True)
    complaints: list[str] = []
    person.on("pageerror", lambda error: complaints.append(str(error)))
    person.on(
        "console", lambda said: complaints.append(said.text) if said.type == "error" else None
    )
    person.goto(f"{town.server.url}/report")
    person.select_option("#kind", "gas_leak")
    person.click("#find")
    expect(person.locator("#lon")).to_have_value(re.compile(r"7\.42"))
    found_lon = float(person.input_value("#lon"))
    person.click("#show-map")
    on_map = person.locator("#map-picture")
    person.wait_for_function("() => document.getElementById('map-picture').naturalWidth > 0")
    across_px = float(on_map.evaluate("(picture) => picture.clientWidth"))
    on_map.click(position={"x": 0.75 * across_px, "y": 40.0})
    # A quarter of 600 m to the east: 150 / (111 195 * cos 43.74°) = 0.00187°.
    assert float(person.input_value("#lon")) - found_lon == pytest.approx(0.00187, abs=2e-4)
    person.fill("#address", "Quai 7")
    person.fill("#words", "it hisses <b>")
    person.fill("#phone", "+377 2")
    picture.of(person, f"report-{language}")
    found = findings(person)
    person.locator("#send").click()
    person.wait_for_url(re.compile("/report/thanks"))

    box = desk.locator(".unconfirmed")
    expect(box.locator(".unconfirmed-row")).to_have_count(1)
    box.locator("summary").click()
    expect(box).to_contain_text("it hisses <b>")
    expect(desk.locator(".incident-row")).to_have_count(0)
    picture.of(desk, f"unconfirmed-{language}")
    found += findings(desk)
    box.locator("button.primary").click()

    expect(box).to_be_hidden()
    expect(queue_row(desk, "Quai 7")).to_be_visible()
    assert (found, complaints) == ([], [])
    incident = town.services.incidents.list(town.sign_up("sue", Role.SUPERVISOR))["incidents"][0]
    assert (incident["assignments"], incident["caller_phone"]) == ([], "+377 2")
