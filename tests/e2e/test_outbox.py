"""What a crew's phone tells: kept through cut lines, killed pages and full disks, sent once."""

import json
import re
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page
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
from tests.e2e.console import wait_until
from tests.e2e.line import answers_get_lost
from tests.e2e.line import cut
from tests.e2e.test_accessibility import in_both_lights
from tests.pictures import drawn
from tests.pictures import encoded

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
AN_HOUR_FAST = """
  const ahead = 3600000;
  const real = Date.now.bind(Date);
  window.Date = class extends Date {
    constructor(...given) { super(...(given.length ? given : [real() + ahead])); }
    static now() { return real() + ahead; }
  };
"""
STEPS = ["assignment.accepted", "assignment.departed", "assignment.arrived", "assignment.completed"]
LINE = ".outbox-line"
NEWS = ".outbox-news"


@dataclass(frozen=True, slots=True)
class Scene:
    """A crew that has just been sent somewhere."""

    town: Town
    dora: Actor
    crew_id: int
    incident_id: int
    order_id: int

    def state(self) -> str:
        """Return how the order stands at the desk."""
        return self.town.services.assignments.get(self.dora, self.order_id)["state"]

    def kinds(self) -> list[str]:
        """Return the kinds of the incident's events, the oldest first."""
        told = self.town.services.incidents.timeline(self.dora, self.incident_id)["events"]
        return [each["kind"] for each in sorted(told, key=lambda each: each["id"])]

    def steps(self) -> list[str]:
        """Return which steps the desk heard of, in order."""
        return [kind for kind in self.kinds() if kind in STEPS]


@pytest.fixture
def scene(town: Town) -> Scene:
    """Send a crew somewhere."""
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("east", Role.CREW, crew_id=crew_id)
    fields = {"kind": "gas_outage", "address": "Rue Grimaldi 21", "lon": PORT[0], "lat": PORT[1]}
    incident_id: int = town.services.incidents.create(dora, CreateIncident.read(fields))["id"]
    order, _ = town.services.sending.send(dora, incident_id, SendCrew(crew_id=crew_id))
    return Scene(town, dora, crew_id, incident_id, order["id"])


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Return a photo."""
    file = tmp_path / "valve.jpg"
    file.write_bytes(encoded(drawn(1200, 900)))
    return file


def killed_and_opened(page: Page, url: str) -> Page:
    """End a page without a word, and open the crew's page anew in the same browser."""
    context = page.context
    page.close()
    fresh = context.new_page()
    fresh.goto(f"{url}/crew")
    fresh.locator(".line-state[data-live=true]").wait_for()
    fresh.locator("body[data-ready]").wait_for()
    return fresh


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_job_done_in_a_cellar_goes_up_in_order_with_its_own_times(
    scene: Scene, door: Door, photo: Path, picture: Picture, language: str
) -> None:
    """The page is killed after every tap; what was half written is there again."""
    phone = door.phone("east", CASINO, language=language)
    mend = cut(phone)
    began = datetime.now(UTC)

    def tap(button: str, *, waiting: int) -> None:
        nonlocal phone
        phone.locator(button).tap()
        expect(phone.locator(LINE)).to_have_text(re.compile(f"^{waiting} "))
        expect(phone.locator(".pending[data-pending=kept]")).to_be_visible()
        phone = killed_and_opened(phone, door.url)

    tap(".offer-screen .go", waiting=1)
    tap(".drive-screen .go", waiting=2)  # sets out
    tap(".drive-screen .go", waiting=3)  # is there
    phone.locator(".photo-button input").set_input_files(photo)
    expect(phone.locator(LINE)).to_have_text(re.compile("^4 "))
    phone.locator(".scene-screen .go").tap()
    phone.locator("label.choice").first.tap()
    phone.locator(".result-screen textarea").fill("Shut by hand.")
    phone = killed_and_opened(phone, door.url)
    phone.locator(".scene-screen .go").tap()
    expect(phone.locator(".result-screen textarea")).to_have_value("Shut by hand.")
    phone.locator(".result-screen button.go").tap()
    phone.locator(".duty-screen").wait_for()
    line = phone.locator(LINE)
    expect(line).to_have_text(re.compile("^5 "))
    line.tap()
    sheet = phone.locator(".outbox-sheet")
    expect(sheet.locator(".outbox-action[data-state=waiting]")).to_have_count(5)
    assert language == "zh" or in_both_lights(phone) == []
    picture.of(phone, f"crew-{language}-outbox")
    assert scene.state() == "offered"

    mended = datetime.now(UTC)
    mend()
    sheet.locator(".outbox-acts .big").first.tap()

    wait_until(phone, lambda: scene.state() == "completed")
    expect(sheet.locator(".outbox-action")).to_have_count(0)
    assert scene.steps() == STEPS
    done = scene.town.services.assignments.get(scene.dora, scene.order_id)
    names = ("accepted_at", "departed_at", "arrived_at", "completed_at")
    times = [datetime.fromisoformat(str(done[name])) for name in names]  # type: ignore[literal-required]  # of times
    assert times == sorted(times)
    a_moment = timedelta(seconds=2)  # the answer's Date tells whole seconds
    assert began - a_moment < times[0] < times[-1] < mended + a_moment
    assert done["result"] == "Shut by hand."
    photos = scene.town.services.photos.list(scene.dora, scene.incident_id)["photos"]
    assert [each["crew_id"] for each in photos] == [scene.crew_id]


