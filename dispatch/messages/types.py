"""Messages as they are sent, read and shown."""

from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Id
from dispatch.core.field_types import Instant
from dispatch.core.field_types import Key
from dispatch.core.field_types import MessageWords
from dispatch.core.instants import InstantText
from dispatch.messages.states import Side
from dispatch.writes.command import Command


class SendMessage(Command):
    """Say something about an incident to the other side."""

    words: MessageWords
    crew_id: Annotated[
        Id | None,
        Field(description="the desk: to this crew alone; left out: to all crews of the incident"),
    ] = None
    written_at: Annotated[
        Instant | None, Field(description="when it was written, by the writer's clock")
    ] = None
    client_id: Key | None = None


class ReadMessages(Command):
    """Say that everything up to a message was read."""

    up_to: Annotated[Id, Field(description="the newest message that was on the screen")]


@with_config(ConfigDict(extra="forbid", title="MessageRead"))
class MessageReadAnswer(TypedDict):
    """That one side has read a message."""

    side: Side
    crew_id: Annotated[int | None, Field(description="null: the desk")]
    crew_name: str | None
    name: Annotated[str, Field(description="of the person who read it")]
    at: InstantText


@with_config(ConfigDict(extra="forbid", title="Message"))
class MessageAnswer(TypedDict):
    """What one side said to the other."""

    id: int
    incident_id: int
    side: Side
    crew_id: Annotated[
        int | None,
        Field(description="the crew that wrote it or that the desk wrote to; null: to all there"),
    ]
    crew_name: str | None
    author: str
    words: Annotated[str, Field(description="empty once erased, having been kept long enough")]
    written_at: InstantText
    sent_at: InstantText
    client_id: Annotated[str | None, Field(description="told to its sender only")]
    read_by: Annotated[
        list[MessageReadAnswer], Field(description="who of the other side has read it, and when")
    ]


@with_config(ConfigDict(extra="forbid", title="Messages"))
class MessagesAnswer(TypedDict):
    """The conversation about an incident, the oldest message first."""

    messages: list[MessageAnswer]


@with_config(ConfigDict(extra="forbid", title="MessagesRead"))
class MessagesReadAnswer(TypedDict):
    """How far the reader's side has read, and what is left."""

    up_to: Annotated[int | None, Field(description="null: nothing of the other side was read")]
    unread: int
