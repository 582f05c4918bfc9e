"""The best set of crews for an incident, and what became of sending it, as the API shows them."""

from typing import Annotated
from typing import Any

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.assignments.states import CrewRole
from dispatch.assignments.types import AssignmentAnswer
from dispatch.core.instants import InstantText
from dispatch.incidents.types import IncidentAnswer
from dispatch.plans.states import Fill
from dispatch.plans.states import Missing
from dispatch.sending.types import TravelTimesKnown

_ANSWER = ConfigDict(extra="forbid")


@with_config(_ANSWER)
class ProposedCrewAnswer(TypedDict):
    """A crew for a task, and when it could be there."""

    crew_id: int
    crew_name: str
    distance_m: Annotated[float, Field(description="in a straight line")]
    travel_time_s: Annotated[float | None, Field(description="by road; null where none can tell")]
    free_in_s: Annotated[float, Field(description="until its present work is done; 0: idle")]
    eta_at: InstantText | None
    busy: Annotated[bool, Field(description="it would wait behind another order")]
    reasons: list[str]


@with_config(_ANSWER)
class OpeningAnswer(TypedDict):
    """One crew that the plan asks for: who fills it, or who could, or why nobody."""

    task: str
    level: int
    role: CrewRole
    skills: list[str]
    name_en: str
    name_zh: str
    state: Fill
    assignment_id: int | None
    proposed: ProposedCrewAnswer | None
    missing: Annotated[Missing | None, Field(description="why nobody is proposed for what is open")]


@with_config(_ANSWER)
class ProposalAnswer(TypedDict):
    """The crews that a response plan asks for, and the best set of those that could come."""

    incident_id: int
    incident_version: int
    level: int
    computed_at: InstantText
    radius_m: float
    travel_times: Annotated[
        TravelTimesKnown,
        Field(description="unless known, crews are chosen by straight distance, not by time"),
    ]
    openings: list[OpeningAnswer]


@with_config(_ANSWER)
class SentRowAnswer(TypedDict):
    """What became of one row: the order, or why there is none."""

    crew_id: int
    task: str
    assignment: AssignmentAnswer | None
    refused: Annotated[
        dict[str, Any] | None,
        Field(description="code, detail and what else is known, as in errors"),
    ]


@with_config(_ANSWER)
class SentPlanAnswer(TypedDict):
    """What became of each row, in their order, and the incident as it is now."""

    rows: list[SentRowAnswer]
    incident: IncidentAnswer
