"""Notices to crews: what is asked, and the answers as the API shows them."""

from typing import Annotated
from typing import Any

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.instants import InstantText
from dispatch.notices.states import NoticeKind
from dispatch.writes.command import RepeatableCommand

_ANSWER = ConfigDict(extra="forbid")


class Understand(RepeatableCommand):
    """A crew has read a notice."""


@with_config(_ANSWER)
class NoticeStateAnswer(TypedDict):
    """The newest notice of an order: what it was told, and whether the crew confirmed it."""

    id: int
    kind: NoticeKind
    made_at: InstantText
    understood_at: InstantText | None
    understood_by: str | None
    lapsed_at: Annotated[
        InstantText | None,
        Field(description="when it no longer had to be confirmed: done, or the crew off duty"),
    ]


@with_config(_ANSWER)
class ChangedFieldAnswer(TypedDict):
    """One field of an incident that became another while a crew had the order."""

    field: Annotated[str, Field(description="priority, kind, address, place or description")]
    old: Any
    new: Any


@with_config(_ANSWER)
class NoticeAnswer(NoticeStateAnswer):
    """Something that a crew is told of an order and confirms."""

    assignment_id: int
    incident_id: int
    crew_id: int
    incident_kind: Annotated[str, Field(description="as it is now, like priority and address")]
    priority: int
    address: str
    rank: Annotated[int, Field(description="0: what the crew does or did; 1, 2, …: behind it")]
    what: list[ChangedFieldAnswer]
    reason: str
    made_by: str


@with_config(_ANSWER)
class NoticesAnswer(TypedDict):
    """What a crew has yet to confirm, oldest first."""

    notices: list[NoticeAnswer]
