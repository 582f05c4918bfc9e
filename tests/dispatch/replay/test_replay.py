"""Replay tells what was: at any instant of any story, exactly what the product said then."""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from random import Random
from typing import Any
from typing import TypeVar

import pytest
from sqlalchemy import Connection
from sqlalchemy import event

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.crews.types import SetDuty
from dispatch.incidents.types import ChangeIncident
from dispatch.incidents.types import CreateIncident
from dispatch.outcomes.types import Complete
from dispatch.records.types import AddNote
from dispatch.replay.types import CrewFrame
from dispatch.replay.types import IncidentFrame
from dispatch.replay.types import ReplayCrew
from dispatch.replay.types import ReplayIncident
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
DESK = Actor(None, "desk", "desk", frozenset({Role.DISPATCHER}))
STEPS = ("accept", "decline", "depart", "arrive", "complete", "withdraw")
NEXT = {"offered": "accept", "accepted": "depart", "en_route": "arrive", "on_scene": "complete"}
Framed = TypeVar("Framed", IncidentFrame, CrewFrame)
DUTIES = (Duty.ON_DUTY, Duty.OFF_DUTY, Duty.ON_BREAK)


@dataclass
class Story:
    """A random shift, and what the product said of everything after each step of it."""

    services: Services
    city: GridCity
    clock: SettableClock
    random: Random
    crews: list[int] = field(default_factory=list)
    incidents: list[int] = field(default_factory=list)
    orders: list[int] = field(default_factory=list)
    seen: list[tuple[datetime, dict[int, Any], dict[int, Any]]] = field(default_factory=list)

    def live(self, steps: int) -> None:
        """Let so many things happen, some seconds apart."""
        self.crews = [
            self.services.crews.add(
                SYSTEM, AddCrew(name=f"Crew {number}", duty=self.random.choice(DUTIES))
            )
            for number in range(3)
        ]
        for _ in range(steps):
            self.clock.forward(self.random.randint(1, 20))
            try:
                begin = self._pin if len(self.incidents) < 4 else self._desk
                self.random.choice([begin, self._send, self._act, self._act, self._desk])()
            except (Conflict, InvalidInput, IndexError):
                continue
            self._look()

    def _pin(self) -> None:
        lon, lat = self.city.at(self.random.randint(0, 9), self.random.randint(0, 9))
        fields = {"kind": "gas_leak", "lon": lon, "lat": lat}
        self.incidents.append(
            self.services.incidents.create(DESK, CreateIncident.read(fields))["id"]
        )

    def _send(self) -> None:
        wanted = {"crew_id": self.random.choice(self.crews), "queue": True}
        order, _ = self.services.sending.send(
            DESK, self.random.choice(self.incidents), SendCrew.read(wanted)
        )
        self.orders.append(order["id"])

    def _act(self) -> None:
        order = self.services.assignments.get(DESK, self.random.choice(self.orders[-4:]))
        usual = NEXT.get(order["state"], "withdraw")
        step = usual if self.random.random() < 0.7 else self.random.choice(STEPS)
        outcome = self.random.choice(["repaired", "made_safe", "no_access"])
        said = Complete(outcome=outcome) if step == "complete" else Step()
        self.services.assignments.act(DESK, order["id"], Action(step), said)
        follow_up_id = self.services.incidents.get(DESK, order["incident_id"])["follow_up_id"]
        if follow_up_id is not None and follow_up_id not in self.incidents:
            self.incidents.append(follow_up_id)

    def _desk(self) -> None:
        incident_id = self.random.choice(self.incidents)
        decide, crew_id = self.services.decisions, self.random.choice(self.crews)
        match self.random.randint(0, 5):
            case 0:
                decide.cancel(DESK, incident_id, Step(reason="x"))
            case 1:
                decide.close(DESK, incident_id, Step(reason="x"))
            case 2:
                decide.reopen(DESK, incident_id, Step())
            case 3:
                self.services.incidents.update(DESK, incident_id, ChangeIncident(priority=3))
            case 4:
                self.services.notes.add(DESK, incident_id, AddNote(words="x"))
            case _:
                self.services.crews.set_duty(
                    DESK, crew_id, SetDuty(duty=self.random.choice(DUTIES))
                )

    def _look(self) -> None:
        """Note what the product says now."""
        found = (self.services.incidents.get(DESK, each) for each in self.incidents)
        incidents = {
            each["id"]: (
                each["state"],
                each["outcome_effect"],
                each["priority"],
                {order["id"]: order["state"] for order in each["assignments"]},
            )
            for each in found
        }
        crews = {
            each["id"]: (each["state"], each["duty"], each["incident_id"])
            for each in self.services.crews.list(DESK)["crews"]
        }
        self.seen.append((self.clock(), incidents, crews))


def frame_at(frames: Sequence[Framed], at: datetime) -> Framed:
    """Return what was so at an instant."""
    return [each for each in frames if datetime.fromisoformat(each["at"]) <= at][-1]


