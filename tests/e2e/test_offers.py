"""Grab mode: one click asks all crews near, the first to accept goes, the others see who."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from dispatch.incidents.types import CreateIncident
from dispatch.writes.command import Step
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
TRIAL = Step(reason="trial")
PLACES = {"east": ("East 1", CASINO), "west": ("West 2", FONTVIEILLE)}


class Scene:
    """Two crews with phones, an incident between them, and a dispatcher."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.dora = town.sign_up("dora", Role.DISPATCHER)
        self.crews = {}
        for username, (name, place) in PLACES.items():
            crew_id = town.add_crew(name, place, skills=("gas",))
            self.crews[username] = town.sign_up(username, Role.CREW, crew_id=crew_id)
        fields = {
            "kind": "gas_leak",
            "priority": 1,
            "address": "Rue Grimaldi 21",
            "lon": PORT[0],
            "lat": PORT[1],
        }
        create = CreateIncident.read(fields)
        self.incident_id = town.services.incidents.create(self.dora, create)["id"]

    def offer(self) -> str:
        """Return where the newest offer of the incident stands."""
        brief = self.town.services.incidents.get(self.dora, self.incident_id)["offer"]
        assert brief is not None
        return brief["state"].value


@pytest.fixture
def scene(town: Town) -> Scene:
    """Return the scene, nobody looking at it yet."""
    return Scene(town)


def _open(desk: Page) -> None:
    desk.locator(".incident-row", has_text="Rue Grimaldi 21").click()
    desk.locator(".candidate").first.wait_for()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Offered to 2 crews", "Accept", "Taken by West 2", "Nobody accepted in time")),
        ("zh", ("2 个班组发起抢单", "接单", "已被 West 2 抢到", "限时内无人接单")),
    ],
)
def test_one_click_asks_all_the_first_goes_and_when_nobody_does_the_desk_hears_it(
    scene: Scene, door: Door, picture: Picture, language: str, words: tuple[str, ...]
) -> None:
    """At 1440 and 390 px; then it is recalled, offered again, and nobody answers in time."""
    offered, accept, taken, untaken = words
    desk = door.desk("dora", language=language)
    phones = {
        name: door.phone(name, place, language=language) for name, (_, place) in PLACES.items()
    }
    _open(desk)

    desk.locator(".offer-all").click()

    section = desk.locator(".offer")
    expect(section.locator(".what")).to_contain_text(offered)
    for phone in phones.values():
        expect(phone.locator(".grab-screen .title")).to_be_visible()
    expect(section.locator(".asked li[data-state=seen]")).to_have_count(2)
    picture.of(desk, f"offer-desk-{language}")
    picture.of(phones["east"], f"offer-phone-{language}")
    phones["west"].get_by_role("button", name=accept, exact=True).tap()
    expect(phones["east"].locator(".offer-over h2")).to_have_text(taken)
    picture.of(phones["east"], f"offer-taken-{language}")
    expect(phones["west"].locator(".drive-screen")).to_be_visible()
    expect(desk.locator(".assignments .assignment")).to_contain_text("West 2")
    expect(section).to_be_hidden()
    phones["east"].locator(".offer-over button").tap()
    expect(phones["east"].locator(".duty-screen")).to_be_visible()

    # Nobody: the deadline falls due, the desk hears it, and one click asks further out.
    scene.town.services.decisions.cancel(scene.dora, scene.incident_id, TRIAL)
    scene.town.services.decisions.reopen(scene.dora, scene.incident_id, TRIAL)
    phones["west"].close()
    _open(desk)
    desk.locator("#accept-within").select_option("30")
    desk.locator(".offer-all").click()
    expect(phones["east"].locator(".grab-screen .title")).to_be_visible()
    scene.town.services.deadlines.run_due(datetime.now(UTC) + timedelta(minutes=1))
    expect(section.locator(".what")).to_contain_text(untaken)
    expect(desk.locator(".alarms li[data-alarm=untaken]")).to_contain_text(untaken)
    expect(phones["east"].locator(".offer-over h2")).to_have_text(untaken)
    picture.of(desk, f"offer-untaken-{language}")
    section.locator("button.primary").click()
    expect(section.locator(".what")).to_contain_text(offered)
    wait_until(desk, lambda: scene.offer() == "open")
