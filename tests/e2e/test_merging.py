"""Duplicates at the desk: proposed before they are saved, merged by key, called back one by one."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import queue_row
from tests.e2e.test_accessibility import in_both_lights

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
WORDS = {
    "en": (
        "Very likely reported already",
        "×2 calls",
        "Order moved",
        "Understood",
        "Take out",
        "200 m · 1 inside",
    ),
    "zh": (
        "很可能已有报修",
        "×2 次报修",
        "派单已转移",
        "收到",
        "拆出",
        "200 米 · 其中 1 起",
    ),
}
CALLS = 300


def report(town: Town, desk: Actor, address: str, *, east: float = 0.0, **more: object) -> int:
    """Open an incident near the port, some degrees east of it."""
    wanted = {"kind": "gas_leak", "address": address, "lon": PORT[0] + east, "lat": PORT[1], **more}
    number: int = town.services.incidents.create(desk, CreateIncident.read(wanted))["id"]
    return number


def apart(reports: Locator) -> float:
    """Return how far the second row of the people lies below the first, in pixels."""
    first, second = (reports.locator(".people .entry").nth(each).bounding_box() for each in (0, 1))
    assert first is not None
    assert second is not None
    return second["y"] - first["y"]


def section(name: str) -> str:
    """Return the selector of a section of the panel."""
    return f"#side [data-section={name}]"


def join_by_proposal(desk: Page, first: int, likely: str, look: Callable[[], None]) -> None:
    """Pin a call at the same place, and join the first incident that is proposed."""
    queue_row(desk, "Rue Grimaldi 21").click()
    desk.locator(".incident-panel h2").wait_for()
    desk.keyboard.press("Escape")
    desk.locator("#map").click(button="right")
    proposal = desk.locator(".known-incidents")
    expect(proposal.locator("li")).to_have_count(2)
    desk.locator("#pin-kind-gas_leak").check(force=True)
    expect(proposal.locator("strong")).to_have_text(likely)
    look()
    proposal.locator(f".same[data-incident-id='{first}']").click()


def widen_danger(desk: Page, inside: str) -> None:
    """See the other inside the danger radius, on the map and by name; make that larger."""
    expect(desk.locator(f"{section('danger')} .inside-danger li")).to_have_count(1)
    expect(desk.locator("path.danger-radius")).to_have_count(1)
    expect(desk.locator(".danger-ring")).to_have_count(1)
    desk.fill("#danger-radius", "200")
    desk.keyboard.press("Enter")
    expect(desk.locator(f"{section('danger')} .fold-head .n")).to_have_text(inside)


def merge_by_keys(desk: Page) -> None:
    """Go as far as the preview of merging the chosen incident into the only one near it."""
    desk.locator(".incident-panel h2").click()
    desk.keyboard.press("Shift+D")
    choice = desk.locator(".merge-choice")
    expect(choice).to_have_count(1)
    expect(choice).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator(".merge-orders")).to_contain_text("East 1")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_duplicate_is_proposed_merged_by_key_and_taken_out_again(
    town: Town, door: Door, language: str, picture: Picture
) -> None:
    """Two desks and a crew: 80 m apart; the crew's order goes over and it is told."""
    likely, twice, moved, understood, take_out, inside = WORDS[language]
    crew_id = town.add_crew("East 1", PORT, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("east", Role.CREW, crew_id=crew_id)
    first = report(town, dora, "Rue Grimaldi 21", caller_name="Ann", caller_phone="0612")
    second = report(town, dora, "Rue Grimaldi 30", east=0.001)
    town.services.sending.send(dora, first, SendCrew(crew_id=crew_id))
    desk = door.desk("dora", language=language)
    phone = door.phone("east", PORT, language=language)
    phone.locator(".offer, .screen").first.wait_for()

    join_by_proposal(desk, first, likely, lambda: picture.of(desk, f"console-{language}-proposal"))
    expect(queue_row(desk, "Rue Grimaldi 21").locator(".calls")).to_have_text(twice)
    widen_danger(desk, inside)
    picture.of(desk, f"console-{language}-danger")
    merge_by_keys(desk)
    if language == "en":
        assert in_both_lights(desk) == []
    picture.of(desk, f"console-{language}-merge")
    desk.locator(".merge-form .primary").focus()
    desk.keyboard.press("Enter")

    expect(desk.locator("dialog[open]")).to_have_count(0)
    expect(desk.locator(".incident-row")).to_have_count(1)
    expect(desk.locator(".incident-panel h2")).to_contain_text(f"#{second}")
    expect(queue_row(desk, "Rue Grimaldi 30").locator(".calls")).to_contain_text("×3")
    expect(desk.locator(".coming")).to_contain_text("East 1")
    expect(phone.locator(".notice-screen .ring-line")).to_contain_text(moved)
    expect(phone.locator(".notice-screen .title")).to_contain_text(f"#{second}")
    picture.of(phone, f"crew-{language}-moved")
    phone.get_by_role("button", name=understood).tap()
    expect(phone.locator(".notice-screen")).to_have_count(0)

    # Its number leads to the one that goes on; taken out, it is back with its crew.
    desk.goto(f"{door.url}/?incident={first}")
    expect(desk.locator(".incident-panel h2")).to_contain_text(f"#{second}")
    desk.locator(f"{section('merged')} .fold-head").click()
    picture.of(desk, f"console-{language}-merged")
    desk.locator(section("merged")).get_by_role("button", name=take_out).click()
    expect(desk.locator(".incident-row")).to_have_count(2)
    expect(queue_row(desk, "Rue Grimaldi 21")).to_contain_text("East 1")


def test_three_hundred_callers_are_paged_and_ticked_on_a_small_desk(
    town: Town, door: Door, picture: Picture
) -> None:
    """Twenty at a time; once it is resolved those who wait for a word are on top."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    burst = report(town, dora, "Rue Grimaldi 21", kind="water_burst", caller_phone="0600")
    with town.owner.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO incident_report (incident_id, actor_id, author, channel, told_at,"
                " received_at, caller_name, caller_phone, words, reference)"
                " SELECT :id, 0, 'dora', 'call', now(), now(), 'Caller ' || n,"
                " '06' || (1000 + n), 'Water in the street', '' FROM generate_series(1, :n) AS n"
            ),
            {"id": burst, "n": CALLS - 1},
        )
    desk = door.desk("dora", size=(1024, 768))
    queue_row(desk, "Rue Grimaldi").click()
    reports = desk.locator(section("reports"))
    expect(queue_row(desk, "Rue Grimaldi").locator(".calls")).to_have_text("×300 calls")

    reports.locator(".fold-head").click()
    expect(reports.locator(".entry")).to_have_count(20)
    reports.get_by_role("button", name="20 of 300 shown: show more").click()
    expect(reports.locator(".entry")).to_have_count(40)
    reports.locator(".entry").nth(1).get_by_label("Called back").check()
    expect(reports.locator(".call-back.called")).to_have_count(1)
    expect(reports.locator(".callers-head")).to_contain_text("299 people to call back")
    reports.get_by_role("button", name="Note…").click()
    reports.get_by_role("textbox", name="What was said").fill("Water is back at six")
    desk.keyboard.press("Enter")
    expect(reports.locator(".call-back q")).to_have_text("Water is back at six")
    reports.get_by_role("button", name=re.compile("Only who")).click()
    expect(reports.locator(".people .entry")).to_have_count(20)
    expect(reports.locator(".people")).not_to_contain_text("061001")
    picture.of(desk, "console-en-callers")
    before = apart(reports)
    reports.locator(".people input[type=checkbox]").first.check()
    expect(reports.locator(".callers-head")).to_contain_text("298 people")
    expect(reports.locator(".people .call-back.called")).to_have_count(1)
    assert apart(reports) == before
