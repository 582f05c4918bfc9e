"""The crew's phone offers other ways, and finds one itself where there is no signal."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import wait_until
from tests.e2e.test_guidance import HEARD
from tests.e2e.test_guidance import LARVOTTO
from tests.e2e.test_guidance import set_out
from tests.e2e.test_guidance import stand
from tests.e2e.test_guidance import way

pytestmark = [pytest.mark.browser, pytest.mark.postgis]


def test_another_way_is_one_tap_away_and_stays_the_way_of_the_order(
    town: Town, door: Door, picture: Picture
) -> None:
    """On the phone, on the phone opened again, and at the desk."""
    order_id, east = set_out(town, FONTVIEILLE)
    town.services.roads.refresh()
    fastest = town.services.ways.of_assignment(east, order_id, language="en", alternatives=True)
    other = fastest["properties"]["alternatives"][0]
    phone = door.phone("east", CASINO)
    choices = phone.locator(".way-choice")
    chosen = phone.locator('.way-choice[aria-pressed="true"]')
    phone.locator(".other-ways summary").click()
    expect(choices).to_have_count(1 + len(fastest["properties"]["alternatives"]))
    expect(chosen).to_contain_text(f"by {fastest['properties']['by']}")
    picture.of(phone, "crew-en-ways")

    choices.filter(has_text=f"by {other['by']}").click()
    expect(chosen).to_contain_text(f"by {other['by']}")
    expect(phone.locator(".banner .what")).to_have_text(other["steps"][1]["instruction"])
    ways = town.services.ways
    wait_until(
        phone,
        lambda: (
            ways.of_assignment(east, order_id)["geometry"]["coordinates"] == other["coordinates"]
        ),
    )
    phone.reload()
    phone.locator("body[data-ready]").wait_for()

    expect(chosen).to_contain_text(f"by {other['by']}")
    phone.get_by_text("Another navigation app").click()
    links = phone.locator(".app-link")
    expect(links).to_have_count(5)
    expect(links.first).to_have_attribute("href", re.compile(r"^geo:43\.7296"))


def test_a_phone_without_a_signal_finds_a_new_way_and_speaks_it(
    town: Town, door: Door, picture: Picture
) -> None:
    """The network is cut; the crew goes on along its way, leaves it, and is led on from there."""
    _, east = set_out(town)
    feature = way(town, east, CASINO)
    line, steps = feature["geometry"]["coordinates"], feature["properties"]["steps"]
    onward = way(town, east, LARVOTTO)
    wanted = onward["properties"]["steps"]
    turn = onward["geometry"]["coordinates"][wanted[1]["point"] - 1]
    phone = door.phone("east", CASINO)
    phone.add_init_script(HEARD)
    phone.reload()
    phone.locator(".banner .voice").click()
    page = phone.locator("html")
    expect(page).to_have_attribute("data-roads-kept", re.compile("."))
    news = phone.locator(".banner .news")

    phone.context.set_offline(True)
    stand(phone, line[steps[4]["point"] + 2])
    expect(phone.locator(".banner .what")).to_have_text(steps[5]["instruction"])
    stand(phone, LARVOTTO, accuracy_m=10)
    stand(phone, LARVOTTO, accuracy_m=11)

    expect(news).to_have_text("No connection: this way was worked out on the phone.")
    expect(phone.locator(".banner .what")).to_have_text(wanted[1]["instruction"])
    stand(phone, turn, accuracy_m=12)
    told = "|".join(re.escape(alert["text"]) for alert in wanted[1]["alerts"])
    expect(page).to_have_attribute("data-heard", re.compile(told))
    picture.of(phone, "crew-en-way-worked-out-here")

    phone.context.set_offline(False)
    expect(news).to_have_text("New route from here.")
