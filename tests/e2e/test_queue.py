"""The queue: filters that hide nothing silently, groups, and rows that keep their places."""

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.incidents.types import CreateIncident
from dispatch.incidents.types import IncidentAnswer
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from dispatch.zones.types import DrawZone
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import queue_row

pytestmark = [pytest.mark.browser, pytest.mark.postgis]


def report(
    town: Town,
    actor: Actor,
    address: str,
    *,
    kind: str = "gas_leak",
    priority: int = 3,
    lonlat: tuple[float, float] = PORT,
) -> IncidentAnswer:
    """Report an incident from another desk."""
    fields = {"kind": kind, "priority": priority, "address": address}
    return town.services.incidents.create(
        actor, CreateIncident.read({**fields, "lon": lonlat[0], "lat": lonlat[1]})
    )


def counts(page: Page) -> dict[str, str]:
    """Return what stands in the heading of each group."""
    found: dict[str, str] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("#queue .group:not([hidden])")]
            .map((group) => [group.dataset.group, group.querySelector(".n").textContent]))"""
    )
    return found


def test_a_filter_says_what_it_hides_and_says_an_emergency_loud(
    town: Town, door: Door, picture: Picture
) -> None:
    """Chips show what is chosen; what is hidden is counted; a hidden open P1 is an alarm."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    eva = town.sign_up("eva", Role.DISPATCHER)
    report(town, eva, "Rue Grimaldi 1", kind="water_leak", priority=3)
    report(town, eva, "Rue Grimaldi 2", kind="gas_leak", priority=2, lonlat=CASINO)
    sent = report(town, eva, "Quai Antoine 3", kind="water_burst", priority=2, lonlat=FONTVIEILLE)
    crew = town.services.crews.list(eva)["crews"][0]
    town.services.sending.send(dora, sent["id"], SendCrew(crew_id=crew["id"]))
    town.services.zones.create(
        SYSTEM,
        DrawZone(
            name="Casino",
            kind="district",
            geometry={
                "type": "Polygon",
                "coordinates": [
                    [[7.425, 43.738], [7.43, 43.738], [7.43, 43.741], [7.425, 43.738]],
                ],
            },
        ),
    )
    desk = door.desk("dora")
    rows = desk.locator("#queue .incident-row")
    expect(rows).to_have_count(3)

    # A word, then a utility beside it: both must hold.
    desk.get_by_label("Filter the incidents").fill("grimaldi")
    expect(rows).to_have_count(2)
    desk.get_by_role("button", name="Filters", exact=True).click()
    desk.get_by_role("button", name="Water", exact=True).click()
    expect(rows).to_have_count(1)
    expect(desk.locator(".filter-chips .removable")).to_have_text(["“grimaldi” ×", "Water ×"])
    expect(desk.locator(".hidden-note")).to_contain_text("2 hidden by the filters")
    expect(desk.locator(".hidden-alarm")).to_be_empty()

    # An emergency comes in that the filters would hide.
    urgent = report(town, eva, "Boulevard Albert", priority=1)
    alarm = desk.locator(".hidden-alarm")
    expect(alarm).to_contain_text(f"P1 Gas leak #{urgent['id']}")
    picture.of(desk, "console-en-filtered")
    desk.reload()  # a filter outlives the page, and so does what it says
    expect(desk.locator(".hidden-note")).to_contain_text("3 hidden by the filters")
    desk.locator(".hidden-alarm").get_by_role("button", name="Show").click()
    expect(rows).to_have_count(4)
    expect(desk.locator(".incident-panel h2")).to_have_text(f"Gas leak #{urgent['id']}")
    expect(desk.locator(".filter-chips")).to_be_hidden()

    # Whose it is, and chips that go one by one.
    desk.get_by_role("button", name="Filters", exact=True).click()
    desk.get_by_role("button", name="Sent by me").click()
    expect(rows).to_contain_text(["Quai Antoine 3"])
    desk.get_by_role("button", name="Remove the filter Sent by me").click()
    desk.get_by_role("button", name="No crew yet").click()
    expect(rows).to_have_count(3)
    desk.get_by_role("button", name="Remove the filter No crew yet").click()
    expect(rows).to_have_count(4)

    # Groups by state, priority, kind and zone; this browser remembers the last.
    assert counts(desk) == {"open": "3", "offered": "1"}
    desk.locator("#queue").get_by_label("Group by").select_option("priority")
    expect(desk.locator("#queue [data-group=p1]")).to_be_visible()
    assert counts(desk) == {"p1": "1", "p2": "2", "p3": "1"}
    desk.locator("#queue").get_by_label("Group by").select_option("kind")
    expect(desk.locator("#queue [data-group=water_burst]")).to_be_visible()
    assert counts(desk) == {"gas_leak": "2", "water_leak": "1", "water_burst": "1"}
    desk.locator("#queue").get_by_label("Group by").select_option("zone")
    expect(desk.locator("#queue .group h3")).to_have_text(["Casino 1", "In no zone 3"])
    desk.reload()
    expect(desk.locator("#queue .group h3")).to_have_text(["Casino 1", "In no zone 3"])


