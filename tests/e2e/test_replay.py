"""The past on the screen: played, stepped through by keyboard, linked to, taken away as a file."""

import json
import re
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.incidents.types import CreateIncident
from dispatch.outcomes.types import Complete
from dispatch.positions.types import ReportPositions
from dispatch.records.types import AddPhoto
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from geodata.db import make_engine
from scripts.studies.simulation.demand.crews_file import read_crews
from scripts.studies.simulation.demand.incident_log import read_log
from scripts.studies.simulation.findings.replay_trace import write_trace
from scripts.studies.simulation.study import Wanted
from scripts.studies.simulation.study import study_simulation
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PATIENCE_S
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import queue_row
from tests.e2e.test_accessibility import in_both_lights
from tests.pictures import decode_waiting
from tests.pictures import drawn
from tests.pictures import encoded
from tests.pictures import exif
from tests.scripts.studies.simulation.small_city import MONDAY
from tests.scripts.studies.simulation.small_city import open_roads
from tests.scripts.studies.simulation.small_city import write_files

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
WORDS = {
    "en": ("Play", "Pause", "East 1", "recommended", "On the way", "On scene", "Arrived|arrived"),
    "zh": ("播放", "暂停", "East 1", "推荐", "前往|途中", "到场", "到场"),
}
SIMULATED = {"en": ("Simulated", "Nothing of this happened"), "zh": ("仿真", "并未真实发生")}


@pytest.fixture
def shift(town: Town) -> tuple[int, int, int]:
    """Let a crew be sent, drive, arrive and photograph, an hour ago; return incident and crews.

    What the product stored with today's clock is moved back by the owner of the tables, each step
    by a minute: nobody waits for a minute here.
    """
    services = town.services
    dora = town.sign_up("dora", Role.DISPATCHER)
    east = town.add_crew("East 1", CASINO, skills=("gas",))
    west = town.add_crew("West 2", FONTVIEILLE, skills=("gas",))
    fields = {"kind": "gas_leak", "address": "Rue Grimaldi 21", "lon": PORT[0], "lat": PORT[1]}
    incident_id: int = services.incidents.create(dora, CreateIncident.read(fields))["id"]
    # By the server, which knows the roads.
    order = httpx.post(
        f"{town.server.url}/api/v1/incidents/{incident_id}/assignments",
        json={"crew_id": east, "reason": "They know the house."},
        headers={"Authorization": f"Bearer {services.accounts.issue_token(dora)['token']}"},
        timeout=PATIENCE_S,
    ).json()
    for step in ("accept", "depart", "arrive"):
        services.assignments.act(dora, order["id"], Action(step), Step())
    picture = encoded(drawn(800, 600), exif=exif(lonlat=PORT))
    services.photos.add(dora, incident_id, AddPhoto(photo=picture, caption="The valve"))
    services.assignments.act(dora, order["id"], Action.COMPLETE, Complete(outcome="repaired"))
    services.decisions.close(dora, incident_id, Step(reason="done"))
    decode_waiting(services)
    _spread(town, incident_id)
    _drive(town, east)
    return incident_id, east, west


BEGAN = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=1)


def _spread(town: Town, incident_id: int) -> None:
    """Move what happened to a minute each, an hour ago."""
    owner = make_engine(town.services.settings.database_admin_url or "")
    moved = """
        UPDATE event e SET at = :began + (n - 1) * interval '1 minute',
            occurred_at = :began + (n - 1) * interval '1 minute'
        FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM event
              WHERE incident_id = :incident) o WHERE o.id = e.id
    """
    of_others = "UPDATE event SET at = :began - interval '1 hour' WHERE incident_id IS NULL"
    statements = [
        moved,
        of_others,
        "UPDATE incident SET created_at = :began, closed_at = :began + interval '8 minutes'",
        "UPDATE assignment SET offered_at = :began + interval '1 minute'",
        "UPDATE assignment SET ended_at = :began + interval '6 minutes'",
        "UPDATE crew SET created_at = :began - interval '1 hour'",
        "UPDATE decision SET decided_at = :began + interval '1 minute'",
        "UPDATE photo SET taken_at = :began + interval '5 minutes'",
    ]
    with owner.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), {"began": BEGAN, "incident": incident_id})
    owner.dispose()


def _drive(town: Town, crew_id: int) -> None:
    """Report a drive from the casino to the port in the third and fourth minute."""
    tracker = Actor(None, "tracker", "tracker", frozenset({Role.INTEGRATION.value}), None)
    reports = [
        {
            "crew_id": crew_id,
            "lon": CASINO[0] + (PORT[0] - CASINO[0]) * part,
            "lat": CASINO[1] + (PORT[1] - CASINO[1]) * part,
            "fixed_at": BEGAN + timedelta(seconds=second),
        }
        for second in range(0, 480, 5)
        for part in [min(1, max(0, (second - 180) / 60))]
    ]
    town.services.positions.record(tracker, ReportPositions(positions=reports))


