"""The register of crews and of people: what is asked of the lists, and their rows."""

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.bulk import BulkIds
from dispatch.core.field_types import Id
from dispatch.core.field_types import Skill
from dispatch.core.instants import InstantText
from dispatch.core.list_query import ListQuery
from dispatch.crews.states import Duty
from dispatch.skills.types import DayText
from dispatch.skills.types import LapseAnswer
from dispatch.writes.command import Command

_ANSWER = ConfigDict(extra="forbid")


class InService(StrEnum):
    """Which rows of a register."""

    IN_SERVICE = "in_service"
    RETIRED = "retired"
    ALL = "all"


class CrewListQuery(ListQuery):
    """Which crews."""

    station_id: Id | None = None
    skill: Skill | None = None
    duty: Duty | None = None
    service: InService = InService.IN_SERVICE
    lapsed: Annotated[
        bool | None, Field(description="whether it lacks skills because tickets ended")
    ] = None


class PersonListQuery(ListQuery):
    """Which people."""

    crew_id: Id | None = None
    in_crew: Annotated[bool | None, Field(description="whether in any crew today")] = None


class ChangeCrews(Command):
    """What several crews are to be, all or none of them."""

    ids: BulkIds
    station_id: Annotated[Id | None, Field(description="null: of no station")] = None
    retire: bool = False


@with_config(_ANSWER)
class CrewRowAnswer(TypedDict):
    """A crew in the register."""

    id: int
    name: str
    station_id: int | None
    station: str | None
    unit_id: int
    unit_name: str | None
    skills: Annotated[list[str], Field(description="what it can do now")]
    own_skills: Annotated[list[str], Field(description="recorded of the crew itself")]
    lapsed: list[LapseAnswer]
    emergency_drive: bool
    own_emergency_drive: bool
    duty: Duty
    members: Annotated[int, Field(description="present ones")]
    leader: str | None
    plates: list[str]
    expires_on: Annotated[DayText | None, Field(description="the next ticket to expire")]
    retired_at: InstantText | None


@with_config(_ANSWER)
class CrewRowsAnswer(TypedDict):
    """Crews of the register, and how many there are in all."""

    crews: list[CrewRowAnswer]
    total: int


@with_config(_ANSWER)
class PersonRowAnswer(TypedDict):
    """A person in the register, with the crew of today."""

    id: int
    name: str
    personnel_number: str | None
    phone: Annotated[str, Field(description="empty for those who may not call")]
    username: str | None
    member_id: Annotated[int | None, Field(description="of the membership of today")]
    crew_id: int | None
    crew: str | None
    leads: bool
    from_on: DayText | None
    until_on: DayText | None
    skills: Annotated[list[str], Field(description="of tickets that are valid today")]
    expires_on: Annotated[DayText | None, Field(description="the next of them to expire")]


@with_config(_ANSWER)
class PersonRowsAnswer(TypedDict):
    """People of the register, and how many there are in all."""

    people: list[PersonRowAnswer]
    total: int
