"""An acknowledgement is the server's: under a name, for a short while, and once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.alarms.states import AlarmKind
from dispatch.alarms.types import AcknowledgeAlarm
from dispatch.assignments.states import Action
from dispatch.assignments.types import AssignmentAnswer
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.instants import instant
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
UNANSWERED = AcknowledgeAlarm(alarm=AlarmKind.UNANSWERED)


@pytest.fixture
def order(services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard) -> AssignmentAnswer:
    """Return an order that its crew has not answered."""
    incident = pin(2, 1, priority=1)
    sent, _ = services.sending.send(
        dispatcher, incident["id"], SendCrew(crew_id=yard.put("A", 1, 1))
    )
    return sent


def test_it_says_who_and_until_when_and_a_reload_knows(
    services: Services, dispatcher: Actor, order: AssignmentAnswer, clock: SettableClock
) -> None:
    """Two minutes, as set by default."""
    incident_id = order["incident_id"]
    before = services.incidents.get(dispatcher, incident_id)

    answer, replayed = services.alarms.acknowledge(dispatcher, incident_id, UNANSWERED)

    assert answer == {
        "alarm": "unanswered",
        "incident_id": incident_id,
        "assignment_id": order["id"],
        "by": "dora",
        "at": instant(clock()),
        "until": instant(clock() + timedelta(seconds=120)),
    }
    assert not replayed
    after = services.incidents.get(dispatcher, incident_id)
    assert after["acknowledgements"] == [answer]
    # Whoever acknowledges and then sends is not told that the incident changed.
    assert after["version"] == before["version"]


def test_it_reaches_every_desk_as_an_event(
    services: Services, dispatcher: Actor, order: AssignmentAnswer
) -> None:
    """The stream carries the incident as it is now."""
    head = services.events.head_id()

    answer, _ = services.alarms.acknowledge(dispatcher, order["incident_id"], UNANSWERED)

    [event] = services.events.read_after(head)
    assert (event["kind"], event["actor"], event["crew_id"]) == (
        "alarm.acknowledged",
        "dora",
        order["crew_id"],
    )
    assert event["data"] == {"alarm": "unanswered", "until": answer["until"]}
    assert event["incident"]["acknowledgements"] == [answer]


def test_repeated_under_one_name_it_counts_once(
    services: Services, dispatcher: Actor, order: AssignmentAnswer, clock: SettableClock
) -> None:
    """A lost answer does not prolong the silence."""
    wanted = AcknowledgeAlarm(alarm=AlarmKind.UNANSWERED, client_id="key-1")
    first, _ = services.alarms.acknowledge(dispatcher, order["incident_id"], wanted)
    clock.forward(30)

    again, replayed = services.alarms.acknowledge(dispatcher, order["incident_id"], wanted)

    assert (again, replayed) == (first, True)


def test_the_latest_of_several_counts(
    services: Services,
    dispatcher: Actor,
    people: People,
    order: AssignmentAnswer,
    clock: SettableClock,
) -> None:
    """It was loud again after two minutes, and another desk took it up."""
    services.alarms.acknowledge(dispatcher, order["incident_id"], UNANSWERED)
    clock.forward(180)

    lee = people.sign_up("lee", Role.DISPATCHER)
    answer, _ = services.alarms.acknowledge(lee, order["incident_id"], UNANSWERED)

    found = services.incidents.get(lee, order["incident_id"])["acknowledgements"]
    assert found == [answer]
    assert answer["by"] == "lee"


def test_once_the_crew_answered_there_is_nothing_to_acknowledge(
    services: Services, dispatcher: Actor, order: AssignmentAnswer
) -> None:
    """A slow hand does not silence what may come next."""
    services.assignments.act(dispatcher, order["id"], Action.ACCEPT, Step())

    with pytest.raises(Conflict) as error:
        services.alarms.acknowledge(dispatcher, order["incident_id"], UNANSWERED)

    assert error.value.code == "no_alarm"
    assert services.incidents.get(dispatcher, order["incident_id"])["acknowledgements"] == []


def test_an_order_of_another_incident_is_refused(
    services: Services, dispatcher: Actor, pin: Pin, order: AssignmentAnswer
) -> None:
    """The field is named."""
    other = pin(3, 1)["id"]
    wanted = AcknowledgeAlarm(alarm=AlarmKind.UNANSWERED, assignment_id=order["id"])

    with pytest.raises(InvalidInput) as error:
        services.alarms.acknowledge(dispatcher, other, wanted)

    assert [each.field for each in error.value.fields] == ["assignment_id"]
    with pytest.raises(NotFound):
        services.alarms.acknowledge(dispatcher, 999_999, wanted)


def test_only_whoever_may_send_acknowledges_and_a_crew_is_not_told_who_did(
    services: Services, dispatcher: Actor, people: People, order: AssignmentAnswer
) -> None:
    """The crew that does not answer must not silence the desk."""
    cruz = people.sign_up("cruz", Role.CREW, crew_id=order["crew_id"])
    services.alarms.acknowledge(dispatcher, order["incident_id"], UNANSWERED)

    with pytest.raises(NotAllowed):
        services.alarms.acknowledge(cruz, order["incident_id"], UNANSWERED)

    assert services.incidents.get(cruz, order["incident_id"])["acknowledgements"] == []
