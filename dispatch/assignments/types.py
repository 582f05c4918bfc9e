"""Answers about assignments, as the API shows them."""

from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.assignments.states import AssignmentState
from dispatch.core.instants import InstantText


@with_config(ConfigDict(extra="forbid", title="Assignment"))
class AssignmentAnswer(TypedDict):
    """One crew sent to one incident."""

    id: int
    incident_id: int
    crew_id: int
    crew_name: str
    state: AssignmentState
    rank: Annotated[int, Field(description="0: what the crew does now; 1, 2, …: waiting behind it")]
    offered_at: InstantText
    asked_at: Annotated[
        InstantText | None,
        Field(
            description="when the crew was asked to see to it now: sent, or moved up to the front;"
            " null while it waits behind others"
        ),
    ]
    accepted_at: InstantText | None
    departed_at: InstantText | None
    arrived_at: InstantText | None
    completed_at: InstantText | None
    ended_at: InstantText | None
    eta_at: InstantText | None
    travel_time_s: float | None
    result: str | None
    reason: str | None
    sent_by: str | None
