"""How an order ends, and what becomes of its incident."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.outcomes.states import Effect
from dispatch.outcomes.types import Complete
from dispatch.outcomes.types import SetOutcome
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock
from tests.dispatch.outcomes.conftest import Arrive
from tests.dispatch.outcomes.conftest import End

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]


def test_could_not_get_in_opens_the_incident_again_and_says_why(
    services: Services, dispatcher: Actor, pin: Pin, arrive: Arrive, end: End
) -> None:
    """With the crew's advice; the event tells it, too."""
    incident_id = pin(2, 2)["id"]

    order = end(arrive(incident_id, "A"), outcome="no_access", result="neighbour has the key")

    incident = services.incidents.get(dispatcher, incident_id)
    assert (incident["state"], incident["outcome_effect"]) == ("open", "not_done")
    assert (order["outcome"], order["outcome_effect"]) == ("no_access", "not_done")
    assert order["outcome_name_en"] == "Could not get in"
    assert order["result"] == "neighbour has the key"
    told = services.incidents.timeline(dispatcher, incident_id)["events"][-1]
    assert told["kind"] == "assignment.completed"
    assert told["data"] == {
        "outcome": "no_access",
        "outcome_effect": "not_done",
        "outcome_name_en": "Could not get in",
        "outcome_name_zh": "无法进入现场",
        "result": "neighbour has the key",
    }


def test_another_crew_on_its_way_keeps_it_assigned_and_may_finish_it(
    services: Services, dispatcher: Actor, pin: Pin, arrive: Arrive, end: End
) -> None:
    """A could not get in while B still drives; B has the key."""
    incident_id = pin(2, 2)["id"]
    first, second = arrive(incident_id, "A"), arrive(incident_id, "B")

    end(first, outcome="no_access")
    meanwhile = services.incidents.get(dispatcher, incident_id)
    end(second, outcome="repaired")
    afterwards = services.incidents.get(dispatcher, incident_id)

    assert (meanwhile["state"], meanwhile["outcome_effect"]) == ("on_scene", "not_done")
    assert (afterwards["state"], afterwards["outcome_effect"]) == ("resolved", "done")


def test_calling_back_the_last_crew_leaves_what_was_not_done_open(
    services: Services, dispatcher: Actor, pin: Pin, arrive: Arrive, end: End
) -> None:
    """And what was done stays done."""
    shut, mended = pin(2, 2)["id"], pin(3, 3)["id"]
    for incident_id, outcome in ((shut, "no_access"), (mended, "repaired")):
        first, second = (arrive(incident_id, f"{name}{incident_id}") for name in "AB")
        end(first, outcome=outcome)
        services.assignments.act(dispatcher, second, Action.WITHDRAW, Step(reason="not needed"))

    states = [services.incidents.get(dispatcher, each)["state"] for each in (shut, mended)]

    assert states == ["open", "resolved"]


def test_made_safe_is_resolved_with_a_follow_up_that_has_its_own_due_time(
    services: Services,
    dispatcher: Actor,
    pin: Pin,
    arrive: Arrive,
    end: End,
    clock: SettableClock,
) -> None:
    """Same place, kind and caller; no emergency any more; due in a day."""
    incident = pin(2, 2, address="Row 2", caller_name="Wang", caller_phone="138", description="gas")

    end(arrive(incident["id"], "A"), outcome="made_safe", result="valve shut")

    original = services.incidents.get(dispatcher, incident["id"])
    follow_up = services.incidents.get(dispatcher, original["follow_up_id"] or 0)
    assert (original["state"], original["outcome_effect"]) == ("resolved", "follow_up")
    same = {"kind", "lon", "lat", "address", "caller_name", "caller_phone"}
    assert {name: each for name, each in follow_up.items() if name in same} == {
        name: each for name, each in incident.items() if name in same
    }
    assert (follow_up["state"], follow_up["priority"]) == ("open", 2)
    assert follow_up["follow_up_of"] == incident["id"]
    assert follow_up["description"] == "valve shut\ngas"
    assert follow_up["due_at"] == f"{clock() + timedelta(hours=24):%Y-%m-%dT%H:%M:%S}.000Z"
    (told,) = services.incidents.timeline(dispatcher, follow_up["id"])["events"]
    assert (told["kind"], told["data"]["follow_up_of"]) == ("incident.created", incident["id"])


def test_two_crews_that_both_made_it_safe_leave_one_follow_up_due_at_the_earlier_time(
    services: Services,
    dispatcher: Actor,
    pin: Pin,
    arrive: Arrive,
    end: End,
    clock: SettableClock,
) -> None:
    """The second one's word is not lost."""
    incident_id = pin(2, 2)["id"]
    first, second = arrive(incident_id, "A"), arrive(incident_id, "B")
    soon = clock() + timedelta(hours=2)

    end(first, outcome="made_safe")
    end(second, outcome="temporary_repair", follow_up_due_at=soon)

    found = services.incidents.list(dispatcher)["incidents"]
    follow_ups = [each for each in found if each["follow_up_of"] == incident_id]
    assert [each["due_at"] for each in follow_ups] == [f"{soon:%Y-%m-%dT%H:%M:%S}.000Z"]