def test_filters_and_groups_speak_chinese(town: Town, door: Door, picture: Picture) -> None:
    """Everything a filter says."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    report(town, dora, "人民路 12 号", kind="water_leak", priority=1)
    report(town, dora, "解放路 3 号", priority=2)
    desk = door.desk("dora", language="zh")

    desk.get_by_label("筛选险情").fill("解放")
    desk.get_by_role("button", name="筛选", exact=True).click()
    desk.locator("#queue").get_by_label("分组").select_option("kind")

    expect(desk.locator("#queue .group:not([hidden]) h3")).to_have_text(["燃气泄漏 1"])
    expect(desk.locator(".hidden-note")).to_contain_text("筛选隐藏了 1 条")
    expect(desk.locator(".hidden-alarm")).to_contain_text("被筛选隐藏且未派班组：P1 供水漏水")
    picture.of(desk, "console-zh-filtered")


def top_of(page: Page, selector: str) -> float:
    """Return how far down the screen an element is, in pixels."""
    top: float = page.locator(selector).evaluate("(node) => node.getBoundingClientRect().top")
    return top


def test_nothing_under_the_pointer_moves_whatever_streams_in(town: Town, door: Door) -> None:
    """Rows come above it, others end or change group: the row pointed at stays to the pixel."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    first, second, third, fourth = (
        report(town, dora, address) for address in ("first", "second", "third", "fourth")
    )
    crew = town.services.crews.list(dora)["crews"][0]
    desk = door.desk("dora")
    aimed = f"[data-incident-id='{third['id']}']"
    queue_row(desk, "third").hover()
    before = top_of(desk, aimed)
    desk.mouse.down()  # a hand about to choose it, for as long as this takes

    # One above ends, one above is asked for, a more urgent one comes in, one below ends.
    town.services.decisions.cancel(dora, first["id"], Step(reason="twice"))
    town.services.sending.send(dora, second["id"], SendCrew(crew_id=crew["id"]))
    town.services.decisions.cancel(dora, fourth["id"], Step(reason="twice"))
    report(town, dora, "urgent", priority=1)
    expect(queue_row(desk, "urgent")).to_be_attached()
    queue_row(desk, "third").hover(position={"x": 20, "y": 10})  # still there, as seen by the page

    rows = desk.locator("#queue .incident-row .place")
    expect(rows).to_have_text(["first", "second", "third", "fourth", "urgent"])
    expect(queue_row(desk, "first")).to_contain_text("Cancelled")
    assert abs(top_of(desk, aimed) - before) < 1
    assert counts(desk) == {"open": "3"}

    # The side panel, where the Send buttons are: an order comes in above the row pointed at.
    desk.mouse.move(720, 450)
    desk.mouse.up()
    expect(rows).to_have_text(["urgent", "third", "second"])
    queue_row(desk, "third").click()
    row = ".candidate"
    desk.locator(row).hover()
    held = top_of(desk, row)
    desk.mouse.down()
    far = town.add_crew("West 2", FONTVIEILLE, skills=("gas",))
    town.services.sending.send(dora, third["id"], SendCrew(crew_id=far))
    expect(desk.locator(".coming .assignment")).to_have_count(1)
    assert abs(top_of(desk, f".candidate[data-crew-id='{crew['id']}']") - held) < 1


def test_on_a_phone_the_incidents_come_first_and_what_is_chosen_comes_into_view(
    town: Town, door: Door
) -> None:
    """The crews' list stands under the queue; a chosen incident is read without looking for it."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    for number in range(12):
        town.services.incidents.create(
            dora,
            CreateIncident(kind="gas_leak", lon=PORT[0], lat=PORT[1], address=f"Quai {number:02d}"),
        )
    desk = door.desk("dora", size=(390, 844), touch=True)
    last = desk.locator(".incident-row").last
    crews = desk.locator("#side").bounding_box()
    assert crews is not None

    assert crews["y"] > (last.bounding_box() or crews)["y"]
    last.tap()
    expect(desk.locator(".incident-panel h2")).to_be_in_viewport()
    desk.locator(".incident-panel").get_by_role("button", name="Close this panel").tap()
    expect(desk.locator("#queue h2")).to_be_in_viewport()
