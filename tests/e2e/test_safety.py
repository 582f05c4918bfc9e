"""A crew that does not answer, in distress, or in need of help; and one that is called away."""

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.incidents.types import ChangeIncident
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.e2e.conftest import CASINO
from tests.e2e.conftest import FONTVIEILLE
from tests.e2e.conftest import PORT
from tests.e2e.conftest import Door
from tests.e2e.conftest import Picture
from tests.e2e.conftest import Town
from tests.e2e.console import candidate
from tests.e2e.console import queue_row
from tests.e2e.console import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.postgis]
# As if so many minutes had passed since the crew was last heard of.
_EARLIER = (
    text(
        "UPDATE check_in_watch SET well_at = well_at - make_interval(mins => :by),"
        " heard_at = heard_at - make_interval(mins => :by),"
        " due_at = due_at - make_interval(mins => :by) WHERE ended_at IS NULL"
    ),
    text(
        "UPDATE deadline SET due_at = due_at - make_interval(mins => :by),"
        " next_at = next_at - make_interval(mins => :by)"
        " WHERE kind = 'check_in' AND done_at IS NULL"
    ),
)


@dataclass
class Scene:
    """Alba at work on a gas leak at the Casino; its phone and a desk."""

    town: Town
    dora: Actor
    alba: Actor
    incident: Any
    order: Any

    def act(self, *actions: Action) -> None:
        """Take steps as the crew."""
        for action in actions:
            self.town.services.assignments.act(self.alba, self.order["id"], action, Step())

    def pass_minutes(self, minutes: int) -> None:
        """Let time pass for the check-in, and act on what falls due."""
        with self.town.owner.begin() as connection:
            for each in _EARLIER:
                connection.execute(each, {"by": minutes})
        self.town.services.deadlines.run_due()


def report(town: Town, actor: Actor, lonlat: tuple[float, float], **fields: Any) -> Any:  # noqa: ANN401
    """Take a report."""
    wanted = {"kind": "gas_leak", "lon": lonlat[0], "lat": lonlat[1], **fields}
    return town.services.incidents.create(actor, CreateIncident.read(wanted))


@pytest.fixture
def scene(town: Town) -> Scene:
    """Return the crew on scene."""
    dora = town.sign_up("dora", Role.DISPATCHER)
    crew_id = town.add_crew("Alba", CASINO, skills=("gas",))
    town.add_crew("Berta", PORT, skills=("gas",))
    alba = town.sign_up("alba", Role.CREW, crew_id=crew_id)
    incident = report(town, dora, CASINO, address="Place du Casino 1")
    order, _ = town.services.sending.send(dora, incident["id"], SendCrew(crew_id=crew_id))
    made = Scene(town, dora, alba, incident, order)
    made.act(Action.ACCEPT, Action.DEPART, Action.ARRIVE)
    return made


def hold_sos(phone: Page) -> None:
    """Press the button as a thumb does, until it is sent."""
    phone.locator("button.sos").dispatch_event("pointerdown")
    phone.locator(".sos-line").wait_for()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_silent_crew_an_sos_and_a_call_to_all(
    scene: Scene, door: Door, picture: Picture, language: str
) -> None:
    """Each is seen on the phone and at the desk, and ends at both when somebody sees to it."""
    desk = door.desk("dora", language=language)
    phone = door.phone("alba", CASINO, language=language)
    expect(phone.locator(".watch-row")).to_be_visible()
    picture.of(phone, f"safety-scene-{language}")

    scene.pass_minutes(16)
    phone.locator(".well-screen").wait_for()
    picture.of(phone, f"safety-due-{language}")
    scene.pass_minutes(3)
    missed = desk.locator("#alarms [data-alarm=check_in_missed]")
    missed.wait_for()
    expect(desk.locator(".safety-mark-words")).to_contain_text("Alba")
    queue_row(desk, "Place du Casino 1").click()
    desk.locator(".safety-line.loud").first.wait_for()
    picture.of(desk, f"safety-missed-{language}")
    phone.locator(".well-screen button.go").click()
    missed.wait_for(state="detached")
    phone.locator(".scene-screen").wait_for()

    phone.locator(".safety-dock .help").click()
    phone.locator(".help-screen .actions button").first.click()
    desk.locator("#alarms [data-alarm=help_wanted]").wait_for()
    candidate(desk, "Berta").wait_for()  # who could help is on the screen already
    picture.of(desk, f"safety-help-{language}")
    expect(phone.locator(".help-line")).to_be_visible()

    hold_sos(phone)
    sos = desk.locator(".sos-call.loud")
    sos.wait_for()
    picture.of(desk, f"safety-sos-{language}")
    sos.locator("button.primary").click()
    expect(phone.locator(".sos-line")).to_contain_text("dora")
    picture.of(phone, f"safety-seen-{language}")
    assert desk.locator(".sos-call.loud").count() == 0
    desk.locator(".sos-call .actions button").last.click()
    desk.locator(".sos-call .end-form button").click()
    phone.locator(".sos-line").wait_for(state="hidden")

    desk.locator(".decisions button").last.click()
    phone.locator(".well-screen").wait_for()
    picture.of(desk, f"safety-roll-call-{language}")
    phone.locator(".well-screen button.go").click()
    desk.locator(".roll-call").wait_for(state="detached")


