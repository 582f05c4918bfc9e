"""Kinds of shifts, rotations, minimum staffing, feeds: what is asked, and the answers."""

from typing import Annotated
from typing import Self

from pydantic import ConfigDict
from pydantic import Field
from pydantic import model_validator
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Id
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import Skill
from dispatch.core.field_types import Version
from dispatch.core.instants import InstantText
from dispatch.pledges.states import DayKind
from dispatch.pledges.types import Code
from dispatch.pledges.types import DayText
from dispatch.pledges.types import HourText
from dispatch.shifts.types import BeginText
from dispatch.shifts.types import refuse_field
from dispatch.writes.command import Command

_ANSWER = ConfigDict(extra="forbid")
MOST_CYCLE_DAYS = 366
_MOST_A_DAY = 4
_MOST_CREWS = 500
Weekday = Annotated[int, Field(ge=0, le=6, description="Monday is 0")]


class _Hours(Command):
    """Hours of some days."""

    from_time: BeginText
    to_time: Annotated[
        HourText, Field(description="the same or an earlier time: until then of the next day")
    ]
    weekdays: Annotated[
        list[Weekday], Field(default_factory=list, max_length=7, description="none: every day")
    ]
    days: Annotated[DayKind, Field(description="by the calendar")] = DayKind.ANY
    calendar: Annotated[Code, Field(description="says which days are workdays")] = "office"


class SetTemplate(_Hours):
    """A kind of shift as it shall be; shifts that are there already stay as they are."""

    name: RequiredName
    expected_version: Version | None = None


class RotatingCrew(Command):
    """A crew of a rotation."""

    crew_id: Id
    offset_days: Annotated[
        int, Field(ge=0, le=MOST_CYCLE_DAYS - 1, description="the day of the cycle it begins on")
    ] = 0


class SetRotation(Command):
    """A rotation as it shall be; shifts that have begun, or were changed by hand, stay."""

    name: RequiredName
    starts_on: DayText
    ends_on: Annotated[DayText | None, Field(description="the last day")] = None
    cycle: Annotated[
        list[Annotated[list[Id], Field(max_length=_MOST_A_DAY)]],
        Field(min_length=1, max_length=MOST_CYCLE_DAYS, description="templates of each day"),
    ]
    crews: Annotated[list[RotatingCrew], Field(min_length=1, max_length=_MOST_CREWS)]
    expected_version: Version | None = None


class SetStaffingRule(_Hours):
    """How many crews there should be at least."""

    name: RequiredName
    station_id: Annotated[Id | None, Field(description="of the crews of this station")] = None
    zone_id: Annotated[Id | None, Field(description="of the crews of stations in it")] = None
    skill: Skill | None = None
    least: Annotated[int, Field(ge=1, le=1000)]
    expected_version: Version | None = None

    @model_validator(mode="after")
    def _one_area(self) -> Self:
        if self.station_id is not None and self.zone_id is not None:
            refuse_field(self, "zone_id", "extra_forbidden")
        return self


@with_config(_ANSWER)
class TemplateAnswer(TypedDict):
    """A kind of shift."""

    id: int
    name: str
    from_time: str
    to_time: str
    weekdays: Annotated[list[int], Field(description="Monday is 0; none: every day")]
    days: DayKind
    calendar: str
    retired: bool
    version: int
    updated_at: InstantText
    updated_by: str


@with_config(_ANSWER)
class TemplatesAnswer(TypedDict):
    """All kinds of shifts that can be planned."""

    time_zone: str
    templates: list[TemplateAnswer]


@with_config(_ANSWER)
class RotatingCrewAnswer(TypedDict):
    """A crew of a rotation."""

    crew_id: int
    crew_name: str
    offset_days: int


@with_config(_ANSWER)
class RotationAnswer(TypedDict):
    """A cycle of days that several crews go through."""

    id: int
    name: str
    starts_on: str
    ends_on: str | None
    cycle: list[list[int]]
    crews: list[RotatingCrewAnswer]
    made_until: Annotated[str, Field(description="shifts are there until this day, not included")]
    retired: bool
    version: int
    updated_at: InstantText
    updated_by: str


@with_config(_ANSWER)
class RotationsAnswer(TypedDict):
    """All rotations."""

    rotations: list[RotationAnswer]


@with_config(_ANSWER)
class SetRotationAnswer(TypedDict):
    """A rotation, and what became of its shifts to come."""

    rotation: RotationAnswer
    added: int
    removed: int


@with_config(_ANSWER)
class StaffingRuleAnswer(TypedDict):
    """How many crews there should be at least."""

    id: int
    name: str
    station_id: int | None
    zone_id: int | None
    area: Annotated[str | None, Field(description="name of the station or zone")]
    skill: str | None
    from_time: str
    to_time: str
    weekdays: list[int]
    days: DayKind
    calendar: str
    least: int
    retired: bool
    version: int
    updated_at: InstantText
    updated_by: str


@with_config(_ANSWER)
class StaffingRulesAnswer(TypedDict):
    """All rules in force."""

    rules: list[StaffingRuleAnswer]


@with_config(_ANSWER)
class GapAnswer(TypedDict):
    """A time in which too few crews are planned."""

    rule_id: int
    name: str
    area: str | None
    skill: str | None
    begins_at: InstantText
    ends_at: InstantText
    have: int
    least: int


@with_config(_ANSWER)
class GapsAnswer(TypedDict):
    """Where and when too few crews are planned, in order."""

    computed_at: InstantText
    until: InstantText
    gaps: list[GapAnswer]


@with_config(_ANSWER)
class FeedAnswer(TypedDict):
    """The secret address of a crew's calendar."""

    crew_id: int
    exists: bool
    path: Annotated[str | None, Field(description="told once, when it is made")]
    made_at: InstantText | None
    made_by: str | None
