"""Crews for all that wait: proposed as a table and lines, changed by hand, sent together."""

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from dispatch.incidents.types import ChangeIncident
from dispatch.incidents.types import CreateIncident
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import JARDIN_EXOTIQUE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import wait_until
from tests.e2e.test_accessibility import in_both_lights
from tests.e2e.test_nothing_is_cut import _cut as desk_is_whole

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
BUTTON = {"en": "Crews for all 4…", "zh": "统一派单（4 起）…"}
SEND = {"en": "Send 2 crews", "zh": "派出 2 个班组"}
CHANGED = {
    "en": "Changed meanwhile: propose anew",
    "zh": "险情已有变化：请重新拟定",
}
SENT = {"en": "Order sent", "zh": "已派单"}


def scene(town: Town) -> list[int]:
    """Put three crews for water and four incidents; nobody can do gas. Return the incidents."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    for name, at in (("Bouygues East 1", CASINO), ("West 2", FONTVIEILLE), ("North 3", PORT)):
        town.add_crew(name, at, skills=("water",))
    places = (
        ("water_burst", 1, "Rue Grimaldi 21", PORT),
        ("water_leak", 3, "Boulevard du Jardin Exotique 117, Les Hautes Terres", JARDIN_EXOTIQUE),
        ("gas_leak", 2, "Avenue de Monte-Carlo 4", CASINO),
        ("water_leak", 3, "Quai Jean-Charles Rey 9", FONTVIEILLE),
    )
    ids = []
    for kind, priority, address, (lon, lat) in places:
        fields = {"kind": kind, "priority": priority, "address": address, "lon": lon, "lat": lat}
        ids.append(town.services.incidents.create(dora, CreateIncident.read(fields))["id"])
    return ids


def chosen(page: Page) -> dict[str, str]:
    """Return the name of the crew in each row, by incident."""
    found: dict[str, str] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll(".proposal-row")].map((row) =>
          [row.dataset.incidentId,
           row.querySelector("select").selectedOptions[0].textContent.split(" · ")[0]]))"""
    )
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_that_wait_get_crews_at_once(
    town: Town, door: Door, language: str, picture: Picture
) -> None:
    """Three are served, one is named; two trade, one is left, one went stale: one is sent."""
    burst, exotique, gas, quay = scene(town)
    desk = door.desk("dora", language=language)

    desk.get_by_role("button", name=BUTTON[language]).click()
    rows = desk.locator(".proposal-row")
    expect(rows).to_have_count(4)
    picture.of(desk, f"proposal-{language}")
    before = chosen(desk)
    lines = desk.locator("path.proposal-line:not(.casing)")
    expect(lines).to_have_count(3)
    assert desk_is_whole(desk, f"proposal, {language}") == []
    assert in_both_lights(desk) == []

    # The keyboard does it all: choose for a row, and the other row gives its crew away.
    row = desk.locator(f".proposal-row[data-incident-id='{exotique}']")
    other = before[str(burst)]
    row.locator("select").focus()
    expect(desk.locator("path.proposal-line.picked:not(.casing)")).to_have_count(1)
    label = row.locator("option", has_text=other).inner_text()
    row.locator("select").select_option(label=label)
    wait_until(desk, lambda: chosen(desk)[str(burst)] == before[str(exotique)])
    after = chosen(desk)
    assert after[str(exotique)] == other
    assert after[str(gas)] == before[str(gas)]
    desk.locator(f".proposal-row[data-incident-id='{quay}'] select").select_option(index=0)
    expect(lines).to_have_count(2)

    eva = town.sign_up("eva", Role.DISPATCHER)
    town.services.incidents.update(eva, burst, ChangeIncident(description="the cellar fills"))
    stale = desk.locator(f".proposal-row.stale[data-incident-id='{burst}']")
    expect(stale).to_be_visible()
    desk.get_by_role("button", name=SEND[language]).click()

    expect(row.locator(".proposal-fate")).to_have_text(SENT[language])
    expect(stale.locator(".proposal-fate")).to_have_text(CHANGED[language])
    expect(row.locator("select")).to_be_disabled()
    picture.of(desk, f"proposal-sent-{language}")
    assert desk_is_whole(desk, f"sent proposal, {language}") == []
    orders = town.services.incidents.get(eva, exotique)["assignments"]
    assert [each["crew_name"] for each in orders] == [other]
    assert town.services.incidents.get(eva, burst)["assignments"] == []
