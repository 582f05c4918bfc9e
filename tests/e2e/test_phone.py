"""What a crew's phone keeps, and what it says when something is wrong with it."""

import pytest
from playwright.sync_api import Geolocation
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.board.types import AssignmentWithIncidentAnswer
from dispatch.crews.states import Duty
from dispatch.crews.types import CrewAnswer
from dispatch.crews.types import SetDuty
from dispatch.incidents.types import ChangeIncident
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import PASSWORD
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Town
from tests.e2e.console import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.postgis]

TEN_MINUTES_FAST = """
  const ahead = 600000;
  const real = Date.now.bind(Date);
  window.Date = class extends Date {
    constructor(...given) { super(...(given.length ? given : [real() + ahead])); }
    static now() { return real() + ahead; }
  };
  for (const name of ["watchPosition", "getCurrentPosition"]) {
    const ask = navigator.geolocation[name].bind(navigator.geolocation);
    navigator.geolocation[name] = (take, ...more) =>
      ask(({ coords, timestamp }) => take({ coords, timestamp: timestamp + ahead }), ...more);
  }
"""
# In the page itself: Playwright's routes may be passed by (tests/e2e/line.py).
HOLD_THE_FIRST = """(path) => {
  const send = window.fetch.bind(window);
  window.held = new Promise((held) => {
    window.fetch = async (asked, options) => {
      if (!String(asked).endsWith(path)) return send(asked, options);
      window.fetch = send;
      const answer = await send(asked, options);
      held();
      await new Promise((letGo) => { window.letGo = letGo; });
      return answer;
    };
  });
}"""

PIN_BESIDE_OWN = """(side) => {
  const pin = document.querySelector(".way-map .incident-icon");
  const own = document.querySelector(".way-map .own");
  if (!pin || !own) return false;
  const eastward = pin.getBoundingClientRect().right - own.getBoundingClientRect().right;
  return side === (eastward < 0 ? "west" : "east");
}"""


def crew_with_an_order(town: Town) -> tuple[Actor, int]:
    """Put a crew on duty that has just been sent somewhere; return a dispatcher and the crew."""
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("east", Role.CREW, crew_id=crew_id)
    fields = {"kind": "gas_outage", "address": "Rue Grimaldi 21", "lon": PORT[0], "lat": PORT[1]}
    incident = town.services.incidents.create(dora, CreateIncident.read(fields))
    town.services.sending.send(dora, incident["id"], SendCrew(crew_id=crew_id))
    return dora, crew_id


def orders(town: Town, dora: Actor, crew_id: int) -> list[AssignmentWithIncidentAnswer]:
    """Return a crew's live orders."""
    return town.services.assignments.list_for_crew(dora, crew_id)["assignments"]


def sign_in_again(page: Page) -> None:
    """Follow the link and fill the form."""
    page.get_by_role("link", name="Sign in again").click()
    page.fill("#username", "east")
    page.fill("#password", PASSWORD)
    page.click("button.primary")


def test_steps_taken_after_the_session_ended_wait_for_the_next_sign_in(
    town: Town, door: Door
) -> None:
    """A session ends in the middle of a shift; the work done meanwhile is not lost."""
    dora, crew_id = crew_with_an_order(town)
    phone = door.phone("east", CASINO)
    refused: list[str] = []
    phone.on("response", lambda told: refused.append(told.url) if told.status == 401 else None)
    phone.context.clear_cookies(name="nearcrew_session")
    moved: Geolocation = {"longitude": CASINO[0] + 0.001, "latitude": CASINO[1], "accuracy": 8}
    phone.context.set_geolocation(moved)  # what it has told before is not told again

    phone.get_by_role("button", name="Accept").tap()
    phone.get_by_role("button", name="Depart").click()

    expect(phone.locator("#alarm")).to_contain_text("You are signed out.")
    expect(phone.locator("#alarm")).to_contain_text("Steps kept here until you sign in: 2.")
    wait_until(phone, lambda: any("/positions" in url for url in refused))
    assert orders(town, dora, crew_id)[0]["state"] == "offered"
    phone.wait_for_function(
        "key => ![null, '[]'].includes(localStorage.getItem(key))", arg=f"nearcrew-fixes-{crew_id}"
    )
    sign_in_again(phone)

    expect(phone.get_by_role("button", name="We are there")).to_be_visible()
    expect(phone.locator(".pending")).to_have_count(0)
    assert orders(town, dora, crew_id)[0]["state"] == "en_route"


