"""Incidents: what may be pinned, and what the desk decides."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.incidents.types import ChangeIncident
from dispatch.incidents.types import CreateIncident
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.cities import GridCity
from tests.conftest import CrewYard
from tests.orders import step_for

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]


def refused_fields(error: pytest.ExceptionInfo[InvalidInput]) -> set[str]:
    """Return the fields that an error names."""
    return {each.field for each in error.value.fields}


def event_kinds(services: Services, actor: Actor, incident_id: int) -> list[str]:
    """Return what happened to an incident, oldest first."""
    return [each["kind"] for each in services.incidents.timeline(actor, incident_id)["events"]]


def test_a_pinned_incident_is_open_at_version_1_with_its_kinds_priority(pin: Pin) -> None:
    """A gas leak is priority 1 unless said otherwise."""
    actual = pin(3, 4)

    assert (actual["state"], actual["version"], actual["priority"]) == ("open", 1, 1)


def test_markup_and_sql_are_text(services: Services, dispatcher: Actor, pin: Pin) -> None:
    """What a caller says is kept letter by letter."""
    nasty = "<script>alert('x')</script>'; DROP TABLE incident; --"

    actual = pin(1, 1, description=nasty, caller_name=nasty[:100], address=nasty)

    assert services.incidents.get(dispatcher, actual["id"])["description"] == nasty


def test_swapped_coordinates_are_refused_and_said_to_look_swapped(
    services: Services, dispatcher: Actor, grid_city: GridCity
) -> None:
    """Latitude first is the commonest mistake of all."""
    lon, lat = grid_city.at(3, 3)

    with pytest.raises(InvalidInput, match="look swapped") as error:
        services.incidents.create(dispatcher, CreateIncident(kind="gas_leak", lon=lat, lat=lon))

    assert refused_fields(error) == {"lon", "lat"}


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, {"kind", "lon", "lat"}),
        ({"kind": "gas_leak", "lon": float("nan"), "lat": 43.7}, {"lon"}),
        ({"kind": "gas_leak", "lon": 7.41, "lat": float("inf")}, {"lat"}),
        ({"kind": "gas_leak", "lon": 7.41, "lat": 53.0}, {"lat"}),
        ({"kind": "gas_leak", "lon": "7.41", "lat": 43.71}, {"lon"}),
        ({"kind": "earthquake", "lon": 7.41, "lat": 43.71}, {"kind"}),
        ({"kind": "gas_leak", "lon": 7.41, "lat": 43.71, "priority": 9}, {"priority"}),
        ({"kind": "gas_leak", "lon": 7.41, "lat": 43.71, "priority": 1.5}, {"priority"}),
        ({"kind": "gas_leak", "lon": 7.41, "lat": 43.71, "address": "x" * 301}, {"address"}),
        ({"kind": "gas_leak", "lon": 7.41, "lat": 43.71, "address": "a\x00b"}, {"address"}),
        ({"kind": "gas_leak", "lon": 7.41, "lat": 43.71, "address": 7}, {"address"}),
        ({"kind": 7, "lon": True, "lat": 43.71}, {"kind", "lon"}),
    ],
)
def test_bad_input_names_every_wrong_field(
    services: Services, dispatcher: Actor, fields: dict[str, object], named: set[str]
) -> None:
    """All at once, so that a form shows all of them."""
    with pytest.raises(InvalidInput) as error:
        services.incidents.create(dispatcher, CreateIncident.read(fields))

    assert refused_fields(error) == named


def test_every_change_raises_the_version_and_leaves_an_event(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """Created at 1, changed to 2."""
    incident = pin(2, 2)

    actual = services.incidents.update(dispatcher, incident["id"], ChangeIncident(priority=3))

    assert (actual["priority"], actual["version"]) == (3, 2)
    kinds = [
        each["kind"] for each in services.incidents.timeline(dispatcher, incident["id"])["events"]
    ]
    assert kinds == ["incident.created", "incident.updated"]


def test_a_change_against_an_old_version_is_refused(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """Two desks edit: the second is told."""
    incident = pin(2, 2)
    services.incidents.update(dispatcher, incident["id"], ChangeIncident(priority=3))

    with pytest.raises(Conflict) as error:
        services.incidents.update(
            dispatcher, incident["id"], ChangeIncident(priority=2, expected_version=1)
        )

    assert error.value.code == "incident_changed"


def test_closing_untouched_work_needs_a_reason(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """Nobody went: why is it over?"""
    incident = pin(2, 2)

    with pytest.raises(InvalidInput) as error:
        services.decisions.close(dispatcher, incident["id"], Step())
    closed = services.decisions.close(dispatcher, incident["id"], Step(reason="false alarm"))

    assert refused_fields(error) == {"reason"}
    assert closed["state"] == "closed"
    assert closed["outcome_reason"] == "false alarm"


def test_an_incident_with_a_crew_on_it_cannot_be_closed(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Somebody is still on the way."""
    incident = pin(2, 2)
    services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=yard.put("A", 1, 1)))

    with pytest.raises(Conflict) as error:
        services.decisions.close(dispatcher, incident["id"], Step(reason="x"))

    assert error.value.code == "wrong_state"


