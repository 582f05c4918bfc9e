"""What was asked is not yet under way, and nobody's silence is silent for long."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.assignments.types import AssignmentAnswer
from dispatch.incidents.types import ChangeIncident
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Town
from tests.e2e.console import candidate
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
NO_TIME_LEFT = "UPDATE order_chain SET alarm_at = now() - interval '1 s'"
FONT_PX = "(node) => parseFloat(getComputedStyle(node).fontSize)"
WORDS = "Smell of gas in the stairwell, second floor; the porter waits at the door and has the keys"


ACCEPTED_LONG_AGO = """UPDATE assignment SET asked_at = now() - interval '7 min',
    accepted_at = now() - interval '6 min';
    UPDATE order_chain SET alarm_at = now() - interval '1 min'"""


def report(town: Town, actor: Actor, address: str, words: str = "", *, priority: int = 1) -> int:
    """Report a gas leak at the port."""
    wanted = CreateIncident(
        kind="gas_leak",
        lon=PORT[0],
        lat=PORT[1],
        address=address,
        description=words,
        priority=priority,
    )
    return town.services.incidents.create(actor, wanted)["id"]


def until_sent(town: Town, actor: Actor, incident_id: int) -> list[AssignmentAnswer]:
    """Return the orders of an incident, once there are any."""
    wait_until(lambda: town.services.incidents.get(actor, incident_id)["assignments"])
    return town.services.incidents.get(actor, incident_id)["assignments"]


def age(town: Town, actor: Actor, incident_id: int, statement: str) -> None:
    """Move a time back, as the owner of the tables, and have the desks told of the incident."""
    with town.owner.begin() as connection:
        connection.execute(text(statement))
    town.services.incidents.update(actor, incident_id, ChangeIncident(caller_name="Anne"))


def test_asked_accepted_and_driving_differ_and_promise_nothing_before_departure(
    town: Town, door: Door
) -> None:
    """In group, sign and word, on two desks in two languages; a countdown only while it drives."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.add_crew("East 1", CASINO, skills=("gas",))
    incident_id = report(town, dora, "Quai Albert")
    english, chinese = door.desk("dora"), door.desk("dora", language="zh")
    english.locator(f"[data-incident-id='{incident_id}']").click()
    # The served console knows the roads.
    candidate(english, "East 1").locator(".send").click()
    [order] = until_sent(town, dora, incident_id)

    steps = (
        (None, "offered", "Asked, no answer yet", "已派，待接单"),
        (Action.ACCEPT, "accepted", "Accepted, not set out", "已接单，未出发"),
        (Action.DEPART, "en_route", "On the way", "途中"),
    )
    signs, colours = set(), set()
    for action, stage, word, chinese_word in steps:
        if action is not None:
            town.services.assignments.act(dora, order["id"], action, Step())
        if action is Action.DEPART:
            later = "UPDATE assignment SET eta_at = now() + interval '30 min'"
            age(town, dora, incident_id, later)
        for desk, heading in ((english, word), (chinese, chinese_word)):
            row = desk.locator(f"#queue [data-group={stage}] .incident-row")
            expect(row).to_contain_text("East 1")
            expect(desk.locator(f"#queue [data-group={stage}] .title")).to_have_text(heading)
            expect(row).not_to_contain_text(heading)  # the heading has said it
            expect(desk.locator("#queue .group:not([hidden])")).to_have_count(1)
        mark = english.locator("#queue .incident-row .incident-mark")
        signs.add(mark.locator("path").get_attribute("d"))
        colours.add(mark.locator("circle").evaluate("(node) => getComputedStyle(node).fill"))
        expect(english.locator(".incident-panel .facts-line")).to_contain_text(word)
        promised = english.locator(".coming .eta b")
        if stage == "en_route":
            expect(english.locator(".coming .eta")).to_contain_text("expected at")
            expect(promised).to_have_text(re.compile(r"^\d\d min$"))
            expect(english.locator(".incident-row .clock-what")).to_have_text("until there")
        else:
            expect(english.locator(".coming .eta")).to_contain_text("once they set out")
            expect(chinese.locator(".incident-row .crew-line")).to_contain_text("出发后约")
            expect(promised).to_be_empty()
    assert (len(signs), len(colours)) == (3, 3)
    expect(english.locator("#counts")).to_contain_text("1 under way")


