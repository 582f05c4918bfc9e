"""Vehicles, the list of equipment, and what kinds of incidents need of it."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.core.bulk import BulkAnswer
from dispatch.core.list_query import ListQuery
from dispatch.skills.types import ListEntryAnswer
from dispatch.skills.types import SetListEntry
from dispatch.vehicles.register_types import ChangeVehicles
from dispatch.vehicles.register_types import VehicleListQuery
from dispatch.vehicles.types import AddVehicle
from dispatch.vehicles.types import ChangeVehicle
from dispatch.vehicles.types import EquipmentListAnswer
from dispatch.vehicles.types import NeededEquipmentAnswer
from dispatch.vehicles.types import SetNeededEquipment
from dispatch.vehicles.types import VehicleAnswer
from dispatch.vehicles.types import VehiclesAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

vehicles = Area("vehicles", __name__, url_prefix="/api/v1", tag="Vehicles")
KEEPS = (Permission.VEHICLE_WRITE,)
SEES = (Permission.CREW_READ,)
VEHICLE = described(VehicleAnswer)


@vehicles.get("/vehicles", needs=SEES)
@vehicles.input(VehicleListQuery, location="query", arg_name="query")
@vehicles.output(described(VehiclesAnswer))
def list_vehicles(query: VehicleListQuery) -> Response:
    """List vehicles with the crews that have them."""
    return answer(services().vehicle_list.list(actor(), query))


@vehicles.post("/vehicles/changes", needs=KEEPS)
@vehicles.input(ChangeVehicles, arg_name="body")
@vehicles.output(described(BulkAnswer))
@vehicles.doc(responses={409: "bulk_refused"})
def change_vehicles(body: ChangeVehicles) -> Response:
    """Change several vehicles, all or none."""
    return answer(services().vehicles.change_many(actor(), body))


@vehicles.post("/vehicles", needs=KEEPS)
@vehicles.input(AddVehicle, arg_name="body")
@vehicles.output(VEHICLE, 201)
@vehicles.doc(responses={409: "plate_taken; crew_retired; idempotency_mismatch"})
def add_vehicle(body: AddVehicle) -> Response:
    """Add a vehicle, and give it to a crew."""
    return answer(services().vehicles.add(actor(), body), 201)


@vehicles.get("/vehicles/<int:vehicle_id>", needs=SEES)
@vehicles.output(VEHICLE)
def get_vehicle(vehicle_id: int) -> Response:
    """Show a vehicle."""
    return answer(services().vehicles.get(actor(), vehicle_id))


@vehicles.patch("/vehicles/<int:vehicle_id>", needs=KEEPS)
@vehicles.input(ChangeVehicle, arg_name="body")
@vehicles.output(VEHICLE)
@vehicles.doc(responses={409: "plate_taken; vehicle_retired; crew_retired"})
def change_vehicle(vehicle_id: int, body: ChangeVehicle) -> Response:
    """Change what is named of a vehicle, such as the crew that has it."""
    return answer(services().vehicles.change(actor(), vehicle_id, body))


@vehicles.post("/vehicles/<int:vehicle_id>/retire", needs=KEEPS)
@vehicles.output(VEHICLE)
@vehicles.doc(responses={409: "vehicle_retired"})
def retire_vehicle(vehicle_id: int) -> Response:
    """Retire a vehicle; its plate is free."""
    return answer(services().vehicles.retire(actor(), vehicle_id))


@vehicles.get("/equipment", needs=SEES)
@vehicles.input(ListQuery, location="query", arg_name="query")
@vehicles.output(described(EquipmentListAnswer))
def list_equipment(query: ListQuery) -> Response:
    """List what vehicles can carry."""
    return answer(services().equipment.list(actor(), query))


@vehicles.put("/equipment/<code>", needs=KEEPS)
@vehicles.input(SetListEntry, arg_name="body")
@vehicles.output(described(ListEntryAnswer))
def set_equipment(code: str, body: SetListEntry) -> Response:
    """Add a piece of equipment, change its words, or retire it."""
    return answer(services().equipment.set(actor(), code, body))


@vehicles.put("/kinds/<kind>/equipment", needs=(Permission.KIND_WRITE,))
@vehicles.input(SetNeededEquipment, arg_name="body")
@vehicles.output(described(NeededEquipmentAnswer))
def set_needed_equipment(kind: str, body: SetNeededEquipment) -> Response:
    """Set what one of the crews at incidents of a kind has to bring."""
    return answer(services().equipment.set_needed(actor(), kind, body))
