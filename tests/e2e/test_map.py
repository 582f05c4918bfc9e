"""Where the map begins, where it can be pinned, and what happens when the ground changes."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from dispatch.incidents.types import CreateIncident
from geodata.db import make_engine
from scripts.commands.import_osm import import_with_progress
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Town
from tests.e2e.markers import find_mark
from tests.e2e.markers import is_on_stage
from tests.e2e.markers import wait_for_mark

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
EDGE_PX = 12


def box(locator: Locator) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of what is on the screen."""
    found = locator.bounding_box()
    assert found is not None
    return (
        found["x"],
        found["y"],
        found["x"] + found["width"],
        found["y"] + found["height"],
    )


def zoom_out(page: Page) -> None:
    """Press the minus as long as it does something."""
    minus = page.get_by_role("button", name="Zoom out")
    while minus.get_attribute("aria-disabled") != "true":
        minus.click()
        expect(page.locator(".leaflet-zoom-anim")).to_have_count(0)


def test_the_map_begins_on_what_matters_and_fills_the_stage(town: Town, door: Door) -> None:
    """Every crew on duty and every incident in sight, and street map in every corner."""
    near = town.add_crew("East 1", CASINO, skills=("gas",))
    far = town.add_crew("West 2", FONTVIEILLE, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    incident = town.services.incidents.create(
        dora, CreateIncident(kind="gas_leak", lon=PORT[0], lat=PORT[1])
    )
    desk = door.desk("dora")

    marks = [
        wait_for_mark(desk, "crew", near),
        wait_for_mark(desk, "crew", far),
        wait_for_mark(desk, "incident", incident["id"]),
    ]

    assert [is_on_stage(desk, mark) for mark in marks] == [True, True, True]
    left, top, right, bottom = box(desk.locator("#map"))
    for x, y in ((left + EDGE_PX, top + EDGE_PX), (right - 60, bottom - 60)):
        desk.mouse.click(x, y, button="right")
        expect(desk.locator(".pin-form")).to_be_visible()
        desk.keyboard.press("Escape")


def test_the_home_button_comes_back_to_what_matters(town: Town, door: Door) -> None:
    """From anywhere, at one click."""
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    # The first view is laid when the crews are there.
    assert is_on_stage(desk, wait_for_mark(desk, "crew", crew_id))
    desk.locator("#map").focus()
    for _ in range(8):
        desk.keyboard.press("Shift+ArrowRight")
        expect(desk.locator(".leaflet-pan-anim")).to_have_count(0)
    assert not is_on_stage(desk, find_mark(desk, "crew", crew_id))

    desk.get_by_role("button", name="all crews and incidents").click()

    assert is_on_stage(desk, find_mark(desk, "crew", crew_id))


def test_with_nobody_there_the_ground_fills_the_stage(town: Town, door: Door) -> None:
    """An empty board still shows a city, not a stamp on a grey sheet."""
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    # What is to be done on the first day stands over the map until it is put away.
    desk.get_by_role("button", name="Hide this").click()
    left, top, _, bottom = box(desk.locator("#map"))

    for y in (top + EDGE_PX, bottom - 60):
        desk.mouse.click(left + EDGE_PX, y, button="right")

        expect(desk.locator(".pin-form")).to_be_visible()
        desk.keyboard.press("Escape")


def test_a_pin_outside_the_ground_is_refused_kindly(town: Town, door: Door) -> None:
    """No form for a place that no crew can be routed to; what is wrong is said at once."""
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    zoom_out(desk)
    left, top, _, _ = box(desk.locator("#map"))

    desk.mouse.click(left + EDGE_PX, top + EDGE_PX, button="right")

    expect(desk.locator(".toast.note")).to_contain_text("outside the map of Monaco")
    expect(desk.locator(".pin-form")).to_have_count(0)


def test_an_open_page_draws_a_newly_imported_ground_and_keeps_what_is_typed(
    town: Town, door: Door, monaco_pbf: Path
) -> None:
    """Nobody has to reload, and nobody loses half a report."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    desk.locator("#map").click(button="right", position={"x": 360, "y": 400})
    desk.fill("#pin-address", "Rue Grimaldi 21")

    former = town.services.ground.info()["ground_id"] or 0
    owner = make_engine(town.services.settings.database_admin_url or "")

    with desk.expect_request(
        lambda request: request.url.endswith(f"={former + 1}"), timeout=60_000
    ):
        import_with_progress(owner, monaco_pbf, name="Monaco again")

    owner.dispose()
    expect(desk.locator("#ground-name")).to_have_text("Monaco again")
    expect(desk.locator("#pin-address")).to_have_value("Rue Grimaldi 21")
