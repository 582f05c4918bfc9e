"""Outcomes: the commands, and the answers as the API shows them."""

from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Instant
from dispatch.core.field_types import Name
from dispatch.core.field_types import RequiredName
from dispatch.forms.types import MOST_CODES
from dispatch.forms.types import MOST_MINUTES
from dispatch.forms.types import MOST_PARTS
from dispatch.forms.types import Code
from dispatch.forms.types import UsedPart
from dispatch.outcomes.states import Effect
from dispatch.writes.command import Command
from dispatch.writes.command import Step

_ANSWER = ConfigDict(extra="forbid")
_MOST_SORT = 10_000


class Complete(Step):
    """The end of an order: how it ended, in the crew's words too, and when a repair is to follow.

    Without ``outcome``, as crew pages of earlier releases send it, ``result`` may be one of the
    codes ``repaired``, ``nothing_found``, ``made_safe`` and ``no_access``; the words are then in
    ``reason``.
    """

    outcome: Annotated[
        Name | None,
        Field(description="one of GET /api/v1/outcomes for the incident's kind"),
    ] = None
    follow_up_due_at: Annotated[
        Instant | None,
        Field(
            description="when the repair that follows is due: later than now, within a year; only "
            "with an outcome whose effect is follow_up"
        ),
    ] = None
    codes: Annotated[
        tuple[Code, ...],
        Field(max_length=MOST_CODES, strict=False, description="result codes: causes, repairs"),
    ] = ()
    parts: Annotated[tuple[UsedPart, ...], Field(max_length=MOST_PARTS, strict=False)] = ()
    minutes: Annotated[
        int | None, Field(ge=0, le=MOST_MINUTES, description="worked on the spot")
    ] = None


class SetOutcome(Command):
    """An outcome as it shall be from now on; what has ended with it stays as it was."""

    name_en: RequiredName
    name_zh: RequiredName
    effect: Effect
    sort: Annotated[
        int | None,
        Field(ge=0, le=_MOST_SORT, description="place in the list; as before, or last"),
    ] = None


@with_config(_ANSWER)
class OutcomeAnswer(TypedDict):
    """One way in which an order can end."""

    code: str
    name_en: str
    name_zh: str
    effect: Effect


@with_config(_ANSWER)
class OutcomesAnswer(TypedDict):
    """The outcomes of a kind of incident that are offered, in the order of the form."""

    outcomes: list[OutcomeAnswer]
