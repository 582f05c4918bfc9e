"""Crews renamed, moved, retired and put back."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.assignments.types import AssignmentAnswer
from dispatch.core.bulk import BulkRefused
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.crews.register_types import ChangeCrews
from dispatch.crews.states import Duty
from dispatch.crews.types import AddStation
from dispatch.crews.types import ChangeCrew
from dispatch.crews.types import SetDuty
from dispatch.incidents.types import IncidentAnswer
from dispatch.sending.types import SendCrew
from dispatch.vehicles.types import AddVehicle
from tests.depot import Depot
from tests.looking import looking

Pin = Callable[..., IncidentAnswer]


@pytest.fixture
def sent(depot: Depot, dispatcher: Actor, pin: Pin) -> tuple[int, AssignmentAnswer]:
    """Return a crew that has an order, and the order."""
    crew_id = depot.crew("Anna", skills=("gas",))
    incident = pin(1, 1)
    order, _ = depot.services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=crew_id))
    return crew_id, order


def test_a_crew_with_an_order_is_not_retired_and_nothing_of_it_changes(
    depot: Depot, sent: tuple[int, AssignmentAnswer]
) -> None:
    """Also not among several: all or none."""
    crew_id, order = sent
    idle = depot.crew("Berta")
    depot.member(crew_id, "Person A")
    wanted = AddVehicle(plate="T 1", crew_id=crew_id)
    depot.services.vehicles.add(depot.administrator, wanted)

    with pytest.raises(Conflict) as refused:
        depot.services.crew_changes.retire(depot.administrator, crew_id)
    assert refused.value.code == "crew_has_orders"
    assert refused.value.extra["incident_ids"] == [order["incident_id"]]
    several = ChangeCrews(ids=(idle, crew_id), retire=True)
    with pytest.raises(BulkRefused) as none:
        depot.services.crew_changes.change_many(depot.administrator, several)
    assert [(each.row_id, each.refusal.code) for each in none.value.hindrances] == [
        (crew_id, "crew_has_orders")
    ]

    card = depot.services.members.card(depot.administrator, crew_id)
    assert (card["crew"]["retired_at"], card["crew"]["duty"]) == (None, Duty.ON_DUTY)
    assert len(card["members"]) == len(card["vehicles"]) == 1
    assert depot.of(idle)["retired_at"] is None


def test_a_retired_crew_is_on_no_list_and_its_history_stays(
    depot: Depot, dispatcher: Actor, pin: Pin
) -> None:
    """No desk lists it and nobody can send it; its vehicle is free; it can be put back."""
    crew_id = depot.crew("Anna", skills=("gas",))
    depot.member(crew_id, "Person A")
    vehicle = depot.services.vehicles.add(
        depot.administrator, AddVehicle(plate="T 1", crew_id=crew_id)
    )
    incident = pin(1, 1)

    depot.services.crew_changes.retire(depot.administrator, crew_id)

    assert depot.services.crews.list(dispatcher)["crews"] == []
    listed = depot.services.candidates.for_incident(dispatcher, incident["id"])
    assert listed["candidates"] == []
    with pytest.raises(Conflict) as refused:
        depot.services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=crew_id))
    assert refused.value.code == "crew_off_duty"
    with pytest.raises(Conflict) as refused:
        depot.services.crews.set_duty(dispatcher, crew_id, SetDuty(duty=Duty.ON_DUTY))
    assert refused.value.code == "crew_retired"
    assert depot.services.vehicles.get(dispatcher, vehicle["id"])["crew_id"] is None
    assert depot.of(crew_id)["name"] == "Anna"
    depot.services.crew_changes.restore(depot.administrator, crew_id)
    assert [each["id"] for each in depot.services.crews.list(dispatcher)["crews"]] == [crew_id]


def test_a_crew_is_renamed_and_moved_in_one_step(depot: Depot) -> None:
    """Names are unique, and a station must be there; a refusal changes nothing."""
    anna, _ = depot.crew("Anna"), depot.crew("Berta")
    station = AddStation(name="East", lon=0.0, lat=0.0)
    station_id = depot.services.stations.add(depot.administrator, station)
    change = depot.services.crew_changes.change

    changed = change(depot.administrator, anna, ChangeCrew(name="Clara", station_id=station_id))

    assert (changed["name"], changed["station_name"]) == ("Clara", "East")
    with pytest.raises(Conflict) as taken:
        change(depot.administrator, anna, ChangeCrew(name="Berta", station_id=None))
    assert taken.value.code == "name_taken"
    with pytest.raises(InvalidInput) as unknown:
        change(depot.administrator, anna, ChangeCrew(station_id=station_id + 1))
    assert unknown.value.fields[0].field == "station_id"
    assert depot.of(anna)["station_name"] == "East"


def test_a_crews_own_skills_can_be_changed_beside_its_members(depot: Depot) -> None:
    """What it can do now is both; the event names what came and went."""
    crew_id = depot.crew("Anna", skills=("heat",))
    depot.ticket(depot.member(crew_id, "Person A"), "gas")

    changed = depot.services.crew_changes.change(
        depot.administrator, crew_id, ChangeCrew(skills=("water",))
    )

    assert changed["skills"] == ["water", "gas"]
    query = text("SELECT data FROM event WHERE kind = 'crew.skills_changed' ORDER BY id DESC")
    with looking(depot.services.engine) as connection:
        data = connection.execute(query).scalars().first()
    assert data == {"gained": ["water"], "lost": ["heat"], "lapsed": {}}