def test_an_answer_that_is_lost_at_every_step_makes_nothing_happen_twice(
    scene: Scene, door: Door, photo: Path
) -> None:
    """The line goes dead in the middle: the server has it, and the phone asks again."""
    phone = door.phone("east", CASINO)

    with answers_get_lost(phone) as lost:
        phone.locator(".offer-screen .go").tap()
        phone.get_by_role("button", name="Depart").tap()
        phone.get_by_role("button", name="We are there").tap()
        phone.locator(".photo-button input").set_input_files(photo)
        phone.get_by_role("button", name="Complete").tap()
        phone.locator("label.choice").first.tap()
        phone.locator(".result-screen button.go").tap()
        wait_until(phone, lambda: scene.state() == "completed" and len(lost()) == 5)
        expect(phone.locator(LINE)).to_be_hidden()
        assert all(200 <= status < 300 for status in lost())

    assert scene.steps() == STEPS
    assert len(scene.town.services.photos.list(scene.dora, scene.incident_id)["photos"]) == 1
    expect(phone.locator(NEWS)).to_be_hidden()


def test_a_phone_with_a_full_disk_and_a_wrong_clock_says_so_and_tells_the_right_time(
    scene: Scene, door: Door
) -> None:
    """Not kept is not called kept; it is sent from the page, and kept when there is room."""
    phone = door.phone("east", CASINO)
    phone.context.add_init_script(AN_HOUR_FAST)
    # A session of a page that goes nowhere: what it overrides would end with a navigation.
    system = phone.context.new_cdp_session(phone.context.new_page())
    origin = {"origin": door.url}
    phone.goto("about:blank")  # a database that is there goes for a while by what room there was
    system.send("Storage.clearDataForOrigin", {**origin, "storageTypes": "indexeddb"})
    system.send("Storage.overrideQuotaForOrigin", {**origin, "quotaSize": 1})
    phone.goto(f"{door.url}/crew")
    phone.locator(".offer-screen").wait_for()
    mend = cut(phone)

    phone.locator(".offer-screen .go").tap()
    expect(phone.locator(NEWS)).to_contain_text("storage of this phone is full")
    expect(phone.locator(".pending")).to_have_attribute("data-pending", "unkept")
    mend()
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    wait_until(phone, lambda: scene.state() == "accepted")
    expect(phone.locator(NEWS)).to_be_hidden()

    mend = cut(phone)
    departed = datetime.now(UTC)
    phone.get_by_role("button", name="Depart").tap()
    expect(phone.locator(NEWS)).to_contain_text("not kept: 1")
    system.send("Storage.overrideQuotaForOrigin", origin)
    expect(phone.locator(".pending")).to_have_attribute("data-pending", "kept")
    expect(phone.locator(NEWS)).to_be_hidden()
    mend()
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    wait_until(phone, lambda: scene.state() == "en_route")
    told = scene.town.services.assignments.get(scene.dora, scene.order_id)
    occurred = datetime.fromisoformat(str(told["departed_at"]))
    assert abs(occurred - departed) < timedelta(seconds=15)
    timeline = scene.town.services.incidents.timeline(scene.dora, scene.incident_id)["events"]
    (raw,) = [each for each in timeline if each["kind"] == "assignment.departed"]
    assert abs(datetime.fromisoformat(str(raw["occurred_at"])) - departed) < timedelta(seconds=15)


