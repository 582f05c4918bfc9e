"""Clocks: the commands, and the answers as the API shows them."""

from typing import Annotated
from typing import Any

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Reason
from dispatch.core.field_types import RequiredReason
from dispatch.core.instants import InstantText
from dispatch.pledge_clocks.states import BreachCause
from dispatch.pledge_clocks.states import ClockState
from dispatch.pledge_clocks.states import ClockVerdict
from dispatch.pledge_clocks.states import EndReason
from dispatch.pledges.states import PauseReason
from dispatch.pledges.states import StopEvent
from dispatch.pledges.states import WeatherClass
from dispatch.writes.command import RepeatableCommand

_ANSWER = ConfigDict(extra="forbid")


class PauseClock(RepeatableCommand):
    """Let a clock stand still."""

    reason: PauseReason
    note: Reason | None = None


class ResumeClock(RepeatableCommand):
    """Let a clock run again."""

    note: Reason | None = None


class GiveCause(RepeatableCommand):
    """Why a pledge was missed, as the desk says."""

    cause: BreachCause
    note: RequiredReason | None = None


@with_config(_ANSWER)
class ClockAnswer(TypedDict):
    """A clock of an incident, as boards show it."""

    id: int
    name_en: str
    name_zh: str
    stop: StopEvent
    state: ClockState
    limit_s: float
    started_at: InstantText
    warn_at: Annotated[InstantText | None, Field(description="null while it is paused")]
    due_at: InstantText | None
    left_s: Annotated[float | None, Field(description="what is left of a paused one; else null")]
    paused_by: Annotated[str | None, Field(description="the reason while it is paused")]
    breached_at: InstantText | None
    stopped_at: InstantText | None
    verdict: ClockVerdict | None
    cause: BreachCause | None
    may_pause_for: list[PauseReason]
    example: bool


@with_config(_ANSWER)
class PauseAnswer(TypedDict):
    """A time that did not count."""

    begin: InstantText
    end: InstantText | None
    reason: str
    by: str


@with_config(_ANSWER)
class ClockTraceAnswer(TypedDict):
    """What a clock was before the incident changed."""

    at: InstantText
    why: str
    by: str
    name_en: str
    name_zh: str
    limit_s: float
    started_at: InstantText


@with_config(_ANSWER)
class WholeClockAnswer(ClockAnswer):
    """A clock with all that its verdict follows from."""

    rule: Annotated[dict[str, Any], Field(description="the pledge, frozen when it was started")]
    weather: WeatherClass
    pauses: list[PauseAnswer]
    trace: list[ClockTraceAnswer]
    warned_at: InstantText | None
    used_s: float | None
    end_reason: EndReason | None
    cause_note: str
    cause_by: Annotated[str | None, Field(description="null: computed from the times")]


@with_config(_ANSWER)
class ClocksAnswer(TypedDict):
    """The clocks of an incident, the oldest first."""

    server_time: InstantText
    clocks: list[WholeClockAnswer]
