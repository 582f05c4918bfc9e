"""The conversation between desk and crew, in two browsers."""

import re

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import queue_row
from tests.e2e.line import cut
from tests.e2e.test_accessibility import in_both_lights

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
WORDS = {
    "en": (
        "Messages",
        "Need an excavator",
        "Understood",
        "read .* by East 1",
        "read .* at the desk",
    ),
    "zh": ("消息", "需要挖掘机", "收到", "East 1 于 .* 已读", "调度于 .* 已读"),
}
LISTEN = """() => {
  window.heard = [];
  document.addEventListener("sounded", ({ detail }) => heard.push(detail));
}"""


def sent_to(town: Town) -> tuple[Actor, int]:
    """Send a crew to an incident; return a dispatcher and the incident."""
    crew_id = town.add_crew("East 1", PORT, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("east", Role.CREW, crew_id=crew_id)
    fields = {"kind": "gas_leak", "address": "Rue Grimaldi 21", "lon": PORT[0], "lat": PORT[1]}
    incident_id: int = town.services.incidents.create(dora, CreateIncident.read(fields))["id"]
    town.services.sending.send(dora, incident_id, SendCrew(crew_id=crew_id))
    return dora, incident_id


def write_on(phone: Page, words: str) -> None:
    """Open the conversation on a phone, if need be, and type."""
    if not phone.locator(".messages-sheet").is_visible():
        phone.locator(".messages-button").tap()
    phone.locator(".messages-sheet textarea").fill(words)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_crew_needs_is_heard_and_marked_at_the_desk_and_the_answer_on_the_phone(
    town: Town, door: Door, language: str, picture: Picture
) -> None:
    """Each side sees when the other has read; nothing is read before somebody could see it."""
    messages, excavator, understood, read_by_crew, read_at_desk = WORDS[language]
    dora, incident_id = sent_to(town)
    desk, phone = door.desk("dora", language=language), door.phone("east", PORT, language=language)
    desk.locator("#queue").click(position={"x": 5, "y": 5})  # a page makes no sound untouched
    for page in (desk, phone):
        page.evaluate(LISTEN)
    expect(phone.locator(".messages-button")).to_have_text(f"{messages} ")

    phone.locator(".messages-button").tap()
    phone.get_by_role("button", name=excavator).tap()

    expect(queue_row(desk, "Rue Grimaldi").locator(".unread-mark")).to_contain_text("1")
    desk.wait_for_function("() => heard.includes('bell')")
    expect(phone.locator(".bubble.own")).to_contain_text(excavator)
    assert town.services.incidents.get(dora, incident_id)["unread_from_crews"] == 1
    picture.of(desk, f"console-{language}-unread")
    queue_row(desk, "Rue Grimaldi").click()
    expect(desk.locator(".conversation .bubble.other")).to_contain_text(excavator)
    expect(desk.locator(".unread-mark")).to_have_count(0)
    expect(phone.locator(".bubble.own .message-below")).to_have_text(re.compile(read_at_desk))
    phone.locator(".messages-sheet .back").tap()

    desk.locator(".message-line textarea").fill("12:40 <b>")
    desk.keyboard.press("Enter")
    expect(desk.locator(".message-line textarea")).to_have_value("")
    expect(phone.locator(".message-news .message-words")).to_have_text("12:40 <b>")
    expect(phone.locator(".messages-button")).to_have_text(f"{messages} (1)")
    phone.wait_for_function("() => heard.includes('bell')")
    picture.of(phone, f"crew-{language}-message")
    phone.locator(".message-news").get_by_role("button", name=understood).tap()

    expect(phone.locator(".message-news")).to_be_hidden()
    expect(phone.locator(".messages-button")).to_have_text(f"{messages} ")
    expect(desk.locator(".bubble.own .message-below")).to_have_text(re.compile(read_by_crew))
    expect(desk.locator(".bubble.other").last).to_contain_text(understood)
    phone.locator(".messages-button").tap()
    expect(phone.locator(".bubble")).to_have_count(3)
    picture.of(phone, f"crew-{language}-conversation")
    picture.of(desk, f"console-{language}-conversation")
    if language == "en":
        assert in_both_lights(desk) + in_both_lights(phone) == []
        picture.of(desk, "console-en-conversation-night")
        picture.of(phone, "crew-en-conversation-night")


def test_words_without_signal_and_half_written_ones_outlive_a_reload_and_a_new_order(
    town: Town, door: Door
) -> None:
    """On the phone and at the desk; what was written is sent once, and gone after a sign-out."""
    dora, incident_id = sent_to(town)
    desk, phone = door.desk("dora"), door.phone("east", PORT)
    phone.get_by_role("button", name="Accept").tap()
    phone.context.set_offline(True)
    write_on(phone, "Valve 7 is stuck")
    phone.get_by_role("button", name="Send message").tap()
    expect(phone.locator(".bubble.waiting")).to_contain_text("not sent yet")
    write_on(phone, "Half a sent")
    mend = cut(phone, "/messages$")
    phone.context.set_offline(False)
    phone.reload()

    phone.locator(".messages-button").tap()
    expect(phone.locator(".bubble.waiting")).to_contain_text("Valve 7 is stuck")
    expect(phone.locator(".messages-sheet textarea")).to_have_value("Half a sent")
    other = {"kind": "gas_leak", "address": "Rue Basse 3", "lon": PORT[0], "lat": PORT[1]}
    second = town.services.incidents.create(dora, CreateIncident.read(other))["id"]
    crew_id = town.services.messages.list(dora, incident_id)
    assert crew_id == {"messages": []}
    order = town.services.incidents.get(dora, incident_id)["assignments"][0]
    town.services.sending.send(dora, second, SendCrew(crew_id=order["crew_id"], queue=True))
    expect(phone.locator(".messages-sheet")).to_have_count(0)
    mend()
    phone.evaluate("window.dispatchEvent(new Event('online'))")

    queue_row(desk, "Rue Grimaldi").click()
    expect(desk.locator(".conversation .bubble.other")).to_have_count(1)
    desk.locator(".message-line textarea").fill("Half a wo")
    desk.locator("[data-section=notes] textarea").fill("Key at the por")
    desk.reload()
    queue_row(desk, "Rue Grimaldi").click()
    desk.locator("[data-section=messages] .fold-head").click()
    expect(desk.locator(".message-line textarea")).to_have_value("Half a wo")
    expect(desk.locator("[data-section=notes] textarea")).to_have_value("Key at the por")
    desk.evaluate("document.querySelector('form[action=\"/sign-out\"]').requestSubmit()")
    desk.wait_for_url("**/sign-in**")
    assert desk.evaluate("Object.keys(sessionStorage).filter((k) => k.includes('draft'))") == []
    (sent,) = town.services.messages.list(dora, incident_id)["messages"]
    assert sent["words"] == "Valve 7 is stuck"
