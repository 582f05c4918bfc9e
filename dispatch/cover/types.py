"""Cover and move-ups: what is asked, and the answers as the API shows them."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Address
from dispatch.core.field_types import Id
from dispatch.core.field_types import Lat
from dispatch.core.field_types import Lon
from dispatch.core.field_types import Name
from dispatch.core.field_types import Reason
from dispatch.core.instants import InstantText
from dispatch.cover.states import MoveUpEnd
from dispatch.cover.states import MoveUpState
from dispatch.writes.command import RepeatableCommand

MOST_CREWS_ASKED = 8
_ANSWER = ConfigDict(extra="forbid")
Percent = Annotated[int, Field(ge=0, le=100)]


class AreaKind(StrEnum):
    """What the areas are whose cover is told."""

    RESPONSE_AREA = "response_area"
    DISTRICT = "district"
    QUARTER = "quarter"
    """No zones are drawn: nine parts of the city, named after points of the compass."""


@with_config(_ANSWER)
class AreaAnswer(TypedDict):
    """An area; a quarter's name is its point of the compass, to be translated."""

    kind: AreaKind
    name: str
    name_zh: str


@with_config(_ANSWER)
class RestoreAnswer(TypedDict):
    """The crew that restores most of the cover by standing somewhere else."""

    crew_id: int
    crew_name: str
    lon: float
    lat: float
    place: Annotated[str, Field(description="station or address; may be empty")]
    travel_time_s: Annotated[float | None, Field(description="of its drive to there")]
    restored_pct: Annotated[Percent, Field(description="cover of the area once it stands there")]


@with_config(_ANSWER)
class CrewCoverAnswer(TypedDict):
    """What sending a crew would uncover; ``area`` is null when nothing worth saying."""

    crew_id: int
    area: Annotated[AreaAnswer | None, Field(description="the one that loses most")]
    before_pct: Percent | None
    after_pct: Percent | None
    restore: RestoreAnswer | None


@with_config(_ANSWER)
class CoverAnswer(TypedDict):
    """What sending each of some crews would uncover."""

    computed_at: InstantText
    within_s: float
    known: Annotated[bool, Field(description="false while no road network answers")]
    crews: list[CrewCoverAnswer]


class WhyMoveUp(BaseModel):
    """The cover that is to be restored, as it was shown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    area: Name
    area_kind: AreaKind | None = None
    area_zh: Name | None = None
    instead_of_crew_id: Id | None = None
    before_pct: Percent
    after_pct: Percent
    restored_pct: Percent


class AskMoveUp(RepeatableCommand):
    """Ask an idle crew to stand at a place until it is sent."""

    crew_id: Id
    lon: Lon
    lat: Lat
    place: Annotated[
        Address | None, Field(description="what it is called; derived if left out")
    ] = None
    reason: Reason | None = None
    why: WhyMoveUp | None = None


class AnswerMoveUp(RepeatableCommand):
    """Accept, decline or cancel a move-up."""

    reason: Reason | None = None


@with_config(_ANSWER)
class MoveUpAnswer(TypedDict):
    """A crew asked to stand somewhere."""

    id: int
    crew_id: int
    crew_name: str
    state: MoveUpState
    lon: float
    lat: float
    place: str
    reason: str
    area: Annotated[str, Field(description="whose cover it restores; may be empty")]
    area_zh: str
    area_kind: AreaKind | None
    asked_at: InstantText
    asked_by: str
    accepted_at: InstantText | None
    ended_at: InstantText | None
    ended_how: MoveUpEnd | None


@with_config(_ANSWER)
class MoveUpsAnswer(TypedDict):
    """The move-ups that are alive, the newest last."""

    server_time: InstantText
    move_ups: list[MoveUpAnswer]
