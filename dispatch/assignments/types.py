"""Answers about assignments, as the API shows them."""

from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.assignments.states import AssignmentState
from dispatch.assignments.states import CrewRole
from dispatch.assignments.states import Mark
from dispatch.core.field_types import Instant
from dispatch.core.field_types import Skill
from dispatch.core.instants import InstantText
from dispatch.escalation.types import OrderChainAnswer
from dispatch.forms.types import BreachAnswer
from dispatch.forms.types import WorkAnswer
from dispatch.notices.types import NoticeStateAnswer
from dispatch.outcomes.states import Effect
from dispatch.safety.types import OrderSafetyAnswer
from dispatch.writes.command import Command

PAGE_CHANNEL = "page"
"""The channel of a crew's own page."""


class ReachedMark(Command):
    """An order got so far on a channel."""

    mark: Mark
    occurred_at: Annotated[
        Instant | None, Field(description="by the device's clock; now when not given")
    ] = None


class MarkReached(Command):
    """How far an order got: said again, it changes nothing."""

    marks: Annotated[list[ReachedMark], Field(min_length=1, max_length=len(Mark))]
    channel: Annotated[Skill, Field(description="page: the crew's own page")] = PAGE_CHANNEL


@with_config(ConfigDict(extra="forbid"))
class OrderMarkAnswer(TypedDict):
    """How far an order got on one channel, and when first."""

    mark: Mark
    channel: Annotated[str, Field(description="such as page, push or desk, or a gateway")]
    at: InstantText


@with_config(ConfigDict(extra="forbid"))
class OrderMarksAnswer(TypedDict):
    """How far an order got, in time."""

    marks: list[OrderMarkAnswer]


@with_config(ConfigDict(extra="forbid"))
class SuspendedAnswer(TypedDict):
    """Work that a more urgent incident interrupted."""

    at: InstantText
    was: Annotated[AssignmentState, Field(description="how far it was then")]
    for_incident_id: int
    worked_s: Annotated[float | None, Field(description="on scene before that")]


@with_config(ConfigDict(extra="forbid", title="Assignment"))
class AssignmentAnswer(TypedDict):
    """One crew sent to one incident."""

    id: int
    incident_id: int
    crew_id: int
    crew_name: str
    state: AssignmentState
    rank: Annotated[int, Field(description="0: what the crew does now; 1, 2, …: waiting behind it")]
    role: Annotated[CrewRole, Field(description="its part where several crews work together")]
    task: Annotated[
        str | None,
        Field(description="code of what the response plan sent it for; null: sent in addition"),
    ]
    task_name_en: str | None
    task_name_zh: str | None
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
    outcome: Annotated[str | None, Field(description="code of how it ended")]
    outcome_effect: Annotated[
        Effect | None, Field(description="what that meant when it ended; null while it is alive")
    ]
    outcome_name_en: str | None
    outcome_name_zh: str | None
    result: Annotated[
        str | None, Field(description="the crew's words: what was done, or what it advises")
    ]
    reason: str | None
    work: Annotated[
        WorkAnswer | None, Field(description="codes, parts and minutes; null where none were said")
    ]
    breach: Annotated[
        BreachAnswer | None,
        Field(description="the newest measurement beyond an alarm limit; null once it is within"),
    ]
    sent_by: str | None
    notice: Annotated[
        NoticeStateAnswer | None,
        Field(description="the newest thing that the crew was told of it and has to confirm"),
    ]
    marks: Annotated[
        list[OrderMarkAnswer], Field(description="how far it got to the crew, in time")
    ]
    chain: Annotated[
        OrderChainAnswer | None,
        Field(
            description="what happens while it is not answered; null in the answer to the step that"
            " sent or changed it, and of orders that are older than the chains"
        ),
    ]
    suspended: Annotated[
        SuspendedAnswer | None,
        Field(description="what interrupted it, until its crew sets out to it again"),
    ]
    safety: Annotated[
        OrderSafetyAnswer | None,
        Field(description="check-in on scene and help asked for; null where there is neither"),
    ]


@with_config(ConfigDict(extra="forbid"))
class OverrideAnswer(TypedDict):
    """What a dispatcher did otherwise than recommended."""

    recommended_crew_id: int
    recommended_crew_name: str
    cost_s: Annotated[
        float | None,
        Field(description="arrival of the sent less that of the recommended crew, seconds"),
    ]
    code: Annotated[str | None, Field(description="why; null where nobody said it")]
    name_en: str | None
    name_zh: str | None
    words: str | None
    said_by: str | None
