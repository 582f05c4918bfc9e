"""A crew is told what becomes of an order that it has, and the desk sees that it understood."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.crews.states import Duty
from dispatch.crews.types import SetDuty
from dispatch.incidents.types import ChangeIncident
from dispatch.notices.types import NoticeAnswer
from dispatch.notices.types import Understand
from dispatch.outcomes.types import Complete
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]


class Scene:
    """A crew on its way to an incident, and its phone's account."""

    def __init__(
        self, services: Services, dispatcher: Actor, people: People, pin: Pin, yard: CrewYard
    ) -> None:
        self.services, self.dispatcher = services, dispatcher
        self.pin, self.yard = pin, yard
        self.crew_id = yard.put("A", 1, 1)
        self.crew = people.sign_up("alba", Role.CREW, crew_id=self.crew_id)
        self.incident = pin(3, 3, priority=3, address="Rue A", description="smell")
        self.order_id = self.send(self.incident)
        for action in (Action.ACCEPT, Action.DEPART):
            services.assignments.act(self.crew, self.order_id, action, Step())

    def send(self, incident: dict[str, Any]) -> int:
        """Send the crew there, behind what it has."""
        wanted = SendCrew(crew_id=self.crew_id, queue=True)
        order, _ = self.services.sending.send(self.dispatcher, incident["id"], wanted)
        return order["id"]

    def change(self, **fields: object) -> None:
        """Change the incident."""
        wanted = ChangeIncident.read(fields)
        self.services.incidents.update(self.dispatcher, self.incident["id"], wanted)

    def open(self) -> list[NoticeAnswer]:
        """Return what the crew has to confirm."""
        return self.services.notices.open_for_crew(self.crew, self.crew_id)["notices"]

    def kinds_of_events(self) -> list[str]:
        """Return the kinds of the incident's events."""
        told = self.services.incidents.timeline(self.dispatcher, self.incident["id"])
        return [each["kind"] for each in told["events"]]

    def notice_of_order(self) -> Any:  # noqa: ANN401  (JSON)
        """Return what the desk sees at the order."""
        return self.services.assignments.get(self.dispatcher, self.order_id)["notice"]


@pytest.fixture
def scene(services: Services, dispatcher: Actor, people: People, pin: Pin, yard: CrewYard) -> Scene:
    """Return a crew on its way."""
    return Scene(services, dispatcher, people, pin, yard)


def test_a_recall_is_told_with_its_reason_and_confirmed_once(
    scene: Scene, clock: SettableClock
) -> None:
    """Confirmed 40 s later, and again: the first time counts and is one event."""
    scene.services.assignments.act(
        scene.dispatcher, scene.order_id, Action.WITHDRAW, Step(reason="false alarm")
    )
    (notice,) = scene.open()
    before = scene.notice_of_order()
    clock.forward(40)
    for _ in range(2):
        scene.services.notices.understood(scene.crew, notice["id"], Understand())
        clock.forward(5)

    assert (notice["kind"], notice["reason"]) == ("recalled", "false alarm")
    assert (notice["made_by"], notice["address"]) == ("dora", "Rue A")
    assert before["understood_at"] is None
    after = scene.notice_of_order()
    assert after["understood_by"] == "alba"
    assert after["made_at"] < after["understood_at"]
    assert scene.open() == []
    kinds = scene.kinds_of_events()
    assert kinds.count("assignment.notified") == 1
    assert kinds.count("assignment.understood") == 1


def test_every_change_that_matters_is_told_old_and_new_and_all_are_confirmed_together(
    scene: Scene,
) -> None:
    """Two changes before the crew looked; what it knows already, or need not know, is no notice."""
    scene.change(priority=1, address="Rue A", caller_phone="377 1")
    scene.change(description="smell; DANGER: dog")
    scene.change(caller_name="Mme B")

    first, second = scene.open()
    assert first["what"] == [{"field": "priority", "old": 3, "new": 1}]
    assert [each["field"] for each in second["what"]] == ["description"]
    scene.services.notices.understood(scene.crew, second["id"], Understand())
    assert scene.open() == []


