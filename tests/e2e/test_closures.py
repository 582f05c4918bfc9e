"""Closing roads at the console: marked on the map, in force at once, lifted again."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.closures.types import CloseRoads
from dispatch.closures.types import LiftClosure
from dispatch.incidents.types import CreateIncident
from dispatch.incidents.types import IncidentAnswer
from dispatch.sending.types import SendCrew
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import candidate
from tests.e2e.markers import on_map

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
LonLat = tuple[float, float]


@pytest.fixture
def scene(town: Town) -> tuple[Actor, IncidentAnswer]:
    """Return a dispatcher and an incident at the port; a crew stands at the casino."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    wanted = {"kind": "gas_leak", "lon": PORT[0], "lat": PORT[1], "address": "Quai"}
    return dora, town.services.incidents.create(dora, CreateIncident.read(wanted))


def pixels(page: Page) -> Callable[[LonLat], tuple[float, float]]:
    """Return how places lie on the map, as the map itself reckons."""

    def at(place: LonLat) -> tuple[float, float]:
        return on_map(page, place)

    return at


def click(page: Page, at: tuple[float, float], *, twice: bool = False) -> None:
    """Click on the map once it takes clicks."""
    page.locator("#map.is-marking").click(
        position={"x": at[0], "y": at[1]}, click_count=2 if twice else 1
    )