def test_an_sos_without_signal_is_sent_with_its_own_time(scene: Scene, door: Door) -> None:
    """The phone says that it is not sent yet; what was tapped is kept and comes first."""
    phone = door.phone("alba", CASINO)
    phone.context.set_offline(True)
    hold_sos(phone)
    expect(phone.locator(".sos-line")).to_have_attribute("data-phase", "unsent")
    phone.context.set_offline(False)
    expect(phone.locator(".sos-line")).to_have_attribute("data-phase", "sent")

    (sos,) = scene.town.services.safety.board(scene.dora)["sos"]
    assert sos["raised_at"] < sos["received_at"]
    assert sos["lon"] == pytest.approx(CASINO[0], abs=1e-3)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_busy_crew_is_called_away_and_why_another_was_sent_is_one_key(
    scene: Scene, door: Door, picture: Picture, language: str
) -> None:
    """The row says that the crew returns; the crew confirms; the reason stands in the timeline."""
    town, dora = scene.town, scene.dora
    can_wait = ChangeIncident(priority=4)
    town.services.incidents.update(dora, scene.incident["id"], can_wait)
    urgent = report(town, dora, FONTVIEILLE, address="Quai 5", priority=1)
    town.add_crew("Carla", FONTVIEILLE, skills=("gas",))
    desk = door.desk("dora", language=language, size=(1280, 800))
    phone = door.phone("alba", CASINO, language=language)
    queue_row(desk, "Quai 5").click()
    alba = candidate(desk, "Alba")
    alba.locator(".others button:not([hidden])").wait_for()
    picture.of(desk, f"safety-interruptible-{language}")

    candidate(desk, "Berta").locator("button.send").click()
    desk.locator(".override-ask").wait_for()
    picture.of(desk, f"safety-why-{language}")
    desk.keyboard.press("1")
    explained = "assignment.override_explained"
    wait_until(desk, lambda: explained in _kinds(town, dora, urgent["id"]))

    desk.locator(".another").click()
    alba.locator(".others button:not([hidden])").click()
    desk.locator("#interrupt-reason").fill("gas in a cellar")
    picture.of(desk, f"safety-interrupt-{language}")
    desk.locator(".ask-dialog button.primary").click()
    row = queue_row(desk, "Place du Casino 1")
    expect(row.locator(".why-open")).to_contain_text(f"#{urgent['id']}")
    phone.locator(".notice-screen[data-kind=interrupted]").wait_for()
    picture.of(phone, f"safety-interrupted-{language}")
    phone.locator(".notice-screen button.go").click()
    phone.locator(".offer-screen button.go").click()
    phone.locator(".drive-screen").wait_for()
    row.click()
    desk.locator(".assignment").first.wait_for()
    picture.of(desk, f"safety-called-away-{language}")


def _kinds(town: Town, actor: Actor, incident_id: int) -> list[str]:
    told = town.services.incidents.timeline(actor, incident_id)
    return [each["kind"] for each in told["events"]]
