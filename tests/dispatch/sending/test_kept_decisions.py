"""The reason for an order: the list that the desk was shown, and the crew as it was when sent."""

from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.assignments.models import Decision
from dispatch.bootstrap import Services
from dispatch.core.instants import instant
from dispatch.incidents.types import ChangeIncident
from dispatch.sending.types import SendCrew
from tests.conftest import CrewYard
from tests.conftest import SettableClock
from tests.looking import looking

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]


def kept(services: Services) -> dict[str, Any]:
    """Return the only decision that was kept."""
    with looking(services.engine) as connection:
        found: dict[str, Any] = connection.execute(select(Decision.candidates)).scalar_one()
    return found


def travel_s(decision: Mapping[str, Any]) -> dict[str, float]:
    """Return the travel times of a decision, in whole tens of seconds."""
    return {each["crew_name"]: round(each["travel_time_s"], -1) for each in decision["candidates"]}


def test_only_the_crew_that_is_sent_is_judged_again(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, clock: SettableClock
) -> None:
    """Both drove a block (20 s) nearer after the list was shown; of the other that is not known."""
    sent, other = yard.put("Sent", 7.5, 3), yard.put("Other", 6.5, 3)
    incident = pin(3.5, 3)
    shown = services.candidates.for_incident(dispatcher, incident["id"])
    clock.forward(5)
    yard.move(sent, 6.5, 3)
    yard.move(other, 5.5, 3)

    order, _ = services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=sent))

    decision = kept(services)
    assert travel_s(shown) == {"Sent": 80, "Other": 60}
    assert travel_s(decision) == {"Sent": 60, "Other": 60}
    assert order["travel_time_s"] == pytest.approx(60, abs=1)
    assert decision["computed_at"] == shown["computed_at"]
    assert decision["crew_computed_at"] == instant(clock())
    assert [each["verdict"] for each in decision["candidates"]] == ["recommended", "possible"]


@pytest.mark.parametrize("why", ["too old", "changed", "another radius"])
def test_everybody_is_judged_when_the_list_no_longer_holds(
    services: Services,
    dispatcher: Actor,
    pin: Pin,
    yard: CrewYard,
    clock: SettableClock,
    why: str,
) -> None:
    """A list that nobody saw lately is no reason."""
    sent, other = yard.put("Sent", 7.5, 3), yard.put("Other", 6.5, 3)
    incident, radius_m = pin(3.5, 3), None
    services.candidates.for_incident(dispatcher, incident["id"])
    clock.forward(5)
    if why == "too old":
        clock.forward(26)
    elif why == "changed":
        services.incidents.update(dispatcher, incident["id"], ChangeIncident(priority=1))
    else:
        radius_m = 3_000.0
    yard.move(other, 5.5, 3)

    wanted = SendCrew(crew_id=sent, radius_m=radius_m)
    services.sending.send(dispatcher, incident["id"], wanted)

    assert travel_s(kept(services)) == {"Sent": 80, "Other": 40}


def test_a_crew_that_the_list_did_not_show_is_added_to_it(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, clock: SettableClock
) -> None:
    """Sent by name: outside the radius, or on duty only since."""
    other = yard.put("Other", 6.5, 3)
    incident = pin(3.5, 3)
    services.candidates.for_incident(dispatcher, incident["id"])
    clock.forward(5)
    yard.move(other, 5.5, 3)

    late = SendCrew(crew_id=yard.put("Late", 7.5, 3))
    services.sending.send(dispatcher, incident["id"], late)

    assert travel_s(kept(services)) == {"Other": 60, "Late": 80}
