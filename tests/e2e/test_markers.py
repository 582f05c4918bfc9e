"""What stands on the map by the hundred: found, told apart, joined and opened."""

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from dispatch.incidents.types import CreateIncident
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import TWO_FRAMES
from tests.e2e.markers import click_mark
from tests.e2e.markers import find_mark
from tests.e2e.markers import wait_for_mark

pytestmark = [pytest.mark.browser, pytest.mark.postgis]


def crowd(town: Town, count: int, around: tuple[float, float]) -> list[int]:
    """Put crews on duty a few metres from each other."""
    return [
        town.add_crew(f"North {number}", (around[0] + number * 2e-5, around[1]), skills=("gas",))
        for number in range(count)
    ]


def zoom_to(page: Page, lonlat: tuple[float, float], zoom: int) -> None:
    """Look at a place, as the product's own buttons would but in one step."""
    page.mouse.move(5, 5)
    page.locator("#map").evaluate(
        "(node, [lon, lat, zoom]) => node.board.map.setView([lat, lon], zoom, {animate: false})",
        [*lonlat, zoom],
    )


def test_a_marker_is_named_under_the_pointer_and_opened_by_a_click(
    town: Town, door: Door, picture: Picture
) -> None:
    """Also where it has come to lie after the map was moved and zoomed."""
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    incident = town.services.incidents.create(
        dora, CreateIncident(kind="gas_leak", lon=PORT[0], lat=PORT[1], address="Quai", priority=1)
    )
    desk = door.desk("dora")
    before = wait_for_mark(desk, "crew", crew_id)

    desk.mouse.move(before.x, before.y)

    expect(desk.locator(".leaflet-tooltip.tip")).to_contain_text("East 1")
    picture.of(desk, "markers-en")
    zoom_to(desk, CASINO, 17)
    after = wait_for_mark(desk, "crew", crew_id)
    assert (round(after.x), round(after.y)) != (round(before.x), round(before.y))
    click_mark(desk, "crew", crew_id)
    expect(desk.locator(".crew-panel")).to_contain_text("East 1")
    zoom_to(desk, PORT, 15)
    click_mark(desk, "incident", incident["id"])
    expect(desk.locator(".incident-panel")).to_contain_text("Quai")


def test_crews_that_would_hide_each_other_are_counted_until_one_comes_near(
    town: Town, door: Door, picture: Picture
) -> None:
    """The group says what it holds; a click opens it; an emergency within one of pins is loud."""
    crew_ids = crowd(town, 12, CASINO)
    dora = town.sign_up("dora", Role.DISPATCHER)
    _, *others = [
        town.services.incidents.create(
            dora,
            CreateIncident(
                kind="gas_leak",
                lon=FONTVIEILLE[0] + number * 2e-5,
                lat=FONTVIEILLE[1],
                priority=1 if number == 0 else 3,
            ),
        )
        for number in range(5)
    ]
    desk = door.desk("dora")
    wait_for_mark(desk, "crew", crew_ids[0])
    zoom_to(desk, PORT, 14)
    group = wait_for_mark(desk, "crew", crew_ids[0])
    pins = wait_for_mark(desk, "incident", others[-1]["id"])

    desk.mouse.move(group.x, group.y)
    expect(desk.locator(".leaflet-tooltip.tip")).to_contain_text("12 crews")
    expect(desk.locator(".leaflet-tooltip.tip")).to_contain_text("12 Available")
    desk.mouse.move(pins.x, pins.y)
    expect(desk.locator(".leaflet-tooltip.tip")).to_contain_text("1 emergency waits")
    picture.of(desk, "markers-en-groups")

    assert group.joined
    assert pins.joined
    desk.mouse.click(group.x, group.y)
    expect(desk.locator(".leaflet-zoom-anim")).to_have_count(0)
    desk.wait_for_function(
        "(id) => document.getElementById('map').board.whereIs('crew', id)?.joined === false",
        arg=crew_ids[0],
    )


def test_who_uses_the_keyboard_walks_from_marker_to_marker(town: Town, door: Door) -> None:
    """One stop of the Tab key; what has the focus is said and written."""
    town.add_crew("West 2", FONTVIEILLE, skills=("gas",))
    town.add_crew("East 1", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    cursor = desk.locator(".mark-cursor")
    zoom_to(desk, PORT, 15)

    cursor.focus()
    desk.keyboard.press("ArrowLeft")
    expect(cursor).to_have_accessible_name("West 2 · Available")
    desk.keyboard.press("ArrowRight")
    expect(cursor).to_have_accessible_name("East 1 · Available")
    desk.keyboard.press("Enter")

    expect(desk.locator(".crew-panel")).to_contain_text("East 1")


def test_a_silent_crew_looks_and_reads_otherwise(town: Town, door: Door) -> None:
    """By outline and by words, not by colour alone."""
    silent = town.add_crew("North 9", PORT, skills=("gas",), minutes_ago=19.6)
    fresh = town.add_crew("East 1", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    wait_for_mark(desk, "crew", silent)

    looks = {
        crew_id: desk.evaluate(
            "(id) => { const { entry } = document.getElementById('map').board.inView()"
            ".find(({ entry }) => entry.id === id); return [entry.stale, entry.name()]; }",
            crew_id,
        )
        for crew_id in (silent, fresh)
    }

    assert looks[silent] == [True, "North 9 · 20 min · Available"]
    assert looks[fresh] == [False, "East 1 · Available"]
    assert find_mark(desk, "crew", 10**9) is None


@pytest.mark.parametrize("calm", [False, True])
def test_a_crew_glides_to_its_next_place_unless_motion_is_unwanted(
    town: Town, door: Door, *, calm: bool
) -> None:
    """On a screen that became twice as fine meanwhile, drawn as fine as that."""
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    wait_for_mark(desk, "crew", crew_id)
    zoom_to(desk, CASINO, 17)
    desk.emulate_media(reduced_motion="reduce" if calm else "no-preference")
    finer = {"width": 1440, "height": 900, "deviceScaleFactor": 2, "mobile": False}
    desk.context.new_cdp_session(desk).send("Emulation.setDeviceMetricsOverride", finer)
    desk.wait_for_function(
        "() => { const it = document.querySelector('.marker-board');"
        " return devicePixelRatio === 2 && it.width === 2 * it.offsetWidth; }"
    )
    desk.evaluate(
        """(id) => {
            const { board } = document.getElementById("map");
            const places = (window.places = new Set());
            const look = () => {
                places.add(JSON.stringify(board.whereIs("crew", id)));
                requestAnimationFrame(look);
            };
            look();
        }""",
        crew_id,
    )

    town.move(crew_id, (CASINO[0] + 4e-4, CASINO[1]))  # 32 m, 38 pixels

    desk.wait_for_function(
        """([id, lon]) => {
            const mark = document.getElementById("map").board.shown.find((one) => one.id === id);
            return mark.lon === lon && mark.from === null;
        }""",
        arg=[crew_id, CASINO[0] + 4e-4],
    )
    desk.evaluate(TWO_FRAMES)  # the last place has been looked at
    places = desk.evaluate("() => window.places.size")
    assert places == 2 if calm else places > 2