def test_a_form_token_of_a_former_session_costs_no_step(town: Town, door: Door) -> None:
    """Signed in anew in another tab, this page is mended by loading it again."""
    dora, crew_id = crew_with_an_order(town)
    phone = door.phone("east", CASINO)
    phone.context.clear_cookies(name="nearcrew_session")
    other = phone.context.new_page()
    other.goto(f"{door.url}/sign-in")
    other.fill("#username", "east")
    other.fill("#password", PASSWORD)
    other.click("button.primary")
    other.locator(".line-state[data-live=true]").wait_for()
    other.close()

    phone.get_by_role("button", name="Accept").tap()
    phone.get_by_role("button", name="Depart").wait_for()
    town.services.crews.set_duty(
        dora, crew_id, SetDuty(duty=Duty.ON_BREAK)
    )  # some news, to be loaded
    wait_until(phone, lambda: orders(town, dora, crew_id)[0]["state"] == "accepted")

    expect(phone.locator("#alarm")).to_be_empty()
    expect(phone.get_by_role("button", name="Depart")).to_be_visible()
    expect(phone.locator(".pending")).to_have_count(0)


def test_the_stream_tells_a_phone_that_it_was_signed_out(town: Town, door: Door) -> None:
    """Before anything is tapped."""
    crew_with_an_order(town)
    phone = door.phone("east", CASINO)

    phone.evaluate(
        """() => new Promise((opened) => {
          const Real = window.EventSource;
          window.EventSource = class extends Real {
            constructor(...given) {
              super(...given);
              this.addEventListener("hello", () => opened(window.line = this));
            }
          };
          window.dispatchEvent(new Event("online"));
        }).then(() => null)"""
    )
    phone.evaluate("window.line.dispatchEvent(new MessageEvent('signed_out', {data: '{}'}))")

    expect(phone.locator("#alarm")).to_contain_text("You are signed out.")


def test_an_answer_that_was_overtaken_does_not_bring_back_the_past(town: Town, door: Door) -> None:
    """The slow answer to an older question comes last and is older."""
    dora, crew_id = crew_with_an_order(town)
    phone = door.phone("east", CASINO)
    phone.get_by_role("button", name="Accept").wait_for()
    phone.evaluate(HOLD_THE_FIRST, f"/crews/{crew_id}/assignments")
    phone.evaluate("window.dispatchEvent(new Event('online'))")  # asks
    phone.evaluate("window.held")  # offered
    order = orders(town, dora, crew_id)[0]
    town.services.assignments.act(dora, order["id"], Action.WITHDRAW, Step(reason="false alarm"))
    expect(phone.locator(".notice-screen")).to_contain_text("Recalled")

    phone.evaluate("window.letGo()")
    phone.evaluate("fetch('/api/v1/me').then((answer) => answer.text())")  # comes after it

    expect(phone.locator(".notice-screen")).to_contain_text("Recalled")


def test_a_phone_that_hears_nothing_asks_by_itself(town: Town, door: Door) -> None:
    """Every half minute, should the stream ever fail to tell."""
    dora, crew_id = crew_with_an_order(town)
    phone = door.phone("east", CASINO)
    phone.clock.install()
    phone.route("**/api/v1/stream*", lambda route: route.abort())
    phone.reload()
    phone.get_by_role("button", name="Accept").wait_for()
    order = orders(town, dora, crew_id)[0]
    town.services.assignments.act(dora, order["id"], Action.WITHDRAW, Step(reason="false alarm"))

    phone.clock.run_for(31_000)

    expect(phone.locator(".notice-screen")).to_contain_text("Recalled")


