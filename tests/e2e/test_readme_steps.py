"""The README's "Try it", played word for word: a dispatcher and crew 01, on the demo's own data."""

import re
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import SYSTEM
from scripts.demo.demo_records import seed_records
from scripts.demo.demo_seed import seed_demo
from tests.e2e.conftest import DESK
from tests.e2e.conftest import PHONE
from tests.e2e.conftest import Town

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
README = Path(__file__).parents[2] / "README.md"
_TRY_IT = README.read_text(encoding="utf-8").split("## Try it")[1].split("\n## ")[0]
_STEP = re.compile(r"^\d+\. (.*(?:\n   .*)*)", re.MULTILINE)
_SIGN_IN = re.compile(
    r"sign in as `(\w+)`.*?as `(\w+)`; the password of both is `([\w-]+)`", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Windows:
    """The two windows, side by side."""

    desk: Page
    phone: Page


def _right_click_the_map(windows: Windows) -> None:
    desk = windows.desk
    box = desk.locator("#map").bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    desk.mouse.click(*middle, button="right")
    _choose_what_happened(desk)


def _choose_what_happened(desk: Page) -> None:
    form = desk.locator(".pin-form")
    kinds = form.locator("#pin-kind")
    if kinds.evaluate("node => node.tagName") == "SELECT":
        kinds.select_option("gas_leak")
    else:
        form.locator("[data-kind=gas_leak], [value=gas_leak]").first.click()
    form.locator("button[type=submit]").click()


def _on_the_right_stand_all_crews(windows: Windows) -> None:
    panel = windows.desk.locator(".incident-panel")
    recommended = panel.locator(".candidate.recommended")
    expect(recommended).to_contain_text("Crew 01")
    expect(panel.locator(".candidate .why, .excluded").first).to_be_attached()
    panel.locator("button.send").first.click()


def _in_the_other_window(windows: Windows) -> None:
    phone, panel = windows.phone, windows.desk.locator(".incident-panel")
    phone.get_by_role("button", name="Accept", exact=True).click()
    expect(panel.locator(".assignment")).to_contain_text("ccepted")
    phone.get_by_role("button", name="Depart").click()
    expect(panel.locator(".timeline [data-kind='assignment.departed']")).to_be_attached()
    phone.get_by_role("button", name="We are there").click()
    expect(panel.locator(".timeline [data-kind='assignment.arrived']")).to_be_attached()
    phone.get_by_role("button", name="Messages").click()
    phone.locator(".messages-sheet textarea").fill("Valve shut")
    phone.get_by_role("button", name="Send message").click()
    expect(panel.locator("[data-section=messages]")).to_contain_text("Valve shut")
    phone.locator(".messages-sheet .back").click()
    phone.get_by_role("button", name="Complete").click()
    # Of a gas leak the concentration at the end is asked for.
    without, repaired = (
        phone.get_by_role("button", name="Go on without it"),
        phone.get_by_label("Repaired"),
    )
    without.or_(repaired).first.wait_for()
    if without.is_visible():
        without.click()
    repaired.check()
    phone.get_by_role("button", name="Finish this order").click()
    expect(panel.locator(".timeline [data-kind='assignment.completed']")).to_be_attached()


def _press_f_and_type(windows: Windows) -> None:
    desk = windows.desk
    desk.keyboard.press("Escape")
    desk.keyboard.press("f")
    desk.keyboard.type("grimaldi / caroline")
    expect(desk.locator("#search [role=option]").first).to_contain_text("Grimaldi")
    desk.keyboard.press("Enter")
    expect(desk.locator(".found-card, .found").first).to_be_visible()
    desk.keyboard.press("Enter")
    expect(desk.locator("#pin-address")).to_have_value(re.compile("Grimaldi"))
    desk.keyboard.press("Escape")


def _press_close_roads(windows: Windows) -> None:
    desk = windows.desk
    desk.get_by_role("button", name="Road closures").click()
    desk.get_by_role("button", name="Close roads").click()
    stage = desk.locator("#map.is-marking")
    for right, down in ((300, 400), (420, 400), (420, 500)):
        stage.click(position={"x": right, "y": down})
    stage.click(position={"x": 300, "y": 500}, click_count=2)
    expect(desk.locator(".closing-form")).to_contain_text("4 corners are marked.")
    desk.get_by_label("Reason").fill("Burst main")
    desk.get_by_role("button", name="Close it").click()
    expect(desk.locator(".closure-row")).to_contain_text("active")
    desk.get_by_role("button", name="Lift closure").click()
    desk.get_by_role("button", name="Lift closure").click()  # "Reopen these roads?"
    expect(desk.locator(".closure-row")).to_contain_text("lifted")


def _replay(windows: Windows) -> None:
    desk = windows.desk
    desk.locator(".incident-row").first.click()
    with desk.context.expect_page() as opening:
        desk.locator(".incident-panel").get_by_role("link", name="Replay").click(
            modifiers=["Control"]
        )
    played = opening.value
    played.locator("body[data-ready]").wait_for()
    for _ in "reported", "sent":
        played.get_by_role("button", name="To the next event").click()
    expect(played.locator(".replay-decision")).to_contain_text("Crew 01")
    expect(played.locator("#replay-exports")).to_contain_text("GPX")
    expect(played.locator("#replay-exports")).to_contain_text("GeoJSON")
    played.close()


def _mains_valves_and_areas(windows: Windows) -> None:
    desk = windows.desk
    expect(desk.locator("[data-section=nearby]")).to_contain_text("Valve")
    desk.get_by_role("button", name="Layers").click()
    expect(desk.locator("#side")).to_contain_text("Gas mains (demo)")
    expect(desk.locator("#side")).to_contain_text("Gas valves (demo)")


def _press_for_all_keys(windows: Windows) -> None:
    desk = windows.desk
    desk.keyboard.press("?")
    expect(desk.locator("dialog[open]")).to_contain_text("Keys and commands")
    desk.keyboard.press("Escape")
    desk.keyboard.press("/")
    desk.keyboard.type("theme night")
    desk.keyboard.press("Enter")
    expect(desk.locator("html")).to_have_attribute("data-theme", "dark")
    desk.locator("#menu summary").click()
    for name in ("map", "queue"):
        own = desk.locator("#menu-commands").get_by_text(f"Open the {name} in a window of its own")
        expect(own).to_be_visible()


PLAYED: dict[str, Callable[[Windows], None]] = {
    "Right-click the map near its middle": _right_click_the_map,
    "On the right stand all crews": _on_the_right_stand_all_crews,
    "In the other window the order rings. Accept, depart, arrive": _in_the_other_window,
    "Press `f` and type": _press_f_and_type,
    "Press **⊘** on the map, then **Close roads**": _press_close_roads,
    "**Replay**, in the panel of the incident": _replay,
    "Mains, valves and response areas": _mains_valves_and_areas,
    "Press `?` for all keys, `/` for the command line": _press_for_all_keys,
}
"""How each step is played, by the words with which it begins, in their order."""


def test_every_step_of_the_readme_is_played() -> None:
    """A step that is changed or added is played before it is published."""
    steps = _STEP.findall(_TRY_IT)

    assert len(steps) == len(PLAYED)
    for step, begins in zip(steps, PLAYED, strict=True):
        assert " ".join(step.split()).startswith(begins)


@pytest.fixture
def demo(town: Town) -> Town:
    """Fill the served city with what `make run` puts there."""
    seed_demo(town.services.settings, datetime.now(UTC))
    seed_records(town.owner.url.render_as_string(hide_password=False))
    assert len(town.services.crews.list(SYSTEM)["crews"]) == 24
    return town


@pytest.fixture
def windows(demo: Town, chromium: Browser) -> Iterator[Windows]:
    """Sign in twice, as the README says: at a desk, and in a phone-sized window beside it."""
    found = _SIGN_IN.search(_TRY_IT)
    assert found is not None
    dispatcher, crew, password = found.groups()
    desk = chromium.new_context(viewport=DESK)
    phone = chromium.new_context(viewport=PHONE)
    pages = []
    for context, username in ((desk, dispatcher), (phone, crew)):
        page = context.new_page()
        page.goto(demo.server.url)
        page.get_by_label("User name").fill(username)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        pages.append(page)
    pages[0].locator("body[data-ready] #connection[data-state=live]").wait_for()
    pages[1].locator(".line-state[data-live=true]").wait_for()
    yield Windows(*pages)
    desk.close()
    phone.close()


def test_the_readme_can_be_followed_as_it_is_written(windows: Windows) -> None:
    """From the first right-click to the command line, without a word that is not there."""
    for play in PLAYED.values():
        play(windows)
