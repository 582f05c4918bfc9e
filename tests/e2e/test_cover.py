"""Cover: said in the candidate's row, restored with one click, answered on the crew's page."""

import re

import pytest
from playwright.sync_api import expect

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.cover.types import AnswerMoveUp
from dispatch.incidents.types import CreateIncident
from dispatch.zones.types import DrawZone
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import candidate
from tests.e2e.test_accessibility import findings
from tests.e2e.test_nothing_is_cut import _CUT
from tests.e2e.test_nothing_is_cut import _cut as desk_is_whole

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
SEND = {"en": "Send East 1", "zh": "派单 East 1"}
MOVE = {"en": "Move up West 2", "zh": "让 West 2 补位"}
GOING = {"en": "Going there", "zh": "前往"}
CANNOT = {"en": "Cannot stand there", "zh": "无法在此待命"}
LEFT = {"en": "Left uncovered", "zh": "覆盖空缺"}
OFF = {"en": "Call off", "zh": "取消补位"}
COVER = {
    "en": re.compile(r"^10-min cover of Roquebrune \d+ → \d+ %$"),
    "zh": re.compile(r"^罗克布吕讷 10 分钟覆盖率 \d+ → \d+ %$"),
}


def scene(town: Town) -> tuple[int, int]:
    """Put one crew in the east and two in the west; return the incident and who can move up."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.add_crew("East 1", CASINO, skills=("gas",))
    west = town.add_crew("West 2", FONTVIEILLE, skills=("water",))
    town.add_crew("West 3", FONTVIEILLE, skills=("water",))
    town.sign_up("west", Role.CREW, crew_id=west)
    ring = [[7.44, 43.74], [7.47, 43.74], [7.47, 43.77], [7.44, 43.77], [7.44, 43.74]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    drawing = DrawZone(
        name="Roquebrune", name_zh="罗克布吕讷", kind="response_area", geometry=geometry
    )
    town.services.zones.create(SYSTEM, drawing)
    fields = {"kind": "gas_leak", "priority": 2, "address": "Rue Grimaldi 21"}
    wanted = CreateIncident.read({**fields, "lon": PORT[0], "lat": PORT[1]})
    return town.services.incidents.create(dora, wanted)["id"], west


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_crew_moves_up_before_another_one_leaves_a_hole(
    town: Town, door: Door, language: str, picture: Picture
) -> None:
    """The row says it and moves nobody; the phone rings and goes; sending ends what it was for."""
    incident_id, west = scene(town)
    desk = door.desk("dora", language=language)
    phone = door.phone("west", FONTVIEILLE, language=language)
    desk.locator(f".incident-row[data-incident-id='{incident_id}']").click()
    row = candidate(desk, "East 1")

    expect(row.locator(".note").filter(has_text=COVER[language])).to_be_visible()
    picture.of(desk, f"cover-{language}")
    assert desk_is_whole(desk, f"cover, {language}") == []
    row.get_by_role("button", name=MOVE[language]).click()

    screen = phone.locator(".move-up-screen")
    expect(screen).to_be_visible()
    picture.of(phone, f"move-up-{language}")
    assert phone.evaluate(_CUT) == []
    screen.get_by_role("button", name=GOING[language]).click()
    dock = phone.locator(".move-up-dock")
    expect(dock.get_by_role("button", name=CANNOT[language])).to_be_visible()
    picture.of(phone, f"move-up-accepted-{language}")
    assert phone.evaluate(_CUT) == []
    assert findings(phone) == []
    expect(row.get_by_role("button", name=MOVE[language])).to_be_hidden()

    # After the click: what is uncovered stands under the candidates, and can still be called off.
    row.get_by_role("button", name=SEND[language]).click()
    hole = desk.locator("[data-section=cover]")
    expect(hole).to_contain_text(LEFT[language])
    expect(hole).to_contain_text("Roquebrune" if language == "en" else "罗克布吕讷")
    picture.of(desk, f"cover-left-{language}")
    assert desk_is_whole(desk, f"uncovered, {language}") == []
    if language == "zh":
        return  # the rest has no words of its own
    hole.get_by_role("button", name=OFF[language]).click()
    expect(dock).to_be_hidden()
    expect(hole.get_by_role("button", name=MOVE[language])).to_be_visible()

    hole.get_by_role("button", name=MOVE[language]).click()
    expect(screen).to_be_visible()
    (move_up,) = town.services.move_ups.list(SYSTEM)["move_ups"]
    town.services.move_ups.cancel(SYSTEM, move_up["id"], AnswerMoveUp())
    assert move_up["crew_id"] == west
    expect(screen).to_be_hidden()
