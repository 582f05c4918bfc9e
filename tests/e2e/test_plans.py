"""Several crews for one incident: asked for, proposed, sent with one click, and who leads."""

from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.incidents.types import CreateIncident
from dispatch.writes.command import Step
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import JARDIN_EXOTIQUE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import TWO_FRAMES
from tests.e2e.test_accessibility import findings

_CUT = Path(__file__).with_name("cut_words.js").read_text(encoding="utf-8")
pytestmark = [pytest.mark.browser, pytest.mark.postgis]
WORDS = {
    "en": {
        "level": "Alarm level 3",
        "short": "2 of 4 crews · Cordon crew, Excavator missing",
        "nobody": "no crew for it on duty",
        "send": "Send 3 crews",
        "sent": "were sent.",
        "lead": "Let it lead",
        "leads": "Leads the work · Gas crew",
        "supports": "Supports · Cordon crew",
    },
    "zh": {
        "level": "定为 3 级",
        "short": "已派 2/4 个班组 · 缺：警戒班组、挖掘机",
        "nobody": "没有值班班组能承担",
        "send": "派单 3 个班组",
        "sent": "已派",
        "lead": "改为主责",
        "leads": "主责 · 燃气班组",
        "supports": "配合 · 警戒班组",
    },
}


def whole_and_usable(desk: Page) -> None:
    """Hold the desk to axe's rules, and at its narrowest look for words that are cut."""
    assert findings(desk) == []
    desk.set_viewport_size({"width": 1024, "height": 900})
    desk.evaluate(TWO_FRAMES)
    assert desk.evaluate(_CUT) == []
    crew = desk.locator("[data-task=cordon] .filler b")
    box = crew.bounding_box()
    assert box is not None
    assert box["height"] < 24  # on one line, beside its box to tick


def gas_leak(town: Town) -> tuple[Actor, int]:
    """Report a gas leak to a desk with two gas crews and a cordon crew; return both."""
    gas = town.add_crew("Gas 1", FONTVIEILLE, skills=("gas",))
    town.add_crew("Gas 2", CASINO, skills=("gas",))
    town.add_crew("Cordon 1", JARDIN_EXOTIQUE, skills=("cordon",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("gas", Role.CREW, crew_id=gas)
    fields = {"kind": "gas_leak", "address": "Quai 7", "lon": PORT[0], "lat": PORT[1]}
    return dora, town.services.incidents.create(dora, CreateIncident.read(fields))["id"]


def show_top(desk: Page) -> None:
    """Scroll the panel to its beginning."""
    desk.locator(".incident-panel .scroll").evaluate("(node) => (node.scrollTop = 0)")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_crews_of_a_higher_level_are_proposed_sent_and_led(
    town: Town, door: Door, picture: Picture, language: str
) -> None:
    """One click sends all that can come; what is missing stays loud; the phone says its part."""
    words = WORDS[language]
    dora, incident_id = gas_leak(town)
    desk = door.desk("dora", language=language)
    desk.locator(f".incident-row[data-incident-id='{incident_id}']").click()
    section = desk.locator("[data-section=plan]")
    expect(section).to_be_visible()
    expect(section.locator(".fold-head")).to_have_attribute("aria-expanded", "false")

    section.locator(".fold-head").click()
    section.locator("[data-level='3']").click()
    section.locator("form.ask input").fill("Smell in the cellar")
    picture.of(desk, f"plan-level-{language}")
    section.get_by_role("button", name=words["level"], exact=True).click()

    openings = section.locator(".opening")
    expect(openings).to_have_count(4)
    expect(section.locator(".opening", has_text=words["nobody"])).to_have_count(1)
    expect(section.locator("[data-task=repair]")).to_contain_text("Gas 1")
    show_top(desk)
    picture.of(desk, f"plan-proposed-{language}")
    whole_and_usable(desk)
    picture.of(desk, f"plan-narrow-{language}")
    desk.set_viewport_size({"width": 1440, "height": 900})
    section.locator("[data-task=cordon] input").uncheck()
    section.locator("[data-task=cordon] input").check()
    section.get_by_role("button", name=words["send"], exact=True).click()

    expect(desk.locator(".toast.note").last).to_contain_text(words["sent"])
    expect(desk.locator(".assignments .assignment")).to_have_count(3)
    expect(section.locator("[data-task=excavator]")).to_have_attribute("data-state", "missing")
    orders = town.services.incidents.get(dora, incident_id)["assignments"]
    by_task = {each["task"]: each for each in orders}
    act = town.services.assignments.act
    act(dora, by_task["cordon"]["id"], Action.DECLINE, Step(reason="vehicle"))
    row = desk.locator(f".incident-row[data-incident-id='{incident_id}']")
    expect(row.locator(".why-open.loud")).to_have_text(words["short"])

    act(dora, by_task["repair"]["id"], Action.ACCEPT, Step())
    phone = door.phone("gas", FONTVIEILLE, language=language)
    expect(phone.locator(".part")).to_contain_text(words["leads"])
    expect(phone.locator(".with li")).to_contain_text("Gas 2")
    assert findings(phone) == []
    picture.of(phone, f"plan-phone-{language}")
    section.locator("[data-task=second]").get_by_role("button", name=words["lead"]).click()
    expect(phone.locator(".notice-screen")).to_be_visible()
    picture.of(phone, f"plan-phone-notice-{language}")
    show_top(desk)
    picture.of(desk, f"plan-sent-{language}")
