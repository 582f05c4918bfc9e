"""Short messages at the desk: each goes once it could be read, and none stands twice."""

import pytest
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import Door
from tests.e2e.conftest import Town
from tests.e2e.console import candidate
from tests.e2e.console import pin

pytestmark = [pytest.mark.browser, pytest.mark.postgis]


@pytest.mark.parametrize(
    ("language", "nothing", "again"),
    [("en", "There is nothing to undo.", "Try again"), ("zh", "没有可撤销的操作。", "重试")],
)
def test_what_was_said_goes_by_itself(
    town: Town, door: Door, language: str, nothing: str, again: str
) -> None:
    """A refusal after three quarters of a minute at most; the same words never pile up."""
    town.add_crew("East 1", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    desk = door.desk("dora", language=language)
    pin(desk, "Rue Grimaldi 21")
    desk.route("**/assignments", lambda route: route.abort())
    desk.clock.install()
    send, toasts = candidate(desk, "East 1").locator(".send"), desk.locator(".toast")

    desk.keyboard.press("u")
    desk.keyboard.press("u")
    expect(toasts).to_have_count(1)
    expect(toasts).to_contain_text(nothing)
    send.click()
    expect(desk.locator(".toast.refusal")).to_contain_text(again)
    desk.mouse.move(10, 450)

    desk.clock.run_for(10_000)
    expect(toasts).to_have_count(1)
    desk.clock.run_for(40_000)
    expect(toasts).to_have_count(0)