def time_shown(page: Page) -> datetime:
    """Return which instant is shown."""
    return datetime.fromisoformat(page.locator(".replay-time").get_attribute("datetime") or "")


def minutes(page: Page) -> float:
    """Return how many minutes after its beginning the story is shown."""
    return (time_shown(page) - BEGAN).total_seconds() / 60


def place_of(page: Page, crew_id: int) -> tuple[float, float]:
    """Return where a crew's marker stands, in pixels."""
    box = page.locator(f".crew-icon[data-crew-id='{crew_id}']").bounding_box()
    assert box is not None
    return box["x"], box["y"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_incident_is_played_stepped_through_and_linked_to(
    door: Door, shift: tuple[int, int, int], language: str, picture: Picture
) -> None:
    """From the desk's own link, by keyboard, with decision, tracks, states and photos."""
    incident_id, east, _ = shift
    play, pause, name, recommended, _, on_scene, arrived = WORDS[language]
    desk = door.desk("dora", language=language)
    desk.goto(f"{door.url}/replay/incident/{incident_id}")
    desk.locator("body[data-ready]").wait_for()

    # The first thing that happened is where it begins; each step goes to the next.
    assert minutes(desk) == pytest.approx(0)
    desk.keyboard.press(".")
    assert minutes(desk) == pytest.approx(1)
    decision = desk.locator(".replay-decision")
    expect(decision.locator("tr.chosen")).to_contain_text(name)
    expect(decision).to_contain_text("They know the house.")
    expect(decision.locator("tbody")).to_contain_text(recommended)
    expect(desk.locator(".choice.chosen")).to_have_count(1)
    start = place_of(desk, east)
    for _step in range(3):
        desk.keyboard.press(".")
    assert minutes(desk) == pytest.approx(4)
    expect(desk.locator(f".crew-icon[data-crew-id='{east}']")).to_have_attribute(
        "data-state", "on_scene"
    )
    expect(desk.locator(".replay-now")).to_contain_text(on_scene)
    expect(desk.locator("[aria-current=step]")).to_contain_text(re.compile(arrived))
    assert place_of(desk, east) != pytest.approx(start, abs=20)
    expect(desk.locator(".replay-photos")).to_be_hidden()
    desk.keyboard.press(".")
    expect(desk.locator(".replay-photos .thumbnail")).to_have_count(1)
    expect(desk.locator(".replay-photo")).to_have_count(1)
    picture.of(desk, f"replay-{language}")
    assert language == "zh" or in_both_lights(desk) == []

    # The address leads back to the same instant.
    assert f"#t={(BEGAN + timedelta(minutes=5)):%Y-%m-%dT%H:%M}" in desk.url
    desk.reload()
    desk.locator("body[data-ready]").wait_for()
    assert minutes(desk) == pytest.approx(5)

    # Played at sixty times life it is at its end soon; space holds it, and the slider puts it back.
    desk.select_option(".transport select", "60")
    desk.locator("#transport").focus()
    desk.keyboard.press("Home")
    desk.keyboard.press("Space")
    expect(desk.get_by_role("button", name=pause)).to_be_visible()
    desk.wait_for_function("() => document.querySelector('.replay-slider').value > 60")
    desk.keyboard.press("Space")
    expect(desk.get_by_role("button", name=play)).to_be_visible()
    held = time_shown(desk)
    desk.locator(".event-line").first.click()
    assert minutes(desk) == pytest.approx(0)
    assert held != time_shown(desk)


def test_a_crew_and_the_board_are_replayed_and_exported(
    town: Town, door: Door, shift: tuple[int, int, int], tmp_path: Path
) -> None:
    """The desk gets there from its panels; the crew itself may look, at itself only."""
    incident_id, east, west = shift
    town.sign_up("east", Role.CREW, crew_id=east)
    period = f"from={BEGAN:%Y-%m-%dT%H:%M:%SZ}&to={BEGAN + timedelta(minutes=9):%Y-%m-%dT%H:%M:%SZ}"
    desk = door.desk("dora")

    desk.goto(f"{door.url}/replay?{period}")
    desk.locator("body[data-ready]").wait_for()
    desk.keyboard.press("End")
    expect(desk.locator(".replay-now")).to_contain_text("Crews at work: 0 of 2")
    expect(desk.locator(".thinning")).to_contain_text("fixes shown, true to 5 m")
    desk.goto(f"{door.url}/replay/crew/{east}?{period}")
    desk.locator("body[data-ready]").wait_for()
    desk.goto(
        f"{desk.url.split('#')[0]}#t={BEGAN + timedelta(minutes=3, seconds=30):%Y-%m-%dT%H:%M:%SZ}"
    )
    expect(desk.locator(".replay-now")).to_contain_text("On the way")
    expect(desk.locator(".replay-now")).to_contain_text("Rue Grimaldi 21")
    with desk.expect_download() as downloading:
        desk.get_by_role("link", name="GPX").click()
    downloading.value.save_as(tmp_path / "track.gpx")
    root = ET.parse(tmp_path / "track.gpx").getroot()  # noqa: S314  (our own, just made)
    assert len(root.findall(".//{*}trkpt")) == 96
    assert downloading.value.suggested_filename.startswith(f"nearcrew-crew-{east}-")
    desk.goto(f"{door.url}/replay/crew/{west}?from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z")
    expect(desk.get_by_role("alert")).to_contain_text("by at most 24 hours")

    crew = door.phone("east", CASINO)
    crew.goto(f"{door.url}/replay/crew/{east}?{period}")
    crew.locator("body[data-ready]").wait_for()
    expect(crew.locator(".replay-decision")).to_be_hidden()
    assert crew.evaluate("document.documentElement.scrollWidth") == crew.viewport_size["width"]  # type: ignore[index]
    crew.goto(f"{door.url}/replay/incident/{incident_id}")
    expect(crew.locator(".status-code")).to_have_text("403")


def test_the_panels_of_the_desk_lead_to_replay(town: Town, door: Door) -> None:
    """Of the incident, and of the crew that was sent; and so do keys and words."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    crew_id = town.add_crew("East 1", CASINO, skills=("gas",))
    fields = {"kind": "gas_leak", "address": "Rue Grimaldi 21", "lon": PORT[0], "lat": PORT[1]}
    incident_id = town.services.incidents.create(dora, CreateIncident.read(fields))["id"]
    town.services.sending.send(dora, incident_id, SendCrew(crew_id=crew_id))
    desk = door.desk("dora")

    queue_row(desk, "Rue Grimaldi").click()
    link = desk.locator(".incident-panel").get_by_role("link", name="Replay")
    assert link.get_attribute("href") == f"/replay/incident/{incident_id}"
    desk.keyboard.press("/")
    desk.keyboard.type("note Gate code 4711")
    desk.keyboard.press("Enter")
    expect(desk.locator(".notes .entry")).to_contain_text("Gate code 4711")
    expect(desk.locator("dialog[open]")).to_have_count(0)
    with desk.context.expect_page() as opening:
        desk.keyboard.press("g")
        desk.keyboard.press("r")
    assert opening.value.url.startswith(f"{door.url}/replay/incident/{incident_id}")
    opening.value.close()
    desk.locator(".assignment .name").click()
    link = desk.locator(".crew-panel").get_by_role("link", name="Replay")
    link.click()

    desk.locator("body[data-ready]").wait_for()
    expect(desk.locator("#replay-title")).to_have_text("Replay: East 1")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_simulation_is_played_from_its_file(
    town: Town, door: Door, tmp_path: Path, language: str, picture: Picture
) -> None:
    """A planner opens it from the board's replay; the page says that nothing of it happened."""
    write_files(tmp_path)
    roads = open_roads(tmp_path)
    posts, crews = read_crews(tmp_path / "crews.csv")
    log = read_log(tmp_path / "incidents.csv")
    wanted = Wanted(rules=("best_arrival",), replications=1, days=1.0, begin=MONDAY)
    study = study_simulation(roads, posts, crews, log, wanted)
    file = tmp_path / "trace.json"
    write_trace(study, roads.router, file, from_h=12.0, hours=10.0)
    (tmp_path / "other.json").write_text("{}")
    town.sign_up("pia", Role.PLANNER)
    desk = door.desk("pia", language=language)
    desk.goto(f"{door.url}/replay")
    desk.locator("a[href='/replay/file']").click()

    desk.locator("input[type=file]").set_input_files(tmp_path / "other.json")
    no_trace = {"en": "This is no trace of a simulation.", "zh": "这不是仿真轨迹文件。"}[language]
    expect(desk.get_by_role("alert")).to_have_text(no_trace)
    desk.locator("input[type=file]").set_input_files(file)
    desk.locator("body[data-ready]").wait_for()

    said = {"en": ("Simulated", "Nothing of this happened"), "zh": ("仿真", "并未真实发生")}[
        language
    ]
    expect(desk.locator("#replay-title")).to_contain_text(said[0])
    expect(desk.locator(".thinning")).to_contain_text(said[1])
    expect(desk.locator(".crew-icon")).to_have_count(3)
    told = json.loads(file.read_text("utf-8"))["replay"]
    arrival = next(each for each in told["events"] if each["kind"] == "assignment.arrived")
    line = desk.locator(f"[data-event-id='{arrival['id']}'] .event-line")
    line.click()
    crew = desk.locator(f".crew-icon[data-crew-id='{arrival['crew_id']}']")
    expect(crew).to_have_attribute("data-state", "on_scene")
    picture.of(desk, f"replay-simulation-{language}")
    assert language == "zh" or in_both_lights(desk) == []
