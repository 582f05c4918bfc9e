"""Zones at the console: drawn, pulled into shape, seen at every desk, found by name, removed."""

import json

import numpy as np
import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect
from shapely import Point
from shapely import box
from shapely import to_geojson

from dispatch.access.permissions import Role
from dispatch.incidents.types import CreateIncident
from dispatch.zones.types import ChangeZone
from dispatch.zones.types import DrawZone
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.test_accessibility import in_both_lights

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
# The module as it was before it was joined with the others: it asks for the zones itself.
_ASK_ZONES = """async (places) => {
  const own = document.querySelector("script[type=module]").src;
  const module = own.replace("gen/js/pages/console.js", "js/zones/zones.js");
  const { loadZones, zonesAt } = await import(module);
  await loadZones();
  return places.map(([lon, lat]) => zonesAt(lon, lat).map(({ name }) => name));
}"""
CORNERS = [(180, 260), (420, 240), (440, 480), (200, 500)]


@pytest.fixture
def office(town: Town, door: Door) -> Page:
    """Return the administrator's console, in Chinese; a crew and an incident are on the map."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    town.sign_up("ada", Role.ADMINISTRATOR)
    dora = town.sign_up("dora", Role.DISPATCHER)
    wanted = {"kind": "gas_leak", "lon": PORT[0], "lat": PORT[1], "address": "Quai"}
    town.services.incidents.create(dora, CreateIncident.read(wanted))
    return door.desk("ada", language="zh")


def draw(page: Page, corners: list[tuple[int, int]]) -> None:
    """Click the corners on the map, once it takes them, and end with Enter."""
    for x, y in corners:
        page.locator("#map.is-marking").click(position={"x": x, "y": y})
    page.keyboard.press("Enter")


def test_a_zone_is_drawn_named_pulled_and_removed_and_every_desk_follows(
    town: Town, door: Door, office: Page, picture: Picture
) -> None:
    """Drawn in Chinese, seen in English; the desk has no tools to change it."""
    desk = door.desk("dora")
    office.locator("#tool-layers").click()
    office.get_by_role("button", name="全部片区…").click()
    office.get_by_role("button", name="绘制片区").click()

    draw(office, CORNERS)
    expect(office.locator(".zone-form")).to_contain_text("共 4 个顶点。")
    assert in_both_lights(office) == []
    office.fill("#zone-name", "Port")
    office.fill("#zone-name_zh", "港口")
    office.keyboard.press("Enter")

    expect(office.locator(".zone-row")).to_contain_text("港口")
    expect(office.locator(".zone-name")).to_have_text("港口")
    expect(desk.locator(".zone-name")).to_have_text("Port")
    expect(desk.locator("path.zone.district")).to_have_count(1)
    picture.of(office, "console-zh-zones")
    (zone,) = town.services.zones.list(town.sign_up("eva", Role.DISPATCHER))["zones"]
    desk.locator("#tool-layers").click()
    desk.get_by_role("button", name="All zones…").click()
    expect(desk.locator(".zone-row")).to_contain_text("Port")
    expect(desk.get_by_role("button", name="Draw a zone")).to_have_count(0)
    expect(desk.get_by_role("button", name="Change Port")).to_have_count(0)

    office.get_by_role("button", name="修改 港口").click()
    corner = office.get_by_role("button", name="顶点 2", exact=True)
    box = corner.locator(".corner").bounding_box()
    assert box is not None
    office.mouse.move(box["x"] + 6, box["y"] + 6)
    office.mouse.down()
    office.mouse.move(box["x"] + 60, box["y"] - 30, steps=4)
    office.mouse.up()
    corner.focus()
    corner.press("ArrowRight")
    office.get_by_role("button", name="保存片区").click()

    expect(office.locator(".zone-row.picked")).to_contain_text("港口")
    after = town.services.zones.get(town.sign_up("eve", Role.DISPATCHER), zone["id"])
    before_ring = zone["geometry"]["coordinates"][0][0]
    after_ring = after["geometry"]["coordinates"][0][0]
    moved = [at for at in range(4) if before_ring[at] != after_ring[at]]
    assert moved == [1]
    assert after_ring[1][0] > before_ring[1][0]
    assert after_ring[1][1] > before_ring[1][1]

    office.get_by_role("button", name="修改 港口").click()
    office.get_by_role("button", name="删除").click()
    office.get_by_role("button", name="确定删除？").click()

    for page in (office, desk):
        expect(page.locator("path.zone")).to_have_count(0)
        expect(page.locator(".zone-row")).to_have_count(0)


def test_the_page_finds_the_zones_of_a_place_the_smallest_first(town: Town, door: Door) -> None:
    """A ring with its core, two islands, and one around all: as shapely finds them."""
    office = town.sign_up("ada", Role.ADMINISTRATOR)
    core = box(7.415, 43.732, 7.425, 43.738)
    shapes = {
        "Ring": box(7.41, 43.73, 7.43, 43.74).difference(core),
        "Core": core,
        "Islands": box(7.40, 43.72, 7.405, 43.725).union(box(7.435, 43.745, 7.44, 43.75)),
        "All": box(7.395, 43.715, 7.445, 43.755),
    }
    for name, shape in shapes.items():
        geometry = json.loads(to_geojson(shape))
        drawing = DrawZone(name=name, kind="district", geometry=geometry)
        town.services.zones.create(office, drawing)
    chance = np.random.default_rng(5)
    places = chance.uniform((7.39, 43.71), (7.45, 43.76), (300, 2)).round(6).tolist()

    desk = door.desk("ada")
    expect(desk.locator(".zone-name")).to_have_count(4)
    found = desk.evaluate(_ASK_ZONES, places)

    smallest_first = sorted(shapes.items(), key=lambda each: each[1].area)
    expected = [
        [name for name, shape in smallest_first if shape.covers(Point(place))] for place in places
    ]
    assert found == expected
    assert len({tuple(each) for each in expected}) == 5


def test_a_bow_tie_is_refused_at_the_map_and_escape_leads_out(office: Page) -> None:
    """The server's words stand beside the drawing; nothing of it stays on the map."""
    office.keyboard.press("g")
    office.keyboard.press("z")
    office.get_by_role("button", name="绘制片区").click()
    draw(office, [CORNERS[0], CORNERS[2], CORNERS[1], CORNERS[3]])
    expect(office.locator(".zone-form")).to_contain_text("共 4 个顶点。")
    office.fill("#zone-name", "Bow")
    office.keyboard.press("Enter")

    expect(office.locator("#zone-geometry-error")).to_contain_text("自相交")

    office.get_by_role("button", name="重新绘制").click()
    office.locator("#map.is-marking").click(position={"x": 300, "y": 300})
    expect(office.locator("#map .corner")).to_have_count(1)
    office.keyboard.press("Escape")
    expect(office.locator("#map .corner")).to_have_count(0)
    office.keyboard.press("Escape")
    expect(office.locator(".zones-panel")).to_be_visible()
    expect(office.locator("path.marking")).to_have_count(0)


def test_who_was_slower_is_shown_what_the_other_saved(town: Town, door: Door, office: Page) -> None:
    """And chooses whose it shall be."""
    ada = town.sign_up("bob", Role.ADMINISTRATOR)
    ring = [[7.41, 43.73], [7.43, 43.73], [7.43, 43.74], [7.41, 43.73]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    drawing = DrawZone(name="Port", kind="district", geometry=geometry)
    zone, _ = town.services.zones.create(ada, drawing)
    office.keyboard.press("g")
    office.keyboard.press("z")
    office.get_by_role("button", name="修改 Port").click()
    expect(office.locator(".corner.handle")).to_have_count(3)
    town.services.zones.change(ada, zone["id"], ChangeZone(name="Harbour"))

    office.fill("#zone-name", "Old port")
    office.get_by_role("button", name="保存片区").click()
    expect(office.locator(".zone-form .form-error")).to_contain_text("bob 已修改此片区。")
    office.get_by_role("button", name="采用对方的版本").click()
    expect(office.locator("#zone-name")).to_have_value("Harbour")
    office.fill("#zone-name", "Old port")
    office.get_by_role("button", name="保存片区").click()

    expect(office.locator(".zone-row")).to_contain_text("Old port")
    assert door.complaints == []
