"""At the end of a shift what is left goes to the crew that comes in, and nothing is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import DispatchError
from dispatch.crews.states import Duty
from dispatch.crews.types import SetDuty
from dispatch.handovers.types import HandedOverAnswer
from dispatch.handovers.types import HandOver
from dispatch.handovers.types import Kept
from dispatch.incidents.types import IncidentAnswer
from dispatch.sending.types import SendCrew
from dispatch.shifts.types import AddShift
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People

Pin = Callable[..., IncidentAnswer]


@dataclass(frozen=True, slots=True)
class Morning:
    """A crew that leaves with three orders, and one that comes in."""

    services: Services
    dispatcher: Actor
    leaving: Actor
    incoming: Actor
    incidents: list[int]
    orders: list[int]

    def step(self, order: int, *actions: Action) -> None:
        """Have the leaving crew take steps."""
        for action in actions:
            self.services.assignments.act(self.leaving, self.orders[order], action, Step())

    def hand_over(self, **fields: object) -> HandedOverAnswer:
        """Hand over to the incoming crew."""
        wanted = HandOver.read({"to_crew_id": self.incoming.crew_id, **fields})
        crew_id = self.leaving.crew_id or 0
        return self.services.hand_overs.hand_over(self.dispatcher, crew_id, wanted)[0]

    def live(self) -> list[tuple[int, int, int]]:
        """Return incident, crew and rank of each live order."""
        query = select(Assignment.incident_id, Assignment.crew_id, Assignment.rank)
        with self.services.work.reading() as session:
            rows = session.execute(query.where(live(Assignment.state)).order_by(Assignment.id))
            return [(row.incident_id, row.crew_id, row.rank) for row in rows]


@pytest.fixture
def morning(
    services: Services,
    dispatcher: Actor,
    people: People,
    yard: CrewYard,
    pin: Pin,
) -> Morning:
    """At 07:50 the night crew has three orders; the day crew begins at 08:00."""
    night, day = (yard.put(name, column, 0) for name, column in (("Night", 0), ("Day", 2)))
    for crew_id, begin, end in ((night, -710, 10), (day, 10, 730)):
        times = [yard.clock() + timedelta(minutes=each) for each in (begin, end)]
        shift = {"crew_id": crew_id, "begins_at": times[0], "ends_at": times[1]}
        services.shifts.add(yard.administrator, AddShift.read(shift))
    incidents = [pin(column, 1)["id"] for column in (0, 1, 2)]
    orders = [
        services.sending.send(dispatcher, each, SendCrew(crew_id=night, queue=True))[0]["id"]
        for each in incidents
    ]
    leaving = people.sign_up("night", Role.CREW, crew_id=night)
    incoming = people.sign_up("day", Role.CREW, crew_id=day)
    return Morning(services, dispatcher, leaving, incoming, incidents, orders)


def test_what_is_left_is_listed_to_the_desk_and_to_both_crews(morning: Morning) -> None:
    """With who comes in; a crew that has nothing to do with it sees nothing."""
    services = morning.services
    night, day = morning.leaving.crew_id, morning.incoming.crew_id

    listed = services.leaving.list(morning.dispatcher)["leaving"]

    assert [(each["crew_id"], len(each["orders"])) for each in listed] == [(night, 3)]
    assert [each["crew_id"] for each in listed[0]["incoming"]] == [day]
    assert services.leaving.list(morning.leaving)["leaving"] == listed
    assert services.leaving.list(morning.incoming)["leaving"] == listed


def test_all_orders_go_in_their_order_but_that_of_a_crew_on_scene(morning: Morning) -> None:
    """The first is being worked on; the second was accepted; both waiting ones change hands."""
    night, day = morning.leaving.crew_id, morning.incoming.crew_id
    morning.step(0, Action.ACCEPT, Action.DEPART, Action.ARRIVE)

    done = morning.hand_over(client_id="once")
    again = morning.hand_over(client_id="once")

    first, second, third = morning.incidents
    assert morning.live() == [(first, night, 0), (second, day, 0), (third, day, 1)]
    assert [each["why"] for each in done["kept"]] == [Kept.ON_SCENE]
    assert [each["id"] for each in again["handed_over"]] == [
        each["id"] for each in done["handed_over"]
    ]


def test_work_on_scene_is_handed_over_only_if_it_is_named_as_such(morning: Morning) -> None:
    """Then what waits behind it moves up; the crew is told of both."""
    night, day = morning.leaving.crew_id, morning.incoming.crew_id
    morning.step(0, Action.ACCEPT, Action.DEPART, Action.ARRIVE)

    morning.hand_over(assignment_ids=[], on_scene=[morning.orders[0]])

    first, second, third = morning.incidents
    assert morning.live() == [(second, night, 0), (third, night, 1), (first, day, 0)]


def test_a_crew_that_is_not_there_yet_takes_nothing_over(morning: Morning) -> None:
    """The orders stay where they are."""
    crew_id = morning.incoming.crew_id or 0
    morning.services.crews.set_duty(morning.incoming, crew_id, SetDuty(duty=Duty.OFF_DUTY))

    with pytest.raises(Conflict) as refusal:
        morning.hand_over()

    assert refusal.value.code == "crew_off_duty"
    assert {crew for _, crew, _ in morning.live()} == {morning.leaving.crew_id}


def test_an_order_that_the_other_crew_has_too_stays(morning: Morning) -> None:
    """Both are sent to the second incident: one order of each remains."""
    night, day = morning.leaving.crew_id or 0, morning.incoming.crew_id or 0
    first, second, third = morning.incidents
    morning.services.sending.send(morning.dispatcher, second, SendCrew(crew_id=day))

    done = morning.hand_over()

    assert sorted(morning.live()) == sorted(
        [(second, night, 0), (second, day, 0), (first, day, 1), (third, day, 2)]
    )
    assert [each["why"] for each in done["kept"]] == [Kept.ALREADY_SENT]


@pytest.mark.parametrize("attempt", range(6))
def test_a_crew_that_accepts_and_arrives_meanwhile_loses_no_order(
    morning: Morning, attempt: int
) -> None:
    """Whatever comes first, each incident has one crew; who was told to be on scene stays there.

    The crew goes through its steps while the desk hands over, the two at the same moment.
    """
    morning.step(0, *(Action.ACCEPT, Action.DEPART)[: attempt % 3])
    steps = (Action.ACCEPT, Action.DEPART, Action.ARRIVE)[attempt % 3 :]

    def act() -> Action | None:
        last = None
        for action in steps:
            try:
                morning.step(0, action)
            except DispatchError:
                return last
            last = action
        return last

    with ThreadPoolExecutor(2) as both:
        acted, handed = both.submit(act), both.submit(morning.hand_over)

    first, second, third = morning.incidents
    night, day = morning.leaving.crew_id, morning.incoming.crew_id
    crews = {incident: crew for incident, crew, _ in morning.live()}
    assert len(morning.live()) == len(crews) == 3
    assert (crews[second], crews[third]) == (day, day)
    arrived = acted.result() is Action.ARRIVE
    kept = [each["incident_id"] for each in handed.result()["kept"]]
    # Arrived, and the desk was told: on scene. Handed over before: the arrival was refused.
    assert crews[first] == (night if arrived else day)
    assert kept == ([first] if arrived else [])
