"""From the pin to the finished work: a dispatcher at a desk, a crew with a phone."""

import re

import pytest
from playwright.sync_api import expect

from dispatch.access.permissions import Role
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import candidate
from tests.e2e.console import pin

STEPS = ("accepted", "departed", "arrived", "completed")
pytestmark = [pytest.mark.browser, pytest.mark.postgis]


def test_a_leak_is_pinned_sent_driven_to_and_repaired(
    town: Town, door: Door, picture: Picture
) -> None:
    """Two people and one click between them."""
    near = town.add_crew("East 1", CASINO, skills=("gas",))
    town.add_crew("West 2", FONTVIEILLE, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("east", Role.CREW, crew_id=near)
    desk = door.desk("dora", language="zh")
    phone = door.phone("east", CASINO, language="zh")
    expect(phone.locator(".place-state")).to_contain_text("误差")

    pin(desk, "Avenue de Monte-Carlo 7")
    picture.of(desk, "console-zh-candidates")
    row = candidate(desk, "East 1")
    expect(row.locator(".arrival")).to_have_text(re.compile(r"^\d+ 分钟$"))
    expect(row.locator(".facts")).to_have_text(re.compile(r"^[\d.]+ (公里|米)$"))
    row.get_by_role("button", name=re.compile("派单")).click()
    expect(desk.locator(".toast.done")).to_contain_text("East 1")

    expect(phone.locator(".offer-screen")).to_contain_text("Avenue de Monte-Carlo 7")
    picture.of(phone, "crew-zh-order")
    phone.get_by_role("button", name="接单", exact=True).tap()
    expect(desk.locator(".assignment")).to_contain_text("已接单")
    expect(phone.locator(".pending")).to_have_count(0)
    phone.get_by_role("button", name="出发").click()
    expect(desk.locator("[data-group=en_route] .incident-row")).to_contain_text("Monte-Carlo")
    picture.of(phone, "crew-zh-on-the-way")
    expect(phone.locator(".pending")).to_have_count(0)
    phone.get_by_role("button", name="已到现场").click()
    expect(desk.locator("[data-group=on_scene] .incident-row")).to_contain_text("Monte-Carlo")
    expect(phone.locator(".pending")).to_have_count(0)
    phone.get_by_role("button", name="完成处置").click()
    phone.get_by_role("button", name="跳过，继续").click()  # the last check of a gas leak
    phone.get_by_label("已修复").check()
    phone.get_by_role("button", name="完成此单").click()

    expect(phone.locator(".duty-screen")).to_contain_text("待命")
    expect(desk.locator("[data-group=done]")).to_contain_text("处置完毕，待结案")
    told = [f"assignment.{step}" for step in ("offered", *STEPS)]
    for kind in ("incident.created", *told):
        expect(desk.locator(f".timeline [data-kind='{kind}']")).to_have_count(1)
    picture.of(desk, "console-zh-resolved")


def test_a_step_taken_without_a_connection_reaches_the_desk_later(town: Town, door: Door) -> None:
    """A cellar has no signal: the tap counts, and counts once."""
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("east", Role.CREW, crew_id=crew_id)
    desk, phone = door.desk("dora"), door.phone("east", PORT)
    pin(desk, "Rue Grimaldi 21")
    candidate(desk, "East 1").locator(".send").click()
    phone.locator(".offer-screen").wait_for()

    phone.context.set_offline(True)
    phone.get_by_role("button", name="Accept").tap()
    expect(phone.locator(".pending")).to_be_visible()
    expect(phone.get_by_role("button", name="Depart")).to_be_visible()
    phone.context.set_offline(False)

    expect(phone.locator(".pending")).to_have_count(0)
    expect(desk.locator(".assignment .steps")).to_contain_text("accepted")
    expect(desk.locator(".timeline [data-kind='assignment.accepted']")).to_have_count(1)


def test_a_crew_says_why_it_declines_and_the_incident_waits_again(town: Town, door: Door) -> None:
    """A refusal comes back with its reason, and the next crew is recommended."""
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    town.add_crew("West 2", FONTVIEILLE, skills=("gas",))
    town.sign_up("dora", Role.DISPATCHER)
    town.sign_up("east", Role.CREW, crew_id=crew_id)
    desk, phone = door.desk("dora"), door.phone("east", CASINO)
    pin(desk, "Rue Grimaldi 21")
    candidate(desk, "East 1").locator(".send").click()

    phone.get_by_role("button", name="Decline").tap()
    phone.get_by_role("button", name="Vehicle trouble").click()

    expect(desk.locator("[data-group=open] .incident-row")).to_contain_text("Rue Grimaldi 21")
    expect(desk.locator(".assignments.past")).to_contain_text("Vehicle trouble")
    expect(desk.locator(".candidate.recommended")).to_contain_text("West 2")