def incident_at(told: ReplayIncident, at: datetime) -> Any:  # noqa: ANN401  (as the story notes it)
    """Return of a replayed incident what a story notes of one."""
    frame = frame_at(told["frames"], at)
    orders = {each["assignment_id"]: each["state"] for each in frame["orders"]}
    return frame["state"], frame["outcome_effect"], frame["priority"], orders


def crew_at(told: ReplayCrew, at: datetime) -> Any:  # noqa: ANN401  (as above)
    """Return of a replayed crew what a story notes of one."""
    frame = frame_at(told["frames"], at)
    return frame["state"], frame["duty"], frame["incident_id"]


@pytest.mark.parametrize("seed", [0, 2, 4])
def test_at_any_instant_replay_says_what_the_product_said_then(
    services: Services, grid_city: GridCity, clock: SettableClock, seed: int
) -> None:
    """Sixty random steps; the oracle is the product's own answers, noted while it happened.

    For the board over all of it, for a part of it (what began before must be known), and for each
    incident and crew alone.
    """
    began = clock() - timedelta(seconds=1)
    story = Story(services, grid_city, clock, Random(seed))  # noqa: S311  (a repeatable shift, no secret)
    story.live(60)
    middle = story.seen[len(story.seen) // 2][0]

    kinds = {each["kind"] for each in services.events.read_after(0)}
    assert {"incident.reopened", "incident.cancelled", "assignment.completed"} <= kinds

    whole = services.replay.board(DESK, began, clock())
    part = services.replay.board(DESK, middle, clock())
    alone = {each: services.replay.incident(DESK, each) for each in story.incidents}
    of_crew = {each: services.replay.crew(DESK, each, middle, clock()) for each in story.crews}

    for at, incidents, crews in story.seen:
        for told in [whole, part] if at >= middle else [whole]:
            replayed = {each["id"]: each for each in told["incidents"]}
            for incident_id in incidents.keys() & replayed.keys():
                assert incident_at(replayed[incident_id], at) == incidents[incident_id]
            assert {each["id"]: crew_at(each, at) for each in told["crews"]} == crews
        assert {each["id"] for each in whole["incidents"]} == set(story.incidents)
        for incident_id, seen in incidents.items():
            (own,) = alone[incident_id]["incidents"]
            assert incident_at(own, at) == seen
        if at >= middle:
            for crew_id, seen in crews.items():
                (itself,) = of_crew[crew_id]["crews"]
                assert crew_at(itself, at) == seen


def test_one_forgotten_order_does_not_have_everybodys_log_read(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, clock: SettableClock
) -> None:
    """Of what went before the period: that order's events, and each crew's last change of duty.

    Twenty changes of duty of another crew lie between the order and the period.
    """
    forgotten, busy = yard.put("Forgotten", 1, 1), yard.put("Busy", 1, 1)
    incident = pin(2, 2)
    services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=forgotten))
    for number in range(20):
        clock.forward(3600)
        services.crews.set_duty(
            dispatcher, busy, SetDuty(duty=(Duty.OFF_DUTY, Duty.ON_DUTY)[number % 2])
        )
    clock.forward(3600)
    read = []

    @event.listens_for(services.engine, "after_cursor_execute")
    def count(_: Connection, cursor: Any, statement: str, *___: object) -> None:  # noqa: ANN401  (the driver's)
        if "FROM event" in statement:
            read.append(cursor.rowcount)

    crews = services.replay.board(dispatcher)["crews"]

    told = {each["id"]: [frame["state"] for frame in each["frames"]] for each in crews}
    assert told == {forgotten: ["offered"], busy: ["idle"]}
    # The order's event, the incident's two for its own story, each crew's duty before or after.
    assert sum(read) <= 1 + 2 + 2 * 2


def test_a_decision_is_told_with_the_numbers_of_its_moment(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, clock: SettableClock
) -> None:
    """Who was proposed, who was chosen and why, however the crews have moved since."""
    near, far = yard.put("Near", 3, 3), yard.put("Far", 9, 9)
    incident = pin(2, 2)
    asked = services.candidates.for_incident(dispatcher, incident["id"])["candidates"]
    reason = {"crew_id": far, "reason": "They have the pump."}
    services.sending.send(dispatcher, incident["id"], SendCrew.read(reason))
    clock.forward(300)
    yard.move(near, 9, 1)

    (actual,) = services.replay.incident(dispatcher, incident["id"])["decisions"]

    assert (actual["crew_id"], actual["crew_name"]) == (far, "Far")
    assert (actual["reason"], actual["sent_by"]) == ("They have the pump.", "dora")
    assert actual["candidates"] == asked
    assert actual["override"] is not None
    assert actual["override"]["recommended_crew_name"] == "Near"
    assert [each["verdict"] for each in asked] == ["recommended", "possible"]


