"""Vehicles and equipment: what is asked, and the answers as the API shows them."""

from typing import Annotated

from pydantic import AfterValidator
from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Finite
from dispatch.core.field_types import Id
from dispatch.core.field_types import Name
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import Skill
from dispatch.core.instants import InstantText
from dispatch.skills.types import ListEntryAnswer
from dispatch.writes.command import Command
from dispatch.writes.command import RepeatableCommand

_ANSWER = ConfigDict(extra="forbid")
MOST_HEIGHT_M, MOST_WEIGHT_T = 10.0, 200.0


def _in_capitals(plate: str) -> str:
    """Return a plate as it is compared: in capitals, single spaces."""
    return " ".join(plate.upper().split())


Plate = Annotated[RequiredName, AfterValidator(_in_capitals)]
HeightM = Annotated[Finite, Field(ge=0.5, le=MOST_HEIGHT_M, description="metres")]
WeightT = Annotated[Finite, Field(ge=0.1, le=MOST_WEIGHT_T, description="tonnes, laden")]
Equipment = Annotated[tuple[Skill, ...], Field(max_length=50, description="codes of the list")]


class AddVehicle(RepeatableCommand):
    """A new vehicle."""

    plate: Plate
    description: Name = ""
    equipment: Equipment = ()
    emergency: Annotated[bool, Field(description="an emergency vehicle, with blue lights")] = False
    height_m: HeightM | None = None
    weight_t: WeightT | None = None
    crew_id: Annotated[Id | None, Field(description="the crew that has it now")] = None


class ChangeVehicle(Command):
    """What of a vehicle is to be another; what is not named stays, null takes away."""

    plate: Plate | None = None
    description: Name | None = None
    equipment: Equipment | None = None
    emergency: bool | None = None
    height_m: HeightM | None = None
    weight_t: WeightT | None = None
    crew_id: Annotated[Id | None, Field(description="the crew that has it now; null: none")] = None


class SetNeededEquipment(Command):
    """What one of the crews at incidents of a kind has to bring."""

    equipment: Equipment


@with_config(_ANSWER)
class NeededEquipmentAnswer(TypedDict):
    """What one of the crews at incidents of a kind has to bring."""

    kind: str
    equipment: list[str]


@with_config(_ANSWER)
class VehicleAnswer(TypedDict):
    """A vehicle, with the crew that has it now."""

    id: int
    plate: str
    description: str
    equipment: list[str]
    emergency: bool
    height_m: float | None
    weight_t: float | None
    crew_id: int | None
    crew_name: str | None
    crew_since: InstantText | None
    created_at: InstantText
    retired_at: InstantText | None


@with_config(_ANSWER)
class VehiclesAnswer(TypedDict):
    """Vehicles, and how many there are in all."""

    vehicles: list[VehicleAnswer]
    total: int


@with_config(_ANSWER)
class EquipmentListAnswer(TypedDict):
    """The list of equipment, in its order."""

    equipment: list[ListEntryAnswer]
    total: int
