"""The register of vehicles: which rows are asked for, and what several are to be."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from dispatch.core.bulk import BulkIds
from dispatch.core.field_types import Id
from dispatch.core.field_types import Skill
from dispatch.core.list_query import ListQuery
from dispatch.vehicles.types import Equipment
from dispatch.writes.command import Command


class VehicleState(StrEnum):
    """Which vehicles of the register."""

    IN_SERVICE = "in_service"
    FREE = "free"
    RETIRED = "retired"


class VehicleListQuery(ListQuery):
    """Which vehicles."""

    crew_id: Id | None = None
    equipment: Skill | None = None
    emergency: bool | None = None
    service: Annotated[VehicleState, Field(description="free: in service, and no crew has it")] = (
        VehicleState.IN_SERVICE
    )


class ChangeVehicles(Command):
    """What several vehicles are to be, all or none of them."""

    ids: BulkIds
    emergency: bool | None = None
    add_equipment: Equipment = ()
    retire: bool = False
