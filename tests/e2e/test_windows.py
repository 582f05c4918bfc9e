"""Several windows of one desk: one stream for all of them, and all in step."""

from datetime import UTC
from datetime import datetime
from time import monotonic

import httpx
import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.types import CreateIncident
from tests.conftest import PASSWORD
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PATIENCE_S
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Town
from tests.e2e.console import queue_row

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
NO_WORKER = "delete window.SharedWorker;"
NO_LOCKS = f"{NO_WORKER} Object.defineProperty(navigator, 'locks', {{ value: undefined }});"
# Who holds the line is told by the locks: one of the windows has its lock, or a worker has asked
# to be given each window's once that is gone.
HOLDER = """async () => {
  if (!navigator.locks) return "each its own";
  const { held, pending } = await navigator.locks.query();
  if (held.some(({ name }) => name.startsWith("nearcrew line "))) return "a window";
  return pending.some(({ name }) => name.startsWith("nearcrew window ")) ? "a worker" : "";
}"""


def streams(town: Town) -> int:
    """Return how many streams the server serves."""
    told = httpx.get(f"{town.server.url}/metrics", timeout=PATIENCE_S).text.splitlines()
    (found,) = [line for line in told if line.startswith("nearcrew_streams ")]
    return int(float(found.split()[1]))


def await_streams(town: Town, wanted: int) -> None:
    """Wait until the server serves so many; it notices who left when it next speaks to them."""
    same_ground = {"ground_id": town.services.ground.info()["ground_id"]}
    deadline_s = monotonic() + PATIENCE_S
    while (found := streams(town)) != wanted:
        assert monotonic() < deadline_s, f"{found} streams instead of {wanted}"
        # Told to everybody: positions never reach the phones that an earlier test put away.
        with UnitOfWork(town.services.engine).writing() as session:
            events.append(
                session, EventKind.GROUND_IMPORTED, SYSTEM, at=datetime.now(UTC), data=same_ground
            )


def another_window(page: Page, path: str = "/") -> Page:
    """Open one more window of the same browser."""
    window = page.context.new_page()
    window.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
    window.locator("body[data-ready] #connection[data-state=live]").wait_for()
    return window


def report(town: Town, who: Actor, address: str, place: tuple[float, float] = PORT) -> None:
    """Have somebody elsewhere report an incident."""
    fields = {"kind": "gas_leak", "address": address, "lon": place[0], "lat": place[1]}
    town.services.incidents.create(who, CreateIncident.read(fields))


@pytest.mark.parametrize(
    ("without", "shared", "holder"),
    [("", 1, "a worker"), (NO_WORKER, 1, "a window"), (NO_LOCKS, 2, "each its own")],
    ids=["shared-worker", "elected-window", "each-its-own"],
)
def test_windows_share_one_stream_that_outlives_the_window_that_began_it(
    town: Town, door: Door, without: str, shared: int, holder: str
) -> None:
    """Both hear each change; the first closed, the second goes on where it was."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    first = door.desk("dora", script=without or None)
    second = another_window(first)

    await_streams(town, shared)
    assert [window.evaluate(HOLDER) for window in (first, second)] == [holder] * 2
    report(town, dora, "Quai Albert 1er")
    expect(queue_row(first, "Quai Albert 1er")).to_be_visible()
    expect(queue_row(second, "Quai Albert 1er")).to_be_visible()
    first.close()
    report(town, dora, "Rue Grimaldi")
    expect(queue_row(second, "Rue Grimaldi")).to_be_visible()
    expect(second.locator("#connection")).to_have_attribute("data-state", "live")
    assert second.evaluate(HOLDER) == holder


def test_the_map_on_one_screen_and_the_queue_on_the_other_are_one_desk(
    town: Town, door: Door
) -> None:
    """Chosen here, shown there; pinned on the map and filled in beside the queue, never blind."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    report(town, dora, "Fontvieille", FONTVIEILLE)
    lists = door.desk("dora", language="zh")
    lists.goto(f"{town.server.url}/?view=queue")
    lists.locator("body[data-ready] #connection[data-state=live]").wait_for()
    board = another_window(lists, "/?view=map")
    expect(lists.locator("#map")).to_be_hidden()
    expect(board.locator("#queue")).to_be_hidden()

    lists.get_by_role("button", name="登记险情").click()
    expect(lists.locator("#search input")).to_be_focused()
    expect(lists.locator("#pin-kind")).to_have_count(0)
    queue_row(lists, "Fontvieille").click()
    lists.locator(".candidate").first.wait_for()
    expect(board.locator("#side .incident-panel")).to_have_count(1)
    expect(board.locator("#side")).to_be_hidden()
    lists.get_by_role("button", name="10", exact=True).click()
    expect(board.locator(".radius-input")).to_have_value("10 公里")
    board.locator("#map").click(button="right", position={"x": 500, "y": 400})
    lists.locator("#pin-kind-gas_leak").check(force=True)
    lists.locator("#pin-address").fill("Rue Grimaldi 21")
    lists.keyboard.press("Enter")

    expect(queue_row(lists, "Rue Grimaldi 21")).to_be_visible()
    expect(board.locator("#side .incident-panel")).to_contain_text("Rue Grimaldi 21")
    lists.close()
    expect(board.locator("#side")).to_be_visible()


def test_signing_out_ends_every_window_and_signing_in_brings_them_back(
    town: Town, door: Door
) -> None:
    """A map left on the wall must not look live, and needs nobody to walk over to it later."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora")
    wall = another_window(desk, "/?view=map")

    desk.locator("#menu summary").click()
    desk.get_by_role("button", name="Sign out").click()
    expect(wall.get_by_role("alert")).to_contain_text("You are signed out.")
    await_streams(town, 0)
    desk.fill("#username", "dora")
    desk.fill("#password", PASSWORD)
    desk.click("button.primary")
    desk.locator("body[data-ready] #connection[data-state=live]").wait_for()

    expect(wall.locator("#alarm")).to_be_empty()
    wall.locator("body[data-ready] #connection[data-state=live]").wait_for()
    report(town, dora, "Quai Albert 1er")
    expect(wall.locator("#counts")).to_contain_text("1 waiting")
