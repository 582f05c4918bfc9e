"""The console without a mouse: keys, command line, preferences; what it says aloud."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.incidents.types import ChangeIncident
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Town
from tests.e2e.console import TWO_FRAMES
from tests.e2e.console import queue_row

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
GUIDE = Path(__file__).parents[2] / "docs" / "console.md"
HEARD = """
window.heard = [];
document.addEventListener("sounded", ({ detail }) => window.heard.push(detail));
"""
# Headless windows are always "visible"; a desktop with another program in front is not.
LOOKED_AWAY = """
window.noticed = [];
window.Notification = class {
  static permission = "granted";
  constructor(title, options) {
    window.noticed.push(this);
    Object.assign(this, { title, ...options });
  }
  close() { this.closed = true; }
};
Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
"""
# What leaves the window, what covers one another in the bar, what a finger would miss.
LAID_OUT = """() => {
  const shown = (n) => n.checkVisibility() && n.getBoundingClientRect().width > 1;
  const box = (n) => n.getBoundingClientRect();
  const name = (n) => `${n.tagName}.${n.className} ${n.textContent.slice(0, 20)}`;
  const parts = [...document.querySelectorAll(".bar > *")].filter(shown);
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
    && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return {
    out: [...document.querySelectorAll(".bar *, .queue *, .side *")].filter(shown)
      .filter((n) => box(n).right > innerWidth + 1 || box(n).left < -1).map(name),
    over: parts.flatMap((a, i) => parts.slice(i + 1).filter((b) => meet(box(a), box(b)))
      .map((b) => `${name(a)} / ${name(b)}`)),
    page: document.documentElement.scrollHeight - innerHeight,
    small: matchMedia("(pointer: coarse)").matches
      ? [...document.querySelectorAll(".console button, summary, select, .map-tool")]
        .filter(shown).filter((n) => box(n).height < 39.5).map(name) : [],
    type: parseFloat(getComputedStyle(document.querySelector(".incident-row .kind"))
      .fontSize) * document.querySelector(".queue").currentCSSZoom,
  };
}
"""


def report(town: Town, who: Actor, address: str, *, priority: int = 2) -> int:
    """Have somebody report an incident at the port."""
    place = {"lon": PORT[0], "lat": PORT[1]}
    fields = {"kind": "gas_leak", "address": address, "priority": priority, **place}
    return int(town.services.incidents.create(who, CreateIncident.read(fields))["id"])


def no_time_left(town: Town, actor: Actor, incident_id: int) -> None:
    """Let the time that a crew has to answer be over, and have the desks told."""
    with town.owner.begin() as connection:
        connection.execute(text("UPDATE order_chain SET alarm_at = now() - interval '1 s'"))
    town.services.incidents.update(actor, incident_id, ChangeIncident(caller_name="Anne"))


def preferring(**wanted: Any) -> str:  # noqa: ANN401 — as JSON has it
    """Return the script that begins with other preferences than everybody does."""
    kept = json.dumps(json.dumps(wanted))
    return (
        f"if (!localStorage.getItem('nearcrew-preferences'))"
        f" localStorage.setItem('nearcrew-preferences', {kept});"
    )


@contextmanager
def composing(page: Page) -> Iterator[None]:
    """Compose Chinese characters: the keys belong to the input method until it is done."""
    page.evaluate(
        """() => { window.holdKeys = (event) => Object.defineProperty(event, "isComposing",
            { value: true }); addEventListener("keydown", window.holdKeys, { capture: true }); }"""
    )
    yield
    page.evaluate("() => removeEventListener('keydown', window.holdKeys, { capture: true })")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_incident_is_dispatched_and_taken_back_without_a_mouse(
    town: Town, door: Door, language: str
) -> None:
    """J and K walk the queue, N what waits, a number chooses, Enter sends, U takes it back."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    east = town.add_crew("East 1", CASINO, skills=("gas",))
    town.add_crew("West 2", FONTVIEILLE, skills=("gas",))
    sent = report(town, dora, "first", priority=1)
    town.services.sending.send(dora, sent, SendCrew(crew_id=east))
    report(town, dora, "second")
    report(town, dora, "third", priority=3)
    desk = door.desk("dora", language=language)
    chosen = desk.locator(".incident-row[aria-current=true]")

    desk.keyboard.press("j")
    expect(chosen).to_contain_text("second")
    desk.keyboard.press("j")
    expect(chosen).to_contain_text("third")
    desk.keyboard.press("k")
    expect(chosen).to_contain_text("second")
    desk.keyboard.press("n")
    expect(chosen).to_contain_text("third")
    desk.keyboard.press("n")
    expect(chosen).to_contain_text("second")
    desk.locator(".candidate.recommended").wait_for()
    desk.keyboard.press("1")
    expect(desk.locator(".candidate").first.locator("button.send")).to_be_focused()
    assert desk.locator(".assignment").count() == 0
    desk.keyboard.press("Enter")
    desk.locator(".toast[data-undo]").wait_for()
    desk.keyboard.press("u")
    expect(queue_row(desk, "second").locator(".mark")).to_have_attribute("data-state", "open")
    desk.keyboard.press("Escape")

    expect(chosen).to_have_count(0)


