"""The planners' page: points drawn and dragged, cover that follows; scenarios and studies."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.incidents.types import CreateIncident
from dispatch.outcomes.types import Complete
from dispatch.planning.states import StudyKind
from dispatch.planning.types import Conditions
from dispatch.planning.types import Post
from dispatch.planning.types import SaveScenario
from dispatch.planning.types import StartStudy
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.test_accessibility import in_both_lights

pytestmark = [pytest.mark.browser, pytest.mark.postgis]


@pytest.fixture
def plan(town: Town, door: Door) -> Callable[..., Page]:
    """Return a function that opens the page for a planner."""

    def open_page(*, language: str = "en", size: tuple[int, int] = (1440, 900)) -> Page:
        page = door.desk("petra", language=language, size=size)
        page.goto(f"{town.server.url}/plan")
        page.locator("body[data-ready]").wait_for()
        return page

    town.sign_up("petra", Role.PLANNER)
    return open_page


def click_map(page: Page, across: float, down: float) -> None:
    """Click the map at a share of its width and height."""
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])


def covered(page: Page) -> float:
    """Return the share that the page shows, once it does."""
    whole = page.locator("#plan-whole")
    expect(whole).to_contain_text("%")
    return float(whole.inner_text().removesuffix(" %"))


def drag(page: Page, post: Locator, across_px: float, down_px: float) -> None:
    """Drag a point some pixels, in small moves."""
    box = post.bounding_box()
    assert box is not None
    from_x, from_y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(from_x, from_y)
    page.mouse.down()
    page.mouse.move(from_x + across_px, from_y + down_px, steps=8)


def save(page: Page, name: str) -> None:
    """Keep the plan on the screen."""
    page.fill("#plan-name", name)
    page.click("#plan-save")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def test_points_are_drawn_and_dragged_and_cover_follows_the_pointer(
    plan: Callable[..., Page], picture: Picture
) -> None:
    """It changes with points, with minutes, and while a point is still held."""
    page = plan()
    posts = page.locator(".plan-post")
    expect(page.locator("#plan-whole")).to_have_text("–")
    click_map(page, 0.45, 0.5)
    alone = covered(page)
    click_map(page, 0.7, 0.3)
    expect(page.locator("#plan-whole")).not_to_have_text(f"{alone} %")
    both = covered(page)
    page.fill("#plan-minutes", "3")
    expect(page.locator("#plan-whole")).not_to_have_text(f"{both} %")
    short = covered(page)
    page.click("#plan-keep")

    drag(page, posts.nth(1), -150, 120)
    expect(page.locator("#plan-whole")).not_to_have_text(f"{short} %")
    page.mouse.up()

    expect(posts).to_have_count(2)
    expect(page.locator(".plan-difference")).to_contain_text("percentage points")
    picture.of(page, "planning-en")
    assert both > alone > 0
    assert short < both


def test_a_scenario_is_there_after_a_reload_and_a_study_of_it_has_a_report(
    town: Town, plan: Callable[..., Page], picture: Picture
) -> None:
    """Waiting while nobody runs studies; then the real command, and its report in a sandbox."""
    page = plan()
    click_map(page, 0.45, 0.5)
    page.fill("#plan-minutes", "3")
    page.locator(".plan-point input").fill("Harbour")
    save(page, "Winter")
    shown = covered(page)
    page.reload()
    page.locator("body[data-ready]").wait_for()
    expect(page.locator(".plan-point input")).to_have_value("Harbour")
    expect(page.locator("#plan-minutes")).to_have_value("3")
    expect(page.locator("#plan-whole")).to_have_text(f"{shown} %")

    expect(page.locator(".plan-nobody")).to_contain_text("Nobody runs studies")
    page.click("#plan-start")
    study = page.locator(".plan-study")
    expect(study).to_contain_text("waiting")
    town.services.study_running.run(int(study.get_attribute("data-id") or 0))
    with page.context.expect_page() as opened:
        study.get_by_role("link", name="Open the report").click()
    report = opened.value

    expect(report.locator("h1")).to_contain_text("Cover")
    found = re.search(r"([0-9.]+)\s%\sof demand is reached", report.locator("body").inner_text())
    assert found is not None
    # The study counts walks from the street to the place, so it may find some more.
    assert shown - 0.5 <= float(found[1]) < shown + 3
    assert report.evaluate("() => self.origin") == "null"
    picture.of(report, "planning-report")
    page.locator(".plan-study-said").scroll_into_view_if_needed()
    picture.of(page, "planning-study")


def test_points_come_from_a_file_and_what_is_wrong_is_said_with_its_row(
    town: Town, plan: Callable[..., Page]
) -> None:
    """A table and GeoJSON; a row without a number; the idle crews as they stand."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    page = plan()
    rows = (
        f"name,lon,lat\nCasino,{CASINO[0]},{CASINO[1]}\nStade,{FONTVIEILLE[0]},{FONTVIEILLE[1]}\n"
    )

    def load(name: str, content: str) -> None:
        file = {"name": name, "mimeType": "text/plain", "buffer": content.encode()}
        page.set_input_files("#plan-file", file)  # type: ignore[arg-type]  # as documented

    load("posts.csv", rows)
    expect(page.locator(".plan-post")).to_have_count(2)
    expect(page.locator(".plan-point input").nth(1)).to_have_value("Stade")
    load("bad.csv", rows + "Nowhere,,43.7\n")
    expect(
        page.get_by_text("bad.csv: Row 4: longitude and latitude must be numbers.")
    ).to_be_visible()
    expect(page.locator(".plan-post")).to_have_count(2)
    page.get_by_role("button", name="From the crews, as they stand").click()
    expect(page.locator(".plan-post")).to_have_count(3)
    expect(page.locator(".plan-point input").nth(2)).to_have_value("East 1")


