"""The crew's screens on small phones, and the map that turns with the way ahead."""

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Town
from tests.e2e.console import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
EASTWARD = """
  const fix = (take) => ({ coords, timestamp }) => {
    const { longitude, latitude, accuracy } = coords;
    take({ coords: { longitude, latitude, accuracy, speed: 9, heading: 90 }, timestamp });
  };
  for (const name of ["watchPosition", "getCurrentPosition"]) {
    const ask = navigator.geolocation[name].bind(navigator.geolocation);
    navigator.geolocation[name] = (take, ...more) => ask(fix(take), ...more);
  }
"""
"""A receiver that says that it drives east: a browser under test has none with a heading."""
LOWEST = """(names) => names.map((name) => {
  const found = [name, ".actions"].map((each) => document.querySelector(each));
  const [box, actions] = found.map((node) => node?.getBoundingClientRect());
  return box && actions ? Math.round(box.bottom - actions.top) : Infinity; // not there just now
})"""
TURNED_BY = """() => {
  const ground = document.querySelector(".way-map");
  if (!ground) return null;
  const { a, b } = new DOMMatrix(getComputedStyle(ground).transform);
  return Math.round((Math.atan2(b, a) * 180) / Math.PI);
}"""


def accepted(town: Town) -> None:
    """Send a crew to a dangerous place with a caller; it has accepted."""
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    east = town.sign_up("east", Role.CREW, crew_id=crew_id)
    fields = {
        "kind": "gas_leak",
        "address": "Rue Grimaldi 21, Escalier C, 3e étage",
        "description": "Smell of gas in the stairwell. DANGER: dog in the yard",
        "caller_name": "Mme Blanchy",
        "caller_phone": "+377 93 15 00 00",
        "lon": PORT[0],
        "lat": PORT[1],
    }
    incident = town.services.incidents.create(dora, CreateIncident.read(fields))
    order, _ = town.services.sending.send(dora, incident["id"], SendCrew(crew_id=crew_id))
    town.services.assignments.act(east, order["id"], Action.ACCEPT, Step())


def drive(phone: Page) -> None:
    """Set out, and wait for the way to be on the screen."""
    phone.get_by_role("button", name="Depart").tap()
    expect(phone.locator(".drive-screen .banner .ahead")).not_to_be_empty()
    expect(phone.locator(".drive-screen .way")).not_to_be_empty()


@pytest.mark.parametrize("size", [(360, 640), (390, 664)])
def test_what_matters_stands_above_the_button_on_small_phones(
    town: Town, door: Door, size: tuple[int, int]
) -> None:
    """Arrival, danger, caller: nobody scrolls with a glove. The map takes what is left."""
    accepted(town)
    phone = door.phone("east", CASINO)
    phone.set_viewport_size({"width": size[0], "height": size[1]})
    drive(phone)  # a touch, with which the sound is on
    expect(phone.locator(".sound-gate")).to_be_hidden()
    expect(phone.locator(".eta-at")).to_be_attached()

    names = [".told", ".way", ".eta-at", ".call"]

    wait_until(phone, lambda: max(phone.evaluate(LOWEST, names)) <= 0)
    assert phone.evaluate("document.querySelector('.map-slot').clientHeight") >= 100


def test_the_map_turns_with_the_way_ahead_if_the_crew_wants_it(town: Town, door: Door) -> None:
    """Driving east, east is up: the ground is turned to the left by 90 degrees, next time too."""
    accepted(town)
    phone = door.phone("east", CASINO)
    drive(phone)
    phone.add_init_script(EASTWARD)
    phone.reload()
    expect(phone.locator(".banner .ahead")).not_to_be_empty()
    before = phone.evaluate(TURNED_BY)

    phone.get_by_role("button", name="Turn the map with the way ahead").tap()
    phone.wait_for_function(f"() => ({TURNED_BY})() === -90")
    phone.reload()
    phone.wait_for_function(f"() => ({TURNED_BY})() === -90")

    assert before == 0
    expect(phone.locator(".way-map-box .credits")).to_be_visible()
