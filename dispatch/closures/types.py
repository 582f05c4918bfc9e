"""Closures as they are made, lifted and shown."""

from typing import Annotated
from typing import Any
from typing import Literal

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.bulk import BulkIds
from dispatch.core.field_types import Instant
from dispatch.core.field_types import Reason
from dispatch.core.field_types import RequiredReason
from dispatch.core.instants import InstantText
from dispatch.core.list_query import ListQuery
from dispatch.writes.command import Command

Kind = Literal["area", "road"]
Direction = Literal["both", "along", "against"]
State = Literal["planned", "active", "over"]


class CloseRoads(Command):
    """Close an area, or a stretch of road."""

    kind: Kind
    geometry: Annotated[
        dict[str, Any],
        Field(
            description="GeoJSON, longitude first: of an area a Polygon; of a road a LineString "
            "through two or more points on it, between which the road itself is found",
            examples=[{"type": "LineString", "coordinates": [[7.4215, 43.7352], [7.427, 43.739]]}],
        ),
    ]
    direction: Annotated[
        Direction | None,
        Field(description="of a road, as seen from its first point to its last; both by default"),
    ] = None
    from_at: Annotated[Instant | None, Field(description="now when not given")] = None
    until_at: Annotated[Instant | None, Field(description="until it is lifted when not given")] = (
        None
    )
    reason: RequiredReason


class LiftClosure(Command):
    """Open a closed place again, and why."""

    reason: Reason | None = None


class LiftClosures(LiftClosure):
    """Open several closed places again, and why."""

    ids: Annotated[BulkIds, Field(strict=False)]


class ClosureListQuery(ListQuery):
    """Which closures."""

    active: Annotated[
        bool | None, Field(description="only those that hold at this moment, or that do not")
    ] = None
    state: State | None = None
    kind: Kind | None = None


@with_config(ConfigDict(extra="forbid", title="Closure"))
class ClosureAnswer(TypedDict):
    """A place that may not be driven, from–until."""

    id: int
    kind: Kind
    geometry: Annotated[
        dict[str, Any],
        Field(description="GeoJSON: a Polygon, or the LineString of the road that is closed"),
    ]
    direction: Direction
    from_at: InstantText
    until_at: Annotated[InstantText | None, Field(description="null: until it is lifted")]
    reason: str
    state: State
    version: int
    created_at: InstantText
    created_by: str
    lifted_at: InstantText | None
    lifted_by: str | None
    lift_reason: str | None


@with_config(ConfigDict(extra="forbid", title="Closures"))
class ClosuresAnswer(TypedDict):
    """Closures: those that hold or will, then the latest that are over."""

    server_time: InstantText
    closures: list[ClosureAnswer]
    total: int


@with_config(ConfigDict(extra="forbid", title="Stretch"))
class StretchAnswer(TypedDict):
    """The road between two places, as a GeoJSON feature."""

    type: Literal["Feature"]
    geometry: Annotated[dict[str, Any], Field(description="a LineString, longitude first")]
    properties: dict[str, Any]
