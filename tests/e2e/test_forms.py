"""Work on the spot: measured on the phone, seen at the desk, asked as an administrator says."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.dispatch.forms.conftest import put_back
from tests.dispatch.forms.conftest import requiring
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town


@pytest.fixture(autouse=True)
def _shipped(town: Town) -> Iterator[None]:
    """Leave the forms as they were shipped."""
    yield
    put_back(town.owner)


def on_scene(town: Town) -> tuple[Actor, int]:
    """Bring a crew to a gas leak; return the desk and the incident's id."""
    crew_id = town.add_crew("Gas 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("gas", Role.CREW, crew_id=crew_id)
    fields = {"kind": "gas_leak", "address": "Quai 7", "lon": PORT[0], "lat": PORT[1]}
    incident = town.services.incidents.create(dora, CreateIncident.read(fields))
    order, _ = town.services.sending.send(dora, incident["id"], SendCrew(crew_id=crew_id))
    for action in (Action.ACCEPT, Action.DEPART, Action.ARRIVE):
        town.services.assignments.act(dora, order["id"], action, Step())
    return dora, incident["id"]


def test_what_is_measured_without_signal_alarms_the_desk(
    town: Town, door: Door, picture: Picture
) -> None:
    """Red at once on the phone, with a word and a sign; what was typed outlives the page."""
    _, incident_id = on_scene(town)
    desk = door.desk("dora", language="zh")
    phone = door.phone("gas", CASINO)
    measure = phone.get_by_role("button", name="Measure: Gas measurement")
    concentration = phone.get_by_label("Gas concentration", exact=True)

    measure.tap()
    concentration.fill("7,5")
    phone.reload()
    phone.locator(".line-state[data-live=true]").wait_for()
    measure.tap()
    expect(concentration).to_have_value("7,5")
    phone.context.set_offline(offline=True)
    concentration.fill("35,5")
    expect(phone.locator(".limit-said").first).to_contain_text("◆ beyond the alarm limit")
    picture.of(phone, "measuring")
    phone.get_by_role("button", name="Save measurement").click()
    expect(phone.locator(".measured-row")).to_contain_text("35.5 % LEL")
    expect(phone.locator(".measured-row")).to_contain_text("waits to be sent")
    with phone.expect_response("**/measurements"):
        phone.context.set_offline(offline=False)
    expect(phone.locator(".measured-row[data-state=told]")).to_be_visible()

    expect(desk.locator("#alarms")).to_contain_text("燃气浓度 35.5 % LEL")
    desk.locator(f"[data-incident-id='{incident_id}']").first.click()
    expect(desk.locator(".measurement-section .entry")).to_contain_text("超过报警值")
    picture.of(desk, "measured-zh")
    desk.goto(f"{door.url}/replay/incident/{incident_id}")
    desk.locator(".replay-story").wait_for()
    desk.keyboard.press("End")
    expect(desk.locator(".replay-events")).to_contain_text("超过报警值：燃气浓度 35.5 % LEL")


def test_an_end_waits_for_what_is_required_and_tells_codes_parts_and_minutes(
    town: Town, door: Door, picture: Picture
) -> None:
    """Asked before the outcome; gone on without, done is not possible; the drawer has it all."""
    ada = town.sign_up("ada", Role.ADMINISTRATOR)
    requiring(town.services, ada, "gas_final", "concentration")
    dora, incident_id = on_scene(town)
    desk = door.desk("dora")
    phone = door.phone("gas", CASINO)
    phone.get_by_role("button", name="Measure: Gas measurement").wait_for()
    finish = phone.get_by_role("button", name="Finish this order")
    repaired = phone.locator("label.choice", has_text=re.compile("^Repaired$"))

    phone.get_by_role("button", name="Complete").click()
    expect(phone.locator(".measure-screen h2")).to_have_text("Gas: last check")
    phone.get_by_role("button", name="Go on without it").click()
    repaired.click()
    expect(phone.locator(".still-missing")).to_contain_text("Gas: last check")
    expect(finish).to_be_disabled()
    picture.of(phone, "still-missing")
    phone.get_by_role("button", name="Fill it in now").click()
    phone.get_by_label("Gas concentration at the end").fill("0")
    phone.get_by_role("button", name="Save measurement").click()
    phone.get_by_role("button", name="Complete").click()
    repaired.click()
    phone.locator(".code-group summary", has_text="Cause").click()
    phone.locator("label.code", has_text="Hose of an appliance").click()
    phone.get_by_label("Add a part").select_option("gas_hose")
    phone.get_by_label("Quantity: Hose for appliances").fill("1,5")
    phone.get_by_label("Minutes worked", exact=True).fill("25")
    picture.of(phone, "ending")
    with phone.expect_response("**/complete") as ended:
        finish.click()
    assert ended.value.ok

    desk.locator(f"[data-incident-id='{incident_id}']").first.click()
    expect(desk.locator(".work-said")).to_contain_text("Hose for appliances 1.5 m")
    expect(desk.locator(".work-said")).to_contain_text("25 min")
    expect(desk.locator(".measurement-section .entry")).to_contain_text("0 % LEL")
    (order,) = town.services.incidents.get(dora, incident_id)["assignments"]
    assert order["work"] is not None
    assert (order["outcome_effect"], order["work"]["minutes"]) == ("done", 25)


def test_an_administrator_makes_a_form_that_crews_find_in_their_language(
    town: Town, door: Door, picture: Picture
) -> None:
    """A wrong limit is refused at its field, and nothing typed is lost by that."""
    town.sign_up("ada", Role.ADMINISTRATOR)
    on_scene(town)
    desk = door.desk("ada")
    desk.goto(f"{town.server.url}/administration/forms")

    desk.get_by_role("button", name="New form").click()
    dialog = desk.locator("dialog.form-dialog")
    typed = {
        "code": ["carbon_reading", "co"],
        "name_en": ["Carbon monoxide", "CO in the room"],
        "name_zh": ["一氧化碳检测", "室内一氧化碳"],
    }
    for name, (of_form, of_field) in typed.items():
        inputs = dialog.locator(f"input[id$='-{name}']")
        inputs.nth(0).fill(of_form)
        inputs.nth(1).fill(of_field)
    dialog.get_by_label("Gas leak").check()
    dialog.locator("input[id$='-unit_en']").fill("ppm")
    dialog.locator("input[id$='-unit_zh']").fill("ppm")
    dialog.get_by_label("Warning at or above").fill("50")
    dialog.get_by_label("Alarm at or above").fill("30")
    dialog.get_by_role("button", name="Save").click()
    wrong = dialog.locator("[data-field='fields.0.alarm_high']")
    expect(wrong).to_contain_text("must be above the limits below it")
    picture.of(desk, "form")
    dialog.get_by_label("Alarm at or above").fill("100")
    dialog.get_by_role("button", name="Save").click()
    expect(
        desk.locator("tr", has_text="carbon_reading").or_(
            desk.locator("tr", has_text="Carbon monoxide")
        )
    ).to_be_visible()

    phone = door.phone("gas", CASINO, language="zh")
    phone.get_by_role("button", name="检测：一氧化碳检测").click()
    phone.get_by_label("室内一氧化碳").fill("120")
    expect(phone.locator(".limit-said")).to_contain_text("超过报警值")
    expect(phone.locator(".number-line .unit")).to_have_text("ppm")
    picture.of(phone, "own-form-zh")
