"""Position reports: what devices send, and what became of each fix."""

from datetime import datetime
from typing import Annotated
from typing import Any
from typing import Literal
from typing import NotRequired

from pydantic import AwareDatetime
from pydantic import BaseModel
from pydantic import BeforeValidator
from pydantic import ConfigDict
from pydantic import Field
from pydantic import GetJsonSchemaHandler
from pydantic import with_config
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from dispatch.core.field_types import Id
from dispatch.core.field_types import Instant
from dispatch.core.field_types import Lat
from dispatch.core.field_types import Lon
from dispatch.core.instants import InstantText
from dispatch.core.limits import LARGEST_BATCH
from dispatch.writes.command import Command

_ANSWER = ConfigDict(extra="forbid")


def _read_instant(value: object) -> object:
    """Read a time written as text: a fix is read after the JSON around it."""
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            kind = "datetime_parsing"
            raise PydanticCustomError(kind, "is no time") from None
    return value


class PositionFix(BaseModel):
    """One fix of a device. Fields we do not know are ignored: devices send many."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    lon: Lon
    lat: Lat
    fixed_at: Annotated[
        Instant, BeforeValidator(_read_instant, json_schema_input_type=AwareDatetime)
    ]
    accuracy_m: Annotated[float | None, Field(ge=0, le=1e7, allow_inf_nan=False)] = None
    speed_mps: Annotated[float | None, Field(ge=0, le=1e4, allow_inf_nan=False)] = None
    heading_deg: Annotated[float | None, Field(ge=0, le=360, allow_inf_nan=False)] = None
    battery_pct: Annotated[float | None, Field(ge=0, le=100, allow_inf_nan=False)] = None
    crew_id: Annotated[Id | None, Field(description="integration tokens only")] = None


class _JudgedLater:
    """Describes the elements of a batch, which are not read together with it."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        del schema
        return handler(PositionFix.__pydantic_core_schema__)


class ReportPositions(Command):
    """Fixes in any order.

    Only the batch is read here. Each fix is read on its own, later and once, so that one bad fix
    never holds up the others.
    """

    model_config = ConfigDict(extra="ignore")

    positions: Annotated[
        list[Annotated[Any, _JudgedLater()]], Field(min_length=1, max_length=LARGEST_BATCH)
    ]


@with_config(_ANSWER)
class FieldProblemAnswer(TypedDict):
    """What is wrong with one named field."""

    field: str
    message: str


@with_config(_ANSWER)
class PositionResultAnswer(TypedDict):
    """What became of one fix."""

    index: int
    status: Literal["used", "kept", "duplicate", "refused"]
    reason: NotRequired[
        Annotated[str, Field(description="why it is kept in the track only, or refused")]
    ]
    errors: NotRequired[Annotated[list[FieldProblemAnswer], Field(description="of a refused fix")]]


@with_config(_ANSWER)
class PositionResultsAnswer(TypedDict):
    """What became of each fix, in the order sent."""

    results: list[PositionResultAnswer]


@with_config(_ANSWER)
class CrewPositionAnswer(TypedDict):
    """Where a crew is now."""

    crew_id: int
    lon: float
    lat: float
    fixed_at: InstantText
    heading_deg: float | None
    speed_mps: float | None
    accuracy_m: float | None
    battery_pct: float | None
