"""The way that a crew drives, as the API takes and shows it."""

from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Instant
from dispatch.core.field_types import Key
from dispatch.core.field_types import Lat
from dispatch.core.field_types import Lon
from dispatch.core.field_types import Name
from dispatch.sending.path_types import ViaPoint
from dispatch.writes.command import Command

LEAST_RADIUS_M, MOST_RADIUS_M, DEFAULT_RADIUS_M = 1_000, 15_000, 5_000
HeadingDeg = Annotated[float, Field(ge=0, le=360, description="clockwise from north")]
RoadsRadiusM = Annotated[float, Field(ge=LEAST_RADIUS_M, le=MOST_RADIUS_M)]


class ViaPlace(Command):
    """A place on a street, and the direction of driving there, as a way's `via` names it."""

    lon: Lon
    lat: Lat
    heading_deg: HeadingDeg


class ChooseWay(Command):
    """Drive by a certain street.

    Told later than it was chosen, it changes nothing if another way was chosen since.
    """

    via: Annotated[
        ViaPlace | None, Field(description="the `via` of the way; null for the fastest one")
    ]
    by: Annotated[Name | None, Field(description="its name for people, as `by` of the way")] = None
    occurred_at: Instant | None = None
    client_id: Key | None = None


@with_config(ConfigDict(extra="forbid"))
class ChosenWayAnswer(TypedDict):
    """The way that was chosen for an order."""

    assignment_id: int
    via: ViaPoint | None
    by: str
    chosen_at: str
