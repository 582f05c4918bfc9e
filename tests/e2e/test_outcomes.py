"""How an order ends: on the phone, at the desk, in both languages."""

import re

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town

SHUT = {
    "en": ("Could not get in", "Key is with a neighbour", "Finish: not done"),
    "zh": ("无法进入现场", "钥匙在邻居处", "结束：未完成"),
}
SAFE = {
    "en": ("Made safe, repair to follow", "Tomorrow", "Finish: repair to follow"),
    "zh": ("已消除危险，待后续修复", "明天", "结束：待后续修复"),
}
GREEN = {"en": re.compile("Resolved|Done"), "zh": re.compile("处置完毕|已完成")}


def on_scene(town: Town) -> tuple[Actor, int]:
    """Bring a crew to where no gas comes; return the desk and the incident's id."""
    crew_id = town.add_crew("Gas 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("gas", Role.CREW, crew_id=crew_id)
    fields = {"kind": "gas_outage", "address": "Quai 7", "lon": PORT[0], "lat": PORT[1]}
    incident = town.services.incidents.create(dora, CreateIncident.read(fields))
    order, _ = town.services.sending.send(dora, incident["id"], SendCrew(crew_id=crew_id))
    for action in (Action.ACCEPT, Action.DEPART, Action.ARRIVE):
        town.services.assignments.act(dora, order["id"], action, Step())
    return dora, incident["id"]


def end_with(phone: Page, outcome: str, *, then: str, finish: str) -> None:
    """Take the phone's steps from the scene to the end of the order."""
    phone.locator(".scene-screen .go").click()
    phone.locator("label.choice", has_text=outcome).click()
    phone.get_by_role("button", name=then, exact=True).click()
    with phone.expect_response("**/complete") as ended:
        phone.get_by_role("button", name=finish, exact=True).click()
    assert ended.value.ok
    expect(phone.locator(".duty-screen")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_could_not_get_in_is_loud_at_the_desk_and_waits_for_a_crew(
    town: Town, door: Door, picture: Picture, language: str
) -> None:
    """Not green: an alarm, with the reason and what the crew advises, in the row and the panel."""
    outcome, advice, finish = SHUT[language]
    _, incident_id = on_scene(town)
    desk = door.desk("dora", language=language)
    phone = door.phone("gas", CASINO, language=language)

    end_with(phone, outcome, then=advice, finish=finish)

    waiting = desk.locator(".group[data-group=open]")
    row = waiting.locator(f"[data-incident-id='{incident_id}']")
    expect(row.locator(".why-open")).to_contain_text(outcome)
    expect(row.locator(".why-open")).to_contain_text("Gas 1")
    expect(row.locator(".why-open")).to_contain_text(advice)
    expect(desk.locator("#alarms")).to_contain_text(outcome)
    row.click()
    notice = desk.locator(".outcome-notice .not-done.loud")
    expect(notice).to_contain_text(outcome)
    expect(notice.locator("blockquote")).to_have_text(advice)
    expect(desk.locator(".incident-panel .state-word")).not_to_have_text(GREEN[language])
    picture.of(desk, f"not-done-{language}")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_made_safe_is_never_done_and_its_follow_up_stands_in_the_queue(
    town: Town, door: Door, picture: Picture, language: str
) -> None:
    """Linked both ways, due when the crew said; closing begins with its words and says the rest."""
    outcome, due, finish = SAFE[language]
    dora, incident_id = on_scene(town)
    desk = door.desk("dora", language=language)
    phone = door.phone("gas", CASINO, language=language)

    end_with(phone, outcome, then=due, finish=finish)

    safe = desk.locator(f".group[data-group=safe] [data-incident-id='{incident_id}']")
    expect(safe.locator(".mark")).to_have_attribute("title", outcome)
    follow_up_id = town.services.incidents.get(dora, incident_id)["follow_up_id"]
    later = desk.locator(f".group[data-group=later] [data-incident-id='{follow_up_id}']")
    expect(later.locator(".why-open")).to_contain_text(f"#{incident_id}")
    expect(later.locator(".why-open")).to_contain_text("18:00")
    later.click()
    desk.locator(".outcome-notice .follow-up button").click()
    expect(desk.locator(".incident-panel h2")).to_contain_text(f"#{incident_id}")
    expect(desk.locator(".outcome-notice .made-safe button")).to_contain_text(f"#{follow_up_id}")
    desk.locator(".decisions .primary").click()
    expect(desk.locator("#reason")).to_have_value(outcome)
    expect(desk.locator(".note-before")).to_contain_text(f"#{follow_up_id}")
    picture.of(desk, f"made-safe-{language}")


def test_an_end_chosen_in_a_cellar_counts_once_there_is_signal(town: Town, door: Door) -> None:
    """Nothing is asked of the server to choose it."""
    dora, incident_id = on_scene(town)
    phone = door.phone("gas", CASINO)
    phone.locator(".scene-screen .go").wait_for()
    phone.context.set_offline(offline=True)

    phone.locator(".scene-screen .go").click()
    phone.locator("label.choice", has_text="Unsafe to work").click()
    phone.get_by_label("What do you advise?").fill("Shut the street first")
    phone.get_by_role("button", name="Finish: not done").click()
    expect(phone.locator(".duty-screen")).to_be_visible()
    with phone.expect_response("**/complete"):
        phone.context.set_offline(offline=False)

    expect(phone.locator(".line-state[data-live=true]")).to_be_visible()
    incident = town.services.incidents.get(dora, incident_id)
    assert (incident["state"], incident["outcome_effect"]) == ("open", "not_done")
    (order,) = incident["assignments"]
    assert (order["outcome"], order["result"]) == ("unsafe", "Shut the street first")


def test_a_replay_says_made_safe_not_resolved(town: Town, door: Door) -> None:
    """In its state, and in the story."""
    _, incident_id = on_scene(town)
    phone = door.phone("gas", CASINO)
    end_with(phone, "Temporary repair", then="In 3 days", finish="Finish: repair to follow")
    desk = door.desk("dora")

    desk.goto(f"{door.url}/replay/incident/{incident_id}")
    desk.locator(".replay-story").wait_for()
    desk.keyboard.press("End")

    expect(desk.locator(".replay-now .state-word")).to_contain_text("Made safe, repair to follow")
    expect(desk.locator(".replay-events")).to_contain_text("leaves a repair to follow")
