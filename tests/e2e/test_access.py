"""Users and roles in the browser: somebody is invited, signs in, and loses a permission at once."""

import pytest
from playwright.sync_api import expect

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Permission
from dispatch.access.permissions import Role
from dispatch.incidents.types import CreateIncident
from dispatch.people.types import ChangeRoles
from dispatch.roles.types import AddRole
from tests.conftest import PASSWORD
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.test_accessibility import findings
from tests.e2e.test_accessibility import in_both_lights
from tests.e2e.test_administration import open_subject

pytestmark = [pytest.mark.browser, pytest.mark.postgis]


def test_somebody_is_invited_by_mouse_and_signs_in(
    town: Town, door: Door, picture: Picture
) -> None:
    """The link is shown once; a second browser chooses the password by it."""
    town.sign_up("ada", Role.ADMINISTRATOR)
    desk = door.desk("ada")

    open_subject(desk, "users")
    desk.get_by_role("button", name="Invite somebody").click()
    form = desk.get_by_role("dialog", name="Invite somebody")
    form.get_by_label("User name").fill("dora")
    form.get_by_label("Name", exact=True).fill("Dora")
    form.get_by_role("button", name="Save").click()
    expect(form.locator("[data-field=roles]")).not_to_be_empty()
    form.get_by_role("checkbox", name="Dispatcher").check()
    picture.of(desk, "users-invite-en")
    with_a_form = in_both_lights(desk)
    form.get_by_role("button", name="Save").click()
    shown = desk.get_by_role("dialog", name="Link for dora")
    link = shown.get_by_label("Shown this once").input_value()
    shown.get_by_role("button", name="Close").click()
    row = desk.locator("table.list tbody tr", has_text="dora")
    expect(row).to_contain_text("invited, until")

    context = door.browser.new_context(locale="en-GB")
    door.contexts.append(context)
    guest = context.new_page()
    guest.goto(link)
    for label in ("Password of at least", "The same once more"):
        guest.get_by_label(label).fill(PASSWORD)
    picture.of(guest, "invitation-en")
    on_the_page = findings(guest)
    guest.get_by_role("button", name="Choose this password").click()
    guest.get_by_label("User name").fill("dora")
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button", name="Sign in").click()
    expect(guest.locator("#queue, .queue").first).to_be_visible()

    desk.reload()
    row.get_by_role("button", name="May do: dora").click()
    access = desk.get_by_role("dialog", name="What Dora may do")
    expect(access).to_contain_text("See candidates, send crews")
    expect(access).not_to_contain_text("Change settings")
    picture.of(desk, "users-access-en")
    desk.keyboard.press("Escape")
    row.get_by_role("button", name="Signed in: dora").click()
    sign_ins = desk.get_by_role("dialog", name="Where Dora is signed in")
    expect(sign_ins.locator("tbody tr")).to_have_count(1)
    sign_ins.get_by_role("button", name="End").click()
    expect(sign_ins).to_contain_text("Signed in nowhere.")
    picture.of(desk, "users-signed-out-en")
    assert [with_a_form, on_the_page, findings(desk)] == [[], [], []]


def test_a_tick_in_the_table_of_roles_holds_at_once(
    town: Town, door: Door, picture: Picture
) -> None:
    """For whoever is signed in; the tick that would lock everybody out is refused by name."""
    town.sign_up("ada", Role.ADMINISTRATOR)
    services = town.services
    wanted = AddRole(name_en="Night desk", name_zh="夜班台", permissions=(Permission.REPLAY_READ,))
    code = services.access_roles.add(SYSTEM, wanted)["code"]
    dora = town.sign_up("dora", Role.CALL_TAKER)
    services.account_changes.change_roles(
        SYSTEM, "dora", ChangeRoles(roles=(Role.CALL_TAKER, code))
    )
    session = services.accounts.open_session(dora)
    desk = door.desk("ada")

    open_subject(desk, "roles")
    sentence = "Replay what happened."
    desk.get_by_role("checkbox", name=f"Night desk: {sentence}").uncheck()
    picture.of(desk, "roles-edited-en")
    at_rest = in_both_lights(desk)
    bar = desk.locator(".bulk")
    expect(bar).to_contain_text("One role is changed")
    bar.get_by_role("button", name="Save").click()
    expect(bar).to_be_hidden()
    now = services.accounts.actor_for_session(session)
    assert now is not None
    assert not now.may(Permission.REPLAY_READ)

    keys = "Change what roles permit, and which may not go together."
    desk.get_by_role("checkbox", name=f"Administrator: {keys}").uncheck()
    bar.get_by_role("button", name="Save").click()
    expect(desk.locator("#toasts")).to_contain_text("Nobody could manage accounts and roles")
    bar.get_by_role("button", name="Discard").click()
    expect(desk.get_by_role("checkbox", name=f"Administrator: {keys}")).to_be_checked()
    desk.get_by_label("One role").select_option(label="Dispatcher")
    desk.get_by_label("The other role").select_option(label="Auditor")
    desk.get_by_role("button", name="Keep apart").click()
    expect(desk.locator(".duties li")).to_contain_text("Auditor – Dispatcher")
    picture.of(desk, "roles-duties-en")
    assert [at_rest, findings(desk)] == [[], []]


def test_a_call_taker_is_offered_what_it_may_do(town: Town, door: Door, picture: Picture) -> None:
    """Incidents are entered and corrected; sending and closing are others' to do."""
    town.sign_up("carl", Role.CALL_TAKER)
    leak = CreateIncident(kind="gas_leak", lon=7.42, lat=43.737, caller_phone="13800001234")
    incident = town.services.incidents.create(SYSTEM, leak)["id"]
    desk = door.desk("carl")

    desk.get_by_text(f"#{incident}", exact=False).first.click()

    side = desk.locator("#side")
    expect(side.get_by_role("button", name="Change details")).to_be_visible()
    expect(side.get_by_text("13800001234").first).to_be_visible()
    expect(side.locator("[data-section=candidates]")).to_have_count(0)
    expect(side.get_by_role("button", name="Close incident")).to_have_count(0)
    picture.of(desk, "call-taker-en")
