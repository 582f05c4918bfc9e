"""Skills and tickets: what is asked, and the answers as the API shows them."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from typing import Self

from pydantic import ConfigDict
from pydantic import Field
from pydantic import model_validator
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.errors import N_
from dispatch.core.field_errors import in_own_words
from dispatch.core.field_types import Day
from dispatch.core.field_types import Name
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import RequiredReason
from dispatch.core.field_types import Skill
from dispatch.core.instants import InstantText
from dispatch.skills.states import Ended
from dispatch.skills.states import TicketState
from dispatch.writes.command import Command
from dispatch.writes.command import RepeatableCommand

_ANSWER = ConfigDict(extra="forbid")
DayText = Annotated[str, Field(json_schema_extra={"format": "date"})]
"""A local day, as 2026-11-30."""


class SetListEntry(Command):
    """An entry of the list of skills, or of equipment, in both languages."""

    name_en: RequiredName
    name_zh: RequiredName
    sort: Annotated[int | None, Field(ge=0, le=10_000)] = None
    retired: bool = False


class TicketPeriod(Command):
    """From which day to which a ticket is valid, both included."""

    valid_from: Day
    valid_until: Annotated[Day | None, Field(description="null: it does not expire")] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        refuse_backwards(self.valid_from, self.valid_until)
        return self


def refuse_backwards(first: date, last: date | None) -> None:
    """Refuse a period that ends before it begins."""
    if last is not None and last < first:
        raise in_own_words(N_("must not end before it begins"))


class AddTicket(RepeatableCommand, TicketPeriod):
    """A ticket of a person."""

    skill: Skill
    number: Name = ""
    issued_by: Name = ""


class ChangeTicket(TicketPeriod):
    """A ticket as it is to be; its person and its skill stay."""

    number: Name = ""
    issued_by: Name = ""


class WithdrawTicket(RepeatableCommand):
    """A ticket ceases to count at once."""

    reason: RequiredReason


@with_config(_ANSWER)
class ListEntryAnswer(TypedDict):
    """An entry of the list of skills, or of equipment."""

    code: str
    name_en: str
    name_zh: str
    sort: int
    retired: bool


@with_config(_ANSWER)
class SkillAnswer(ListEntryAnswer):
    """A skill, and how many crews have it now."""

    crews: int
    crews_lapsed: Annotated[int, Field(description="that lack it because tickets ended")]


@with_config(_ANSWER)
class SkillsAnswer(TypedDict):
    """The list of skills, in its order."""

    skills: list[SkillAnswer]
    total: int
    warning_days: Annotated[int, Field(description="before its last day a ticket is warned of")]


@with_config(_ANSWER)
class TicketAnswer(TypedDict):
    """A ticket of a person, as it stands today."""

    id: int
    person_id: int
    person_name: str
    personnel_number: str | None
    crew_id: Annotated[int | None, Field(description="the crew that the person is in today")]
    crew_name: str | None
    skill: str
    number: str
    issued_by: str
    valid_from: DayText
    valid_until: DayText | None
    state: TicketState
    days_left: Annotated[int | None, Field(description="until its last day; null without one")]
    added_at: InstantText
    added_by: str
    withdrawn_at: InstantText | None
    withdrawn_by: str | None
    withdrawn_why: str | None


@with_config(_ANSWER)
class TicketsAnswer(TypedDict):
    """Tickets, and how many there are in all."""

    tickets: list[TicketAnswer]
    total: int


@with_config(_ANSWER)
class LapseAnswer(TypedDict):
    """A skill that a crew lacks because a ticket ended, and when."""

    skill: str
    how: Ended
    day: Annotated[DayText, Field(description="the last valid day; of the withdrawal")]


def lapses(stored: Mapping[str, Mapping[str, str]] | None) -> list[LapseAnswer]:
    """Return a crew's lapsed skills, as its row has them, as the API shows them."""
    return [
        {"skill": code, "how": Ended(each["how"]), "day": each["day"]}
        for code, each in sorted((stored or {}).items())
    ]