def test_a_track_breaks_where_the_crew_was_not_heard_and_says_what_was_left_out(
    services: Services, dispatcher: Actor, yard: CrewYard, clock: SettableClock
) -> None:
    """Sixty fixes on a straight street are two points; five minutes of silence are a gap."""
    began, crew_id = clock(), yard.put("A", 0, 0)
    for second in range(1, 61):
        clock.forward(1)
        yard.move(crew_id, second / 60, 0)
    clock.forward(300)
    yard.move(crew_id, 5, 0)

    told = services.replay.crew(dispatcher, crew_id, began, clock())

    (crew,) = told["crews"]
    assert (crew["track"]["fixes"], crew["track"]["points"]) == (62, 3)
    first, last = crew["track"]["segments"]
    assert [point[2] for point in first] == [0, 60]
    assert [point[2] for point in last] == [360]
    assert told["thinning"] == {"every_s": None, "tolerance_m": 5.0}


def test_photos_and_events_stand_at_their_times_and_callers_nowhere(
    services: Services, dispatcher: Actor, pin: Pin, clock: SettableClock
) -> None:
    """A replay is shown to many."""
    incident = pin(2, 2, caller_name="Wang", caller_phone="13800000000", description="Wang's yard")
    services.incidents.update(dispatcher, incident["id"], ChangeIncident(caller_name="Ms Wang"))
    clock.forward(60)

    told = services.replay.incident(dispatcher, incident["id"])

    assert [each["kind"] for each in told["events"]] == ["incident.created", "incident.updated"]
    assert "Wang" not in str(told)
    assert "13800000000" not in str(told)


def test_before_its_correction_an_address_is_the_one_that_was_known_then(
    services: Services, dispatcher: Actor, pin: Pin, clock: SettableClock
) -> None:
    """A crew that drove to the wrong house was sent there."""
    incident_id = pin(2, 2, address="Quay 1")["id"]
    clock.forward(60)
    services.incidents.update(dispatcher, incident_id, ChangeIncident(address="Quay 11"))

    (told,) = services.replay.incident(dispatcher, incident_id)["incidents"]

    assert [each["address"] for each in told["frames"]] == ["Quay 1", "Quay 11"]
    assert told["address"] == "Quay 11"


def test_a_crew_replays_itself_and_sees_no_choice_between_crews(
    people: People, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Not another crew, no incident as a whole, not the board."""
    services, incident_id = people.services, pin(2, 2)["id"]
    north, south = (
        people.sign_up(name, Role.CREW, crew_id=yard.put(name, 1, 1)) for name in ("n", "s")
    )
    for each in (north, south):
        services.sending.send(dispatcher, incident_id, SendCrew.read({"crew_id": each.crew_id}))

    told = services.replay.crew(north, north.crew_id or 0)

    assert told["decisions"] == []
    assert [each["crew_id"] for each in told["events"] if each["kind"] == "assignment.offered"] == [
        north.crew_id
    ]
    (incident,) = told["incidents"]
    assert [o["crew_id"] for o in incident["frames"][-1]["orders"]] == [north.crew_id]
    with pytest.raises(NotAllowed):
        services.replay.crew(north, south.crew_id or 0)
    with pytest.raises(NotAllowed):
        services.replay.incident(north, incident_id)
    with pytest.raises(NotAllowed):
        services.replay.board(north)


def test_a_replay_tells_nothing_of_accounts(
    people: People, dispatcher: Actor, yard: CrewYard
) -> None:
    """Who may do what is the administrator's to know, as on the live board."""
    crew_id = yard.put("north", 1, 1)
    people.sign_up("driver", Role.CREW, crew_id=crew_id)

    told = people.services.replay.crew(dispatcher, crew_id)

    assert [each["kind"] for each in told["events"]] == ["crew.added"]
    assert "driver" not in str(told)


def test_a_replay_asked_for_by_its_end_alone_ends_there(
    services: Services, dispatcher: Actor, pin: Pin, clock: SettableClock
) -> None:
    """The incident lasted three days, of which one may be shown: the one before that end."""
    incident_id = pin(2, 2)["id"]
    clock.forward(3 * 86_400)
    until = clock() - timedelta(hours=1)

    told = services.replay.incident(dispatcher, incident_id, to=until)

    assert datetime.fromisoformat(told["to"]) == until
    assert datetime.fromisoformat(told["from"]) == until - timedelta(hours=24)


@pytest.mark.parametrize("unknown", [-1, 0, 999_999, 2**63])
def test_what_is_not_there_cannot_be_replayed(
    services: Services, dispatcher: Actor, unknown: int
) -> None:
    """Neither incident nor crew."""
    for ask in (services.replay.incident, services.replay.crew):
        with pytest.raises(NotFound):
            ask(dispatcher, unknown)


@pytest.mark.parametrize(
    ("from_", "to"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC)),
        (datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_period_that_cannot_be_is_refused_by_name(
    services: Services,
    dispatcher: Actor,
    yard: CrewYard,
    from_: datetime,
    to: datetime,
) -> None:
    """Longer than a day, or backwards."""
    with pytest.raises(InvalidInput) as error:
        services.replay.crew(dispatcher, yard.put("A", 1, 1), from_, to)

    assert {each.field for each in error.value.fields} == {"from"}
