"""Crews and stations: what is asked of them, and the answers as the API shows them."""

from typing import Annotated
from typing import Literal

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Day
from dispatch.core.field_types import Id
from dispatch.core.field_types import Lat
from dispatch.core.field_types import Lon
from dispatch.core.field_types import Name
from dispatch.core.field_types import Phone
from dispatch.core.field_types import Reason
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import Skill
from dispatch.core.instants import InstantText
from dispatch.crews.states import Duty
from dispatch.reach.types import ReachableAnswer
from dispatch.skills.types import DayText
from dispatch.skills.types import LapseAnswer
from dispatch.skills.types import TicketAnswer
from dispatch.units.types import CrewLentAnswer
from dispatch.units.types import UnitId
from dispatch.vehicles.types import VehicleAnswer
from dispatch.writes.command import Command
from dispatch.writes.command import RepeatableCommand

_ANSWER = ConfigDict(extra="forbid")
PersonnelNumber = Annotated[RequiredName, Field(description="the company's number of the person")]


class AddCrew(Command):
    """A new crew; its name is what dispatchers say on the radio."""

    name: RequiredName
    unit_id: UnitId | None = None
    station: Annotated[Name | None, Field(description="name of its station")] = None
    skills: tuple[Skill, ...] = ()
    duty: Duty = Duty.OFF_DUTY
    emergency_drive: Annotated[
        bool, Field(description="its vehicle may drive with blue lights")
    ] = False


class ChangeCrew(Command):
    """What of a crew is to be another; what is not named stays."""

    name: RequiredName | None = None
    station_id: Annotated[Id | None, Field(description="null: of no station")] = None
    skills: Annotated[
        tuple[Skill, ...] | None,
        Field(description="of the crew itself; those of its members' tickets come to them"),
    ] = None
    unit_id: Annotated[Id | None, Field(description="another unit of its company")] = None
    emergency_drive: Annotated[
        bool | None,
        Field(description="may drive with blue lights, as long as it has no vehicle that says"),
    ] = None


class SetDuty(RepeatableCommand):
    """A crew's new duty."""

    duty: Duty
    reason: Reason | None = None


class PersonFields(Command):
    """A person: the telephone is personal, and shown to those only who may call."""

    name: RequiredName
    personnel_number: PersonnelNumber | None = None
    phone: Phone = ""
    username: Annotated[Name | None, Field(description="of the person's account")] = None


class AddMember(RepeatableCommand, PersonFields):
    """Somebody new in a crew, or with ``person_id`` somebody who is known already."""

    name: Annotated[Name, Field(description="not needed with person_id")] = ""
    person_id: Id | None = None
    leads: bool = False
    from_on: Annotated[Day | None, Field(description="first day; today if left out")] = None
    until_on: Annotated[Day | None, Field(description="last day; null: no end")] = None


class ChangePerson(Command):
    """What of a person is to be another; what is not named stays."""

    name: RequiredName | None = None
    personnel_number: PersonnelNumber | None = None
    phone: Phone | None = None
    username: Annotated[Name | None, Field(description="of the person's account")] = None


class ChangeMember(Command):
    """What of a membership is to be another; what is not named stays."""

    leads: bool | None = None
    from_on: Day | None = None
    until_on: Annotated[Day | None, Field(description="last day; null: no end")] = None


class AddStation(Command):
    """A new station."""

    name: RequiredName
    unit_id: UnitId | None = None
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
    equipment: Annotated[list[str], Field(description="what its vehicles carry")]
    lapsed: Annotated[
        list[LapseAnswer], Field(description="skills that it lacks because tickets ended")
    ]
    retired_at: Annotated[InstantText | None, Field(description="no longer in service since")]
    duty: Duty
    duty_changed_at: InstantText
    state: Annotated[str, Field(description="its duty, or the state of the order in work")]
    lon: float | None
    lat: float | None
    fixed_at: InstantText | None
    received_at: InstantText | None
    fix_age_s: float | None
    heard_at: Annotated[InstantText | None, Field(description="its device, with a fix or without")]
    known_at: Annotated[
        InstantText | None, Field(description="up to when it is known to have been there")
    ]
    parked_since: Annotated[
        InstantText | None, Field(description="when it last moved; null while it moves")
    ]
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
    unit_id: int
    lent: Annotated[CrewLentAnswer | None, Field(description="while it is lent to another unit")]


@with_config(_ANSWER)
class CrewsAnswer(TypedDict):
    """All crews."""

    server_time: InstantText
    crews: list[CrewAnswer]


@with_config(_ANSWER)
class MemberAnswer(TypedDict):
    """A person in a crew, with the tickets that the person has."""

    id: Annotated[int, Field(description="of the membership")]
    person_id: int
    name: str
    personnel_number: str | None
    phone: Annotated[str, Field(description="empty for those who may not call")]
    username: Annotated[str | None, Field(description="of the account, for administrators")]
    leads: bool
    from_on: DayText
    until_on: DayText | None
    present: Annotated[bool, Field(description="whether today is within")]
    tickets: list[TicketAnswer]


@with_config(_ANSWER)
class CrewCardAnswer(TypedDict):
    """A crew with its members, their tickets, and its vehicles."""

    crew: CrewAnswer
    own_skills: Annotated[list[str], Field(description="recorded of the crew itself")]
    own_emergency_drive: bool
    members: Annotated[list[MemberAnswer], Field(description="present and future ones, by name")]
    past_members: list[MemberAnswer]
    vehicles: list[VehicleAnswer]


@with_config(_ANSWER)
class StationAnswer(TypedDict):
    """A depot that crews start from."""

    id: int
    name: str
    lon: float
    lat: float
    unit_id: int


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
