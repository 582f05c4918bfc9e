"""The board of channels, and a test ring from the desk to the crew's page and back."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.deliveries.delivery_rows import request_delivery
from dispatch.deliveries.push_encryption import decode
from dispatch.deliveries.types import GatewayReport
from dispatch.deliveries.types import SetContacts
from dispatch.gateways.types import AddGateway
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import TWO_FRAMES
from tests.e2e.test_accessibility import findings

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
_CUT = Path(__file__).with_name("cut_words.js").read_text(encoding="utf-8")
_KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
_SUBSCRIPTION = """([p256dh, auth]) => {
  const told = { endpoint: "https://fcm.googleapis.com/fcm/send/1", keys: { p256dh, auth } };
  const subscription = { ...told, toJSON: () => told, unsubscribe: async () => true };
  Notification.requestPermission = async () => "granted";
  PushManager.prototype.subscribe = async (options) => {
    window.keyLength = options.applicationServerKey.length;
    return subscription;
  };
}"""
"""No push service is reachable here: the browser's own answer is what it would be."""


def _add_gateway(town: Town) -> int:
    wanted = {"name": "Modem 1", "kind": "sms", "url": "http://127.0.0.1:1/", "secret": "x" * 20}
    return town.services.gateways.add(SYSTEM, AddGateway.model_validate(wanted))["id"]


def _reach(town: Town, crew_id: int, gateway_id: int, address: str, *, state: str) -> None:
    """Give a crew an address, and have the gateway report on a test of it."""
    given = {"contacts": [{"gateway_id": gateway_id, "address": address}]}
    services = town.services
    services.contacts.set_of_crew(SYSTEM, crew_id, SetContacts.read(given))
    with services.work.writing() as session:
        (delivery_id,) = request_delivery(
            session, services.jobs, purpose="test", crew_id=crew_id, now=services.clock()
        )
    said = GatewayReport.read({"delivery_id": delivery_id, "state": state})
    services.delivery_answers.report(gateway_id, said)


def test_a_test_ring_goes_to_the_page_and_back_and_the_board_says_who_is_reached(
    town: Town, door: Door, picture: Picture
) -> None:
    """From the menu; the crew confirms with one touch; addresses are set there, too."""
    town.sign_up("ada", Role.ADMINISTRATOR)
    crews = [town.add_crew(name, CASINO, skills=("gas",)) for name in ("Gas 1", "Gas 2", "Gas 3")]
    town.sign_up("gas1", Role.CREW, crew_id=crews[0])
    gateway_id = _add_gateway(town)
    _reach(town, crews[0], gateway_id, "+377 6 11", state="seen")
    _reach(town, crews[1], gateway_id, "+377 6 22", state="failed")
    phone = door.phone("gas1", PORT)
    phone.locator("#crew-name").tap()  # from a touch on it may be heard

    desk = door.desk("ada")
    desk.locator("#menu summary").click()
    desk.get_by_role("link", name="Channels").click()
    expect(desk.locator(".sum")).to_have_text(
        "1 of 3 crews on duty can be told with their page closed."
    )
    row = {name: desk.locator("tbody tr", has_text=name) for name in ("Gas 1", "Gas 2", "Gas 3")}
    expect(row["Gas 1"].locator("[data-column=page] .way")).to_have_attribute(
        "data-standing", "open"
    )
    expect(row["Gas 2"].locator("[data-column=gateway] .standing")).to_have_text(
        "✕failed: could not be passed on"
    )
    row["Gas 1"].get_by_role("button", name="Test ring").click()
    expect(phone.get_by_role("heading", name="Nothing has happened")).to_be_visible()
    picture.of(phone, "test-ring-en-phone")
    phone.get_by_role("button", name="I hear it").click()
    expect(row["Gas 1"].locator("[data-column=page] .last")).to_contain_text("Answered")
    expect(phone.get_by_role("heading", name="Nothing has happened")).to_be_hidden()

    row["Gas 3"].get_by_role("button", name="Addresses").click()
    desk.get_by_role("button", name="Add an address").click()
    desk.get_by_label("Number or name there").fill("+377 6 33")
    picture.of(desk, "addresses-en")
    assert findings(desk) == []
    desk.get_by_role("button", name="Save").click()
    expect(row["Gas 3"].locator("[data-column=gateway]")).to_contain_text("+377 6 33")
    picture.of(desk, "channels-en")
    assert findings(desk) == []
    for width in (1440, 1024):
        desk.set_viewport_size({"width": width, "height": 900})
        desk.evaluate(TWO_FRAMES)
        assert desk.evaluate(_CUT) == []


def test_the_board_is_read_in_chinese_on_a_phone_and_a_crew_lets_itself_be_pushed_to(
    town: Town, door: Door, picture: Picture
) -> None:
    """What the browser agrees to is told to the server; the service worker stands at the root."""
    town.sign_up("dora", Role.DISPATCHER)
    crew_id = town.add_crew("燃气一班", CASINO, skills=("gas",))
    town.sign_up("gas1", Role.CREW, crew_id=crew_id)
    _reach(town, crew_id, _add_gateway(town), "+377 6 11", state="seen")
    crew = door.phone("gas1", PORT, language="zh")
    crew.evaluate(_SUBSCRIPTION, [_KEY, "BTBZMqHH6r4Tts7J_aSIgg"])
    crew.locator(".more summary").click()
    crew.get_by_role("button", name="关闭页面也响铃", exact=True).click()
    expect(crew.get_by_role("button", name="关闭页面也响铃：已开启")).to_be_visible()
    picture.of(crew, "push-switch-zh-phone")
    registered = crew.evaluate(
        "navigator.serviceWorker.ready.then(({ scope, active }) => [scope, active.scriptURL])"
    )
    assert [each.removeprefix(door.url) for each in registered] == ["/crew", "/crew-sw.js"]
    assert crew.evaluate("window.keyLength") == len(decode(_KEY))

    desk = door.desk("dora", language="zh", size=(390, 844), dark=True)
    desk.goto(f"{door.url}/channels")
    row = desk.locator("tbody tr")
    expect(row.locator("[data-column=push] .way")).to_have_attribute("data-standing", "untried")
    expect(desk.locator(".sum")).to_have_text("值班班组 1 个，其中 1 个关闭页面也能通知到。")
    desk.get_by_role("button", name="测试呼叫全部值班班组").click()
    expect(desk.locator(".said")).to_have_text("正在测试呼叫 1 个班组。")
    expect(row.locator("[data-column=push] .last")).to_contain_text("等待发送")
    picture.of(desk, "channels-zh-phone")
    assert findings(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390
    assert desk.evaluate(_CUT) == []
