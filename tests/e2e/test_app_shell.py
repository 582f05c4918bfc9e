"""The crew's page as an app: it opens without signal, and changes only when its people say so."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext
from playwright.sync_api import Error
from playwright.sync_api import Page
from playwright.sync_api import Route
from playwright.sync_api import expect

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from tests.conftest import PASSWORD
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Seats
from tests.e2e.conftest import Town
from tests.e2e.console import wait_until
from tests.e2e.line import cut
from tests.e2e.test_accessibility import findings
from tests.webconsole.served_console import Server
from tests.webconsole.served_console import serving

pytestmark = [pytest.mark.browser, pytest.mark.postgis]

KEPT_PAGE = """() => caches.match("/crew", { cacheName: "nearcrew-page" })
  .then((found) => found ? found.text() : "")"""
RECORDS = """(store) => new Promise((done, failed) => {
  const asking = indexedDB.open("nearcrew");
  asking.onerror = () => failed(asking.error);
  asking.onsuccess = () => {
    const all = asking.result.transaction(store).objectStore(store).getAll();
    all.onsuccess = () => { asking.result.close(); done(all.result); };
  };
})"""
IS_READY = """() => navigator.serviceWorker?.controller
  && document.querySelector(".kit-line")?.textContent.startsWith("Kept for")"""
HAS_NEXT = """() => navigator.serviceWorker.getRegistration()
  .then(({ waiting }) => waiting !== null)"""
CUT_MS = 60_000
"""Tiles that nobody asked for before are cut first, two hundred of them."""
DRAWN = """() => {
  const canvases = [...document.querySelectorAll(".way-map canvas.leaflet-tile")];
  return canvases.some((canvas) => canvas.width > 0
    && new Set(canvas.getContext("2d").getImageData(0, 0, 256, 256).data).size > 20);
}"""
BUILD = """() => /static.([0-9a-f]{16})/.exec(
  document.querySelector("script[type=module]").src)[1]"""
FORMER_BUILD = "0123456789abcdef"


def an_order(town: Town, dora: Actor, crew_id: int) -> None:
    """Send a crew to a gas leak at the port."""
    fields = {"kind": "gas_leak", "address": "Rue Grimaldi 21", "lon": PORT[0], "lat": PORT[1]}
    incident = town.services.incidents.create(dora, CreateIncident.read(fields))
    town.services.sending.send(dora, incident["id"], SendCrew(crew_id=crew_id))


@dataclass(frozen=True, slots=True)
class Sent:
    """A dispatcher, and a crew that was sent somewhere; its account is called "east"."""

    dora: Actor
    crew_id: int


@pytest.fixture
def sent(town: Town) -> Sent:
    """Send a crew with an account of its own to a gas leak at the port."""
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    an_order(town, dora, crew_id)
    town.sign_up("east", Role.CREW, crew_id=crew_id)
    return Sent(dora, crew_id)


@contextmanager
def another_server(town: Town, seats: Seats) -> Iterator[tuple[Server, Door]]:
    """Serve the same city once more, to be stopped."""
    with serving(town.services.settings) as server:
        door = Door(seats, server.url)
        yield server, door
        door.close()
        assert door.complaints == []


def reopened(context: BrowserContext, url: str) -> Page:
    """Close all pages, as a phone does that is short of memory, and open the app again."""
    for page in context.pages:
        page.close()
    page = context.new_page()
    page.goto(f"{url}/crew", wait_until="commit")
    return page


def find_address(page: Page, words: str, found: str) -> None:
    """Search by the menu, and choose."""
    page.locator(".more summary").click()
    page.get_by_role("button", name="Find an address").click()
    page.get_by_role("searchbox").fill(words)
    page.locator(".found", has_text=found).first.click()
    expect(page.locator(".found-place .address")).to_contain_text(found)


def test_the_app_opens_with_its_order_its_way_and_its_map_while_the_server_is_stopped(
    town: Town, seats: Seats, sent: Sent, picture: Picture
) -> None:
    """The page was killed meanwhile; what is shown says of when it is, and addresses are found."""
    with another_server(town, seats) as (server, door):
        phone = door.phone("east", CASINO)
        phone.get_by_role("button", name="Accept").tap()
        phone.get_by_role("button", name="Depart").wait_for()
        phone.wait_for_function(IS_READY, timeout=CUT_MS)
        find_address(phone, "rue grimaldi", "Rue Grimaldi")
        expect(phone.locator(".find-body .told")).to_be_empty()
        server.stop()

        again = reopened(phone.context, server.url)
        expect(again.locator(".title")).to_contain_text("Gas leak")
        expect(again.locator(".as-of")).to_contain_text("No signal: as of ")
        expect(again.locator(".way")).to_contain_text("min")
        again.wait_for_function(DRAWN)
        assert findings(again) == []
        picture.of(again, "opened-without-signal-en-phone")
        again.get_by_role("button", name="Depart").tap()
        expect(again.get_by_role("button", name="We are there")).to_be_visible()

        find_address(again, "rue grimaldi", "Rue Grimaldi")
        expect(again.locator(".find-body .told")).to_contain_text("searched in what this phone")
        assert findings(again) == []
        picture.of(again, "found-without-signal-en-phone")
    assert town.services.crews.get(sent.dora, sent.crew_id)["state"] == "accepted"


def test_a_new_version_waits_until_nothing_is_in_hand_and_loses_nothing_that_waits(
    town: Town, sent: Sent, door: Door, picture: Picture
) -> None:
    """One touch takes over; steps taken without signal are sent by the new one."""
    phone = door.phone("east", CASINO, language="zh")
    phone.wait_for_function("() => navigator.serviceWorker.controller")
    context = phone.context
    told = context.request.get(f"{door.url}/crew-sw.js").text()
    version = re.search(r'"version":"([0-9a-f]{16})"', told)
    assert version is not None

    def as_before(route: Route) -> None:
        """Give the page as a former build had it: all its files are of that one."""
        page = route.fetch()
        route.fulfill(response=page, body=page.text().replace(version[1], FORMER_BUILD))

    context.route("**/crew", as_before)
    phone.reload()
    phone.locator(".offer-screen").wait_for()
    assert phone.evaluate(BUILD) == FORMER_BUILD
    context.unroute_all()
    mend = cut(phone, "/assignments/")

    phone.evaluate(
        "() => navigator.serviceWorker.register('/crew-sw.js?next', { scope: '/crew' })"
        ".then(Boolean)"
    )
    wait_until(phone, lambda: phone.evaluate(HAS_NEXT))
    expect(phone.locator(".app-update")).to_be_hidden()  # an order rings
    phone.get_by_role("button", name="接单").tap()
    phone.get_by_role("button", name="出发").tap()
    take_over = phone.get_by_role("button", name="立即更新")
    expect(take_over).to_be_visible()
    assert findings(phone) == []
    picture.of(phone, "new-version-zh-phone")
    waiting = phone.evaluate(RECORDS, "actions")
    assert {each["kind"] for each in waiting} >= {"accept", "depart"}
    with phone.expect_navigation():
        take_over.tap()

    expect(phone.get_by_role("button", name="已到现场")).to_be_visible()
    assert phone.evaluate(BUILD) == version[1]
    expect(phone.locator(".app-update")).to_be_hidden()
    kept = {each["clientId"] for each in phone.evaluate(RECORDS, "actions")}
    assert {each["clientId"] for each in waiting} <= kept
    mend()
    phone.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(phone.locator(".pending")).to_have_count(0)
    assert town.services.crews.get(sent.dora, sent.crew_id)["state"] == "en_route"
    wait_until(phone, lambda: phone.evaluate(RECORDS, "actions") == [])


@pytest.mark.usefixtures("sent")
def test_what_is_kept_of_a_person_goes_at_sign_out_and_is_never_shown_to_another(
    town: Town, door: Door
) -> None:
    """Neither the page nor the answers; a redirect to sign in is not kept in their place."""
    town.sign_up("west", Role.CREW, crew_id=town.add_crew("West 1", PORT, skills=("gas",)))
    phone = door.phone("east", CASINO)
    context = phone.context
    phone.wait_for_function(IS_READY, timeout=CUT_MS)
    assert '"username": "east"' in phone.evaluate(KEPT_PAGE)
    assert phone.evaluate(RECORDS, "answers") != []

    context.clear_cookies(name="nearcrew_session")  # the session ended
    away = reopened(context, door.url)
    away.locator("#username").wait_for()
    assert '"username": "east"' in away.evaluate(KEPT_PAGE)
    away.fill("#username", "west")
    away.fill("#password", PASSWORD)
    away.click("button.primary")
    away.locator(".line-state[data-live=true]").wait_for()
    away.wait_for_function("() => localStorage.getItem('nearcrew-kept-for') === 'west'")
    wait_until(away, lambda: "west" in away.evaluate(KEPT_PAGE))
    assert {each["owner"] for each in away.evaluate(RECORDS, "answers")} == {"west"}
    context.set_offline(offline=True)
    offline = reopened(context, door.url)
    expect(offline.locator("#crew-name")).to_have_text("west")
    expect(offline.locator(".duty-screen")).to_be_visible()
    context.set_offline(offline=False)

    offline.locator(".line-state[data-live=true]").wait_for()
    offline.locator(".more summary").click()
    offline.get_by_role("button", name="Sign out").click()
    offline.locator("#username").wait_for()
    assert offline.evaluate(KEPT_PAGE) == ""
    assert offline.evaluate(RECORDS, "answers") == []
    context.set_offline(offline=True)
    with pytest.raises(Error, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        offline.goto(f"{door.url}/crew")
