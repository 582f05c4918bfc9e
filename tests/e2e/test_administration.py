"""Administration pages, by mouse alone: a gateway made, a layer uploaded."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.test_accessibility import findings
from tests.e2e.test_accessibility import in_both_lights

pytestmark = [pytest.mark.browser, pytest.mark.postgis]


def open_subject(page: Page, name: str) -> None:
    """Come to a subject of administration, and wait for its list."""
    page.goto(f"{page.url.partition('/')[0]}//{page.url.split('/')[2]}/administration/{name}")
    page.locator("body[data-ready]").wait_for()


def test_an_administrator_makes_a_gateway_by_mouse_alone(
    town: Town, door: Door, picture: Picture
) -> None:
    """What is wrong stands at its field; the secret is made here and never shown again."""
    town.sign_up("ada", Role.ADMINISTRATOR)
    desk = door.desk("ada")

    open_subject(desk, "gateways")
    expect(desk.locator(".empty")).to_contain_text("There is no gateway yet")
    picture.of(desk, "administration-empty-en")
    at_rest = in_both_lights(desk)
    desk.get_by_role("button", name="New gateway").click()
    form = desk.get_by_role("dialog", name="New gateway")
    form.get_by_label("Name").fill("Modem 1")
    form.get_by_label("Address", exact=True).fill("modem")
    form.get_by_role("button", name="Make one").click()
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_label("Address", exact=True)).to_be_focused()
    expect(form.locator("[data-field=url]")).to_contain_text("is no address")
    picture.of(desk, "administration-form-en")
    with_a_form = in_both_lights(desk)
    desk.keyboard.press("Escape")
    expect(form.get_by_text("What you changed is not saved.")).to_be_visible()
    form.get_by_role("button", name="Go on editing").click()
    form.get_by_label("Address", exact=True).fill("https://sms.example/send")
    form.get_by_role("button", name="Save").click()

    row = desk.locator("table.list tbody tr")
    expect(row).to_contain_text("Modem 1")
    expect(form).to_be_hidden()
    expect(desk.get_by_role("button", name="New gateway")).to_be_focused()
    row.get_by_role("button", name="Switch off: Modem 1").click()
    expect(row).to_contain_text("switched off")
    picture.of(desk, "administration-list-en")
    (kept,) = town.services.gateways.list(SYSTEM)["gateways"]
    assert (kept["name"], kept["url"], kept["enabled"]) == (
        "Modem 1",
        "https://sms.example/send",
        False,
    )
    desk.set_viewport_size({"width": 390, "height": 844})
    picture.of(desk, "administration-list-en-phone")
    assert [at_rest, with_a_form, findings(desk)] == [[], [], []]


def test_a_layer_is_uploaded_in_chinese_by_mouse_alone(
    town: Town, door: Door, picture: Picture, tmp_path: Path
) -> None:
    """Coordinates that cannot be are refused at their field; then the report is read."""
    town.sign_up("ada", Role.ADMINISTRATOR)
    desk = door.desk("ada", language="zh")
    far, good = tmp_path / "far.geojson", tmp_path / "valves.geojson"
    far.write_text(_collection([400_000.0, 4_800_000.0]), encoding="utf-8")
    good.write_text(_collection(list(PORT)), encoding="utf-8")

    desk.locator("#menu summary").click()
    desk.get_by_role("link", name="系统管理").click()
    desk.get_by_role("link", name="图层", exact=True).click()
    desk.get_by_role("button", name="导入文件").click()
    form = desk.get_by_role("dialog", name="导入文件")
    form.get_by_label("文件", exact=True).set_input_files(far)
    form.get_by_label("名称", exact=True).fill("阀门")
    form.get_by_label("类型").select_option("valves")
    form.get_by_role("button", name="保存").click()
    expect(form.locator("[data-field=crs]")).to_contain_text("请填写实际的坐标系")
    picture.of(desk, "administration-upload-zh")
    form.get_by_label("文件", exact=True).set_input_files(good)
    form.get_by_role("button", name="保存").click()

    report = desk.get_by_role("dialog", name="导入")
    expect(report).to_contain_text("已导入 1 个要素")
    assert findings(desk) == []
    report.get_by_role("button", name="关闭").last.click()
    expect(desk.locator("table.list tbody tr")).to_contain_text("阀门")
    (layer,) = town.services.layers.list(SYSTEM)["layers"]
    assert (layer["name"], layer["kind"], layer["features"]) == ("阀门", "valves", 1)


def _collection(place: list[float]) -> str:
    feature = {
        "type": "Feature",
        "properties": {"code": "V-1"},
        "geometry": {"type": "Point", "coordinates": place},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]})
