"""Shapes of ways by road and other lines, as they go out."""

from typing import Any
from typing import Literal

from pydantic import Field

from webconsole.platform.answers import Answer


class Feature(Answer):
    """A GeoJSON LineString feature."""

    type: Literal["Feature"]
    geometry: dict[str, Any] | None
    properties: dict[str, Any] = Field(description="of a way: length_m, travel_time_s")


class Alert(Answer):
    """What to say when a manoeuvre is so far ahead."""

    ahead_m: float = Field(description="0: now")
    text: str


class RouteStep(Answer):
    """A manoeuvre, and the way to the next one."""

    kind: Literal[
        "depart",
        "turn",
        "keep",
        "continue",
        "ramp",
        "merge",
        "roundabout",
        "exit_roundabout",
        "arrive",
    ]
    direction: Literal[
        "straight",
        "slight_right",
        "right",
        "sharp_right",
        "u_turn",
        "sharp_left",
        "left",
        "slight_left",
    ] = Field(description="whereto; of an arrival: on which side the destination lies")
    street_name: str
    followed_name: str
    distance_m: float = Field(description="to the next manoeuvre")
    time_s: float
    bearing_deg: float
    turn_deg: float
    exit_number: int | None
    point: int = Field(description="where it is among the coordinates")
    lonlat: list[float]
    instruction: str = Field(description="in a few words, in the reader's language")
    text: str = Field(description="the whole step, in the reader's language")
    alerts: list[Alert] = Field(description="what to say on the way to it, the farthest first")


class OtherWay(Answer):
    """Another sensible way."""

    coordinates: list[list[float]]
    length_m: float
    travel_time_s: float


class WayProperties(Answer):
    """What a way by road takes."""

    length_m: float
    travel_time_s: float
    steps: list[RouteStep] | None = Field(None, description="only with guidance=1")
    alternatives: list[OtherWay] | None = Field(
        None, description="the best first; only with alternatives=1"
    )


class Way(Answer):
    """A way by road as a GeoJSON LineString feature."""

    type: Literal["Feature"]
    geometry: dict[str, Any]
    properties: WayProperties
