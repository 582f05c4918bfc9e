"""A request that is sent again because its answer was lost counts once."""

from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.jobs.housekeeping import REPEATABLE
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]


def test_a_pin_repeated_with_its_client_id_makes_one_incident(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """A second Enter on a slow line must not send two crews to one leak."""
    first = pin(1, 1, client_id="k1")
    again = pin(1, 1, client_id="k1")

    assert again == first
    assert len(services.incidents.list(dispatcher)["incidents"]) == 1


def test_a_decision_repeated_after_the_world_moved_on_changes_nothing(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """A late repeat of a close must not close what was reopened since."""
    incident = pin(1, 1)
    body = {"reason": "false alarm", "client_id": "k1"}
    closed = services.decisions.close(dispatcher, incident["id"], Step.read(body))
    services.decisions.reopen(dispatcher, incident["id"], Step(client_id="k2"))

    again = services.decisions.close(dispatcher, incident["id"], Step.read(body))

    assert again == closed
    assert services.incidents.get(dispatcher, incident["id"])["state"] == "open"


@pytest.mark.parametrize("other", [{"reason": "a drill"}, {"result": "meter was read"}])
def test_another_decision_under_the_same_name_is_a_mistake(
    services: Services, dispatcher: Actor, pin: Pin, other: dict[str, str]
) -> None:
    """Whoever corrects the reason and sends again must not believe that it was kept."""
    incident = pin(1, 1)
    body = {"reason": "false alarm", "client_id": "k1"}
    services.decisions.close(dispatcher, incident["id"], Step.read(body))

    with pytest.raises(Conflict) as error:
        services.decisions.close(dispatcher, incident["id"], Step.read(body | other))

    assert error.value.code == "idempotency_mismatch"


def test_a_key_forgotten_while_it_was_asked_for_is_claimed_once_more(
    services: Services, dispatcher: Actor, pin: Pin, owner_engine: Engine
) -> None:
    """Housekeeping runs between two statements; the request after this one still counts once."""
    pin(1, 1, client_id="k1")

    claims = []

    @sqlalchemy_event.listens_for(services.engine, "after_cursor_execute")
    def forget(_: Connection, __: object, statement: str, *___: object) -> None:
        if statement.startswith("INSERT INTO idempotency_key"):
            claims.append(statement)
            if len(claims) == 1:
                with owner_engine.begin() as connection:
                    connection.execute(text("DELETE FROM idempotency_key"))

    first, again = (pin(1, 1, client_id="k1") for _ in range(2))

    assert again == first
    assert len(services.incidents.list(dispatcher)["incidents"]) == 2


def test_old_answers_are_forgotten_and_young_ones_kept(
    services: Services, dispatcher: Actor, pin: Pin, clock: SettableClock, owner_engine: Engine
) -> None:
    """After a week nobody repeats a request any more."""
    pin(1, 1, client_id="old")
    clock.forward((REPEATABLE + timedelta(hours=1)).total_seconds())
    pin(1, 2, client_id="young")

    services.housekeeping.forget_expired()

    with owner_engine.connect() as connection:
        keys = connection.execute(text("SELECT key FROM idempotency_key")).scalars().all()
    assert keys == ["young"]
    assert dispatcher.may("incident.write")


def test_steps_never_run_backwards_whatever_the_phone_says(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, clock: SettableClock
) -> None:
    """A clock that is set back between two steps."""
    order, _ = services.sending.send(
        dispatcher, pin(2, 2)["id"], SendCrew(crew_id=yard.put("A", 1, 1))
    )
    clock.forward(30)
    services.assignments.act(dispatcher, order["id"], Action.ACCEPT, Step())
    past = datetime(2020, 1, 1, tzinfo=UTC)
    clock.forward(30)

    departed = services.assignments.act(
        dispatcher, order["id"], Action.DEPART, Step(occurred_at=past)
    )

    assert departed["departed_at"] == departed["accepted_at"]


def test_why_another_than_the_recommended_was_sent_is_kept(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, owner_engine: Engine
) -> None:
    """With the list that the desk really saw: 300 m, one crew; the chosen one lies outside."""
    yard.put("Near", 2, 1)
    far, incident = yard.put("Far", 9, 9), pin(2, 2)
    wanted = {"crew_id": far, "radius_m": 300, "reason": "has the big pump"}

    order, _ = services.sending.send(dispatcher, incident["id"], SendCrew.read(wanted))

    with owner_engine.connect() as connection:
        kept = connection.execute(
            text("SELECT candidates FROM decision WHERE assignment_id = :id"), {"id": order["id"]}
        ).scalar_one()
    told = services.incidents.timeline(dispatcher, incident["id"])["events"][-1]
    assert (kept["radius_m"], kept["reason"]) == (300, "has the big pump")
    assert told["data"]["reason"] == "has the big pump"
    with pytest.raises(Conflict):
        services.sending.send(dispatcher, incident["id"], SendCrew.read(wanted))
