"""Callers' names and telephones, and other crews' doings, go no further than they must."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import NotAllowed
from dispatch.incidents.types import ChangeIncident
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
CALLER = {"caller_name": "Somebody", "caller_phone": "000 111"}


def test_a_crew_sees_the_caller_only_while_its_order_is_alive(
    services: Services, dispatcher: Actor, crew_actor: Actor, pin: Pin
) -> None:
    """Withdrawn means withdrawn: from the incident, its timeline and the crew's own history."""
    incident = pin(2, 2, **CALLER)
    order, _ = services.sending.send(
        dispatcher, incident["id"], SendCrew.read({"crew_id": crew_actor.crew_id})
    )
    during = services.incidents.get(crew_actor, incident["id"])["caller_phone"]
    services.assignments.act(dispatcher, order["id"], Action.WITHDRAW, Step())
    services.incidents.update(dispatcher, incident["id"], ChangeIncident(caller_phone="000 222"))

    after = services.incidents.get(crew_actor, incident["id"])["caller_phone"]
    told = services.incidents.timeline(crew_actor, incident["id"])
    history = services.assignments.list_for_crew(crew_actor, order["crew_id"], live_only=False)[
        "assignments"
    ]

    assert during == "000 111"
    assert after == ""
    assert "000 222" not in str(told)
    assert history[0]["incident"]["caller_phone"] == ""


def test_a_crew_learns_nothing_of_another_crew_on_the_same_incident(
    services: Services, dispatcher: Actor, crew_actor: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Neither where it is nor why it declined."""
    incident = pin(2, 2, **CALLER)
    services.sending.send(
        dispatcher, incident["id"], SendCrew.read({"crew_id": crew_actor.crew_id})
    )
    other, _ = services.sending.send(
        dispatcher, incident["id"], SendCrew(crew_id=yard.put("Other", 5, 5))
    )
    services.assignments.act(dispatcher, other["id"], Action.DECLINE, Step(reason="private reason"))

    event = services.events.read_after(0)[-1]
    seen = services.events.seen_by(crew_actor, event)

    assert services.events.for_actor(crew_actor, event)
    assert "private reason" in str(event)
    assert "private reason" not in str(seen)
    assert "crew" not in seen
    assert seen["incident"]["caller_phone"] == "000 111"


def test_a_program_that_reports_positions_reads_no_incidents(
    services: Services, people: People, yard: CrewYard
) -> None:
    """A tracker's token lies on many servers."""
    tracker = people.sign_up("other tracker", Role.INTEGRATION)
    crew_id = yard.put("A", 1, 1)

    with pytest.raises(NotAllowed):
        services.assignments.list_for_crew(tracker, crew_id)
