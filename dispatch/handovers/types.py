"""Hand-overs at the end of a shift: what is asked, and the answers as the API shows them."""

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.assignments.states import AssignmentState
from dispatch.assignments.types import AssignmentAnswer
from dispatch.core.errors import N_
from dispatch.core.field_types import Id
from dispatch.core.field_types import Key
from dispatch.core.field_types import Reason
from dispatch.core.instants import InstantText
from dispatch.crews.states import Duty
from dispatch.writes.command import Command

_ANSWER = ConfigDict(extra="forbid")
_MOST = 50


class Kept(StrEnum):
    """Why an order stays with its crew."""

    ON_SCENE = "on_scene"
    ALREADY_SENT = "already_sent"
    """The other crew has an order for the same incident."""
    NEW = "new"
    """It came while the others were being handed over."""


KEPT_LABELS = {
    Kept.ON_SCENE: N_("the crew is on scene"),
    Kept.ALREADY_SENT: N_("the other crew is sent there already"),
    Kept.NEW: N_("the order is new"),
}


class HandOver(Command):
    """Give orders of a crew to another one."""

    to_crew_id: Id
    assignment_ids: Annotated[
        list[Id] | None,
        Field(max_length=_MOST, description="null: all that the crew is not on scene for"),
    ] = None
    on_scene: Annotated[
        list[Id],
        Field(
            default_factory=list,
            max_length=_MOST,
            description="orders that are handed over although the crew is on scene",
        ),
    ]
    reason: Reason | None = None
    client_id: Key | None = None


@with_config(_ANSWER)
class KeptOrderAnswer(TypedDict):
    """An order that stays with its crew."""

    assignment_id: int
    incident_id: int
    why: Kept


@with_config(_ANSWER)
class HandedOverAnswer(TypedDict):
    """What was handed over, as the other crew's orders, and what was not."""

    crew_id: int
    to_crew_id: int
    handed_over: list[AssignmentAnswer]
    kept: list[KeptOrderAnswer]


@with_config(_ANSWER)
class OpenOrderAnswer(TypedDict):
    """An order that is not done when its crew's shift ends."""

    assignment_id: int
    incident_id: int
    kind: str
    priority: int
    address: str
    state: AssignmentState
    rank: int


@with_config(_ANSWER)
class IncomingAnswer(TypedDict):
    """A crew whose shift begins when the other's ends."""

    crew_id: int
    crew_name: str
    begins_at: InstantText
    duty: Duty


@with_config(_ANSWER)
class LeavingAnswer(TypedDict):
    """A crew whose shift ends soon, or has ended, with what it still has to do."""

    crew_id: int
    crew_name: str
    ends_at: InstantText
    orders: list[OpenOrderAnswer]
    incoming: Annotated[list[IncomingAnswer], Field(description="those of the same station first")]


@with_config(_ANSWER)
class LeavingsAnswer(TypedDict):
    """What is to be handed over now or soon."""

    leaving: list[LeavingAnswer]
