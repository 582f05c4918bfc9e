"""Shifts and swaps: what is asked, and the answers as the API shows them."""

from typing import Annotated
from typing import Self

from pydantic import ConfigDict
from pydantic import Field
from pydantic import ValidationError
from pydantic import model_validator
from pydantic import with_config
from pydantic_core import InitErrorDetails
from typing_extensions import TypedDict

from dispatch.core.field_types import Id
from dispatch.core.field_types import Instant
from dispatch.core.field_types import Key
from dispatch.core.field_types import Reason
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import Version
from dispatch.core.instants import InstantText
from dispatch.crews.states import Duty
from dispatch.pledges.types import DayText
from dispatch.pledges.types import HourText
from dispatch.shifts.states import RotaMark
from dispatch.shifts.states import SwapState
from dispatch.writes.command import Command

_ANSWER = ConfigDict(extra="forbid")
BeginText = Annotated[
    str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="HH:MM on the desk's wall")
]


def refuse_field(command: Command, field: str, kind: str = "missing") -> None:
    """Refuse one field of a command while it is being read."""
    detail = InitErrorDetails(type=kind, loc=(field,), input=None)
    raise ValidationError.from_exception_data(type(command).__name__, [detail])


class _Times(Command):
    """From when until when: a template and a day, a day and two times, or two instants."""

    template_id: Id | None = None
    day: Annotated[DayText | None, Field(description="on which it begins")] = None
    from_time: BeginText | None = None
    to_time: Annotated[
        HourText | None, Field(description="the same or an earlier time: of the next day")
    ] = None
    begins_at: Instant | None = None
    ends_at: Instant | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        """Hold that the times are given in one way, and wholly."""
        for names in (("template_id", "day"), ("from_time", "to_time", "day")):
            if getattr(self, names[0]) is not None:
                self._need(names)
                self._refuse_others({*names})
                return self
        self._need(("begins_at", "ends_at"))
        self._refuse_others({"begins_at", "ends_at"})
        return self

    def _need(self, names: tuple[str, ...]) -> None:
        for name in names:
            if getattr(self, name) is None:
                refuse_field(self, name)

    def _refuse_others(self, allowed: set[str]) -> None:
        for name in _Times.model_fields:
            if name not in allowed and getattr(self, name) is not None:
                refuse_field(self, name, "extra_forbidden")


class AddShift(_Times):
    """A single shift, whatever the rotations say."""

    crew_id: Id
    name: Annotated[RequiredName | None, Field(description="the template's if left out")] = None
    reason: Reason | None = None
    client_id: Key | None = None


class ChangeShift(_Times):
    """A shift at other times; its rotation leaves it alone from now on."""

    name: RequiredName | None = None
    reason: Reason | None = None
    expected_version: Version | None = None


class CancelShift(Command):
    """A shift that does not take place."""

    reason: Reason | None = None
    expected_version: Version | None = None


class AskSwap(Command):
    """Give a shift to another crew, for one of that crew's or for nothing."""

    with_crew_id: Id
    for_shift_id: Annotated[Id | None, Field(description="the other crew's, in exchange")] = None
    reason: Reason | None = None
    client_id: Key | None = None


class DecideSwap(Command):
    """An answer to a swap, or the decision on it."""

    reason: Reason | None = None


@with_config(_ANSWER)
class ShiftAnswer(TypedDict):
    """When one crew is to be on duty."""

    id: int
    crew_id: int
    crew_name: str
    begins_at: InstantText
    ends_at: InstantText
    day: Annotated[str, Field(description="on which it begins at the desk")]
    from_time: Annotated[str, Field(description="by the clock at the desk")]
    to_time: str
    name: str
    template_id: int | None
    rotation_id: int | None
    by_hand: Annotated[bool, Field(description="somebody made or changed it")]
    cancelled: bool
    reason: str
    swap_id: Annotated[int | None, Field(description="of the swap that is not decided yet")]
    version: int
    updated_at: InstantText
    updated_by: str


@with_config(_ANSWER)
class ShiftsAnswer(TypedDict):
    """Shifts of some days, in order."""

    time_zone: str
    first: str
    last: str
    shifts: list[ShiftAnswer]


@with_config(_ANSWER)
class CrewOnRotaAnswer(TypedDict):
    """How a crew's duty agrees with its rota at this moment."""

    crew_id: int
    duty: Duty
    mark: RotaMark
    ends_at: Annotated[InstantText | None, Field(description="end of the shift that it is in")]
    next_begins_at: InstantText | None
    rest_due: bool


@with_config(_ANSWER)
class RotaNowAnswer(TypedDict):
    """All crews that have a rota."""

    server_time: InstantText
    crews: list[CrewOnRotaAnswer]


@with_config(_ANSWER)
class SwapAnswer(TypedDict):
    """A swap of shifts."""

    id: int
    state: SwapState
    crew_id: int
    crew_name: str
    with_crew_id: int
    with_crew_name: str
    shift: ShiftAnswer
    for_shift: ShiftAnswer | None
    reason: str
    asked_at: InstantText
    asked_by: str
    answered_at: InstantText | None
    answered_by: str | None
    decided_at: InstantText | None
    decided_by: str | None
    decision_reason: str


@with_config(_ANSWER)
class SwapsAnswer(TypedDict):
    """Swaps, the newest first."""

    swaps: list[SwapAnswer]