def test_two_crews_that_end_at_the_same_instant_leave_one_follow_up(
    services: Services, dispatcher: Actor, pin: Pin, arrive: Arrive
) -> None:
    """And one that is asked twice, under one name, leaves one, too."""
    incident_id = pin(2, 2)["id"]
    orders = [arrive(incident_id, "A"), arrive(incident_id, "B")]
    steps = [
        (order, Complete(outcome="made_safe", client_id=f"c{order}"))
        for order in orders
        for _ in range(2)
    ]

    with ThreadPoolExecutor(len(steps)) as threads:
        answers = list(
            threads.map(
                lambda each: services.assignments.act(
                    dispatcher, each[0], Action.COMPLETE, each[1]
                ),
                steps,
            )
        )

    assert {each["state"] for each in answers} == {"completed"}
    found = services.incidents.list(dispatcher)["incidents"]
    assert len([each for each in found if each["follow_up_of"] == incident_id]) == 1


def test_a_follow_up_that_ended_is_not_opened_beside_another(
    services: Services, dispatcher: Actor, pin: Pin, arrive: Arrive, end: End
) -> None:
    """Cancelled, made anew by a second crew; then the first one is opened again."""
    incident_id = pin(2, 2)["id"]
    first, second = arrive(incident_id, "A"), arrive(incident_id, "B")
    end(first, outcome="made_safe")
    earlier = services.incidents.get(dispatcher, incident_id)["follow_up_id"] or 0
    services.decisions.cancel(dispatcher, earlier, Step())
    end(second, outcome="made_safe")
    later = services.incidents.get(dispatcher, incident_id)["follow_up_id"] or 0

    with pytest.raises(Conflict) as error:
        services.decisions.reopen(dispatcher, earlier, Step())

    assert (error.value.code, error.value.extra) == ("follow_up_exists", {"id": later})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "outcome"),
        ({"outcome": ""}, "outcome"),
        ({"outcome": "exploded"}, "outcome"),
        ({"outcome": "meter_replaced"}, "outcome"),
        ({"result": "Valve closed"}, "outcome"),
        ({"outcome": "made_safe", "follow_up_due_at": -1}, "follow_up_due_at"),
        ({"outcome": "made_safe", "follow_up_due_at": 366 * 86_400}, "follow_up_due_at"),
        ({"outcome": "repaired", "follow_up_due_at": 3_600}, "follow_up_due_at"),
    ],
)
def test_what_means_nothing_is_refused_by_its_field_and_ends_nothing(  # noqa: PLR0917  (fixtures)
    services: Services,
    dispatcher: Actor,
    pin: Pin,
    arrive: Arrive,
    end: End,
    clock: SettableClock,
    body: dict[str, Any],
    field: str,
) -> None:
    """An unknown outcome is told those that are possible; due times are seconds from now here."""
    order_id = arrive(pin(2, 2)["id"], "A")
    if "follow_up_due_at" in body:
        due_at = clock() + timedelta(seconds=body["follow_up_due_at"])
        body = {**body, "follow_up_due_at": due_at}

    with pytest.raises(InvalidInput) as error:
        end(order_id, **body)

    (wrong,) = error.value.fields
    assert wrong.field == field
    assert field != "outcome" or {"repaired", "made_safe", "no_access"} <= set(
        wrong.params["choices"].split(", ")
    )
    assert services.assignments.get(dispatcher, order_id)["state"] == "on_scene"


@pytest.mark.parametrize(
    ("code", "state", "effect"),
    [
        ("repaired", "resolved", "done"),
        ("nothing_found", "resolved", "done"),
        ("made_safe", "resolved", "follow_up"),
        ("no_access", "open", "not_done"),
    ],
)
def test_a_step_stored_by_an_older_page_is_not_lost_and_turns_nothing_unsafe_green(  # noqa: PLR0917  (fixtures)
    services: Services,
    dispatcher: Actor,
    pin: Pin,
    arrive: Arrive,
    code: str,
    state: str,
    effect: str,
) -> None:
    """It has the code as its result, and the crew's words as the reason."""
    incident_id = pin(2, 2)["id"]
    stored = Step(result=code, reason="key is with the neighbour", client_id="c1")

    order = services.assignments.act(dispatcher, arrive(incident_id, "A"), Action.COMPLETE, stored)

    incident = services.incidents.get(dispatcher, incident_id)
    assert (incident["state"], incident["outcome_effect"]) == (state, effect)
    assert (order["outcome"], order["result"]) == (code, "key is with the neighbour")
    assert order["reason"] is None


