"""Shapes of zones, as they come in and go out."""

from typing import Annotated
from typing import Any
from typing import Literal

from pydantic import Field

from webconsole.platform.answers import Answer
from webconsole.platform.answers import Instant
from webconsole.platform.queries import Query
from webconsole.platform.requests import Name
from webconsole.platform.requests import Shape

Kind = Literal["district", "response_area"]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
_OUTLINE = Field(
    description="GeoJSON Polygon or MultiPolygon, longitude first",
    examples=[
        {
            "type": "Polygon",
            "coordinates": [[[7.41, 43.73], [7.43, 43.73], [7.42, 43.74], [7.41, 43.73]]],
        }
    ],
)
Outline = Annotated[dict[str, Any], _OUTLINE]


class NewZone(Shape):
    """An area with a name."""

    name: Name
    name_zh: Name | None = None
    kind: Kind
    geometry: Outline


class ZoneChange(Shape):
    """What to change of a zone; fields not named stay as they are."""

    name: Name | None = None
    name_zh: Name | None = None
    kind: Kind | None = None
    geometry: Outline | None = None
    expected_version: Version | None = None


class ZoneRemovalQuery(Query):
    """Which version is removed."""

    expected_version: Annotated[
        int | None, Field(ge=0, le=2**31 - 1, description="refused if it is another by now")
    ] = None


class Zone(Answer):
    """A district or response area."""

    id: int
    name: str
    name_zh: str
    kind: Kind
    geometry: dict[str, Any] = Field(description="GeoJSON MultiPolygon")
    version: int
    created_at: Instant
    created_by: str
    updated_at: Instant
    updated_by: str


class Zones(Answer):
    """All zones by kind and name."""

    server_time: Instant
    zones: list[Zone]
