"""Shapes of what comes in. Unknown fields are refused: a typing error must not pass in silence."""

from typing import Annotated
from typing import Literal
from typing import Self

from pydantic import AfterValidator
from pydantic import AwareDatetime
from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import SkipValidation
from pydantic import StringConstraints
from pydantic_core import PydanticCustomError

LARGEST_ID = 2**63 - 1
LARGEST_BATCH = 1000


def _storable(text: str) -> str:
    """Refuse NUL, which PostgreSQL cannot hold in a text."""
    if "\x00" in text:
        kind = "unstorable_text"
        raise PydanticCustomError(kind, "has characters that no text can hold")
    return text


_STORABLE = AfterValidator(_storable)
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, description="degrees, WGS 84")]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, description="degrees, WGS 84")]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Name = Annotated[str, StringConstraints(max_length=100), _STORABLE]
Phone = Annotated[str, StringConstraints(max_length=40), _STORABLE]
Address = Annotated[str, StringConstraints(max_length=300), _STORABLE]
LongText = Annotated[str, StringConstraints(max_length=4000), _STORABLE]
Reason = Annotated[str, StringConstraints(max_length=1000), _STORABLE]
Key = Annotated[str, StringConstraints(max_length=200), _STORABLE]
Priority = Annotated[int, Field(ge=1, le=4, description="1 is the most urgent")]
Duty = Literal["off_duty", "on_duty", "on_break"]
Channel = Literal["call", "web", "hotline", "meter", "crew", "other"]


class Shape(BaseModel):
    """Base of all request bodies."""

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def read(cls, body: bytes) -> Self:
        """Read a body; strictly, so that "7.4" is no number and 1 is no text."""
        return cls.model_validate_json(body, strict=True)

    def given(self) -> dict[str, object]:
        """Return only what the request said, so that absent and null stay different."""
        return self.model_dump(exclude_unset=True)


class SignIn(Shape):
    """A user name and a password."""

    username: Name
    password: Annotated[str, StringConstraints(max_length=1000)]


class NewIncident(Shape):
    """An incident as first told."""

    kind: Annotated[Name, Field(description="code of an incident kind, such as gas_leak")]
    lon: Lon
    lat: Lat
    priority: Priority | None = None
    address: Address | None = None
    description: LongText | None = None
    caller_name: Name | None = None
    caller_phone: Phone | None = None
    channel: Annotated[
        Channel | None,
        Field(description="how it was told; a call when not given"),
    ] = None
    client_id: Annotated[Key | None, Field(description="repeated requests count once")] = None


class IncidentChange(Shape):
    """What to change of an incident; fields not named stay as they are."""

    kind: Name | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    priority: Priority | None = None
    address: Address | None = None
    description: LongText | None = None
    caller_name: Name | None = None
    caller_phone: Phone | None = None
    expected_version: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


class Step(Shape):
    """What may accompany a step of an assignment, or a decision of the desk on an incident."""

    occurred_at: Annotated[
        AwareDatetime | None, Field(description="when it happened by the actor's clock")
    ] = None
    client_id: Annotated[Key | None, Field(description="repeated requests count once")] = None
    reason: Reason | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    result: LongText | None = None


class Sending(Shape):
    """Which crew to send."""

    crew_id: Id
    expected_version: Annotated[
        int | None,
        Field(ge=0, le=2**31 - 1, description="incident_version of the candidates answer"),
    ] = None
    queue: Annotated[
        bool | None, Field(description="queue behind the crew's present order if it has one")
    ] = None
    radius_m: Annotated[
        Finite | None,
        Field(ge=100, le=100_000, description="metres; of the list that the crew was chosen from"),
    ] = None
    reason: Annotated[
        Reason | None, Field(description="why, when it was not the recommended crew")
    ] = None


class DutyChange(Shape):
    """A crew's new duty."""

    duty: Duty
    occurred_at: AwareDatetime | None = None
    client_id: Key | None = None
    reason: Reason | None = None


class Position(BaseModel):
    """One fix of a device. Fields we do not know are ignored: devices send many."""

    model_config = ConfigDict(extra="ignore")

    lon: Lon
    lat: Lat
    fixed_at: AwareDatetime
    accuracy_m: Finite | None = None
    speed_mps: Finite | None = None
    heading_deg: Finite | None = None
    battery_pct: Finite | None = None
    crew_id: Annotated[Id | None, Field(description="integration tokens only")] = None


class PositionBatch(Shape):
    """Fixes in any order.

    Each is judged on its own by the domain, so that one bad fix never holds up the others; here
    only the envelope is checked.
    """

    model_config = ConfigDict(extra="ignore")

    positions: Annotated[
        list[SkipValidation[Position]], Field(min_length=1, max_length=LARGEST_BATCH)
    ]
