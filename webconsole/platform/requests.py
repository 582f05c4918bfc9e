"""Shapes of what comes in. Unknown fields are refused: a typing error must not pass in silence."""

from typing import Annotated
from typing import Any
from typing import Literal
from typing import Self

from pydantic import AfterValidator
from pydantic import AwareDatetime
from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import StringConstraints
from pydantic_core import PydanticCustomError

LARGEST_ID = 2**63 - 1


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
LongText = Annotated[str, StringConstraints(max_length=4000), _STORABLE]
Reason = Annotated[str, StringConstraints(max_length=1000), _STORABLE]
Key = Annotated[str, StringConstraints(max_length=200), _STORABLE]


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


class NewClosure(Shape):
    """An area, or a stretch of road, that may not be driven."""

    kind: Literal["area", "road"]
    geometry: Annotated[
        dict[str, Any],
        Field(
            description="GeoJSON, longitude first: of an area a Polygon; of a road a LineString "
            "through two or more points on it, between which the road itself is found",
            examples=[{"type": "LineString", "coordinates": [[7.4215, 43.7352], [7.427, 43.739]]}],
        ),
    ]
    direction: Annotated[
        Literal["both", "along", "against"] | None,
        Field(description="of a road, as seen from its first point to its last; both by default"),
    ] = None
    from_at: Annotated[AwareDatetime | None, Field(description="now when not given")] = None
    until_at: Annotated[
        AwareDatetime | None, Field(description="until it is lifted when not given")
    ] = None
    reason: Reason


class Lifting(Shape):
    """Why a closure is lifted."""

    reason: Reason | None = None
