"""Vehicles: how their crews drive, and what they bring."""

from collections.abc import Callable
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.crews.types import ChangeCrew
from dispatch.incidents.types import IncidentAnswer
from dispatch.sending.types import SendCrew
from dispatch.vehicles.register_types import ChangeVehicles
from dispatch.vehicles.types import AddVehicle
from dispatch.vehicles.types import ChangeVehicle
from dispatch.vehicles.types import SetNeededEquipment
from dispatch.vehicles.types import VehicleAnswer
from tests.depot import Depot

Pin = Callable[..., IncidentAnswer]


@pytest.fixture
def detector_needed(depot: Depot, owner_engine: Engine) -> Iterator[None]:
    """Have somebody bring a gas detector to every gas leak."""
    needed = SetNeededEquipment(equipment=("gas_detector",))
    depot.services.equipment.set_needed(depot.administrator, "gas_leak", needed)
    yield
    with owner_engine.begin() as connection:
        connection.execute(text("UPDATE incident_kind SET equipment = '{}'"))


def _add(depot: Depot, plate: str, **fields: object) -> VehicleAnswer:
    wanted = AddVehicle.model_validate({"plate": plate, **fields})
    return depot.services.vehicles.add(depot.administrator, wanted)


def test_a_vehicle_says_whether_its_crew_drives_with_blue_lights(depot: Depot) -> None:
    """Over the crew's own flag, as long as it has one; of two vehicles both must be allowed to."""
    crew_id = depot.crew("Anna")
    own = ChangeCrew(emergency_drive=True)
    depot.services.crew_changes.change(depot.administrator, crew_id, own)
    found = [depot.of(crew_id)["emergency_drive"]]

    van = _add(depot, "T 1", crew_id=crew_id)
    found.append(depot.of(crew_id)["emergency_drive"])
    depot.services.vehicles.change(depot.administrator, van["id"], ChangeVehicle(emergency=True))
    found.append(depot.of(crew_id)["emergency_drive"])
    trailer = _add(depot, "T 2", crew_id=crew_id)
    found.append(depot.of(crew_id)["emergency_drive"])
    for each in (van, trailer):
        depot.services.vehicles.retire(depot.administrator, each["id"])
    found.append(depot.of(crew_id)["emergency_drive"])

    assert found == [True, False, True, False, True]


def test_a_plate_is_one_vehicles_until_that_is_retired(depot: Depot) -> None:
    """However it is typed; the event log knows the retired one on."""
    first = _add(depot, "t  1")
    with pytest.raises(Conflict) as taken:
        _add(depot, "T 1")
    assert (first["plate"], taken.value.code) == ("T 1", "plate_taken")

    depot.services.vehicles.retire(depot.administrator, first["id"])

    assert _add(depot, "T 1")["id"] != first["id"]
    with pytest.raises(Conflict) as retired:
        depot.services.vehicles.change(depot.administrator, first["id"], ChangeVehicle())
    assert retired.value.code == "vehicle_retired"


def test_several_vehicles_are_changed_together_or_not_at_all(depot: Depot) -> None:
    """An unknown piece of equipment leaves all as they were."""
    ids = tuple(_add(depot, f"T {number}")["id"] for number in range(3))

    wrong = ChangeVehicles(ids=ids, emergency=True, add_equipment=("hammer",))
    with pytest.raises(InvalidInput):
        depot.services.vehicles.change_many(depot.administrator, wrong)
    assert not depot.services.vehicles.get(depot.administrator, ids[0])["emergency"]

    wanted = ChangeVehicles(ids=ids, emergency=True, add_equipment=("pump",))
    assert depot.services.vehicles.change_many(depot.administrator, wanted) == {"changed": 3}
    last = depot.services.vehicles.get(depot.administrator, ids[2])
    assert (last["emergency"], last["equipment"]) == (True, ["pump"])


@pytest.mark.usefixtures("detector_needed")
def test_somebody_brings_what_the_kind_needs(depot: Depot, dispatcher: Actor, pin: Pin) -> None:
    """Without it a crew is not recommended; once one is sent that has it, the others are free."""
    anna, berta = depot.crew("Anna", skills=("gas",)), depot.crew("Berta", 2, 2, skills=("gas",))
    _add(depot, "T 1", crew_id=berta, equipment=["gas_detector"])
    incident = pin(0, 0)

    without = depot.candidate(incident["id"], anna)
    assert (without["verdict"], without["reasons"][0]) == ("excluded", "lacks_equipment")
    assert without["lacks_equipment"] == ["gas_detector"]
    assert depot.candidate(incident["id"], berta)["verdict"] == "recommended"

    depot.services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=berta))
    assert "lacks_equipment" not in depot.candidate(incident["id"], anna)["reasons"]