def test_one_desk_acknowledges_for_all_and_it_is_loud_again_until_the_crew_answers(
    town: Town, door: Door
) -> None:
    """A dead phone at 3 a.m.: silent for two minutes at both desks, marked all the while."""
    dora, lee = town.sign_up("dora", Role.DISPATCHER), town.sign_up("lee", Role.DISPATCHER)
    east = town.add_crew("East 1", CASINO, skills=("gas",))
    incident_id = report(town, dora, "Quai Albert")
    order, _ = town.services.sending.send(dora, incident_id, SendCrew(crew_id=east))
    age(town, dora, incident_id, NO_TIME_LEFT)
    first = door.desk("dora")
    second = door.desk("lee", language="zh")
    desks = (first, second)
    for desk in desks:
        expect(desk.locator("#alarms li")).to_have_count(1)
        expect(desk.locator("#queue li.alarmed")).to_have_count(1)
    expect(first).to_have_title(f"(1) ! East 1 has not answered: P1 Gas leak #{incident_id}")

    first.keyboard.press("a")
    for desk in desks:
        expect(desk.locator("#alarms li")).to_have_count(0)
    second.reload()
    expect(second.locator("#queue li.seen")).to_contain_text("dora 已确认，静音至")
    expect(second.locator("#alarms li")).to_have_count(0)
    expect(first.locator("#queue li.seen")).to_contain_text("seen by dora, until")

    over = "UPDATE alarm_acknowledgement SET quiet_until = acknowledged_at + interval '1 ms'"
    age(town, lee, incident_id, over)
    expect(first.locator("#alarms li")).to_contain_text("was seen by dora at")
    expect(second.locator("#alarms li")).to_contain_text("dora 曾在")

    town.services.assignments.act(dora, order["id"], Action.ACCEPT, Step())
    for desk in desks:
        expect(desk.locator("#alarms li")).to_have_count(0)
        expect(desk.locator("#queue .alarmed, #queue .seen")).to_have_count(0)
    expect(first).not_to_have_title(re.compile("has not answered"))

    age(town, lee, incident_id, ACCEPTED_LONG_AGO)
    expect(first.locator("#alarms li")).to_contain_text("East 1 accepted, but has not set out")
    expect(second.locator("#alarms li")).to_contain_text("East 1 已接单但未出发")
    second.get_by_role("button", name="确认", exact=True).click()
    for desk in desks:
        expect(desk.locator("#alarms li")).to_have_count(0)
    expect(first.locator("#queue li.seen")).to_contain_text("seen by lee, until")


def test_a_row_says_which_and_how_soon_and_keeps_its_height(town: Town, door: Door) -> None:
    """The caller's words on one line, the clock whole, the number and it larger than the rest."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    east = town.add_crew("East 1", CASINO, skills=("gas",))
    report(town, dora, "first")
    second = report(town, dora, "27 Boulevard Princesse Charlotte, 98000 Monaco", WORDS)
    order, _ = town.services.sending.send(dora, second, SendCrew(crew_id=east))
    town.services.assignments.act(dora, order["id"], Action.ACCEPT, Step())
    town.services.assignments.act(dora, order["id"], Action.DEPART, Step())
    age(town, dora, second, "UPDATE assignment SET eta_at = now() - interval '5 min'")
    desk = door.desk("dora")
    row = desk.locator(f"[data-incident-id='{second}']")

    expect(row.locator(".timer.loud")).to_have_text("5 min")
    expect(row.locator(".clock-what")).to_have_text("late")
    expect(row.locator(".words")).to_have_attribute("title", WORDS)
    expect(row.locator(".crew-line")).to_contain_text("was expected at")
    expect(row.locator(".number")).to_have_text(f"#{second}")
    sizes = [
        (part, float(row.locator(f".{part}").evaluate(FONT_PX)))
        for part in ("priority", "number", "timer", "kind", "place", "words", "crew-line")
    ]
    large = {name for name, size in sizes if size >= 16}
    assert large == {"priority", "number", "timer"}
    assert max(size for name, size in sizes if name not in large) < 16
    cut = "(node) => node.scrollWidth > node.clientWidth"
    assert row.locator(".words").evaluate(cut)
    assert not row.locator(".timer").evaluate(cut)
    heights = desk.locator(".incident-row").evaluate_all(
        "(rows) => rows.map((row) => row.getBoundingClientRect().height)"
    )
    assert len(set(heights)) == 1
