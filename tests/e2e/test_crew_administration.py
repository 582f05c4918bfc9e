"""Crews by mouse: one with member, ticket and vehicle; a ticket that ends during an order."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect
from sqlalchemy import text

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.crews.types import AddMember
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from dispatch.skills.types import AddTicket
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.test_accessibility import findings
from tests.e2e.test_administration import open_subject

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
# The midnight after the ticket's last day, brought forward.
_MIDNIGHT = (
    text("UPDATE skill_ticket SET valid_until = valid_until - 1"),
    text("UPDATE deadline SET next_at = set_at WHERE kind = 'crew_skills' AND done_at IS NULL"),
)


def _act(page: Page, row: str, action: str, fields: dict[str, str]) -> None:
    """Take an action of a row, fill its form and store it."""
    page.get_by_role("button", name=f"{action}: {row}").click()
    form = page.get_by_role("dialog")
    for label, value in fields.items():
        form.get_by_label(label, exact=True).fill(value)
    form.get_by_role("button", name=action).click()
    expect(form).to_be_hidden()


def test_a_crew_with_member_ticket_and_vehicle_is_made_by_mouse(
    town: Town, door: Door, picture: Picture
) -> None:
    """What was entered on four pages stands together in the crew's panel on the desk."""
    town.sign_up("ada", Role.ADMINISTRATOR)
    desk = door.desk("ada")

    open_subject(desk, "crews")
    desk.get_by_role("button", name="New crew").click()
    form = desk.get_by_role("dialog", name="New crew")
    form.get_by_label("Name").fill("Crew 1")
    form.get_by_label("Heat").check()
    form.get_by_role("button", name="Save").click()
    expect(desk.locator("table.list tbody tr")).to_contain_text("Heat")
    _act(desk, "Crew 1", "Add a member", {"Name": "Person A", "Telephone": "+86 000 0000 0001"})
    open_subject(desk, "people")
    desk.get_by_role("button", name="Add a ticket: Person A").click()
    form = desk.get_by_role("dialog")
    form.get_by_label("Skill").select_option("gas")
    soon = (
        town.services.skill_upkeep.today(town.services.clock()) + timedelta(days=12)
    ).isoformat()
    form.get_by_label("Last valid day").fill(soon)
    form.get_by_role("button", name="Add a ticket").click()
    expect(desk.locator("table.list tbody tr")).to_contain_text("Gas")
    open_subject(desk, "vehicles")
    desk.get_by_role("button", name="New vehicle").click()
    form = desk.get_by_role("dialog", name="New vehicle")
    form.get_by_label("Plate").fill("t 1001")
    form.get_by_label("Crew that has it now").select_option(label="Crew 1")
    form.get_by_label("Gas detector").check()
    form.get_by_label("Height, metres").fill("3.1")
    form.get_by_role("button", name="Save").click()
    expect(desk.locator("table.list tbody tr")).to_contain_text("T 1001")
    open_subject(desk, "tickets")
    expect(desk.locator("table.list tbody tr")).to_contain_text("in 12 days")
    picture.of(desk, "administration-tickets-en")
    open_subject(desk, "crews")
    picture.of(desk, "administration-crews-en")
    row = desk.locator("table.list tbody tr")
    expect(row).to_contain_text("Heat, Gas")
    assert findings(desk) == []
    desk.set_viewport_size({"width": 390, "height": 844})
    picture.of(desk, "administration-crews-en-phone")
    assert findings(desk) == []

    desk.set_viewport_size({"width": 1440, "height": 900})
    desk.goto(town.server.url)
    desk.locator(".crew-row", has_text="Crew 1").click()
    people = desk.locator(".crew-people")
    expect(people).to_contain_text("Person A")
    expect(people.locator(".phone")).to_have_attribute("href", "tel:+8600000000001")
    expect(people).to_contain_text("Gas: expires on")
    expect(people).to_contain_text("T 1001")
    expect(people).to_contain_text("Routes do not know heights and weights yet")
    picture.of(desk, "console-en-crew-people")


def test_desk_and_crew_are_told_when_a_ticket_ends_during_an_order(
    town: Town, door: Door, picture: Picture
) -> None:
    """In Chinese: the order goes on, the desk reads why, and the crew confirms it."""
    crew_id = town.add_crew("Gas 1", PORT, skills=())
    member = town.services.members.add(SYSTEM, crew_id, AddMember(name="Person A"))
    today = town.services.skill_upkeep.today(town.services.clock())
    ticket = AddTicket(skill="gas", valid_from=today - timedelta(days=9), valid_until=today)
    town.services.tickets.add(SYSTEM, member["person_id"], ticket)
    dora = town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("gasone", Role.CREW, crew_id=crew_id)
    fields = {"kind": "gas_leak", "lon": CASINO[0], "lat": CASINO[1]}
    incident = town.services.incidents.create(dora, CreateIncident.read(fields))
    town.services.sending.send(dora, incident["id"], SendCrew(crew_id=crew_id))
    desk = door.desk("dora", language="zh")
    phone = door.phone("gasone", PORT, language="zh")

    with town.owner.begin() as connection:
        for statement in _MIDNIGHT:
            connection.execute(statement)
    assert town.services.deadlines.run_due() >= 1

    toast = desk.locator("#toasts .toast", has_text="派单继续执行")
    expect(toast).to_contain_text("燃气 证书于")
    picture.of(desk, "console-zh-ticket-ended")
    toast.get_by_role("button", name="查看险情").click()
    expect(desk.locator(".side")).to_contain_text("证书失效通知尚未确认")
    screen = phone.locator(".notice-screen[data-kind=skill_lost]")
    expect(screen).to_contain_text("证书已失效")
    picture.of(phone, "phone-zh-ticket-ended")
    screen.locator("button.go").click()
    expect(screen).to_be_hidden()
    expect(desk.locator(".side")).to_contain_text("确认证书失效通知")
    expect(phone.locator(".ticket-dock")).to_contain_text("Person A: 燃气 · 已于")
