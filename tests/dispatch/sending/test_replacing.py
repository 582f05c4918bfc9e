"""One crew instead of another: both orders change together, or neither does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
ROUNDS = 12


def send(services: Services, desk: Actor, incident: Any, crew_id: int, **more: Any) -> Any:  # noqa: ANN401
    """Send a crew and return its order."""
    wanted = SendCrew(crew_id=crew_id, **more)
    return services.sending.send(desk, incident["id"], wanted)[0]


def states(services: Services, desk: Actor, incident: Any) -> dict[str, str]:  # noqa: ANN401
    """Return the state of each crew's order for an incident."""
    found = services.incidents.get(desk, incident["id"])
    return {each["crew_name"]: each["state"] for each in found["assignments"]}


def drive_to(services: Services, desk: Actor, order: Any, *steps: Action) -> None:  # noqa: ANN401
    """Take an order some steps further."""
    for step in steps:
        services.assignments.act(desk, order["id"], step, Step())


def test_the_other_crew_is_withdrawn_with_the_send_and_goes_on_to_its_next_order(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Slow was also queued for another incident: that is its first order now."""
    slow, quick = yard.put("Slow", 9, 9), yard.put("Quick", 1, 1)
    incident, other = pin(1, 2), pin(8, 8)
    old = send(services, dispatcher, incident, slow)
    waiting = send(services, dispatcher, other, slow, queue=True)

    new = send(services, dispatcher, incident, quick, replaces=old["id"])

    assert states(services, dispatcher, incident) == {"Slow": "withdrawn", "Quick": "offered"}
    assert services.assignments.get(dispatcher, waiting["id"])["rank"] == 0
    told = services.incidents.timeline(dispatcher, incident["id"])["events"]
    withdrawn, notified, offered = told[-3:]
    assert [each["kind"] for each in (withdrawn, notified, offered)] == [
        "assignment.withdrawn",
        "assignment.notified",
        "assignment.offered",
    ]
    assert withdrawn["data"] == {"reason": "replaced", "replaced_by": new["id"], "instead": "Quick"}
    assert offered["data"]["replaces"] == old["id"]
    moved_up = services.incidents.timeline(dispatcher, other["id"])["events"][-1]
    assert (moved_up["kind"], moved_up["assignment_id"]) == ("assignment.promoted", waiting["id"])


def test_the_same_key_replaces_once(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """The answer was lost on the way; asked again, it is the same one."""
    slow, quick = yard.put("Slow", 9, 9), yard.put("Quick", 1, 1)
    incident = pin(1, 2)
    wanted = SendCrew(crew_id=quick, replaces=send(services, dispatcher, incident, slow)["id"])

    first, replayed = services.sending.send(dispatcher, incident["id"], wanted, "a key")
    again, replayed_again = services.sending.send(dispatcher, incident["id"], wanted, "a key")

    assert (first["id"], replayed) == (again["id"], False)
    assert replayed_again


@pytest.mark.parametrize("state", ["declined", "withdrawn", "on_scene"])
def test_an_order_that_changed_meanwhile_is_not_replaced_and_nobody_is_sent(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, state: str
) -> None:
    """It ended, or its crew is there already: the desk is told which."""
    slow, quick = yard.put("Slow", 9, 9), yard.put("Quick", 1, 1)
    incident = pin(1, 2)
    old = send(services, dispatcher, incident, slow)
    steps = {
        "declined": [Action.DECLINE],
        "withdrawn": [Action.WITHDRAW],
        "on_scene": [Action.ACCEPT, Action.DEPART, Action.ARRIVE],
    }
    drive_to(services, dispatcher, old, *steps[state])

    with pytest.raises(Conflict) as refused:
        send(services, dispatcher, incident, quick, replaces=old["id"])

    assert (refused.value.code, refused.value.extra["state"]) == ("replaced_changed", state)
    assert states(services, dispatcher, incident) == {"Slow": state}


def test_a_crew_on_scene_is_replaced_only_if_that_is_said_with_a_reason(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Its van broke down at the door."""
    slow, quick = yard.put("Slow", 9, 9), yard.put("Quick", 1, 1)
    incident = pin(1, 2)
    old = send(services, dispatcher, incident, slow)
    drive_to(services, dispatcher, old, Action.ACCEPT, Action.DEPART, Action.ARRIVE)
    said = {"replaces": old["id"], "replaces_on_scene": True}

    with pytest.raises(InvalidInput) as refused:
        send(services, dispatcher, incident, quick, **said)
    send(services, dispatcher, incident, quick, reason="Its van broke down", **said)

    assert [each.field for each in refused.value.fields] == ["reason"]
    assert states(services, dispatcher, incident) == {"Slow": "withdrawn", "Quick": "offered"}


def test_only_an_order_of_this_incident_can_be_replaced(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Nor one that nobody knows."""
    slow, quick = yard.put("Slow", 9, 9), yard.put("Quick", 1, 1)
    incident, other = pin(1, 2), pin(8, 8)
    elsewhere = send(services, dispatcher, other, slow)

    for order_id in (elsewhere["id"], 10**9):
        with pytest.raises(InvalidInput) as refused:
            send(services, dispatcher, incident, quick, replaces=order_id)
        assert [each.field for each in refused.value.fields] == ["replaces"]

    assert states(services, dispatcher, other) == {"Slow": "offered"}


def test_nothing_is_withdrawn_when_the_other_crew_cannot_be_sent(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """It was sent elsewhere a moment before."""
    slow, quick = yard.put("Slow", 9, 9), yard.put("Quick", 1, 1)
    incident, other = pin(1, 2), pin(8, 8)
    old = send(services, dispatcher, incident, slow)
    send(services, dispatcher, other, quick)

    with pytest.raises(Conflict) as refused:
        send(services, dispatcher, incident, quick, replaces=old["id"])

    assert refused.value.code == "crew_taken"
    assert states(services, dispatcher, incident) == {"Slow": "offered"}


def test_two_desks_replacing_the_same_order_while_its_crew_accepts(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """One replacement at most; the acceptance counts only if it came first."""
    slow = yard.put("Slow", 9, 9)
    others = [yard.put("Quick", 1, 1), yard.put("Quicker", 1, 2)]
    with ThreadPoolExecutor(3) as pool:
        for _ in range(ROUNDS):
            incident, waits = pin(1, 2), pin(8, 8)
            old = send(services, dispatcher, incident, slow)
            send(services, dispatcher, waits, slow, queue=True)
            start = Barrier(3)

            def attempt(action: Callable[[], object], start: Barrier = start) -> str:
                start.wait()
                try:
                    action()
                except Conflict as conflict:
                    return conflict.code
                return "done"

            def replace(crew_id: int, incident: Any = incident, old: Any = old) -> object:  # noqa: ANN401
                return send(services, dispatcher, incident, crew_id, replaces=old["id"])

            def accept(old: Any = old) -> object:  # noqa: ANN401
                return services.assignments.act(dispatcher, old["id"], Action.ACCEPT, Step())

            actions = [accept, *(lambda each=each: replace(each) for each in others)]
            accepted, *replaced = pool.map(attempt, actions)

            assert accepted in {"done", "wrong_state"}
            assert sorted(replaced) == ["done", "replaced_changed"]
            found = services.incidents.get(dispatcher, incident["id"])
            assert sorted(each["state"] for each in found["assignments"]) == [
                "offered",
                "withdrawn",
            ]
            (moved_up,) = services.incidents.get(dispatcher, waits["id"])["assignments"]
            assert moved_up["rank"] == 0
            for each in (incident, waits):
                services.decisions.cancel(dispatcher, each["id"], Step(reason="next round"))