def test_a_moved_pin_is_told_and_a_saved_form_without_a_change_is_not(scene: Scene) -> None:
    """As the form at the desk sends it: every field, each time."""
    lon, lat = scene.incident["lon"], scene.incident["lat"]
    same = {"kind": "gas_leak", "priority": 3, "address": "Rue A", "description": "smell"}

    scene.change(**same, lon=lon, lat=lat)
    assert scene.open() == []
    scene.change(**same, lon=lon + 0.001, lat=lat)

    (notice,) = scene.open()
    (place,) = notice["what"]
    assert place["old"] == pytest.approx([lon, lat])
    assert place["new"] == pytest.approx([lon + 0.001, lat])


def test_cancelling_is_told_and_so_is_that_the_next_order_is_now(scene: Scene) -> None:
    """The order behind was accepted long ago: that it is the next is told too, not rung as new."""
    second = scene.send(scene.pin(5, 5))
    scene.services.assignments.act(scene.crew, second, Action.ACCEPT, Step())

    scene.services.decisions.cancel(
        scene.dispatcher, scene.incident["id"], Step(reason="nothing there")
    )

    told = [(each["kind"], each["reason"]) for each in scene.open()]
    assert told == [("cancelled", "nothing there"), ("reordered", "")]


def test_what_a_crew_does_itself_is_no_news_to_it_and_ends_what_was_to_be_confirmed(
    scene: Scene,
) -> None:
    """It was on scene before it looked, and finished."""
    scene.change(priority=1)
    for action, step in ((Action.ARRIVE, Step()), (Action.COMPLETE, Complete(outcome="repaired"))):
        scene.services.assignments.act(scene.crew, scene.order_id, action, step)

    assert scene.open() == []
    assert scene.notice_of_order()["lapsed_at"] is not None


def test_nothing_rings_for_a_crew_that_went_home(scene: Scene) -> None:
    """The desk ended its duty after the recall."""
    scene.services.assignments.act(scene.dispatcher, scene.order_id, Action.WITHDRAW, Step())

    scene.services.crews.set_duty(scene.dispatcher, scene.crew_id, SetDuty(duty=Duty.OFF_DUTY))

    assert scene.open() == []
    assert scene.notice_of_order()["lapsed_at"] is not None


def test_the_desk_may_confirm_for_a_crew_that_it_told_by_radio_and_nobody_else_may(
    scene: Scene, people: People
) -> None:
    """Another crew does not even see it."""
    other = people.sign_up("other", Role.CREW, crew_id=scene.yard.put("B", 5, 5))
    scene.change(priority=1)
    (notice,) = scene.open()

    with pytest.raises(NotFound):
        scene.services.notices.understood(other, notice["id"], Understand())
    with pytest.raises(NotAllowed):
        scene.services.notices.open_for_crew(other, scene.crew_id)
    scene.services.notices.understood(scene.dispatcher, notice["id"], Understand())

    assert scene.notice_of_order()["understood_by"] == "dora"


def test_a_crew_without_the_order_no_longer_reads_what_may_name_the_caller(
    scene: Scene, owner_engine: Engine
) -> None:
    """Recalled: what was changed before is still told, but for the description; erased for all."""
    scene.change(priority=1, description="Mme B smells gas")
    scene.services.assignments.act(scene.dispatcher, scene.order_id, Action.WITHDRAW, Step())

    seen = [each["field"] for each in scene.open()[0]["what"]]
    with owner_engine.begin() as connection:
        connection.execute(text("UPDATE incident SET erased_at = now()"))
    listed = scene.services.notices.open_for_crew(scene.dispatcher, scene.crew_id)["notices"]

    assert seen == ["priority"]
    assert [each["field"] for each in listed[0]["what"]] == ["priority"]
