"""Position reports: what devices send, and what became of each fix."""

import json
from typing import Annotated
from typing import Any
from typing import Literal
from typing import NotRequired
from typing import Self

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import GetCoreSchemaHandler
from pydantic import GetJsonSchemaHandler
from pydantic import ValidationError
from pydantic import with_config
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core import core_schema
from typing_extensions import TypedDict
from typing_extensions import override

from dispatch.core.field_types import Id
from dispatch.core.field_types import Lat
from dispatch.core.field_types import Lon
from dispatch.core.field_types import Timestamp
from dispatch.core.instants import InstantText
from dispatch.core.limits import LARGEST_BATCH
from dispatch.writes.command import Command

_ANSWER = ConfigDict(extra="forbid")


class PositionFix(BaseModel):
    """One fix of a device. Fields we do not know are ignored: devices send many."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    lon: Lon
    lat: Lat
    fixed_at: Timestamp
    accuracy_m: Annotated[float | None, Field(ge=0, le=1e7, allow_inf_nan=False)] = None
    speed_mps: Annotated[float | None, Field(ge=0, le=1e4, allow_inf_nan=False)] = None
    heading_deg: Annotated[float | None, Field(ge=0, le=360, allow_inf_nan=False)] = None
    battery_pct: Annotated[float | None, Field(ge=0, le=100, allow_inf_nan=False)] = None
    crew_id: Annotated[Id | None, Field(description="integration tokens only")] = None


class _FixOrAnything:
    """Reads an element of a batch as a fix, or leaves it as it is; described as a fix."""

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        fix, anything = handler.generate_schema(PositionFix), handler(source)
        return core_schema.union_schema([fix, anything], mode="left_to_right")

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        del schema
        return handler(PositionFix.__pydantic_core_schema__)


class ReportPositions(Command):
    """Fixes in any order.

    All that are well formed are read together with the batch, in one go. Any other is kept as it
    came and read again later, to tell what is wrong with it: one bad fix never holds up the others.
    """

    model_config = ConfigDict(extra="ignore")

    positions: Annotated[
        list[Annotated[Any, _FixOrAnything()]], Field(min_length=1, max_length=LARGEST_BATCH)
    ]

    @override
    @classmethod
    def read_json(cls, body: bytes) -> Self:
        try:
            return super().read_json(body)
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False, include_context=False)
            if found[0]["type"] != "json_invalid":
                raise
            # Half a surrogate pair, in one text of one fix, makes all of it invalid for pydantic.
            try:
                loaded = json.loads(body)
            except (ValueError, RecursionError):
                raise error from None
        return cls.model_validate(loaded, strict=True)


FixStatus = Literal["used", "kept", "duplicate", "refused"]


@with_config(_ANSWER)
class FieldProblemAnswer(TypedDict):
    """What is wrong with one named field."""

    field: str
    message: str


@with_config(_ANSWER)
class PositionResultAnswer(TypedDict):
    """What became of one fix."""

    index: int
    status: FixStatus
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
    known_at: Annotated[InstantText, Field(description="up to when it is known to have been there")]
    parked_since: Annotated[InstantText | None, Field(description="null while it moves")]
    heading_deg: float | None
    speed_mps: float | None
    accuracy_m: float | None
    battery_pct: float | None
