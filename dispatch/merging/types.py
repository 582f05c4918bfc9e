"""Duplicates: proposals, merges and calls back, as the API takes and shows them."""

from typing import Annotated
from typing import Literal

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.assignments.types import AssignmentAnswer
from dispatch.core.field_types import Finite
from dispatch.core.field_types import Id
from dispatch.core.field_types import Instant
from dispatch.core.field_types import Key
from dispatch.core.field_types import Reason
from dispatch.core.instants import InstantText
from dispatch.core.limits import MOST_DANGER_M
from dispatch.incidents.types import CallBackAnswer
from dispatch.incidents.types import Channel
from dispatch.incidents.types import IncidentAnswer
from dispatch.writes.command import Command
from dispatch.writes.command import RepeatableCommand

_ANSWER = ConfigDict(extra="forbid")
WhyCode = Literal[
    "place",
    "same_main",
    "same_address",
    "same_street",
    "same_kind",
    "same_utility",
    "lately",
]


class MergeIncident(RepeatableCommand):
    """Merge an incident into another; what was merged itself is followed to where it leads."""

    into: Annotated[Id, Field(description="the incident that goes on")]
    orders: Annotated[
        Literal["move", "withdraw"] | None,
        Field(
            description="what becomes of live orders, required while there are any: they go on for "
            "the other incident, or their crews are recalled"
        ),
    ] = None
    reason: Reason | None = None


class UnmergeIncident(RepeatableCommand):
    """Take an incident out of the one that it was merged into."""

    orders: Annotated[
        Literal["return", "keep"] | None,
        Field(description="live orders that went over with it: they return (the default), or stay"),
    ] = None
    reason: Reason | None = None


class MarkCalledBack(Command):
    """That somebody who reported something was called back, or after all was not."""

    called: Annotated[bool, Field(description="false takes the tick away")] = True
    called_at: Annotated[Instant | None, Field(description="now when not given")] = None
    note: Annotated[Reason | None, Field(description="what was said")] = None
    client_id: Key | None = None


class SetDangerRadius(Command):
    """How far around an incident, or incidents of a kind, people are in danger."""

    radius_m: Annotated[
        Annotated[Finite, Field(ge=0, le=MOST_DANGER_M)] | None,
        Field(description="metres; 0 for no circle; null: of an incident as its kind, else none"),
    ]
    client_id: Key | None = None


@with_config(_ANSWER)
class ReasonAnswer(TypedDict):
    """One thing that speaks for two reports being about the same."""

    code: WhyCode
    detail: Annotated[str | None, Field(description="what the main is called")]


@with_config(_ANSWER)
class NearIncidentAnswer(TypedDict):
    """An incident near a place, how far from it, and how likely it is what is reported there."""

    distance_m: Annotated[float, Field(description="in a straight line")]
    score: Annotated[float, Field(description="0 to 1")]
    likely: Annotated[bool, Field(description="whether the score is high enough to propose it")]
    reasons: Annotated[list[ReasonAnswer], Field(description="the weightiest first")]
    incident: IncidentAnswer


@with_config(_ANSWER)
class NearIncidentsAnswer(TypedDict):
    """Incidents that are known near a place and have not ended, the likeliest first."""

    incidents: list[NearIncidentAnswer]


@with_config(_ANSWER)
class MergeAnswer(TypedDict):
    """Two incidents after they were merged, or taken apart."""

    incident: Annotated[IncidentAnswer, Field(description="the one that was named")]
    other: Annotated[IncidentAnswer, Field(description="the one that it leads to, or led to")]
    orders_moved: Annotated[list[int], Field(description="orders that changed their incident")]
    orders_withdrawn: list[int]


@with_config(_ANSWER)
class MergedOrderAnswer(TypedDict):
    """A live order of an incident that may be merged, and what `move` would do with it."""

    assignment: AssignmentAnswer
    if_moved: Annotated[
        Literal["goes_over", "replaces", "ends"],
        Field(
            description="goes_over; replaces: its crew has an order for the other incident behind "
            "it, which ends; ends: its crew has one for the other incident before it"
        ),
    ]


@with_config(_ANSWER)
class MergePreviewAnswer(TypedDict):
    """What a merge would bring together."""

    incident: IncidentAnswer
    into: Annotated[IncidentAnswer, Field(description="where the named one leads to")]
    distance_m: float
    score: float
    likely: bool
    reasons: list[ReasonAnswer]
    orders: list[MergedOrderAnswer]


@with_config(_ANSWER)
class MergedAnswer(TypedDict):
    """One incident that was merged into another."""

    incident: IncidentAnswer
    into_id: Annotated[int, Field(description="what it was merged into itself")]
    merged_at: InstantText
    merged_by: str
    reason: str


@with_config(_ANSWER)
class MergedIncidentsAnswer(TypedDict):
    """What was merged into an incident, the oldest merge first."""

    merged: list[MergedAnswer]


@with_config(_ANSWER)
class PersonAnswer(TypedDict):
    """Somebody who reported an incident, once or more often under one telephone number."""

    name: str
    phone: str
    channel: Channel
    words: str
    first_told_at: InstantText
    last_told_at: InstantText
    report_ids: Annotated[list[int], Field(description="the newest last")]
    call_back: Annotated[CallBackAnswer | None, Field(description="null: still to be called back")]


@with_config(_ANSWER)
class PeopleAnswer(TypedDict):
    """Who is to be called back about an incident, in the order in which they called."""

    people: list[PersonAnswer]
    total: int
    to_call_back: int


@with_config(_ANSWER)
class DangerRadiusAnswer(TypedDict):
    """How far around incidents of a kind people are in danger."""

    kind: str
    radius_m: float | None
