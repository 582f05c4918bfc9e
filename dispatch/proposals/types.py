"""Proposals: what is asked, and the answers as the API shows them."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator
from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.assignments.types import AssignmentAnswer
from dispatch.core.errors import N_
from dispatch.core.field_errors import in_own_words
from dispatch.core.field_types import Id
from dispatch.core.field_types import Key
from dispatch.core.field_types import Reason
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import Version
from dispatch.core.instants import InstantText
from dispatch.writes.command import Command

MOST_ROWS = 500
MOST_NAMED_CREWS = 2_000
_ANSWER = ConfigDict(extra="forbid")


class Propose(Command):
    """Which incidents need crews, and which crews may be taken."""

    incident_ids: Annotated[
        list[Id] | None,
        Field(max_length=MOST_ROWS, description="all that wait for a crew, when not given"),
    ] = None
    crew_ids: Annotated[
        list[Id] | None,
        Field(max_length=MOST_NAMED_CREWS, description="all on duty, when not given"),
    ] = None
    client_id: Key | None = None


class SendRow(BaseModel):
    """One crew to send to one incident."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    incident_id: Id
    crew_id: Id
    task: Annotated[
        RequiredName | None, Field(description="code of the row's task, if it has one")
    ] = None
    expected_version: Annotated[
        Version | None, Field(description="incident_version of the proposal's row")
    ] = None


def _each_crew_once(rows: list[SendRow]) -> list[SendRow]:
    if len({row.crew_id for row in rows}) < len(rows):
        raise in_own_words(N_("has a crew in two rows; it can go to one place at a time"))
    return rows


class SendProposal(Command):
    """Rows of a proposal as the desk wants them: as proposed, with another crew, or left out."""

    rows: Annotated[
        list[SendRow], Field(min_length=1, max_length=MOST_ROWS), AfterValidator(_each_crew_once)
    ]
    reason: Reason | None = None
    client_id: Key | None = None


class WhyNobody(StrEnum):
    """Why an incident of a proposal gets no crew."""

    NO_CREW_LEFT = "no_crew_left"
    NO_CREW_CAN = "no_crew_can"


@with_config(_ANSWER)
class BatchCrewAnswer(TypedDict):
    """A crew that could go to an incident."""

    crew_id: int
    crew_name: str
    lon: float
    lat: float
    arrival_s: Annotated[float, Field(description="from now; what it has in hand included")]
    free_in_s: float
    travel_time_s: float
    busy: Annotated[bool, Field(description="it has an order; this one would wait behind it")]
    reached: Annotated[bool, Field(description="whether an order rings there")]


@with_config(_ANSWER)
class BatchTaskAnswer(TypedDict):
    """A task of the response plan that a crew is looked for."""

    code: str
    name_en: str
    name_zh: str


@with_config(_ANSWER)
class BatchRowAnswer(TypedDict):
    """A crew that an incident needs, and who is proposed for it."""

    row: Annotated[int, Field(description="0, 1, …: its place in the proposal")]
    incident_id: int
    task: Annotated[
        BatchTaskAnswer | None,
        Field(description="an incident that needs several crews has a row for each"),
    ]
    incident_version: int
    kind: str
    priority: int
    address: str
    reported_at: InstantText
    lon: float
    lat: float
    crew: Annotated[BatchCrewAnswer | None, Field(description="null: it gets nobody")]
    why: Annotated[WhyNobody | None, Field(description="why it gets nobody")]
    against: Annotated[
        dict[str, int],
        Field(description="if no crew can: how many crews each reason speaks against"),
    ]
    others: Annotated[
        list[BatchCrewAnswer],
        Field(description="the next best, soonest first, those of other rows included"),
    ]


@with_config(_ANSWER)
class StaleBatchRowAnswer(TypedDict):
    """A row that was not sent, and why."""

    incident_id: int
    crew_id: int
    code: Annotated[str, Field(description="as a single send would be refused")]
    detail: str


@with_config(_ANSWER)
class SentBatchRowAnswer(TypedDict):
    """A row as it was sent, or not."""

    incident_id: int
    crew_id: int
    task: str | None
    proposed_crew_id: int | None
    assignment_id: int | None
    refused: Annotated[str | None, Field(description="code of the refusal")]


@with_config(_ANSWER)
class BatchSendingAnswer(TypedDict):
    """One time that rows of a proposal were sent."""

    sent_at: InstantText
    sent_by: str
    rows: list[SentBatchRowAnswer]


@with_config(_ANSWER)
class BatchAnswer(TypedDict):
    """Crews for many incidents; the most urgent incident first."""

    id: int
    made_at: InstantText
    made_by: str
    crews: Annotated[int, Field(description="how many were looked at")]
    rows: list[BatchRowAnswer]
    sendings: list[BatchSendingAnswer]


@with_config(_ANSWER)
class SentBatchAnswer(TypedDict):
    """What became of the rows that were to be sent."""

    proposal_id: int
    sent: list[AssignmentAnswer]
    stale: Annotated[list[StaleBatchRowAnswer], Field(description="not sent, each with the reason")]