def test_points_are_moved_and_removed_by_the_keyboard(plan: Callable[..., Page]) -> None:
    """Added in the middle of the map by its button; arrows move it, Delete takes it away."""
    page = plan()
    page.get_by_role("button", name="Add in the middle of the map").press("Enter")
    post = page.locator(".plan-post")
    expect(post).to_be_focused()
    before = post.bounding_box()
    assert before is not None

    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    after = post.bounding_box()
    assert after is not None
    page.keyboard.press("Delete")

    expect(page.locator(".plan-post")).to_have_count(0)
    expect(page.locator("#plan-whole")).to_have_text("–")
    assert after["x"] - before["x"] == pytest.approx(120, abs=3)
    assert after["y"] == pytest.approx(before["y"], abs=3)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_has_no_grave_finding_and_fits_a_phone(
    plan: Callable[..., Page], picture: Picture, language: str
) -> None:
    """By day and by night, with points, a kept variant and a scenario; 390 pixels wide."""
    page = plan(language=language)
    click_map(page, 0.45, 0.5)
    click_map(page, 0.7, 0.3)
    covered(page)
    page.click("#plan-keep")
    page.locator(".plan-point button").nth(2).click()
    page.fill("#plan-name", "Winter")
    page.click("#plan-save")
    page.locator(".plan-scenario").wait_for()
    picture.of(page, f"plan-{language}-wide")

    found = in_both_lights(page)
    picture.of(page, f"plan-{language}-night")
    page.set_viewport_size({"width": 390, "height": 844})
    narrow = in_both_lights(page)
    wide_px = page.evaluate("() => document.documentElement.scrollWidth")
    picture.of(page, f"plan-{language}-narrow")

    assert (found, narrow) == ([], [])
    assert wide_px == 390


def test_whoever_may_not_plan_has_neither_the_link_nor_the_page(town: Town, door: Door) -> None:
    """A dispatcher; a supervisor has both."""
    town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("sven", Role.SUPERVISOR)
    link = "a.menu-link[href='/plan']"

    desk, lead = door.desk("dora"), door.desk("sven")
    answer = desk.goto(f"{town.server.url}/plan")

    assert answer is not None
    assert answer.status == 403
    expect(lead.locator(link)).to_have_count(1)


@pytest.mark.long
def test_every_kind_of_study_has_a_report_of_the_city(town: Town) -> None:
    """By the real commands, from the files that a scenario becomes and the log of the desk."""
    services, planner = town.services, town.sign_up("petra", Role.PLANNER)
    dora = town.sign_up("dora", Role.DISPATCHER)
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    for number in range(12):
        lonlat = (CASINO, FONTVIEILLE, PORT)[number % 3]
        fields = {"kind": "gas_leak", "address": str(number), "lon": lonlat[0], "lat": lonlat[1]}
        incident = services.incidents.create(dora, CreateIncident.read(fields))
        order, _ = services.sending.send(dora, incident["id"], SendCrew(crew_id=crew_id))
        for step in ("accept", "depart", "arrive"):
            services.assignments.act(dora, order["id"], Action(step), Step())
        services.assignments.act(dora, order["id"], Action.COMPLETE, Complete(outcome="repaired"))
    posts = [Post(name=str(at), lon=at[0], lat=at[1]) for at in (CASINO, FONTVIEILLE, PORT)]
    wanted = SaveScenario(name="Three", posts=posts, conditions=Conditions(minutes=3))
    scenario, _ = services.scenarios.save(planner, wanted)

    ended = {}
    for kind in StudyKind:
        asked, _ = services.studies.start(
            planner, StartStudy(scenario_id=scenario["id"], kind=kind, count=2)
        )
        services.study_running.run(asked["id"])
        study = services.studies.get(planner, asked["id"])
        ended[kind] = study["state"], study["failure"], study["said"] if study["failure"] else ""

    assert ended == dict.fromkeys(StudyKind, ("done", None, ""))
