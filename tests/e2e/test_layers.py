"""The utility's own layers at the console: drawn, switched, clicked, and the nearest valves."""

from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from pathlib import Path

import geopandas
import pytest
import shapely
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.incidents.types import CreateIncident
from dispatch.layers.service import LayerService
from dispatch.layers.types import ImportLayer
from geodata.db import make_engine
from geodata.layers.layer_files import read_layer_file
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import PATIENCE_S
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.markers import on_map
from tests.e2e.test_accessibility import findings
from tests.e2e.test_accessibility import in_both_lights

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
# 0.0009° north is 100.0 m, and so is 0.001242° east at 43.7352°.
VALVES = {"V-1": (0.0, 0.0009), "V-2": (0.001242, -0.0009), "V-3": (-0.0025, 0.0)}
INJECTED = "<img src=x onerror=alert(1)>"
Importing = Callable[..., None]


def at(offset: tuple[float, float]) -> tuple[float, float]:
    """Return a place by its degrees from the port."""
    return PORT[0] + offset[0], PORT[1] + offset[1]


@pytest.fixture
def take_in(town: Town, tmp_path: Path) -> Importing:
    """Return a function that writes a file in metres and imports it, as the command does."""

    def imported(frame: geopandas.GeoDataFrame, **fields: str) -> None:
        path = tmp_path / f"{fields['name']}.gpkg"
        frame.to_crs("EPSG:2154").to_file(path, engine="pyogrio")
        owner = make_engine(town.services.settings.database_admin_url or "")
        layers = LayerService(UnitOfWork(owner), lambda: datetime.now(UTC))
        layers.import_file(SYSTEM, ImportLayer.read(fields), read_layer_file(path))
        owner.dispose()

    return imported


def valves() -> geopandas.GeoDataFrame:
    """Return three valves round the port; a note of one would like to be markup."""
    places = [shapely.Point(at(offset)) for offset in VALVES.values()]
    columns = {"code": list(VALVES), "dn": [300, 200, 150], "note": [INJECTED, "ok", None]}
    return geopandas.GeoDataFrame(columns, geometry=places, crs="EPSG:4326")


def mains() -> geopandas.GeoDataFrame:
    """Return a main along the quay through the first valve."""
    line = shapely.LineString([at((-0.003, 0.0009)), at((0.0, 0.0009)), at((0.003, 0.0012))])
    return geopandas.GeoDataFrame({"name": ["DN 300"]}, geometry=[line], crs="EPSG:4326")


def ink_at(page: Page, place: tuple[float, float]) -> int:
    """Return how many coloured pixels the layers have within some pixels of a place."""
    x, y = on_map(page, place)
    return int(
        page.evaluate(
            """([x, y]) => {
              const stage = document.getElementById("map").getBoundingClientRect();
              let found = 0;
              for (const canvas of document.querySelectorAll(".leaflet-utility-pane canvas")) {
                const box = canvas.getBoundingClientRect();
                const [left, top] = [stage.x + x - box.x, stage.y + y - box.y];
                if (left < 0 || top < 0 || left >= box.width || top >= box.height) continue;
                const scale = canvas.width / box.width;
                const data = canvas.getContext("2d")
                  .getImageData((left - 5) * scale, (top - 5) * scale, 10 * scale, 10 * scale).data;
                for (let at = 3; at < data.length; at += 4) found += data[at] > 0;
              }
              return found;
            }""",
            [x, y],
        )
    )


def wait_for_ink(page: Page, place: tuple[float, float], *, there: bool) -> None:
    """Wait until the layers draw something at a place, or nothing any more."""
    for _ in range(20 * PATIENCE_S):
        if bool(ink_at(page, place)) == there:
            return
        page.wait_for_timeout(50)
    raise AssertionError(place)


