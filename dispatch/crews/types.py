"""Crews and stations: what is asked of them, and the answers as the API shows them."""

from typing import Annotated
from typing import Literal

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Lat
from dispatch.core.field_types import Lon
from dispatch.core.field_types import Name
from dispatch.core.field_types import Reason
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import Skill
from dispatch.core.instants import InstantText
from dispatch.crews.states import Duty
from dispatch.reach.types import ReachableAnswer
from dispatch.writes.command import Command
from dispatch.writes.command import RepeatableCommand

_ANSWER = ConfigDict(extra="forbid")


class AddCrew(Command):
    """A new crew; its name is what dispatchers say on the radio."""

    name: RequiredName
    station: Annotated[Name | None, Field(description="name of its station")] = None
    skills: tuple[Skill, ...] = ()
    duty: Duty = Duty.OFF_DUTY
    emergency_drive: Annotated[
        bool, Field(description="its vehicle may drive with blue lights")
    ] = False


class ChangeCrew(Command):
    """What of a crew is to be another; what is not named stays."""

    emergency_drive: Annotated[
        bool | None, Field(description="its vehicle may drive with blue lights")
    ] = None


class SetDuty(RepeatableCommand):
    """A crew's new duty."""

    duty: Duty
    reason: Reason | None = None


class AddStation(Command):
    """A new station."""

    name: RequiredName
    lon: Lon
    lat: Lat


@with_config(_ANSWER)
class WorkloadAnswer(TypedDict):
    """What a crew has on its hands: the order in work, those behind it, today's."""

    active: int
    queued: int
    today: int


@with_config(_ANSWER)
class CrewAnswer(TypedDict):
    """The dispatchable unit."""

    id: int
    name: str
    station_id: int | None
    station_name: str | None
    skills: list[str]
    emergency_drive: Annotated[bool, Field(description="its vehicle may drive with blue lights")]
    duty: Duty
    duty_changed_at: InstantText
    state: Annotated[str, Field(description="its duty, or the state of the order in work")]
    lon: float | None
    lat: float | None
    fixed_at: InstantText | None
    received_at: InstantText | None
    fix_age_s: float | None
    accuracy_m: float | None
    speed_mps: float | None
    heading_deg: float | None
    battery_pct: float | None
    workload: WorkloadAnswer
    incident_id: int | None
    human: Annotated[
        bool, Field(description="a person, and no program, was signed in for it just now")
    ]
    reachable: ReachableAnswer


@with_config(_ANSWER)
class CrewsAnswer(TypedDict):
    """All crews."""

    server_time: InstantText
    crews: list[CrewAnswer]


@with_config(_ANSWER)
class StationAnswer(TypedDict):
    """A depot that crews start from."""

    id: int
    name: str
    lon: float
    lat: float


@with_config(_ANSWER)
class StationsAnswer(TypedDict):
    """All stations."""

    stations: list[StationAnswer]


@with_config(_ANSWER)
class LineAnswer(TypedDict):
    """A GeoJSON line, longitude first."""

    type: Literal["LineString"]
    coordinates: list[list[float]]


CrewTrackPropertiesAnswer = TypedDict(
    "CrewTrackPropertiesAnswer",
    {
        "crew_id": int,
        "from": InstantText,
        "to": InstantText,
        "points": list[list[float]],
        "fixed_at": list[InstantText],
        "speed_mps": list[float | None],
        "heading_deg": list[float | None],
    },
)
"""The fixes of a track, one entry each: where, when, how fast and whereto."""
CrewTrackPropertiesAnswer.__pydantic_config__ = _ANSWER  # type: ignore[attr-defined]  # no place for a decorator


@with_config(_ANSWER)
class CrewTrackAnswer(TypedDict):
    """Where a crew was, as a GeoJSON feature."""

    type: Literal["Feature"]
    geometry: Annotated[LineAnswer | None, Field(description="null for less than two fixes")]
    properties: CrewTrackPropertiesAnswer