def test_cancelling_withdraws_every_order_and_moves_up_what_waited_behind(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """The crew's second order becomes its first, and says so."""
    crew_id = yard.put("A", 1, 1)
    first, second = pin(2, 2), pin(5, 5)
    services.sending.send(dispatcher, first["id"], SendCrew(crew_id=crew_id))
    waiting, _ = services.sending.send(
        dispatcher, second["id"], SendCrew(crew_id=crew_id, queue=True)
    )

    cancelled = services.decisions.cancel(dispatcher, first["id"], Step(reason="test alarm"))

    assert cancelled["state"] == "cancelled"
    assert cancelled["assignments"][0]["state"] == "withdrawn"
    assert services.assignments.get(dispatcher, waiting["id"])["rank"] == 0
    kinds = [
        each["kind"] for each in services.incidents.timeline(dispatcher, second["id"])["events"]
    ]
    assert kinds == ["incident.created", "assignment.offered", "assignment.promoted"]


def test_a_reopened_incident_is_open_again_though_work_was_done(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """The old completed order belongs to the round before, and stays in sight."""
    incident = pin(2, 2)
    order, _ = services.sending.send(
        dispatcher, incident["id"], SendCrew(crew_id=yard.put("A", 1, 1))
    )
    for action in ("accept", "depart", "arrive", "complete"):
        services.assignments.act(dispatcher, order["id"], Action(action), step_for(action))
    assert services.incidents.get(dispatcher, incident["id"])["state"] == "resolved"
    services.decisions.close(dispatcher, incident["id"], Step())

    actual = services.decisions.reopen(dispatcher, incident["id"], Step(reason="smells again"))

    assert actual["state"] == "open"
    assert [each["state"] for each in actual["assignments"]] == ["completed"]


@pytest.mark.parametrize("decision", ["close", "cancel"])
def test_what_ended_cannot_end_again(
    services: Services, dispatcher: Actor, pin: Pin, decision: str
) -> None:
    """A reopened case closed again leaves a trace; a closed one closed again is a mistake."""
    incident = pin(2, 2)
    services.decisions.cancel(dispatcher, incident["id"], Step())

    with pytest.raises(Conflict) as error:
        getattr(services.decisions, decision)(dispatcher, incident["id"], Step(reason="x"))

    assert error.value.code == "incident_ended"


def test_a_crew_sees_only_incidents_it_was_sent_to(
    services: Services, crew_actor: Actor, dispatcher: Actor, pin: Pin
) -> None:
    """And may not list or write any."""
    incident = pin(2, 2)

    with pytest.raises(NotFound):
        services.incidents.get(crew_actor, incident["id"])
    with pytest.raises(NotAllowed):
        services.incidents.list(crew_actor)
    with pytest.raises(NotAllowed):
        services.incidents.create(crew_actor, CreateIncident(kind="gas_leak", lon=0, lat=0))
    services.sending.send(
        dispatcher, incident["id"], SendCrew.read({"crew_id": crew_actor.crew_id})
    )
    assert services.incidents.get(crew_actor, incident["id"])["id"] == incident["id"]


@pytest.mark.parametrize("unknown", [-1, 0, 999_999, 2**63, 2**70])
def test_unknown_ids_are_not_found(services: Services, dispatcher: Actor, unknown: int) -> None:
    """Numbers that PostgreSQL cannot even hold are as unknown as any."""
    with pytest.raises(NotFound):
        services.incidents.get(dispatcher, unknown)
    with pytest.raises(NotFound):
        services.candidates.for_incident(dispatcher, unknown)
    with pytest.raises(NotFound):
        services.incidents.update(dispatcher, unknown, ChangeIncident(priority=1))
