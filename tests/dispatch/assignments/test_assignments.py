"""Orders: one click sends once, every step has its place, and the loser is told who was faster."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.assignments.types import AssignmentAnswer
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.crews.states import Duty
from dispatch.outcomes.types import Complete
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock
from tests.looking import looking
from tests.orders import step_for

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
STEPS = ("accept", "depart", "arrive", "complete")


@pytest.fixture
def order(services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard) -> AssignmentAnswer:
    """Return a fresh order of a crew one block from its incident, both in mid-block."""
    sent, _ = services.sending.send(
        dispatcher, pin(2.5, 1)["id"], SendCrew(crew_id=yard.put("A", 1.5, 1))
    )
    return sent


def test_a_sent_crew_has_an_offer_with_its_road_time_and_the_incident_follows(
    services: Services, dispatcher: Actor, order: AssignmentAnswer
) -> None:
    """One block of 200 m at 10 m/s is 20 s."""
    assert (order["state"], order["rank"]) == ("offered", 0)
    assert order["travel_time_s"] == pytest.approx(20, abs=1)
    assert order["asked_at"] == order["offered_at"]
    assert services.incidents.get(dispatcher, order["incident_id"])["state"] == "assigned"


def test_each_step_has_its_time_and_its_event_and_the_incident_follows(
    services: Services, dispatcher: Actor, order: AssignmentAnswer, clock: SettableClock
) -> None:
    """Accepted at +10 s, departed +20, arrived +30, done +40."""
    states = []
    for step in STEPS:
        clock.forward(10)
        order = services.assignments.act(
            dispatcher, order["id"], Action(step), Complete(outcome="repaired", result="valve shut")
        )
        incident = services.incidents.get(dispatcher, order["incident_id"])
        states.append((order["state"], incident["state"]))

    assert states == [
        ("accepted", "assigned"),
        ("en_route", "assigned"),
        ("on_scene", "on_scene"),
        ("completed", "resolved"),
    ]
    stamps = [
        order[name]
        for name in ("offered_at", "accepted_at", "departed_at", "arrived_at", "completed_at")
    ]
    assert stamps == sorted(filter(None, stamps))
    assert len(set(stamps)) == 5
    assert order["result"] == "valve shut"


@pytest.mark.parametrize(
    ("done", "wrong"),
    [
        (0, "arrive"),
        (0, "depart"),
        (0, "complete"),
        (1, "accept"),
        (1, "decline"),
        (2, "depart"),
        (4, "withdraw"),
    ],
)
def test_a_step_out_of_order_is_refused_and_changes_nothing(
    services: Services, dispatcher: Actor, order: AssignmentAnswer, done: int, wrong: str
) -> None:
    """Arrive before accept, accept twice, withdraw what is done."""
    for step in STEPS[:done]:
        services.assignments.act(dispatcher, order["id"], Action(step), step_for(step))
    before = services.assignments.get(dispatcher, order["id"])

    with pytest.raises(Conflict) as error:
        services.assignments.act(dispatcher, order["id"], Action(wrong), step_for(wrong))

    assert error.value.code == "wrong_state"
    assert services.assignments.get(dispatcher, order["id"]) == before


def test_the_same_key_sends_once_and_gives_the_same_answer(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """A double click, or a lost answer asked for again."""
    incident, crew_id = pin(2, 1), yard.put("A", 1, 1)

    first = services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=crew_id), "k1")
    again = services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=crew_id), "k1")

    assert first[1] is False
    assert again == (first[0], True)
    assert len(services.incidents.get(dispatcher, incident["id"])["assignments"]) == 1


def test_a_key_used_for_another_request_is_refused(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """A client that reuses keys must not believe that the other crew was sent."""
    incident = pin(2, 1)
    services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=yard.put("A", 1, 1)), "k1")

    with pytest.raises(Conflict) as error:
        services.sending.send(
            dispatcher, incident["id"], SendCrew(crew_id=yard.put("B", 1, 2)), "k1"
        )

    assert error.value.code == "idempotency_mismatch"


def test_the_second_desk_is_told_who_took_the_crew(
    services: Services, dispatcher: Actor, people: People, pin: Pin, order: AssignmentAnswer
) -> None:
    """`crew_taken` names the faster one and the incident, and queueing behind is offered."""
    other = people.sign_up("otto", Role.DISPATCHER)
    elsewhere = pin(8, 8)

    with pytest.raises(Conflict) as error:
        services.sending.send(other, elsewhere["id"], SendCrew(crew_id=order["crew_id"]))
    queued, _ = services.sending.send(
        other, elsewhere["id"], SendCrew(crew_id=order["crew_id"], queue=True)
    )

    assert error.value.code == "crew_taken"
    assert error.value.extra["by"] == dispatcher.display_name
    assert error.value.extra["incident_id"] == order["incident_id"]
    assert queued["rank"] == 1


def test_the_same_crew_is_not_sent_twice_to_one_incident(
    services: Services, dispatcher: Actor, order: AssignmentAnswer
) -> None:
    """Not even to wait behind itself."""
    with pytest.raises(Conflict) as error:
        services.sending.send(
            dispatcher, order["incident_id"], SendCrew(crew_id=order["crew_id"], queue=True)
        )

    assert error.value.code == "already_assigned"


def test_sending_on_old_knowledge_is_refused_with_what_changed(
    services: Services, dispatcher: Actor, yard: CrewYard, order: AssignmentAnswer
) -> None:
    """The incident was at version 1 when the second desk looked."""
    with pytest.raises(Conflict) as error:
        services.sending.send(
            dispatcher,
            order["incident_id"],
            SendCrew(crew_id=yard.put("B", 3, 1), expected_version=1),
        )

    assert error.value.code == "incident_changed"
    assert error.value.extra["incident"]["assignments"][0]["crew_name"] == "A"


def test_a_crew_off_duty_is_not_sent(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Nobody is paged at home."""
    crew_id = yard.put("A", 1, 1, duty=Duty.OFF_DUTY)

    with pytest.raises(Conflict) as error:
        services.sending.send(dispatcher, pin(2, 1)["id"], SendCrew(crew_id=crew_id))

    assert error.value.code == "crew_off_duty"


