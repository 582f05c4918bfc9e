"""What is asked of driven tracks, and answered."""

from typing import Annotated
from typing import Any

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict


@with_config(ConfigDict(extra="forbid"))
class DrivenStopAnswer(TypedDict):
    """A place where the crew stood still."""

    lon: float
    lat: float
    from_at: str
    until_at: str
    street: Annotated[str, Field(description="empty where it has no name")]


@with_config(ConfigDict(extra="forbid"))
class DrivenGapAnswer(TypedDict):
    """A time in which it is not known where the crew drove."""

    from_at: str
    until_at: str
    straight_m: float
    reason: Annotated[str, Field(description="off_road, silence, jump or no_way")]


@with_config(ConfigDict(extra="forbid"))
class DrivenTrackAnswer(TypedDict):
    """What was driven for one order, matched to streets."""

    assignment_id: int
    crew_id: int
    from_at: str
    until_at: str
    driven_m: float
    matched_share: Annotated[float, Field(description="of the fixes, 0 to 1")]
    fixes: int
    line: Annotated[dict[str, Any] | None, Field(description="GeoJSON MultiLineString")]
    stops: list[DrivenStopAnswer]
    gaps: list[DrivenGapAnswer]
    predicted_s: float | None
    actual_s: float | None


@with_config(ConfigDict(extra="forbid"))
class ObservedSpeedAnswer(TypedDict):
    """How quickly roads of one class were driven in some hours."""

    road_class: str
    days: Annotated[list[int], Field(description="1 (Monday) to 7 (Sunday)")]
    from_hour: int
    until_hour: int
    drives: int
    driven_m: float
    observed: Annotated[float, Field(description="median share of the free-flow speed")]
    present: Annotated[float, Field(description="factor that travel times are computed with")]
    present_error: Annotated[
        float, Field(description="median error of the predicted time as a share of the actual one")
    ]
    observed_error: Annotated[float, Field(description="the same, with the observed factor")]
    enough: Annotated[bool, Field(description="whether there are drives enough to go by")]


@with_config(ConfigDict(extra="forbid"))
class ObservedSpeedsAnswer(TypedDict):
    """Observed speeds beside present factors."""

    speeds: list[ObservedSpeedAnswer]
    drives: int
    time_zone: str
    predicted_error: Annotated[
        float | None,
        Field(description="median of actual / predicted travel time of orders, less 1"),
    ]
