"""The register of vehicles, as administrators search and page through it."""

from sqlalchemy import func

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core import listing
from dispatch.core.listing import Listing
from dispatch.core.listing import all_of
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.vehicles import vehicle_rows
from dispatch.vehicles.models import Vehicle
from dispatch.vehicles.register_types import VehicleListQuery
from dispatch.vehicles.register_types import VehicleState
from dispatch.vehicles.types import VehiclesAnswer

_LISTING = Listing(
    searched=(Vehicle.plate, Vehicle.description, func.coalesce(Crew.name, "")),
    sorted_by={
        "plate": Vehicle.plate,
        "description": Vehicle.description,
        "crew_name": Crew.name,
        "emergency": Vehicle.emergency,
        "height_m": Vehicle.height_m,
        "weight_t": Vehicle.weight_t,
    },
    order="plate",
    key=Vehicle.id,
)


class VehicleList:
    """Lists vehicles for those who keep them."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._work = unit_of_work

    def list(self, actor: Actor, query: VehicleListQuery) -> VehiclesAnswer:
        """Return vehicles with the crews that have them."""
        actor.require(Permission.CREW_READ)
        retired = Vehicle.retired_at.is_not(None)
        rows = vehicle_rows.vehicles(
            retired if query.service is VehicleState.RETIRED else ~retired,
            all_of(
                Vehicle.crew_id.is_(None) if query.service is VehicleState.FREE else None,
                Vehicle.crew_id == query.crew_id if query.crew_id else None,
                Vehicle.equipment.contains([query.equipment]) if query.equipment else None,
                Vehicle.emergency.is_(query.emergency) if query.emergency is not None else None,
            ),
        )
        with self._work.reading() as session:
            found = listing.find(session, rows, _LISTING, query)
        return {
            "vehicles": [vehicle_rows.answer(row) for row in found.rows],
            "total": found.total,
        }