def test_keys_do_nothing_while_somebody_types_or_composes(town: Town, door: Door) -> None:
    """A caller's address with a j in it must not change the incident."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    report(town, dora, "first")
    desk = door.desk("dora", language="zh")

    desk.keyboard.press("p")
    expect(desk.locator("#pin-address")).not_to_have_value("")  # where the pin stands
    desk.locator("#pin-address").fill("")
    desk.locator("#pin-address").press_sequentially("jkn?/12")
    expect(desk.locator("#pin-address")).to_have_value("jkn?/12")
    expect(desk.locator("dialog")).to_have_count(0)
    with composing(desk):
        desk.keyboard.press("Escape")
        expect(desk.locator(".pin-form")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator(".pin-form")).to_have_count(0)
    with composing(desk):
        desk.keyboard.press("j")
    expect(desk.locator(".incident-panel")).to_have_count(0)
    # What the key of "/" prints while a Chinese keyboard is on.
    desk.evaluate("() => dispatchEvent(new KeyboardEvent('keydown', { key: '、' }))")

    expect(desk.get_by_role("combobox", name="命令")).to_be_focused()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_sheet_tells_every_key_once(town: Town, door: Door, language: str) -> None:
    """What two commands claim, neither has; tooltips and docs/console.md tell the same."""
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora", language=language)

    desk.keyboard.press("?")
    sheet = desk.get_by_role("dialog")
    expect(sheet).to_contain_text("Undo the last step" if language == "en" else "撤销上一步")
    keys = [
        " ".join(row.locator("kbd").all_text_contents())
        for row in sheet.locator(".ways > .keys").all()
    ]
    assert len(keys) > 15
    assert sorted(keys) == sorted(set(keys))
    if language == "en":
        titles = sheet.locator(".what").evaluate_all("(all) => all.map((n) => n.firstChild.data)")
        guide = GUIDE.read_text(encoding="utf-8")
        assert [title for title in titles if f"| {title} |" not in guide] == []
    desk.keyboard.press("?")
    expect(sheet).to_have_count(0)
    pin = desk.locator("#queue [data-command='incident.pin']")
    pin.focus()

    expect(pin).to_have_attribute("aria-keyshortcuts", "P")
    expect(pin).to_have_attribute("title", re.compile(r"\(P\)$"))


def test_the_command_line_completes_remembers_and_says_what_is_wrong(
    town: Town, door: Door
) -> None:
    """As in a shell: a word, what follows it, Enter; and errors with the line still there."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.add_crew("East 1", CASINO, skills=("gas",))
    incident_id = report(town, dora, "Quai Albert 1er")
    desk = door.desk("dora")
    line = desk.get_by_role("combobox", name="Command")
    options = desk.locator(".command-line").get_by_role("option")
    root = desk.locator("html")

    desk.keyboard.press("/")
    line.press_sequentially("the")
    expect(options.first).to_contain_text("/theme")
    desk.keyboard.press("Tab")
    expect(line).to_have_value("theme ")
    expect(options).to_have_count(4)
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    expect(line).to_have_attribute("aria-activedescendant", "command-option-2")
    desk.keyboard.press("Enter")
    expect(root).to_have_attribute("data-theme", "dark")
    desk.keyboard.press("/")
    line.fill("theme purple")
    desk.keyboard.press("Enter")
    expect(desk.locator(".command-line").get_by_role("alert")).to_contain_text("Enter day")
    line.fill("/配色 白天")
    desk.keyboard.press("Enter")
    expect(root).to_have_attribute("data-theme", "light")
    desk.keyboard.press("/")
    desk.keyboard.press("ArrowUp")
    expect(line).to_have_value("配色 白天")
    line.fill(f"send East 1 → {incident_id}")
    desk.keyboard.press("Enter")

    expect(queue_row(desk, "Quai Albert 1er")).to_contain_text("East 1")
    expect(desk.locator("dialog")).to_have_count(0)