def test_an_order_that_waits_cannot_be_driven_to_until_the_first_is_done(
    services: Services, dispatcher: Actor, pin: Pin, order: AssignmentAnswer, clock: SettableClock
) -> None:
    """One place at a time; finishing the first moves the second up, and asks for it anew."""
    second, _ = services.sending.send(
        dispatcher, pin(8, 8)["id"], SendCrew(crew_id=order["crew_id"], queue=True)
    )
    services.assignments.act(dispatcher, second["id"], Action.ACCEPT, Step())
    with pytest.raises(Conflict):
        services.assignments.act(dispatcher, second["id"], Action.DEPART, Step())

    assert second["asked_at"] is None
    clock.forward(40 * 60)
    for step in STEPS:
        order = services.assignments.act(dispatcher, order["id"], Action(step), step_for(step))

    moved_up = services.assignments.get(dispatcher, second["id"])
    assert (moved_up["rank"], moved_up["asked_at"]) == (0, order["ended_at"])
    assert (
        services.assignments.act(dispatcher, second["id"], Action.DEPART, Step())["state"]
        == "en_route"
    )


def test_a_declined_order_opens_the_incident_again_and_is_remembered(
    services: Services, dispatcher: Actor, order: AssignmentAnswer
) -> None:
    """The crew is listed as having declined."""
    services.assignments.act(dispatcher, order["id"], Action.DECLINE, Step(reason="flat tyre"))

    assert services.incidents.get(dispatcher, order["incident_id"])["state"] == "open"
    answer = services.candidates.for_incident(dispatcher, order["incident_id"])
    assert answer["candidates"][0]["reasons"] == ["declined_before"]