def middle_of_the_way(town: Town, dora: Actor, incident: IncidentAnswer) -> LonLat:
    """Return a place halfway between the crew and the incident."""
    crew_id = town.services.crews.list(dora)["crews"][0]["id"]
    way = town.services.paths.of_crew(dora, incident["id"], crew_id)
    line = way["geometry"]["coordinates"]
    lon, lat = line[len(line) // 2]
    return lon, lat


def mark_area(page: Page, centre: tuple[float, float], half: int = 55) -> None:
    """Click three corners of a square, and the fourth twice."""
    corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
    for number, (right, down) in enumerate(corners, 1):
        click(page, (centre[0] + right, centre[1] + down), twice=number == len(corners))


def test_an_area_is_drawn_saved_seen_at_the_other_desk_and_lifted(
    town: Town, door: Door, scene: tuple[Actor, IncidentAnswer], picture: Picture
) -> None:
    """The travel time on the screen changes by itself, and back."""
    dora, incident = scene
    town.services.roads.refresh()
    town.sign_up("eva", Role.DISPATCHER)
    way = middle_of_the_way(town, dora, incident)
    other = door.desk("eva")
    other.locator(".incident-row").click()
    arrival = candidate(other, "East 1").locator(".arrival")
    expect(arrival).to_contain_text("min")
    before = arrival.inner_text()
    desk = door.desk("dora")

    desk.get_by_role("button", name="Road closures").click()
    desk.get_by_role("button", name="Close roads").click()
    mark_area(desk, pixels(desk)(way))
    expect(desk.locator(".closing-form")).to_contain_text("4 corners are marked.")
    desk.fill("#closing-reason", "Burst main")
    desk.keyboard.press("Enter")

    expect(desk.locator(".closure-row")).to_contain_text("active")
    expect(desk.locator(".closure-row")).to_contain_text("Burst main")
    for page in (desk, other):
        expect(page.locator("path.closure.area")).to_have_count(1)
        expect(page.locator(".closure-label")).to_contain_text("Area closed")
    expect(arrival).not_to_have_text(before)
    picture.of(desk, "console-en-closure")

    desk.get_by_role("button", name="Lift closure").click()
    desk.get_by_role("button", name="Lift closure").click()

    expect(desk.locator(".closure-row")).to_contain_text("lifted")
    for page in (desk, other):
        expect(page.locator("path.closure")).to_have_count(0)
    expect(arrival).to_have_text(before)


def test_a_stretch_of_road_is_two_clicks_and_follows_the_road(
    town: Town, door: Door, scene: tuple[Actor, IncidentAnswer], picture: Picture
) -> None:
    """In Chinese, one direction; the word is on the map."""
    dora, incident = scene
    town.services.roads.refresh()
    crew_id = town.services.crews.list(dora)["crews"][0]["id"]
    way = town.services.paths.of_crew(dora, incident["id"], crew_id)
    line = way["geometry"]["coordinates"]
    begin, end = line[len(line) // 4], line[len(line) * 3 // 4]
    desk = door.desk("dora", language="zh")
    at = pixels(desk)

    desk.get_by_role("button", name="道路封闭").click()
    desk.get_by_role("button", name="封闭道路").click()
    desk.get_by_text("一段道路").click()
    click(desk, at((begin[0], begin[1])))
    click(desk, at((end[0], end[1])))
    expect(desk.locator(".closing-form")).to_contain_text("将封闭 1 与 2 之间的道路。")
    desk.select_option("#closing-direction", "along")
    desk.fill("#closing-reason", "管道施工")
    desk.get_by_role("button", name="封闭", exact=True).click()

    expect(desk.locator(".closure-label")).to_contain_text("单向封闭")
    expect(desk.locator("path.closure.road.tape")).to_have_count(1)
    (closure,) = town.services.closures.list(dora)["closures"]
    assert (closure["kind"], closure["direction"]) == ("road", "along")
    assert len(closure["geometry"]["coordinates"]) >= 2
    picture.of(desk, "console-zh-closure-road")


def test_escape_leaves_the_corners_first_and_then_the_form(
    town: Town, door: Door, scene: tuple[Actor, IncidentAnswer]
) -> None:
    """Nothing is closed, and the map is as it was."""
    dora, _incident = scene
    desk = door.desk("dora")
    desk.get_by_role("button", name="Road closures").click()
    desk.get_by_role("button", name="Close roads").click()
    click(desk, (200, 200))
    click(desk, (300, 200))
    expect(desk.locator(".corner")).to_have_count(2)

    desk.keyboard.press("Backspace")
    expect(desk.locator(".corner")).to_have_count(1)
    desk.keyboard.press("Escape")
    expect(desk.locator(".corner")).to_have_count(0)
    expect(desk.locator(".closing-form")).to_be_visible()
    desk.keyboard.press("Escape")

    expect(desk.locator(".closures-panel")).to_contain_text("All roads are open")
    assert town.services.closures.list(dora)["closures"] == []


def test_an_outline_that_crosses_itself_is_refused_where_it_was_drawn(
    town: Town, door: Door, scene: tuple[Actor, IncidentAnswer]
) -> None:
    """With a sentence beside the marking; marking again is one click away."""
    dora, _incident = scene
    desk = door.desk("dora")
    desk.get_by_role("button", name="Road closures").click()
    desk.get_by_role("button", name="Close roads").click()
    for at in ((300, 300), (400, 400), (400, 300)):
        click(desk, at)
    click(desk, (300, 400), twice=True)
    expect(desk.get_by_text("4 corners are marked.")).to_be_visible()
    desk.fill("#closing-reason", "x")
    desk.keyboard.press("Enter")

    expect(desk.locator("#closing-geometry-error")).to_contain_text("crosses or touches itself")
    desk.get_by_role("button", name="Redraw").click()

    expect(desk.locator(".corner")).to_have_count(0)
    expect(desk.locator("#closing-geometry-error")).to_be_empty()
    assert town.services.closures.list(dora)["closures"] == []


def test_a_driving_crew_sees_what_is_closed_and_gets_the_way_round(
    town: Town, door: Door, scene: tuple[Actor, IncidentAnswer]
) -> None:
    """Closed by the desk while the order stands on the phone; opened again, it is gone."""
    dora, incident = scene
    town.services.roads.refresh()
    crew_id = town.services.crews.list(dora)["crews"][0]["id"]
    town.sign_up("cruz", Role.CREW, crew_id=crew_id)
    town.services.sending.send(dora, incident["id"], SendCrew(crew_id=crew_id))
    way = middle_of_the_way(town, dora, incident)
    phone = door.phone("cruz", CASINO)
    line = phone.locator("path.route.sent:not(.casing)")
    expect(line).to_have_attribute("d", re.compile(r"L"))
    before = line.get_attribute("d") or ""

    closure, _ = town.services.closures.create(dora, CloseRoads.read(around(way)))

    expect(phone.locator(".closure-label")).to_contain_text("Area closed")
    expect(line).not_to_have_attribute("d", before, timeout=60_000)  # it asks again after 20 s
    town.services.closures.lift(dora, closure["id"], LiftClosure())
    expect(phone.locator("path.closure")).to_have_count(0)


def around(place: LonLat, half_m: float = 60) -> dict[str, Any]:
    """Return a request to close a square; a degree is 111 km north and 80 km east here."""
    east, north = half_m / 80_500, half_m / 111_200
    signs = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    ring = [[place[0] + right * east, place[1] + up * north] for right, up in signs]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"kind": "area", "geometry": geometry, "reason": "Burst main"}
