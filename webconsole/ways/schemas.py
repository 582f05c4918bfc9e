"""What may be asked of the way of an order."""

from typing import Annotated

from pydantic import Field

from dispatch.ways.types import DEFAULT_RADIUS_M
from dispatch.ways.types import HeadingDeg
from dispatch.ways.types import RoadsRadiusM
from webconsole.platform.queries import GuidanceQuery
from webconsole.platform.queries import Point
from webconsole.platform.queries import Query


class OrderWayQuery(GuidanceQuery):
    """From where, and whether with steps and other ways."""

    alternatives: Annotated[bool, Field(description="show up to two other ways, too")] = False
    from_: Annotated[
        Point | None,
        Field(alias="from", description="where the crew is; its last position when not given"),
    ] = None
    heading_deg: Annotated[HeadingDeg | None, Field(description="of who drives there")] = None


class RoadsQuery(Query):
    """How far around."""

    radius_m: Annotated[RoadsRadiusM, Field(description="metres, rounded up to kilometres")] = (
        DEFAULT_RADIUS_M
    )