def test_an_order_nobody_answers_is_alarmed_until_it_is_acknowledged(
    town: Town, door: Door
) -> None:
    """Loud, once per window of the desk, in words; and a reload forgets nothing."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    lee = town.sign_up("lee", Role.DISPATCHER)
    east = town.add_crew("East 1", CASINO, skills=("gas",))
    desk = door.desk("dora", language="zh", script=HEARD)
    desk.keyboard.press("Escape")  # a touch, without which browsers make no sound
    expect(desk.locator("#sound-state")).to_be_empty()

    incident_id = report(town, lee, "Quai Albert 1er", priority=1)
    desk.wait_for_function("() => window.heard.includes('alarm')")
    sent, _ = town.services.sending.send(dora, incident_id, SendCrew(crew_id=east))
    no_time_left(town, dora, incident_id)
    alarms = desk.locator("#alarms li")
    expect(alarms).to_contain_text("East 1 尚未接单")
    desk.wait_for_function("() => window.heard.includes('pulse')")
    desk.keyboard.press("a")
    expect(alarms).to_have_count(0)
    desk.reload()
    desk.locator("body[data-ready] #connection[data-state=live]").wait_for()
    expect(queue_row(desk, "Quai Albert 1er")).to_be_visible()
    expect(alarms).to_have_count(0)
    town.services.assignments.act(dora, sent["id"], Action.DECLINE, Step(reason="vehicle"))
    expect(alarms).to_contain_text("East 1 拒单")
    alarms.get_by_role("button", name="查看").click()

    expect(desk.locator(".incident-panel")).to_be_visible()


def test_a_desk_that_looks_away_is_given_a_notice_that_leads_to_the_incident(
    town: Town, door: Door
) -> None:
    """Only when it asked for notices, and not of what it did itself."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    lee = town.sign_up("lee", Role.DISPATCHER)
    desk = door.desk("dora", script=preferring(notify=True) + LOOKED_AWAY)

    report(town, dora, "by ourselves")
    report(town, lee, "by another")
    desk.wait_for_function("() => window.noticed.length > 0")
    told = desk.evaluate("() => window.noticed.map(({ title, body }) => [title, body])")
    desk.evaluate("() => window.noticed[0].onclick()")

    assert [body for _, body in told] == ["by another"]
    assert told[0][0].startswith("New: Gas leak #")
    expect(desk.locator(".incident-panel")).to_contain_text("by another")