@pytest.fixture
def incident(town: Town) -> int:
    """Return the number of a gas leak at the port; dora sits at the desk."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    wanted = {"kind": "gas_leak", "lon": PORT[0], "lat": PORT[1], "address": "Quai"}
    return int(town.services.incidents.create(dora, CreateIncident.read(wanted))["id"])


@pytest.mark.usefixtures("incident")
def test_layers_come_by_themselves_are_switched_clicked_and_stay_as_they_were_left(
    take_in: Importing, door: Door, picture: Picture
) -> None:
    """In English; a file's markup is text; Escape closes the card and then the panel."""
    desk = door.desk("dora")
    desk.locator("#tool-layers").click()
    expect(desk.locator(".layers-panel")).to_contain_text("No layers yet.")
    take_in(valves(), name="Gas valves", kind="valves")
    take_in(mains(), name="Gas mains", kind="mains")

    expect(desk.locator(".layer-row[data-part^=layer]")).to_have_count(2)
    expect(desk.locator(".layers-panel")).to_contain_text("Valves · all utilities · 3 entries")
    wait_for_ink(desk, at(VALVES["V-1"]), there=True)
    wait_for_ink(desk, at((0.0015, 0.00105)), there=True)

    x, y = on_map(desk, at(VALVES["V-1"]))
    desk.locator("#map").click(position={"x": x, "y": y})
    card = desk.locator(".feature-card")
    expect(card.locator("summary")).to_have_text([r"V-1Gas valves", r"DN 300Gas mains"])
    expect(card.locator("dl").first).to_contain_text(INJECTED)
    expect(desk.locator(".feature-picked")).to_have_count(1)
    picture.of(desk, "console-en-layers")
    assert in_both_lights(desk) == []
    card.locator("summary").nth(1).click()
    expect(card.locator("details[open] summary")).to_have_text("DN 300Gas mains")
    desk.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(desk.locator(".feature-picked")).to_have_count(0)
    expect(desk.locator(".layers-panel")).to_be_visible()

    desk.get_by_role("checkbox", name="Gas valves").uncheck()
    desk.get_by_role("checkbox", name="Gas mains").uncheck()
    wait_for_ink(desk, at((0.0015, 0.00105)), there=False)
    desk.reload()
    desk.locator("#tool-layers").click()
    expect(desk.get_by_role("checkbox", name="Gas valves")).not_to_be_checked()
    desk.get_by_role("checkbox", name="Gas valves").check()
    wait_for_ink(desk, at(VALVES["V-1"]), there=True)


def test_the_nearest_valves_stand_beside_the_incident(
    take_in: Importing, door: Door, picture: Picture, incident: int
) -> None:
    """In Chinese at night: the way and the distance, marked on the map while one looks at it."""
    take_in(valves(), name="Gas valves", name_zh="燃气阀门", kind="valves")
    desk = door.desk("dora", language="zh", dark=True)
    desk.locator(f".incident-row[data-incident-id='{incident}']").click()

    rows = desk.locator(".nearby-list li")
    # V-1: 100 m north. V-2: 100 m east, 100 m south: 141 m. V-3: 2.5 / 1.242 × 100 = 201 m west.
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("V-1")
    expect(rows.nth(0)).to_contain_text("北 100")
    expect(rows.nth(1)).to_contain_text("东南 141")
    expect(rows.nth(2)).to_contain_text("西 201")
    expect(rows.nth(0)).to_contain_text("dn 300")
    assert findings(desk) == []

    rows.nth(1).get_by_role("button").hover()
    expect(desk.locator(".pointed-ring")).to_have_text("V-2")
    picture.of(desk, "console-zh-night-valves")
    desk.mouse.move(700, 500)
    expect(desk.locator(".pointed-ring")).to_have_count(0)
    rows.nth(0).get_by_role("button").focus()
    expect(desk.locator(".pointed-ring")).to_have_text("V-1")
    desk.keyboard.press("Enter")
    expect(desk.locator(".feature-card")).to_contain_text("燃气阀门")


def test_a_water_burst_is_not_shown_the_gas_valves_beside_it(
    take_in: Importing, town: Town, door: Door
) -> None:
    """Valves whose utility nobody said are shown, and marked so; in both languages."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    wanted = {"kind": "water_burst", "lon": PORT[0], "lat": PORT[1], "address": "Quai"}
    burst = town.services.incidents.create(dora, CreateIncident.read(wanted))["id"]
    take_in(valves(), name="Gas valves", kind="valves", utility="gas")
    desk = door.desk("dora")
    desk.locator(f".incident-row[data-incident-id='{burst}']").click()

    nearby = desk.locator(".nearby")
    expect(nearby).to_contain_text("No valves of this utility have been imported: Water.")
    expect(nearby.locator("li")).to_have_count(0)
    take_in(valves().head(1), name="Old drawings", kind="valves")
    expect(nearby.locator("li")).to_have_count(1)
    expect(nearby.locator("li")).to_contain_text("utility not said")

    chinese = door.desk("dora", language="zh")
    chinese.locator(f".incident-row[data-incident-id='{burst}']").click()
    expect(chinese.locator(".nearby li")).to_contain_text("未注明专业")
    chinese.locator("#tool-layers").click()
    expect(chinese.locator(".layers-panel")).to_contain_text("阀门 · 燃气 · 3 项")
    expect(chinese.locator(".layers-panel")).to_contain_text("阀门 · 各专业通用 · 1 项")