def test_of_two_phones_of_a_crew_the_second_is_told_that_it_was_done(
    scene: Scene, door: Door
) -> None:
    """Both show the same then, and what the second did after it counts."""
    one, two = door.phone("east", CASINO), door.phone("east", CASINO)
    second = one.context.new_page()  # a second window of the first phone sends nothing twice
    second.goto(f"{door.url}/crew")
    second.locator(".offer-screen").wait_for()
    mend = cut(one)
    one.locator(".offer-screen .go").tap()
    expect(second.locator(".drive-screen .pending")).to_be_visible()
    second.get_by_role("button", name="Depart").tap()
    expect(one.get_by_role("button", name="We are there")).to_be_visible()

    two.locator(".offer-screen .go").tap()
    wait_until(two, lambda: scene.state() == "accepted")
    mend()
    for page in (one, second):
        page.evaluate("window.dispatchEvent(new Event('online'))")

    for page in (one, second):
        expect(page.locator(NEWS)).to_contain_text("Another phone of your crew")
    for page in (one, second, two):
        expect(page.get_by_role("button", name="We are there")).to_be_visible()
    assert scene.steps() == STEPS[:2]
    one.get_by_role("button", name="Put away").tap()
    for page in (one, second):
        expect(page.locator(NEWS)).to_be_hidden()
    assert not [text for text in door.complaints if text]


def test_what_was_withdrawn_meanwhile_is_told_plainly_and_can_be_rescued(
    scene: Scene, door: Door, photo: Path, picture: Picture
) -> None:
    """The steps of that order stop; the photo and the end of duty go up all the same."""
    phone = door.phone("east", CASINO)
    mend = cut(phone)
    phone.locator(".offer-screen .go").tap()
    phone.get_by_role("button", name="Depart").tap()
    phone.get_by_role("button", name="We are there").tap()
    phone.locator(".photo-button input").set_input_files(photo)
    phone.get_by_role("button", name="Complete").tap()
    phone.locator("label.choice").first.tap()
    phone.get_by_label("What was done").fill("Valve 7 shut")
    phone.locator(".result-screen button.go").tap()
    phone.locator(".duty-screen").get_by_role("button", name="End duty").tap()
    ending = phone.locator(".end-screen")
    expect(ending).to_contain_text("Your last steps are not sent yet")
    ended = datetime.now(UTC)
    ending.get_by_role("button", name="End duty").tap()
    expect(phone.locator(".duty-screen")).to_have_attribute("data-duty", "off_duty")
    scene.town.services.assignments.act(
        scene.dora, scene.order_id, Action.WITHDRAW, Step(reason="false alarm")
    )
    phone.wait_for_timeout(1100)  # what was asked at the desk came later than the end of duty

    mend()
    phone.evaluate("window.dispatchEvent(new Event('online'))")

    news = phone.locator(NEWS)
    expect(news).to_contain_text("Withdrawn while you were offline")
    expect(news).to_contain_text("Complete")
    phone.locator(".notice-screen .go").tap()
    wait_until(phone, lambda: "incident.photo_added" in scene.kinds() or bool(_photos(scene)))
    crew = scene.town.services.crews.get(scene.dora, scene.crew_id)
    wait_until(
        phone,
        lambda: scene.town.services.crews.get(scene.dora, scene.crew_id)["duty"] == "off_duty",
    )
    crew = scene.town.services.crews.get(scene.dora, scene.crew_id)
    changed = datetime.fromisoformat(crew["duty_changed_at"])
    assert abs(changed - ended) < timedelta(seconds=10)
    picture.of(phone, "crew-en-refused")
    news.get_by_role("button", name="More").tap()
    sheet = phone.locator(".outbox-sheet")
    expect(sheet.locator(".outbox-action[data-state=refused]")).to_have_count(1)
    expect(sheet.locator(".outbox-action[data-state=stopped]")).to_have_count(3)
    with phone.expect_download() as saved:
        sheet.get_by_role("button", name="Save as a file").tap()
    rescued = json.loads(saved.value.path().read_text(encoding="utf-8"))
    assert re.fullmatch(r"nearcrew-\d+-[\d-]+\.json", saved.value.suggested_filename)
    bodies = {each["kind"]: each["body"] for each in rescued["actions"]}
    assert bodies["complete"]["result"] == "Valve 7 shut"
    sheet.get_by_role("button", name="Put away").tap()
    expect(sheet).to_contain_text("Everything is sent.")
    sheet.get_by_role("button", name="Back").tap()
    expect(news).to_be_hidden()


def _photos(scene: Scene) -> list[object]:
    return list(scene.town.services.photos.list(scene.dora, scene.incident_id)["photos"])