def test_preferences_hold_at_once_in_every_window(town: Town, door: Door) -> None:
    """Colours by the clock, sounds by the news; letters that are no keys for whoever speaks."""
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    other = desk.context.new_page()
    other.clock.install(time="2026-03-01T18:40:00")
    other.goto(f"{town.server.url}/")
    other.locator("body[data-ready] #connection[data-state=live]").wait_for()
    desk.evaluate(HEARD)

    desk.keyboard.press(",")
    dialog = desk.get_by_role("dialog")
    dialog.get_by_text("By the clock").click()
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
    dialog.get_by_label("until").fill("19:00")
    expect(other.locator("html")).to_have_attribute("data-theme", "light")
    other.clock.fast_forward("30:00")
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
    dialog.get_by_label("New incident, emergency (P1)", exact=True).select_option("knock")
    dialog.locator(".sounding[data-sounding=ready]").wait_for()
    dialog.get_by_role("button", name="Hear: New incident, emergency (P1)").click()
    desk.wait_for_function("() => window.heard.at(-1) === 'knock'")
    dialog.get_by_label("Single letters and digits are keys").uncheck()
    dialog.get_by_text("Dense", exact=True).click()
    expect(other.locator("html")).to_have_attribute("data-density", "dense")
    desk.keyboard.press("Escape")
    other.keyboard.press(",")
    expect(other.get_by_role("dialog")).to_have_count(0)
    other.keyboard.press("?")

    expect(other.get_by_role("dialog")).to_be_visible()


def test_a_night_desk_never_flashes_white(town: Town, door: Door) -> None:
    """Before any style sheet is there, by choice and against the system's daylight."""
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    desk.keyboard.press("Shift+N")
    expect(desk.locator("html")).to_have_attribute("data-theme", "dark")
    desk.route("**/*.css", lambda _route: None)  # they never come

    with desk.expect_request("**/*.css"):
        desk.goto(f"{town.server.url}/", wait_until="commit")
    desk.locator("html[data-theme=dark]").wait_for(state="attached")

    shown = "() => getComputedStyle(document.documentElement).backgroundColor"
    assert desk.evaluate(shown) == "rgb(11, 15, 19)"
    desk.unroute_all()


@pytest.mark.parametrize(
    ("role", "language"), [(Role.ADMINISTRATOR, "zh"), (Role.DISPATCHER, "en")]
)
def test_the_first_day_says_what_to_do_next(
    town: Town, door: Door, role: Role, language: str
) -> None:
    """The page for whoever may use it, whom to ask for everybody else; gone once work goes."""
    town.sign_up("dora", role)
    desk = door.desk("dora", language=language)
    steps = desk.locator("#first-day li")

    expect(steps.nth(0)).to_have_attribute("data-state", "done")
    expect(steps.nth(1)).to_have_attribute("data-state", "next")
    expect(steps.get_by_role("link")).to_have_count(2 if role is Role.ADMINISTRATOR else 0)
    town.add_crew("East 1", CASINO, skills=("gas",))

    expect(desk.locator("#first-day")).to_be_hidden()


@pytest.mark.parametrize(
    ("sizes", "touch"),
    [([(1280, 720), (3840, 2160)], False), ([(820, 1180), (1180, 820)], True)],
    ids=["screens", "tablets"],
)
def test_nothing_is_cut_off_and_fingers_find_their_targets(
    town: Town, door: Door, sizes: list[tuple[int, int]], *, touch: bool
) -> None:
    """From a tablet to a wall; a target for a finger is 40 px."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.add_crew("East 1", CASINO, skills=("gas",))
    report(town, dora, "A long address at the far end of Quai Albert 1er")
    desk = door.desk("dora", language="zh", size=sizes[0], touch=touch)
    desk.keyboard.press("j")
    desk.locator(".candidate").first.wait_for()

    for width, height in sizes:
        desk.set_viewport_size({"width": width, "height": height})
        desk.evaluate(TWO_FRAMES)
        found = desk.evaluate(LAID_OUT)

        assert found["out"] == []
        assert found["over"] == []
        assert found["page"] <= 0
        assert found["small"] == []
        assert found["type"] >= (18 if width == 3840 else 13)
