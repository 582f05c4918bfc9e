"""Answers of the board that join several rooms: events, and orders with their incidents."""

from typing import Annotated
from typing import Any
from typing import NotRequired

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.assignments.types import AssignmentAnswer
from dispatch.core.instants import InstantText
from dispatch.crews.types import CrewAnswer
from dispatch.incidents.types import IncidentAnswer

_ANSWER = ConfigDict(extra="forbid")


@with_config(_ANSWER)
class EventAnswer(TypedDict):
    """Something that happened, from the append-only log."""

    id: int
    kind: str
    at: InstantText
    occurred_at: InstantText
    actor: str
    incident_id: int | None
    assignment_id: int | None
    crew_id: int | None
    data: dict[str, Any]


@with_config(_ANSWER)
class EventsAnswer(TypedDict):
    """Events in the order in which they were committed."""

    events: list[EventAnswer]


@with_config(_ANSWER)
class StreamedEventAnswer(EventAnswer):
    """An event with what it concerns, as that stands now."""

    incident: NotRequired[IncidentAnswer]
    crew_ids: NotRequired[list[int]]
    crew: NotRequired[CrewAnswer]


@with_config(_ANSWER)
class AssignmentWithIncidentAnswer(AssignmentAnswer):
    """An assignment with its incident."""

    unread_from_desk: Annotated[
        int,
        Field(description="messages of the desk that the crew has not read; 0 once it has ended"),
    ]
    incident: IncidentAnswer


@with_config(_ANSWER)
class AssignmentsAnswer(TypedDict):
    """A crew's assignments, each with its incident; live ones first, in their order."""

    assignments: list[AssignmentWithIncidentAnswer]
