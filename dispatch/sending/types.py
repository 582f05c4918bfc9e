"""Sending a crew: what is asked, and the answers as the API shows them."""

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.assignments.states import CrewRole
from dispatch.core.field_types import Id
from dispatch.core.field_types import Key
from dispatch.core.field_types import RadiusM
from dispatch.core.field_types import Reason
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import Skill
from dispatch.core.field_types import Version
from dispatch.core.instants import InstantText
from dispatch.crews.states import Duty
from dispatch.crews.types import WorkloadAnswer
from dispatch.reach.types import ReachableAnswer
from dispatch.roads.types import DrivingProfile
from dispatch.sending.policy import Verdict
from dispatch.skills.types import LapseAnswer
from dispatch.writes.command import Command

_ANSWER = ConfigDict(extra="forbid")


class SendCrew(Command):
    """Which crew to send."""

    crew_id: Id
    expected_version: Annotated[
        Version | None, Field(description="incident_version of the candidates answer")
    ] = None
    queue: Annotated[
        bool | None, Field(description="queue behind the crew's present order if it has one")
    ] = None
    radius_m: Annotated[
        RadiusM | None, Field(description="metres; of the list that the crew was chosen from")
    ] = None
    reason: Annotated[
        Reason | None, Field(description="why, when it was not the recommended crew")
    ] = None
    task: Annotated[
        RequiredName | None,
        Field(
            description="code of the response plan's task that it is sent for; the first open one "
            "that its skills fit if left out"
        ),
    ] = None
    role: Annotated[CrewRole | None, Field(strict=False, description="the task's if left out")] = (
        None
    )
    interrupt: Annotated[
        bool | None,
        Field(
            description="have the crew leave less urgent work, which waits behind this order then;"
            " needs a reason and the permission assignment.interrupt"
        ),
    ] = None
    replaces: Annotated[
        Id | None,
        Field(description="a live order of this incident that is withdrawn in the same step"),
    ] = None
    replaces_on_scene: Annotated[
        bool | None,
        Field(description="replace it even if its crew is on scene; needs a reason"),
    ] = None


class ExplainOverride(Command):
    """Why another crew than the recommended one was sent."""

    code: Annotated[Skill, Field(description="one of the list of reasons")]
    words: Reason | None = None
    client_id: Key | None = None


class SetOverrideReason(Command):
    """A reason of the list."""

    name_en: RequiredName
    name_zh: RequiredName
    sort: Annotated[int | None, Field(ge=0, le=10_000)] = None
    retired: bool = False


@with_config(_ANSWER)
class OverrideReasonAnswer(TypedDict):
    """A reason of the list, in both languages."""

    code: str
    name_en: str
    name_zh: str
    sort: int


@with_config(_ANSWER)
class OverrideReasonsAnswer(TypedDict):
    """The reasons, in the order of the keys that say them."""

    reasons: list[OverrideReasonAnswer]


@with_config(_ANSWER)
class OverrideExplanationAnswer(TypedDict):
    """Why another crew was sent, and what that cost."""

    assignment_id: int
    code: str
    name_en: str
    name_zh: str
    words: str
    said_at: InstantText
    said_by: str
    recommended_crew_name: str
    cost_s: Annotated[
        float | None,
        Field(description="arrival of the sent less that of the recommended crew, seconds"),
    ]


@with_config(_ANSWER)
class InterruptAnswer(TypedDict):
    """When a busy crew could be there if it left what it does now."""

    travel_time_s: float
    eta_at: InstantText


@with_config(_ANSWER)
class RoadsVersionAnswer(TypedDict):
    """What travel times were computed on."""

    network: Annotated[str, Field(description="hash of the road network's content")]
    metric: Annotated[str, Field(description="hash of speeds, closures in force and the hour")]


@with_config(_ANSWER)
class CandidateAnswer(TypedDict):
    """A crew judged for an incident."""

    crew_id: int
    crew_name: str
    verdict: Verdict
    reasons: list[str]
    lapsed: Annotated[
        list[LapseAnswer], Field(description="needed skills that it lacks because tickets ended")
    ]
    lacks_equipment: Annotated[
        list[str], Field(description="what it does not bring of what somebody has to bring")
    ]
    distance_m: Annotated[float, Field(description="in a straight line")]
    way_length_m: Annotated[
        float | None,
        Field(description="by road, of the best crews that could set out now; else null"),
    ]
    travel_time_s: Annotated[
        float | None, Field(description="by road; null when no road leads there, or none can tell")
    ]
    profile: Annotated[
        DrivingProfile, Field(description="how it drives; emergency: with blue lights")
    ]
    free_in_s: float
    eta_at: InstantText | None
    earliest_s: Annotated[
        float | None, Field(description="from now; with an old fix or work in hand")
    ]
    latest_s: Annotated[float | None, Field(description="an arrival is honestly a range")]
    workload: WorkloadAnswer
    fix_age_s: float | None
    lon: float
    lat: float
    outside_radius: bool
    duty: Duty
    reachable: ReachableAnswer
    interrupt: Annotated[
        InterruptAnswer | None, Field(description="of a crew with less urgent work; else null")
    ]


@with_config(_ANSWER)
class UnlocatedAnswer(TypedDict):
    """A crew on duty that has never told where it is."""

    crew_id: int
    crew_name: str


class TravelTimesKnown(StrEnum):
    """Whether travel times by road are known."""

    KNOWN = "known"
    NO_ROAD_NEAR = "no_road_near"
    UNAVAILABLE = "unavailable"


@with_config(_ANSWER)
class CandidatesAnswer(TypedDict):
    """Every crew within the radius, soonest first."""

    computed_at: InstantText
    radius_m: float
    incident_version: int
    travel_times: Annotated[
        TravelTimesKnown,
        Field(
            description="no_road_near: none is near the incident; unavailable: the road network"
            " does not answer at the moment. Crews are listed by straight distance then"
        ),
    ]
    candidates: list[CandidateAnswer]
    not_listed: Annotated[
        int, Field(description="crews on duty further away than the radius, and not listed")
    ]
    roads: Annotated[RoadsVersionAnswer | None, Field(description="null without road times")]
    unlocated: Annotated[
        list[UnlocatedAnswer], Field(description="crews that nobody knows the place of")
    ]
