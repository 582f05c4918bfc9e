"""No word of the desk is cut off: every panel and dialog, on three widths, in both languages."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import JARDIN_EXOTIQUE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import TWO_FRAMES

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
_WIDTHS_PX = (1440, 1280, 1024)
CLOSE_ROADS = {"en": "Close roads", "zh": "封闭道路"}
OPENED_BY_KEYS = {
    "g l": "#side .panel",
    "g z": "#side .panel",
    "?": "dialog.sheet",
    ",": "dialog.preferences",
    "/": "dialog.command-line",
}
_FRAMES = 20
_SKILLS = ("gas", "heat", "water")
_CUT = Path(__file__).with_name("cut_words.js").read_text(encoding="utf-8")
_UNBROKEN = """() => [...document.querySelectorAll(".sheet-groups section")].every((section) => {
  const boxes = [...section.children].flatMap((each) => [...each.getClientRects()]);
  return new Set(boxes.map(({ left }) => Math.round(left))).size === 1;
})"""


def _scene(town: Town) -> None:
    dora = town.sign_up("dora", Role.DISPATCHER)
    for name, at in (("Bouygues East 1", CASINO), ("West 2", FONTVIEILLE)):
        town.add_crew(name, at, skills=_SKILLS)
    sent = town.add_crew("North", PORT, skills=_SKILLS)
    fields = {
        "kind": "heat_low_temperature",
        "address": "Boulevard du Jardin Exotique 117, Résidence Les Hautes Terres",
        "lon": JARDIN_EXOTIQUE[0],
        "lat": JARDIN_EXOTIQUE[1],
        "caller_name": "Marie-Antoinette de la Rochefoucauld",
        "caller_phone": "+377 99 99 99 99",
        "description": "Cold since this morning, third floor, an old lady alone.",
    }
    town.services.incidents.create(dora, CreateIncident.read(fields))
    incident = town.services.incidents.create(dora, CreateIncident.read(fields))
    town.services.sending.send(dora, incident["id"], SendCrew(crew_id=sent))


def _cut(desk: Page, where: str) -> list[str]:
    """Return what is cut on each width."""
    cut = []
    for width in _WIDTHS_PX:
        desk.set_viewport_size({"width": width, "height": 900})
        found: list[str] = []
        for _ in range(_FRAMES):  # until everything has taken its place
            desk.evaluate(TWO_FRAMES)
            found = desk.evaluate(_CUT)
            if not found:
                break
        cut += [f"{where}, {width} px: {each}" for each in found]
    return cut


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_word_of_the_desk_is_cut(
    town: Town, door: Door, language: str, picture: Picture
) -> None:
    """Either there is room, or it is shortened with dots and says itself whole."""
    _scene(town)
    desk = door.desk("dora", language=language)

    cut = _cut(desk, "crews")
    picture.of(desk, f"cut-crews-{language}")
    for row in desk.locator(".incident-row").all():
        row.click()
        desk.locator(".incident-panel :is(.candidate, button.another)").first.wait_for()
        if desk.locator("button.another").is_visible():
            cut += _cut(desk, "crew that comes")
            desk.keyboard.press("r")
            desk.locator(".incident-panel .candidate").first.wait_for()
        cut += _cut(desk, "incident")
    picture.of(desk, f"cut-incident-{language}")
    address = desk.locator(".incident-row").first.get_by_text("Boulevard du Jardin Exotique")
    address.hover()
    expect(address).to_have_attribute("title", re.compile("Hautes Terres"))
    desk.locator(".incident-panel .candidate button.name").first.click()
    desk.locator(".crew-panel").wait_for()
    cut += _cut(desk, "crew")
    desk.keyboard.press("Escape")
    desk.keyboard.press("p")
    desk.locator(".pin-form").wait_for()
    cut += _cut(desk, "report")
    desk.keyboard.press("Escape")
    desk.locator("#tool-closures").click()
    desk.get_by_role("button", name=CLOSE_ROADS[language], exact=True).click()
    desk.locator(".closing-form").wait_for()
    cut += _cut(desk, "closing roads")
    picture.of(desk, f"cut-closing-{language}")
    desk.keyboard.press("Escape")
    for keys, opened in OPENED_BY_KEYS.items():
        for key in keys.split():
            desk.keyboard.press(key)
        desk.locator(opened).wait_for()
        cut += _cut(desk, opened)
        desk.keyboard.press("Escape")
    desk.keyboard.press("?")
    desk.locator("dialog.sheet").wait_for()
    assert desk.evaluate(_UNBROKEN), "a group of keys goes on in the next column"
    picture.of(desk, f"cut-keys-{language}")

    assert cut == [], "\n".join(cut)
