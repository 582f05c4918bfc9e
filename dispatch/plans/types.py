"""Response plans: the commands, and the answers as the API shows them."""

from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.assignments.states import CrewRole
from dispatch.core.field_types import Id
from dispatch.core.field_types import Key
from dispatch.core.field_types import RadiusM
from dispatch.core.field_types import Reason
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import RequiredReason
from dispatch.core.field_types import Skill
from dispatch.core.field_types import Version
from dispatch.plans.states import HIGHEST_LEVEL
from dispatch.plans.states import LOWEST_LEVEL
from dispatch.plans.states import MOST_CREWS
from dispatch.writes.command import Command
from dispatch.writes.command import RepeatableCommand

_ANSWER = ConfigDict(extra="forbid")
_MOST_SKILLS = 8
Level = Annotated[int, Field(ge=LOWEST_LEVEL, le=HIGHEST_LEVEL, description="alarm level")]


class SetTask(Command):
    """What is to be done, by how many crews with which skills, from which alarm level on."""

    task: Annotated[RequiredName, Field(description="code, such as repair")]
    level: Level = LOWEST_LEVEL
    crews: Annotated[int, Field(ge=1, le=MOST_CREWS)] = 1
    role: Annotated[
        CrewRole, Field(strict=False, description="one crew leads: it says when the work is done")
    ] = CrewRole.SUPPORT
    skills: Annotated[
        tuple[Skill, ...],
        Field(max_length=_MOST_SKILLS, strict=False, description="a crew needs all of them"),
    ] = ()
    name_en: RequiredName
    name_zh: RequiredName


class SetPlan(Command):
    """A response plan as it shall be from now on, whole."""

    tasks: Annotated[tuple[SetTask, ...], Field(min_length=1, max_length=MOST_CREWS, strict=False)]
    client_id: Key | None = None


class ChangeLevel(RepeatableCommand):
    """The alarm level of an incident as it shall be, and why."""

    level: Level
    reason: RequiredReason
    expected_version: Version | None = None


class ChangeRole(RepeatableCommand):
    """A crew's part in an incident as it shall be."""

    role: Annotated[CrewRole, Field(strict=False)]
    reason: Reason | None = None


class ProposePlan(Command):
    """For which alarm level the crews are looked for; the incident's own if none is named."""

    level: Level | None = None
    radius_m: RadiusM | None = None


class PlanRow(Command):
    """One crew to send, and for what."""

    crew_id: Id
    task: RequiredName
    role: Annotated[CrewRole | None, Field(strict=False, description="the task's if left out")] = (
        None
    )
    queue: Annotated[
        bool | None, Field(description="let it wait behind the crew's present order")
    ] = None
    reason: Reason | None = None


class SendPlan(Command):
    """Crews to send at once; each row is sent whole or, if the world moved on, not at all."""

    rows: Annotated[tuple[PlanRow, ...], Field(min_length=1, max_length=MOST_CREWS, strict=False)]
    radius_m: RadiusM | None = None
    client_id: Key | None = None


@with_config(_ANSWER)
class TaskAnswer(TypedDict):
    """A task of a response plan."""

    task: str
    level: int
    crews: int
    role: CrewRole
    skills: list[str]
    name_en: str
    name_zh: str


@with_config(_ANSWER)
class PlanAnswer(TypedDict):
    """The response plan of a kind of incident; levels add up."""

    kind: str
    tasks: list[TaskAnswer]


@with_config(_ANSWER)
class PlansAnswer(TypedDict):
    """The response plans of all kinds, in the order of the form."""

    plans: list[PlanAnswer]


@with_config(_ANSWER)
class MissingTaskAnswer(TypedDict):
    """A task that misses a crew; named as often as it misses one."""

    task: str
    name_en: str
    name_zh: str


@with_config(_ANSWER)
class AttendanceAnswer(TypedDict):
    """How far an incident has the crews that its response plan asks for."""

    level: Annotated[int, Field(description="alarm level; levels add up")]
    highest_level: Annotated[int, Field(description="beyond it the plan adds nothing")]
    needed: Annotated[int, Field(description="crews that the plan asks for at this level")]
    assigned: Annotated[int, Field(description="of these, sent or done")]
    on_scene: Annotated[int, Field(description="of these, on scene or done")]
    attended: Annotated[bool, Field(description="every one of them is on scene, or done")]
    missing: list[MissingTaskAnswer]