def test_a_stored_step_that_is_repeated_after_the_upgrade_is_the_same_request(
    services: Services, dispatcher: Actor, pin: Pin, arrive: Arrive
) -> None:
    """The first time as an older server read it."""
    order_id = arrive(pin(2, 2)["id"], "A")
    body = {"result": "repaired", "client_id": "c1"}

    first = services.assignments.act(dispatcher, order_id, Action.COMPLETE, Step.read(body))
    again = services.assignments.act(dispatcher, order_id, Action.COMPLETE, Complete.read(body))

    assert first == again


def test_a_due_time_that_passed_while_there_was_no_signal_is_overdue_not_refused(
    services: Services,
    dispatcher: Actor,
    pin: Pin,
    arrive: Arrive,
    end: End,
    clock: SettableClock,
) -> None:
    """Ended at noon, due at two, sent at three."""
    incident_id = pin(2, 2)["id"]
    order_id = arrive(incident_id, "A")
    ended_at, due_at = clock() + timedelta(seconds=60), clock() + timedelta(seconds=7_200)
    clock.forward(10_800)

    end(order_id, outcome="made_safe", occurred_at=ended_at, follow_up_due_at=due_at)

    follow_up_id = services.incidents.get(dispatcher, incident_id)["follow_up_id"] or 0
    due = services.incidents.get(dispatcher, follow_up_id)["due_at"]
    assert due == f"{due_at:%Y-%m-%dT%H:%M:%S}.000Z"


@pytest.mark.usefixtures("shipped_outcomes")
def test_later_changes_of_the_list_leave_the_past_as_it_was(
    services: Services, dispatcher: Actor, pin: Pin, arrive: Arrive, end: End
) -> None:
    """Its name and its effect are of the moment in which the order ended."""
    incident_id = pin(2, 2)["id"]
    order_id = end(arrive(incident_id, "A"), outcome="put_right")["id"]
    order = services.assignments.get(dispatcher, order_id)
    other = SetOutcome(name_en="Other", name_zh="其他", effect=Effect.NOT_DONE)

    services.outcomes.set(SYSTEM, "gas_leak", "put_right", other)

    assert services.assignments.get(dispatcher, order_id) == order
    assert order["outcome_name_en"] != "Other"
    assert services.incidents.get(dispatcher, incident_id)["state"] == "resolved"


@pytest.mark.usefixtures("shipped_outcomes")
def test_what_was_retired_while_there_was_no_signal_is_still_accepted(
    services: Services, pin: Pin, arrive: Arrive, end: End
) -> None:
    """The phone offered it when the crew chose it."""
    order_id = arrive(pin(2, 2)["id"], "A")
    services.outcomes.retire(SYSTEM, "gas_leak", "unsafe")

    assert end(order_id, outcome="unsafe")["outcome_effect"] == "not_done"


def test_a_crew_is_not_told_how_others_ended(
    services: Services, people: People, yard: CrewYard, dispatcher: Actor, pin: Pin, end: End
) -> None:
    """Nor in whose words."""
    incident_id, own = pin(2, 2)["id"], yard.put("Own", 3, 3)
    crew = people.sign_up("own", Role.CREW, crew_id=own)
    other, _ = services.sending.send(
        dispatcher, incident_id, SendCrew(crew_id=yard.put("Other", 1, 1))
    )
    services.sending.send(dispatcher, incident_id, SendCrew(crew_id=own))
    for action in (Action.ACCEPT, Action.DEPART, Action.ARRIVE):
        services.assignments.act(dispatcher, other["id"], action, Step())
    end(other["id"], outcome="no_access", result="Mr Wang was rude")

    seen = services.incidents.get(crew, incident_id)
    told = services.incidents.timeline(crew, incident_id)["events"][-1]

    assert [each["outcome"] for each in seen["assignments"]] == [None, None]
    assert [each["result"] for each in seen["assignments"]] == [None, None]
    assert told["kind"] == "assignment.completed"
    assert told["data"] == {}


def test_what_a_crew_wrote_of_the_end_is_erased_with_the_caller_and_the_outcome_stays(
    services: Services, dispatcher: Actor, pin: Pin, arrive: Arrive, end: End, owner_engine: Engine
) -> None:
    """A crew's words can name people, too."""
    incident_id = pin(2, 2)["id"]
    order = end(arrive(incident_id, "A"), outcome="repaired", result="Mr Wang has the key")
    services.decisions.close(dispatcher, incident_id, Step())
    with owner_engine.begin() as connection:
        connection.execute(text("UPDATE incident SET closed_at = now() - interval '40 days'"))
        connection.execute(text("SELECT erase_personal_data(30, 10)"))

    found = services.assignments.get(dispatcher, order["id"])
    told = [each["data"] for each in services.incidents.timeline(dispatcher, incident_id)["events"]]

    assert (found["result"], found["outcome_name_en"]) == (None, "Repaired")
    assert not any("result" in data for data in told)
