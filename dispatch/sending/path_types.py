"""Paths by road, as the API shows them."""

from typing import Annotated
from typing import Any
from typing import Literal
from typing import NotRequired

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.roads.types import DrivingProfile

_ANSWER = ConfigDict(extra="forbid")


@with_config(_ANSWER)
class Alert(TypedDict):
    """What to say when a manoeuvre is so far ahead."""

    ahead_m: Annotated[float, Field(description="0: now")]
    text: str


@with_config(_ANSWER)
class RouteStep(TypedDict):
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
    direction: Annotated[
        Literal[
            "straight",
            "slight_right",
            "right",
            "sharp_right",
            "u_turn",
            "sharp_left",
            "left",
            "slight_left",
        ],
        Field(description="whereto; of an arrival: on which side the destination lies"),
    ]
    street_name: str
    followed_name: str
    distance_m: Annotated[float, Field(description="to the next manoeuvre")]
    time_s: float
    bearing_deg: float
    turn_deg: float
    exit_number: int | None
    point: Annotated[int, Field(description="where it is among the coordinates")]
    lonlat: list[float]
    instruction: Annotated[str, Field(description="in a few words, in the reader's language")]
    text: Annotated[str, Field(description="the whole step, in the reader's language")]
    alerts: Annotated[
        list[Alert], Field(description="what to say on the way to it, the farthest first")
    ]


@with_config(_ANSWER)
class ViaPoint(TypedDict):
    """A place on a street, and the direction in which a way leads through it."""

    lon: float
    lat: float
    heading_deg: float


@with_config(_ANSWER)
class OtherWay(TypedDict):
    """Another sensible way."""

    coordinates: list[list[float]]
    length_m: float
    travel_time_s: float
    walk_to_road_m: NotRequired[float]
    by: NotRequired[Annotated[str, Field(description="the street that only this way takes")]]
    via: NotRequired[
        Annotated[ViaPoint | None, Field(description="what it leads by; null: it is the fastest")]
    ]
    steps: NotRequired[Annotated[list[RouteStep], Field(description="only with guidance=1")]]


@with_config(_ANSWER)
class WayProperties(TypedDict):
    """What a way by road takes."""

    length_m: float
    travel_time_s: float
    walk_to_road_m: Annotated[float, Field(description="from the origin to where the line begins")]
    profile: Annotated[
        DrivingProfile, Field(description="how it is driven; emergency: with blue lights")
    ]
    steps: NotRequired[Annotated[list[RouteStep], Field(description="only with guidance=1")]]
    by: NotRequired[
        Annotated[
            str, Field(description="the street that only this way takes, if there are others")
        ]
    ]
    via: NotRequired[
        Annotated[ViaPoint | None, Field(description="what it leads by; null: it is the fastest")]
    ]
    alternatives: NotRequired[
        Annotated[list[OtherWay], Field(description="the best first; only with alternatives=1")]
    ]


@with_config(_ANSWER)
class WayAnswer(TypedDict):
    """A way by road as a GeoJSON LineString feature."""

    type: Literal["Feature"]
    geometry: dict[str, Any]
    properties: WayProperties
