"""Acknowledging an alarm: what is asked, and the answer as the API shows it."""

from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.alarms.states import AlarmKind
from dispatch.core.field_types import Id
from dispatch.core.field_types import Key
from dispatch.core.instants import InstantText
from dispatch.writes.command import Command


class AcknowledgeAlarm(Command):
    """Somebody has seen an alarm and sees to it."""

    alarm: AlarmKind
    assignment_id: Annotated[
        Id | None, Field(description="the order it is about; the latest such one when not given")
    ] = None
    client_id: Key | None = None


@with_config(ConfigDict(extra="forbid"))
class AcknowledgementAnswer(TypedDict):
    """Who has seen an alarm, and until when it is silent for that."""

    alarm: AlarmKind
    incident_id: int
    assignment_id: Annotated[
        int | None, Field(description="null for an alarm about the incident itself")
    ]
    by: str
    at: InstantText
    until: Annotated[
        InstantText, Field(description="from then on it is loud again, if it is not over")
    ]
