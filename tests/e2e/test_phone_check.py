"""A crew's page says what will not work on this phone, to the desk too; and its own orders."""

import pytest
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.incidents.types import CreateIncident
from dispatch.outcomes.types import Complete
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import command

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
WORDS = {
    "en": ("Check this phone", "cannot be kept lit", "Go on with this phone", "My orders"),
    "zh": ("检查本机", "无法保持亮屏", "就这样继续", "我的派单"),
}
# A browser under test keeps nothing for good; this one cannot keep its screen lit either.
SLEEPY = "delete Navigator.prototype.wakeLock"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_will_not_work_is_said_on_the_phone_and_at_the_desk(
    town: Town, door: Door, picture: Picture, language: str
) -> None:
    """Until it was read a line below says so; the menu shows it again, and the order that ended."""
    check, sleeps, go_on, my_orders = WORDS[language]
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    east = town.sign_up("east", Role.CREW, crew_id=crew_id)
    wanted = CreateIncident.read(
        {"kind": "gas_leak", "address": "Rue Grimaldi 21", "lon": PORT[0], "lat": PORT[1]}
    )
    incident = town.services.incidents.create(dora, wanted)
    order, _ = town.services.sending.send(dora, incident["id"], SendCrew(crew_id=crew_id))
    for action in (Action.ACCEPT, Action.DEPART, Action.ARRIVE):
        town.services.assignments.act(east, order["id"], action, Step())
    done = Complete.read({"outcome": "repaired", "result": "Valve replaced"})
    town.services.assignments.act(east, order["id"], Action.COMPLETE, done)
    phone = door.phone("east", CASINO, language=language)
    phone.context.add_init_script(SLEEPY)
    phone.reload()

    phone.locator(".phone-check-dock").click()
    expect(phone.locator("[data-trouble=screen_sleeps]")).to_contain_text(sleeps)
    picture.of(phone, f"phone-check-{language}")
    phone.get_by_role("button", name=go_on).click()

    expect(phone.locator(".phone-check-dock")).to_be_hidden()
    phone.locator("details.more summary").click()
    phone.get_by_role("button", name=my_orders, exact=True).click()
    expect(phone.locator(".my-orders li").first).to_contain_text("Rue Grimaldi 21")
    picture.of(phone, f"my-orders-{language}")
    phone.keyboard.press("Escape")
    phone.locator("details.more summary").click()
    phone.get_by_role("button", name=check).click()
    expect(phone.locator(".phone-check")).to_contain_text(sleeps)
    desk = door.desk("dora", language=language)
    command(desk, "/select east 1")
    expect(desk.locator(".phone-troubles")).to_contain_text(sleeps)
