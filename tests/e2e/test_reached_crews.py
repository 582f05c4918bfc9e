"""Whether a crew is reached: its page says it, the desk sees it, and what changes is confirmed."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.incidents.types import ChangeIncident
from dispatch.incidents.types import CreateIncident
from dispatch.incidents.types import IncidentAnswer
from dispatch.outcomes.types import Complete
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Town
from tests.e2e.console import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
BREAK_AT = """(() => {
  const buttons = [...document.querySelectorAll(".duty-screen button")];
  const box = buttons.find((each) => each.textContent === "Take a break").getBoundingClientRect();
  return JSON.stringify([box.left + box.width / 2, box.top + box.height / 2]);
})()"""
GATE_SHOWN = "!document.querySelector('.sound-gate').hidden"


class Scene:
    """A crew with a phone, an incident, and a dispatcher."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
        self.dora = town.sign_up("dora", Role.DISPATCHER)
        self.east: Actor = town.sign_up("east", Role.CREW, crew_id=self.crew_id)
        fields = {
            "kind": "gas_leak",
            "priority": 3,
            "address": "Rue Grimaldi 21",
            "description": "Smell in the yard",
            "lon": PORT[0],
            "lat": PORT[1],
        }
        wanted = CreateIncident.read(fields)
        self.incident: IncidentAnswer = town.services.incidents.create(self.dora, wanted)

    def send(self) -> int:
        """Send the crew there and let it set out."""
        services, wanted = self.town.services, SendCrew(crew_id=self.crew_id)
        order, _ = services.sending.send(self.dora, self.incident["id"], wanted)
        for action in (Action.ACCEPT, Action.DEPART):
            services.assignments.act(self.east, order["id"], action, Step())
        return order["id"]

    def change(self, **fields: object) -> None:
        """Change the incident."""
        changed = ChangeIncident.read(fields)
        self.town.services.incidents.update(self.dora, self.incident["id"], changed)

    def channels(self) -> list[str]:
        """Return by which ways the crew is reached, as the API tells it."""
        found = self.town.services.crews.get(self.dora, self.crew_id)["reachable"]
        return [str(each) for each in found["channels"]]

    def notice(self, order_id: int) -> Any:  # noqa: ANN401  (JSON)
        """Return what the crew was told last of an order."""
        return self.town.services.assignments.get(self.dora, order_id)["notice"]


@pytest.fixture
def scene(town: Town) -> Scene:
    """Return the scene, nobody looking at it yet."""
    return Scene(town)


def seen(page: Page, expression: str) -> object:
    """Evaluate without what the browser would take for a touch of the person's."""
    session = page.context.new_cdp_session(page)
    asked = {"expression": expression, "userGesture": False, "returnByValue": True}
    return session.send("Runtime.evaluate", asked)["result"].get("value")


@pytest.mark.parametrize(
    ("language", "asks", "ready"),
    [
        ("en", "Sound is off until you touch here", "A new order will ring here"),
        ("zh", "触摸此处才有声音", "有新派单会响铃"),
    ],
)
def test_a_mute_page_asks_for_one_touch_and_the_desk_sees_both(
    scene: Scene, door: Door, language: str, asks: str, ready: str
) -> None:
    """The browser's reload makes it mute; a tap, which ends where the sound begins, mends it."""
    phone = door.phone("east", CASINO, language=language)
    phone.reload()
    wait_until(phone, lambda: seen(phone, GATE_SHOWN) is True)
    wait_until(phone, lambda: scene.channels() == ["page_mute"])
    told = str(seen(phone, "document.body.innerText"))

    phone.touchscreen.tap(195, 300)

    wait_until(phone, lambda: scene.channels() == ["page"])
    assert asks in told
    assert ready not in told
    expect(phone.locator(".sound-gate")).to_be_hidden()
    expect(phone.locator(".duty-screen")).to_contain_text(ready)


def test_the_touch_that_ends_the_silence_does_what_it_touches(scene: Scene, door: Door) -> None:
    """What said that the page is mute goes when the touch is over: nothing moves under a finger."""
    phone = door.phone("east", CASINO)
    phone.reload()
    wait_until(phone, lambda: seen(phone, GATE_SHOWN) is True)
    wait_until(phone, lambda: scene.channels() == ["page_mute"])
    left, top = json.loads(str(seen(phone, BREAK_AT)))

    phone.mouse.move(left, top)
    phone.mouse.down()
    wait_until(phone, lambda: scene.channels() == ["page"])  # it is heard from here on
    phone.mouse.up()

    expect(phone.locator(".duty-screen")).to_have_attribute("data-duty", "on_break")
    expect(phone.locator(".sound-gate")).to_be_hidden()


