"""The crews' safety: what is asked, and the answers as the API shows them."""

from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Finite
from dispatch.core.field_types import Id
from dispatch.core.field_types import Instant
from dispatch.core.field_types import Key
from dispatch.core.field_types import Reason
from dispatch.core.instants import InstantText
from dispatch.safety.states import ANSWER_WITHIN_S
from dispatch.safety.states import HelpKind
from dispatch.safety.states import WatchState
from dispatch.safety.states import WorkPlace
from dispatch.writes.command import Command
from dispatch.writes.command import OptionalPlace
from dispatch.writes.command import RepeatableCommand

_ANSWER = ConfigDict(extra="forbid")
_Seconds = Annotated[Finite, Field(ge=30, le=24 * 3600)]


class SayWell(RepeatableCommand, OptionalPlace):
    """A crew is all right; it answers the check-in on scene and whoever asked all crews."""

    place: Annotated[
        WorkPlace | None,
        Field(description="where it works from now on; how often it reports follows from that"),
    ] = None


class RaiseSos(RepeatableCommand, OptionalPlace):
    """A crew is in distress."""

    fixed_at: Annotated[Instant | None, Field(description="how old the place is")] = None


class AskHelp(RepeatableCommand, OptionalPlace):
    """A crew needs more than it has."""

    what: HelpKind
    words: Reason | None = None
    assignment_id: Annotated[
        Id | None, Field(description="for which order; the one in work when not given")
    ] = None


class EndSafetyCall(Command):
    """Something that a desk has seen to."""

    reason: Reason | None = None
    client_id: Key | None = None


class TakeSos(Command):
    """Somebody at a desk sees to an SOS."""

    client_id: Key | None = None


class AskAllCrews(Command):
    """All crews of an incident, or all on duty, are to report."""

    incident_id: Annotated[Id | None, Field(description="all crews on duty when not given")] = None
    answer_within_s: Annotated[Finite, Field(ge=30, le=3600)] = ANSWER_WITHIN_S
    client_id: Key | None = None


class SetCheckInRule(Command):
    """How often crews report at a kind of incident; seconds."""

    every_s: Annotated[_Seconds, Field(description="then the phone rings")]
    grace_s: Annotated[_Seconds, Field(description="then the desk is alarmed")] = 120.0
    supervisor_s: Annotated[_Seconds, Field(description="then the supervisor is told")] = 180.0


@with_config(_ANSWER)
class CheckInStateAnswer(TypedDict):
    """A crew on scene that has to report, and what is known of it."""

    id: int
    assignment_id: int
    incident_id: int
    crew_id: int
    place: WorkPlace | None
    every_s: float
    state: WatchState
    started_at: InstantText
    well_at: Annotated[
        InstantText, Field(description="until then it is known to have been well, by its own clock")
    ]
    heard_at: Annotated[InstantText, Field(description="when that came in")]
    due_at: Annotated[InstantText, Field(description="when the phone rings")]
    alarm_at: Annotated[InstantText, Field(description="when the desk is alarmed")]
    missed_at: InstantText | None
    escalated_at: InstantText | None


@with_config(_ANSWER)
class HelpAnswer(TypedDict):
    """Help that a crew asked for, and has not got yet."""

    id: int
    assignment_id: int
    incident_id: int
    crew_id: int
    what: HelpKind
    words: str
    asked_at: Annotated[InstantText, Field(description="by the crew's clock")]
    received_at: InstantText
    ended_at: InstantText | None
    ended_by: str | None


@with_config(_ANSWER)
class OrderSafetyAnswer(TypedDict):
    """The safety of a crew at one order."""

    check_in: CheckInStateAnswer | None
    help: HelpAnswer | None


@with_config(_ANSWER)
class SosAnswer(TypedDict):
    """A crew in distress, and who sees to it."""

    id: int
    crew_id: int
    crew_name: str
    incident_id: int | None
    assignment_id: int | None
    raised_at: Annotated[InstantText, Field(description="by the crew's clock")]
    received_at: InstantText
    raised_by: str
    lon: float | None
    lat: float | None
    fixed_at: InstantText | None
    taken_at: InstantText | None
    taken_by: str | None
    escalated_at: InstantText | None
    ended_at: InstantText | None
    ended_by: str | None
    end_reason: str | None


@with_config(_ANSWER)
class RollCallCrewAnswer(TypedDict):
    """A crew that was asked to report."""

    crew_id: int
    crew_name: str
    answered_at: InstantText | None
    answered_by: Annotated[str | None, Field(description="itself, or the desk that reached it")]
    lon: Annotated[float | None, Field(description="where it was last")]
    lat: float | None
    fixed_at: InstantText | None


@with_config(_ANSWER)
class RollCallStateAnswer(TypedDict):
    """That all crews were asked to report."""

    id: int
    incident_id: int | None
    asked_at: InstantText
    asked_by: str
    answer_by: InstantText
    overdue_at: Annotated[InstantText | None, Field(description="when the desk was alarmed")]
    ended_at: InstantText | None
    ended_by: Annotated[str | None, Field(description="null while it runs, and if all answered")]


@with_config(_ANSWER)
class RollCallAnswerView(RollCallStateAnswer):
    """All crews report: who has, who has not."""

    crews: Annotated[list[RollCallCrewAnswer], Field(description="those that are missing first")]


@with_config(_ANSWER)
class CrewSafetyAnswer(TypedDict):
    """What a crew's own page shows of its safety."""

    crew_id: int
    check_ins: list[CheckInStateAnswer]
    roll_calls: Annotated[
        list[RollCallStateAnswer], Field(description="those that it has not answered")
    ]
    sos: Annotated[SosAnswer | None, Field(description="its own, until a desk ends it")]
    help: list[HelpAnswer]


@with_config(_ANSWER)
class SafetyBoardAnswer(TypedDict):
    """Everything about the crews' safety that a desk has to see now."""

    sos: list[SosAnswer]
    roll_calls: list[RollCallAnswerView]


@with_config(_ANSWER)
class CheckInRuleAnswer(TypedDict):
    """How often crews report at a kind of incident; seconds."""

    kind: str
    place: WorkPlace
    every_s: float
    grace_s: float
    supervisor_s: float


@with_config(_ANSWER)
class CheckInRulesAnswer(TypedDict):
    """All that hold; kinds without one need no check-ins."""

    rules: list[CheckInRuleAnswer]
