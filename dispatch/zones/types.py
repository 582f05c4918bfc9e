"""Zones as they are drawn, changed, imported and shown."""

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated
from typing import Any
from typing import Literal
from typing import Self

from pydantic import ConfigDict
from pydantic import Field
from pydantic import ValidationError
from pydantic import model_validator
from pydantic import with_config
from pydantic_core import InitErrorDetails
from typing_extensions import TypedDict

from dispatch.core.errors import InvalidInput
from dispatch.core.field_types import Name
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import Version
from dispatch.core.instants import InstantText
from dispatch.core.list_query import ListQuery
from dispatch.writes.command import Command

Kind = Literal["district", "response_area"]
Outline = Annotated[
    dict[str, Any],
    Field(
        description="GeoJSON Polygon or MultiPolygon, longitude first",
        examples=[
            {
                "type": "Polygon",
                "coordinates": [[[7.41, 43.73], [7.43, 43.73], [7.42, 43.74], [7.41, 43.73]]],
            }
        ],
    ),
]
_NEVER_NULL = ("name", "kind", "geometry")


class DrawZone(Command):
    """Add an area with a name."""

    name: RequiredName
    name_zh: Name | None = None
    kind: Kind
    geometry: Outline


class ChangeZone(Command):
    """Change a zone; fields not named stay as they are."""

    name: RequiredName | None = None
    name_zh: Name | None = None
    kind: Kind | None = None
    geometry: Outline | None = None
    expected_version: Version | None = None

    @model_validator(mode="after")
    def _nothing_is_taken_away(self) -> Self:
        missing = [
            InitErrorDetails(type="missing", loc=(name,), input=None)
            for name in _NEVER_NULL
            if name in self.model_fields_set and getattr(self, name) is None
        ]
        if missing:
            raise ValidationError.from_exception_data(type(self).__name__, missing)
        return self


class ZoneListQuery(ListQuery):
    """Which zones."""

    kind: Kind | None = None


@with_config(ConfigDict(extra="forbid", title="Zone"))
class ZoneAnswer(TypedDict):
    """A district or response area."""

    id: int
    name: str
    name_zh: str
    kind: Kind
    geometry: Annotated[dict[str, Any], Field(description="GeoJSON MultiPolygon")]
    version: int
    created_at: InstantText
    created_by: str
    updated_at: InstantText
    updated_by: str


@with_config(ConfigDict(extra="forbid", title="Zones"))
class ZonesAnswer(TypedDict):
    """All zones by kind and name."""

    server_time: InstantText
    zones: list[ZoneAnswer]
    total: int


class ImportedZones(TypedDict):
    """How many zones of a file were new, and how many took the place of others."""

    added: int
    replaced: int


def read_zones(rows: Iterable[Mapping[str, Any]]) -> list[DrawZone]:
    """Read the zones of a file.

    Raises
    ------
    InvalidInput
        Naming the zone, by its place in the file, and its field.
    """
    zones = []
    for at, row in enumerate(rows, 1):
        try:
            zones.append(DrawZone.read(row))
        except InvalidInput as refused:
            raise numbered(refused, at, str(row.get("name") or "")) from None
    return zones


def numbered(refused: InvalidInput, at: int, name: str) -> InvalidInput:
    """Return the refusal of one zone of many, named by its place among them."""
    label = name.strip() or "?"
    return InvalidInput(
        [replace(each, field=f"{at} ({label}) {each.field}") for each in refused.fields]
    )
