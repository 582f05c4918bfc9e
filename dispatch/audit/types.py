"""The trail as it is asked for and shown."""

from datetime import date
from typing import Annotated
from typing import Any

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import StringConstraints
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.audit.states import TrailKind
from dispatch.core.field_types import RequiredReason
from dispatch.core.instants import InstantText
from dispatch.writes.command import Command

_CLOSED = ConfigDict(extra="forbid")
_Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


class TrailFilters(BaseModel):
    """Which entries of the trail."""

    kind: TrailKind | None = None
    actor: Annotated[_Words | None, Field(description="part of the name of who did it")] = None
    subject: Annotated[
        _Words | None, Field(description="a kind of thing: account, crew, incident, …")
    ] = None
    subject_id: Annotated[_Words | None, Field(description="of that kind, the one")] = None
    words: Annotated[_Words | None, Field(description="in the old or new values")] = None
    from_: Annotated[date | None, Field(alias="from", description="first day at the desk")] = None
    to: Annotated[date | None, Field(description="last day at the desk")] = None


class LiftBlock(Command):
    """Let somebody read callers' numbers again."""

    reason: RequiredReason


@with_config(_CLOSED)
class TrailEntryAnswer(TypedDict):
    """One entry of the trail."""

    id: Annotated[str, Field(description="unique; sorts as the entries happened within one source")]
    kind: TrailKind
    action: Annotated[
        str, Field(description="insert, update, delete, accepted, an event's kind, …")
    ]
    at: InstantText
    actor_id: int | None
    actor: str
    subject: str
    subject_ids: list[str]
    before: Annotated[dict[str, Any] | None, Field(description="old values of what changed")]
    after: Annotated[dict[str, Any] | None, Field(description="new values of what changed")]


@with_config(_CLOSED)
class TrailAnswer(TypedDict):
    """Entries that pass the filters, the newest first."""

    entries: list[TrailEntryAnswer]
    next_before: Annotated[
        str | None, Field(description="null when there are no older ones; else ask on with it")
    ]


@with_config(_CLOSED)
class ReadingBlockAnswer(TypedDict):
    """Somebody who read too many records."""

    id: int
    account_id: int
    username: str
    display_name: str
    blocked_at: InstantText
    records: Annotated[int, Field(description="how many in the time that is looked at")]


@with_config(_CLOSED)
class ReadingBlocksAnswer(TypedDict):
    """Who may not read callers' numbers at the moment."""

    blocks: list[ReadingBlockAnswer]
    records: Annotated[int, Field(description="how many records are too many")]
    within_s: Annotated[float, Field(description="read within how long, in seconds")]
