"""Silent crews, and limits of silence, as the API shows and takes them."""

from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Id
from dispatch.core.instants import InstantText
from dispatch.crews.states import Duty
from dispatch.writes.command import Command

_ANSWER = ConfigDict(extra="forbid")
_Seconds = Annotated[float, Field(ge=10, le=86_400, allow_inf_nan=False)]


class SetSilenceLimit(Command):
    """How long crews of a unit, or one crew, may be unheard; in place of what is set for it."""

    unit_id: Annotated[Id | None, Field(description="one's own unit if null")] = None
    crew_id: Annotated[Id | None, Field(description="this crew alone")] = None
    driving_s: _Seconds
    parked_s: _Seconds
    break_s: _Seconds
    supervisor_s: Annotated[_Seconds, Field(description="from the alarm to the supervisor")]


class SeeSilence(Command):
    """Somebody at a desk sees to a silent crew."""


@with_config(_ANSWER)
class SilentCrewAnswer(TypedDict):
    """A crew that is on duty and not heard."""

    crew_id: int
    crew_name: str
    duty: Duty
    heard_at: Annotated[InstantText | None, Field(description="last; null if never on this duty")]
    limit_s: float
    alarmed_at: InstantText
    escalate_at: Annotated[InstantText, Field(description="when the supervisor is told")]
    escalated_at: InstantText | None
    seen_at: InstantText | None
    seen_by: str | None
    last_lonlat: list[float] | None
    fixed_at: InstantText | None


@with_config(_ANSWER)
class SilentCrewsAnswer(TypedDict):
    """Crews that are silent, those longest so first."""

    silent: list[SilentCrewAnswer]


@with_config(_ANSWER)
class SilenceLimitAnswer(TypedDict):
    """Limits that are set for a unit or a crew; seconds."""

    id: int
    unit_id: int
    crew_id: int | None
    name: Annotated[str, Field(description="of the crew, or else of the unit")]
    driving_s: float
    parked_s: float
    break_s: float
    supervisor_s: float
    changed_at: InstantText
    changed_by: str


@with_config(_ANSWER)
class ShippedLimitsAnswer(TypedDict):
    """Limits where none are set, by the installation's setting; seconds."""

    driving_s: float
    parked_s: float
    break_s: float
    supervisor_s: float


@with_config(_ANSWER)
class SilenceLimitsAnswer(TypedDict):
    """All limits that are seen, and those that hold where there are none."""

    limits: list[SilenceLimitAnswer]
    otherwise: ShippedLimitsAnswer