def test_a_crew_acts_on_its_own_orders_only_and_cannot_withdraw(
    services: Services, crew_actor: Actor, dispatcher: Actor, pin: Pin, order: AssignmentAnswer
) -> None:
    """Another crew's order is not its business."""
    mine, _ = services.sending.send(
        dispatcher, pin(3, 3)["id"], SendCrew.read({"crew_id": crew_actor.crew_id})
    )

    with pytest.raises(NotAllowed):
        services.assignments.act(crew_actor, order["id"], Action.ACCEPT, Step())
    with pytest.raises(NotAllowed):
        services.assignments.act(crew_actor, mine["id"], Action.WITHDRAW, Step())
    with pytest.raises(NotFound):
        services.assignments.get(crew_actor, order["id"])
    assert (
        services.assignments.act(crew_actor, mine["id"], Action.ACCEPT, Step())["state"]
        == "accepted"
    )


def test_a_step_repeated_by_the_phone_counts_once(
    services: Services, dispatcher: Actor, order: AssignmentAnswer
) -> None:
    """The answer was lost in a tunnel; the same `client_id` gives it again."""
    first = services.assignments.act(dispatcher, order["id"], Action.ACCEPT, Step(client_id="c1"))
    again = services.assignments.act(dispatcher, order["id"], Action.ACCEPT, Step(client_id="c1"))

    assert again == first


def test_a_step_under_the_name_of_another_is_refused(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """What was said with it counts, not only which step it was."""
    crew_id = yard.put("north", 1, 1)
    order, _ = services.sending.send(dispatcher, pin(2, 2)["id"], SendCrew(crew_id=crew_id))
    said = {"client_id": "c1", "reason": "vehicle"}
    services.assignments.act(dispatcher, order["id"], Action.DECLINE, Step.read(said))

    with pytest.raises(Conflict) as error:
        services.assignments.act(
            dispatcher, order["id"], Action.DECLINE, Step.read(said | {"reason": "tools"})
        )

    assert error.value.code == "idempotency_mismatch"


def test_a_step_reported_late_keeps_the_time_it_happened_within_reason(
    services: Services, dispatcher: Actor, order: AssignmentAnswer, clock: SettableClock
) -> None:
    """Five minutes without signal count; a clock a day ahead does not."""
    clock.forward(300)
    happened_at = clock() - timedelta(seconds=240)

    accepted = services.assignments.act(
        dispatcher, order["id"], Action.ACCEPT, Step(occurred_at=happened_at)
    )
    ahead = clock() + timedelta(days=1)
    departed = services.assignments.act(
        dispatcher, order["id"], Action.DEPART, Step(occurred_at=ahead)
    )

    assert accepted["accepted_at"] == happened_at.isoformat(timespec="milliseconds").replace(
        "+00:00", "Z"
    )
    assert departed["departed_at"] == clock().isoformat(timespec="milliseconds").replace(
        "+00:00", "Z"
    )


def test_the_decision_is_kept_with_all_candidates_of_that_moment(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Rejected ones too, so that the choice can be explained later."""
    near, far = yard.put("Near", 2, 2), yard.put("Far", 9, 9)

    order, _ = services.sending.send(dispatcher, pin(2, 1)["id"], SendCrew(crew_id=far))

    with looking(services.engine) as connection:
        kept = connection.execute(
            text("SELECT candidates FROM decision WHERE assignment_id = :id"), {"id": order["id"]}
        ).scalar_one()
    judged = {each["crew_id"]: each["verdict"] for each in kept["candidates"]}
    assert judged == {near: "recommended", far: "possible"}


@pytest.mark.parametrize(
    ("fields", "named"),
    [({}, "crew_id"), ({"crew_id": "7"}, "crew_id"), ({"crew_id": 1, "queue": "yes"}, "queue")],
)
def test_a_bad_order_names_the_field(
    services: Services, dispatcher: Actor, pin: Pin, fields: dict[str, Any], named: str
) -> None:
    """Types are not guessed."""
    with pytest.raises(InvalidInput) as error:
        services.sending.send(dispatcher, pin(1, 1)["id"], SendCrew.read(fields))

    assert [each.field for each in error.value.fields] == [named]


def test_unknown_crews_and_orders_are_not_found(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """Ids from nowhere."""
    with pytest.raises(NotFound):
        services.sending.send(dispatcher, pin(1, 1)["id"], SendCrew(crew_id=4711))
    with pytest.raises(NotFound):
        services.assignments.act(dispatcher, 2**80, Action.ACCEPT, Step())
