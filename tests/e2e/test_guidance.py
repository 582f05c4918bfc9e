"""The crew's phone leads the way: next manoeuvre, voice, a new way when the old one was left."""

import math
import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.incidents.types import CreateIncident
from dispatch.sending.path_types import WayAnswer
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import JARDIN_EXOTIQUE
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town

pytestmark = [pytest.mark.browser, pytest.mark.postgis]

LARVOTTO = (7.4330, 43.7460)  # far off the way from the casino to the exotic garden
HEARD = """
  window.heard = [];
  speechSynthesis.speak = (speech) => {
    window.heard.push([speech.lang, speech.text]);
    document.documentElement.dataset.heard = speech.text;
  };
"""


def set_out(town: Town, goal: tuple[float, float] = JARDIN_EXOTIQUE) -> tuple[int, Actor]:
    """Send a crew from the casino on its way and return its order and who drives."""
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    dora = town.sign_up("dora", Role.DISPATCHER)
    east = town.sign_up("east", Role.CREW, crew_id=crew_id)
    lon, lat = goal
    incident = town.services.incidents.create(
        dora, CreateIncident(kind="gas_leak", lon=lon, lat=lat)
    )
    order, _ = town.services.sending.send(dora, incident["id"], SendCrew(crew_id=crew_id))
    for action in ("accept", "depart"):
        town.services.assignments.act(east, order["id"], Action(action), Step())
    return order["id"], east


def way(town: Town, actor: Actor, origin: Sequence[float], language: str = "en") -> WayAnswer:
    """Return the way that the phone should show, from the same services."""
    town.services.roads.refresh()
    lon, lat = origin
    return town.services.paths.between(actor, (lon, lat), JARDIN_EXOTIQUE, language=language)


def stand(phone: Page, lonlat: Sequence[float], *, accuracy_m: int = 9) -> None:
    """Put the phone at a place, and wait until it knows; the accuracy tells two fixes apart."""
    phone.context.set_geolocation(
        {"longitude": lonlat[0], "latitude": lonlat[1], "accuracy": accuracy_m}
    )
    expect(phone.locator(".place-state")).to_contain_text(re.compile(rf"\b{accuracy_m} (m|米)"))


def along_m(line: Sequence[Sequence[float]]) -> float:
    """Return the length of a line, degrees, longitude first; good for a few kilometres."""
    length_m = 0.0
    for (lon, lat), (to_lon, to_lat) in pairwise(line):
        east_m = (to_lon - lon) * 111_320 * math.cos(math.radians(lat))
        length_m += math.hypot(east_m, (to_lat - lat) * 111_320)
    return length_m


def ahead_m(phone: Page) -> float:
    """Return what the banner says: so many metres to the manoeuvre."""
    return float(phone.locator(".banner .ahead").inner_text().removesuffix(" m"))


def test_the_next_manoeuvre_is_shown_large_and_its_distance_counts_down(
    town: Town, door: Door, picture: Picture
) -> None:
    """Arrow, metres, words; the one after it in small; at the end the side of the street."""
    _, east = set_out(town)
    feature = way(town, east, CASINO)
    line, steps = feature["geometry"]["coordinates"], feature["properties"]["steps"]
    turn = max(range(1, len(steps) - 2), key=lambda at: steps[at]["distance_m"]) + 1
    begin, end = steps[turn - 1]["point"], steps[turn]["point"]
    early, late = begin + (end - begin) // 3, begin + (end - begin) * 2 // 3
    phone = door.phone("east", CASINO)

    stand(phone, line[early])
    expect(phone.locator(".banner .what")).to_have_text(steps[turn]["instruction"])
    expect(phone.locator(".banner .after")).to_contain_text(steps[turn + 1]["instruction"])
    expect(phone.locator(".banner .now .arrow")).to_have_attribute("data-kind", steps[turn]["kind"])
    # Said in steps of 50 m from 300 m on.
    assert ahead_m(phone) == pytest.approx(along_m(line[early : end + 1]), abs=30)
    picture.of(phone, "crew-en-guidance")

    stand(phone, line[late], accuracy_m=10)
    assert ahead_m(phone) == pytest.approx(along_m(line[late : end + 1]), abs=30)

    stand(phone, line[-1], accuracy_m=11)
    expect(phone.locator(".banner .what")).to_contain_text("destination is on the")
    expect(phone.locator(".banner .ahead")).to_have_text("Now")


def test_a_crew_that_left_the_way_is_given_a_new_one_and_told_so(town: Town, door: Door) -> None:
    """Off by more than fifty metres, twice."""
    _, east = set_out(town)
    phone = door.phone("east", CASINO)
    phone.locator(".banner .what").wait_for()
    wanted = way(town, east, LARVOTTO)["properties"]["steps"]

    stand(phone, LARVOTTO)
    expect(phone.locator(".banner .news")).to_be_empty()
    stand(phone, LARVOTTO, accuracy_m=10)

    expect(phone.locator(".banner .news")).to_have_text("New route from here.")
    expect(phone.locator(".banner .what")).to_have_text(wanted[1]["instruction"])


def test_the_way_is_spoken_once_in_the_language_of_the_page_when_switched_on(
    town: Town, door: Door, picture: Picture
) -> None:
    """One large switch, remembered; every sentence is said once."""
    _, east = set_out(town)
    feature = way(town, east, CASINO, "zh")
    line, steps = feature["geometry"]["coordinates"], feature["properties"]["steps"]
    turn = next(at for at, step in enumerate(steps) if at and len(step["alerts"]) > 1)
    phone = door.phone("east", CASINO, language="zh")
    phone.add_init_script(HEARD)
    phone.reload()
    switch = phone.locator(".banner .voice")
    expect(switch).to_have_attribute("aria-pressed", "false")

    switch.click()
    stand(phone, line[steps[turn]["point"] - 1])
    told = "|".join(re.escape(alert["text"]) for alert in steps[turn]["alerts"])
    expect(phone.locator("html")).to_have_attribute("data-heard", re.compile(told))
    picture.of(phone, "crew-zh-guidance")

    heard = phone.evaluate("window.heard")
    assert [lang for lang, _ in heard] == ["zh-CN"] * len(heard)
    assert heard[0][1] == "语音导航已开启。"
    assert len({text for _, text in heard}) == len(heard)
    phone.reload()
    expect(switch).to_have_attribute("aria-pressed", "true")
