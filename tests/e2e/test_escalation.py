"""Nobody answers: the desk sees how far the order got, how long is left and who should go."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.escalation.types import SetChain
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.test_accessibility import in_both_lights
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
SPILLS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def at_once(town: Town) -> Iterator[None]:
    """Have the chain of emergencies seek the next best crew at once."""
    steps = [{"action": "next_best", "wait_s": 0}, {"action": "supervisor", "wait_s": 600}]
    keep = "SELECT answer_steps FROM escalation_chain WHERE priority = 1 AND kind IS NULL"
    change = "UPDATE escalation_chain SET answer_steps = :s WHERE priority = 1 AND kind IS NULL"
    with town.owner.begin() as connection:
        kept = connection.execute(text(keep)).scalar_one()
        connection.execute(text(change), {"s": json.dumps(steps)})
    yield
    with town.owner.begin() as connection:
        connection.execute(text(change), {"s": json.dumps(kept)})


def emergency(town: Town, dora: Actor) -> int:
    """Report a gas leak at the port."""
    fields = {"kind": "gas_leak", "priority": 1, "address": "Quai Albert"}
    wanted = CreateIncident.read({**fields, "lon": PORT[0], "lat": PORT[1]})
    return town.services.incidents.create(dora, wanted)["id"]


def with_roads(town: Town) -> None:
    """Wait for the road network: a crew is sent without it, but nobody knows how far it is."""
    town.services.roads.refresh()
    wait_until(lambda: town.services.roads.ready)


def test_a_phone_says_how_far_an_order_got_and_the_desk_sees_it(town: Town, door: Door) -> None:
    """Delivered, rang and seen, each with its time; and the row counts down meanwhile."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    east = town.add_crew("East 1", CASINO, skills=("gas",))
    town.sign_up("east", Role.CREW, crew_id=east)
    incident_id = emergency(town, dora)
    phone = door.phone("east", CASINO)
    phone.locator(".duty-screen .huge").tap()  # a touch, without which nothing rings
    order, _ = town.services.sending.send(dora, incident_id, SendCrew(crew_id=east))
    desk = door.desk("dora")
    desk.locator(f"[data-incident-id='{incident_id}']").click()

    steps = desk.locator(".coming .steps")
    for word in ("delivered", "rang", "seen"):
        expect(steps).to_contain_text(word)
    expect(desk.locator(".incident-row .crew-line")).to_contain_text("seen")
    expect(desk.locator(".incident-row .clock-what")).to_have_text("to answer")
    expect(desk.locator(".incident-row .timer")).to_have_text(re.compile(r"^00:[0-5]\d$"))
    expect(desk.locator(".coming .next-step")).to_contain_text("Ring again in 00:")
    marks = town.services.assignments.get(dora, order["id"])["marks"]
    assert marks[0]["mark"] == "queued"
    assert {each["channel"] for each in marks} == {"page"}


@pytest.mark.usefixtures("at_once")
def test_nobody_answers_and_the_next_best_goes_with_one_click(
    town: Town, door: Door, picture: Picture
) -> None:
    """Beside the alarm, in both languages, down to 1 024 px; waiting silences it for a while."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("lee", Role.DISPATCHER)
    east = town.add_crew("East 1", CASINO, skills=("gas",))
    west = town.add_crew("West 2", FONTVIEILLE, skills=("gas",))
    incident_id = emergency(town, dora)
    with_roads(town)
    town.services.sending.send(dora, incident_id, SendCrew(crew_id=east))
    town.services.deadlines.run_due()
    desk, small = door.desk("dora"), door.desk("lee", language="zh", size=(1024, 768))

    alarm, chinese = desk.locator("#alarms li"), small.locator("#alarms li")
    expect(alarm).to_contain_text("East 1 has not answered")
    expect(alarm.locator(".best")).to_have_text(re.compile(r"^next best is West 2, \d+ min$"))
    expect(chinese.locator(".best")).to_have_text(re.compile(r"^次优班组 West 2，\d+ 分钟$"))
    cut = "(nodes) => nodes.some((each) => each.scrollWidth > each.clientWidth + 1)"
    assert not small.locator("#alarms button:visible").evaluate_all(cut)
    picture.of(small, "escalation-alarm-zh")
    picture.of(desk, "escalation-alarm")

    chinese.get_by_role("button", name="继续等").click()
    for each in (alarm, chinese):
        expect(each).to_have_count(0)
    with town.owner.begin() as connection:  # a minute later
        connection.execute(text("UPDATE order_chain SET alarm_at = now() - interval '1 s'"))
    desk.reload()
    alarm.get_by_role("button", name="Send West 2").click()
    wait_until(lambda: len(orders(town, dora, incident_id)) == 2)
    assert orders(town, dora, incident_id) == [(east, "withdrawn"), (west, "offered")]


def orders(town: Town, dora: Actor, incident_id: int) -> list[tuple[int, str]]:
    """Return crew and state of each order."""
    incident = town.services.incidents.get(dora, incident_id)
    return [(each["crew_id"], each["state"]) for each in incident["assignments"]]


def open_chains(page: Page, url: str) -> None:
    """Go to the page of the chains."""
    page.goto(f"{url}/chains")
    page.locator("body[data-ready] form.chain").first.wait_for()


def test_a_supervisor_edits_the_chains_and_a_dispatcher_reads_them(
    town: Town, door: Door, picture: Picture
) -> None:
    """What is wrong stands at its step; nothing is cut at 390 px, nor serious for axe."""
    town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("sue", Role.SUPERVISOR)
    page = door.desk("sue", size=(1024, 768))
    open_chains(page, door.url)
    urgent = page.locator("form.chain", has_text="P2 Urgent")
    waits = urgent.locator(".chain-steps").first.locator("input")
    findings = in_both_lights(page)

    waits.first.fill("2")
    urgent.get_by_role("button", name="Save").click()
    wrong = urgent.locator(".chain-steps .field-error").first
    expect(wrong).to_have_text("must be at least 5")
    waits.first.fill("25")
    urgent.get_by_role("button", name="Save").click()
    expect(urgent.locator(".saved")).to_contain_text("Saved")
    picture.of(page, "escalation-chains")
    sue = Actor(None, "sue", "sue", frozenset({Role.SUPERVISOR.value}))
    chains = town.services.chains.everything(sue)["chains"]
    [changed] = [each for each in chains if each["priority"] == 2]
    assert changed["answer_steps"][0] == {"action": "ring_again", "wait_s": 25}
    changed["answer_steps"][0]["wait_s"] = 20
    fields = {name: changed[name] for name in SetChain.model_fields}  # type: ignore[literal-required]  # the same names
    town.services.chains.set(sue, SetChain.model_validate(fields))

    reader = door.desk("dora", language="zh", size=(390, 844), touch=True)
    open_chains(reader, door.url)
    expect(reader.locator("form.chain").first).to_contain_text("未接单期间")
    expect(reader.locator("form.chain button, .add-chain")).to_have_count(0)
    picture.of(reader, "escalation-chains-zh")
    assert not reader.evaluate(SPILLS)
    assert findings == in_both_lights(reader) == []