def test_a_phone_whose_clock_is_wrong_is_still_seen_where_it_is(town: Town, door: Door) -> None:
    """The server's clock counts; the phone knows by how much its own differs."""
    dora, crew_id = crew_with_an_order(town)
    phone = door.phone("east", CASINO)
    near = CASINO[0] + 0.001  # as far as a van goes in a few seconds
    phone.goto("about:blank")  # before it moves: nothing of the new place was sent by a right clock
    phone.context.set_geolocation({"longitude": near, "latitude": CASINO[1], "accuracy": 8})
    phone.add_init_script(TEN_MINUTES_FAST)
    phone.goto(f"{door.url}/crew")
    expect(phone.locator(".place-state")).to_contain_text("Position")

    def seen() -> CrewAnswer:
        return town.services.crews.get(dora, crew_id)

    wait_until(phone, lambda: seen()["lon"] == pytest.approx(near, abs=1e-6))

    assert (seen()["fix_age_s"] or 0) < 15
    expect(phone.locator(".place-state")).to_have_attribute("data-bad", "false")


def test_what_a_crew_writes_outlives_the_news_and_an_order_that_comes_in_between(
    town: Town, door: Door
) -> None:
    """The keyboard stays open, and the finish note is there again; pins follow corrections."""
    dora, crew_id = crew_with_an_order(town)
    first = orders(town, dora, crew_id)[0]
    for step in ("accept", "depart", "arrive"):
        town.services.assignments.act(dora, first["id"], Action(step), Step())
    phone = door.phone("east", CASINO)
    phone.get_by_role("button", name="Messages").click()
    phone.get_by_label("Message to the desk").focus()
    phone.keyboard.type("Valve 7 ")
    town.services.incidents.update(
        dora, first["incident_id"], ChangeIncident(address="Rue Grimaldi 23")
    )
    phone.locator(".notice-screen .go").tap()
    expect(phone.locator(".notice-screen")).to_have_count(0)
    expect(phone.locator(".address")).to_have_text("Rue Grimaldi 23")
    phone.get_by_role("button", name="Messages").click()
    expect(phone.get_by_label("Message to the desk")).to_have_value("Valve 7 ")
    phone.get_by_label("Message to the desk").focus()
    phone.keyboard.press("End")
    town.services.incidents.update(
        dora, first["incident_id"], ChangeIncident(caller_phone="93 15 00 00")
    )
    expect(phone.locator(".call")).to_be_visible()
    phone.keyboard.type("is stuck")
    expect(phone.get_by_label("Message to the desk")).to_have_value("Valve 7 is stuck")
    phone.get_by_role("button", name="Back").click()
    phone.get_by_role("button", name="Complete").click()
    phone.locator("label.choice").first.click()
    phone.get_by_label("What was done").fill("Shut it by hand.")

    fields = {"kind": "gas_leak", "priority": 2, "lon": FONTVIEILLE[0], "lat": FONTVIEILLE[1]}
    second = town.services.incidents.create(dora, CreateIncident.read(fields))
    town.services.sending.send(dora, second["id"], SendCrew(crew_id=crew_id, queue=True))
    expect(phone.locator(".ring-line")).to_be_visible()
    phone.wait_for_function(PIN_BESIDE_OWN, arg="west")
    corrected = {"lon": CASINO[0] + 0.004, "lat": CASINO[1], "priority": 1}
    town.services.incidents.update(dora, second["id"], ChangeIncident.read(corrected))
    phone.get_by_role("button", name="Understood").tap()
    phone.wait_for_function(PIN_BESIDE_OWN, arg="east")
    expect(phone.locator(".incident-marker .p-1")).to_be_visible()
    phone.get_by_role("button", name="Accept").tap()

    expect(phone.get_by_label("What was done")).to_have_value("Shut it by hand.")
    with phone.expect_response("**/complete"):
        phone.get_by_role("button", name="Finish this order").click()
    expect(phone.get_by_role("button", name="Depart")).to_be_visible()
    done = town.services.assignments.get(dora, first["id"])
    assert done["result"] == "Shut it by hand."


def test_a_position_that_the_desk_cannot_use_is_said(town: Town, door: Door) -> None:
    """Otherwise the crew believes itself seen."""
    crew_with_an_order(town)
    phone = door.phone("east", CASINO)

    phone.context.set_geolocation({"longitude": CASINO[0], "latitude": CASINO[1], "accuracy": 800})
    expect(phone.locator(".place-state")).to_contain_text("too inaccurate")
    expect(phone.locator(".place-state")).to_have_attribute("data-bad", "true")

    phone.context.set_geolocation({"longitude": CASINO[0], "latitude": CASINO[1], "accuracy": 8})
    expect(phone.locator(".place-state")).not_to_contain_text("too inaccurate")