def test_the_desk_sees_within_seconds_that_a_phone_was_closed(scene: Scene, door: Door) -> None:
    """In the list of crews, and among the candidates: with since when, and why."""
    phone = door.phone("east", CASINO)
    phone.locator(".duty-screen .huge").tap()  # beside the buttons
    wait_until(phone, lambda: scene.channels() == ["page"])
    desk = door.desk("dora")
    desk.locator(".incident-row", has_text="Rue Grimaldi 21").click()
    badge = desk.locator(".candidate .reach-badge")
    expect(badge).to_have_attribute("data-reach", "page")

    phone.close()

    expect(badge).to_have_attribute("data-reach", "none")
    expect(badge).to_contain_text("no sign of its page")
    expect(desk.locator(".candidate .why")).to_contain_text("reached: no sign of its page")


@pytest.mark.parametrize(
    ("language", "changed", "recalled", "button"),
    [
        ("en", "Order changed", "Recalled", "Understood"),
        ("zh", "派单有变", "已召回", "收到"),
    ],
)
def test_changes_and_recalls_are_said_on_the_phone_and_confirmed(
    scene: Scene, door: Door, language: str, changed: str, recalled: str, button: str
) -> None:
    """P3 to P1 with words of danger while it drives; then the recall, with its reason."""
    order_id = scene.send()
    phone = door.phone("east", CASINO, language=language)
    phone.locator(".drive-screen").wait_for()
    scene.change(priority=1)
    scene.change(description="Smell in the yard. DANGER: dog")

    notice = phone.locator(".notice-screen")
    expect(notice).to_contain_text(changed)
    expect(notice.locator("[data-field=priority]")).to_have_text("P3 → P1")
    expect(notice.locator("mark")).to_have_text("DANGER: dog")
    phone.get_by_role("button", name=button).tap()
    expect(phone.locator(".drive-screen")).to_be_visible()
    wait_until(phone, lambda: bool(scene.notice(order_id)["understood_at"]))

    scene.town.services.assignments.act(
        scene.dora, order_id, Action.WITHDRAW, Step(reason="false alarm")
    )
    expect(notice).to_contain_text(recalled)
    expect(notice).to_contain_text("false alarm")
    expect(notice).to_contain_text("dora")
    phone.get_by_role("button", name=button).tap()

    expect(phone.locator(".duty-screen")).to_be_visible()
    wait_until(phone, lambda: bool(scene.notice(order_id)["understood_at"]))


def test_a_recall_without_signal_waits_for_the_crew_and_the_desk_sees_it_wait(
    scene: Scene, door: Door
) -> None:
    """Back in the street it stands above everything; confirmed without signal, it is sent later."""
    order_id = scene.send()
    phone = door.phone("east", CASINO)
    phone.locator(".drive-screen").wait_for()
    desk = door.desk("dora")
    desk.locator(".incident-row", has_text="Rue Grimaldi 21").click()
    phone.context.set_offline(offline=True)
    scene.town.services.decisions.cancel(
        scene.dora, scene.incident["id"], Step(reason="nothing there")
    )
    line = desk.locator(".notice-line")
    expect(line).to_contain_text("Cancellation not confirmed yet")

    phone.context.set_offline(offline=False)
    expect(phone.locator(".notice-screen")).to_contain_text("Incident cancelled")
    phone.context.set_offline(offline=True)
    phone.get_by_role("button", name="Understood").tap()
    expect(phone.locator(".duty-screen")).to_be_visible()
    assert scene.notice(order_id)["understood_at"] is None
    phone.context.set_offline(offline=False)

    expect(line).to_contain_text("Cancellation confirmed")
    expect(line).to_contain_text("by east")


def test_duty_does_not_end_over_an_open_order_without_a_word(scene: Scene, door: Door) -> None:
    """What is open is named, and what becomes of it; when it is gone, duty ends."""
    order_id = scene.send()
    phone = door.phone("east", CASINO)
    phone.locator(".drive-screen").wait_for()

    phone.locator(".more summary").tap()
    phone.locator("#end-duty").tap()

    ending = phone.locator(".end-screen")
    expect(ending).to_contain_text("Your duty cannot end yet")
    expect(ending).to_contain_text("Rue Grimaldi 21")
    expect(ending.get_by_role("button", name="End duty")).to_have_count(0)
    ending.get_by_role("button", name="Back").tap()
    expect(phone.locator(".drive-screen")).to_be_visible()
    for action, step in ((Action.ARRIVE, Step()), (Action.COMPLETE, Complete(outcome="repaired"))):
        scene.town.services.assignments.act(scene.east, order_id, action, step)
    phone.locator(".duty-screen").wait_for()
    phone.locator(".duty-screen").get_by_role("button", name="End duty").tap()
    expect(phone.locator(".duty-screen")).to_have_attribute("data-duty", "off_duty")
