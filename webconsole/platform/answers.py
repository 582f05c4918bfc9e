"""Shapes of what goes out, as the API's description shows them, and the way it is encoded.

The domain already answers in JSON-ready dictionaries; they are encoded as they are. These models
describe them, and the tests hold every real answer against its model.
"""

from typing import Any
from typing import Literal

from flask import Response
from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import RootModel
from pydantic import create_model
from pydantic_core import to_json

Instant = str


def answer(
    body: object,
    status: int = 200,
    *,
    location: str | None = None,
    replayed: bool = False,
    **headers: str,
) -> Response:
    """Return a JSON answer; infinities become null, and nothing personal is cached on the way.

    Parameters
    ----------
    replayed
        Whether it is the answer to a request made before, told anew.
    """
    response = Response(
        to_json(body, inf_nan_mode="null"), status=status, mimetype="application/json"
    )
    response.headers["Cache-Control"] = "no-store"
    if location is not None:
        response.headers["Location"] = location
    if replayed:
        response.headers["Idempotent-Replay"] = "true"
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def described(answer_type: type) -> type[BaseModel]:
    """Return the model by which a typed answer of dispatch stands in the API's description.

    Answers are typed dictionaries (``TypedDict``): mypy holds the code that makes them, the
    description is made from them, and at run time they are encoded as they are.
    """
    name = answer_type.__name__.removesuffix("Answer")
    return create_model(name, __base__=RootModel[answer_type])  # type: ignore[valid-type]  # given at run time


class Answer(BaseModel):
    """Base of all answers; clients ignore members they do not know."""

    model_config = ConfigDict(extra="allow")


class Token(Answer):
    """A bearer token."""

    token: str
    expires_at: Instant


class Me(Answer):
    """Who is asking."""

    username: str
    display_name: str
    roles: list[str]
    crew_id: int | None


class Kind(Answer):
    """A kind of incident."""

    code: str
    utility: str
    name_en: str
    name_zh: str
    default_priority: int
    work_s: float
    skill: str | None


class Kinds(Answer):
    """All kinds of incidents."""

    kinds: list[Kind]


class Assignment(Answer):
    """One crew sent to one incident."""

    id: int
    incident_id: int
    crew_id: int
    crew_name: str
    state: Literal[
        "offered",
        "accepted",
        "en_route",
        "on_scene",
        "completed",
        "declined",
        "expired",
        "withdrawn",
    ]
    rank: int = Field(description="0: what the crew does now; 1, 2, …: waiting behind it")
    offered_at: Instant
    asked_at: Instant | None = Field(
        description="when the crew was asked to see to it now: sent, or moved up to the front;"
        " null while it waits behind others"
    )
    accepted_at: Instant | None
    departed_at: Instant | None
    arrived_at: Instant | None
    completed_at: Instant | None
    ended_at: Instant | None
    eta_at: Instant | None
    travel_time_s: float | None
    result: str | None
    reason: str | None
    sent_by: str | None


class Incident(Answer):
    """Something at a place that needs a crew."""

    id: int
    kind: str
    utility: str
    priority: int
    state: Literal["open", "assigned", "on_scene", "resolved", "closed", "cancelled", "merged"]
    version: int
    lon: float
    lat: float
    address: str
    description: str
    caller_name: str
    caller_phone: str
    reported_at: Instant
    created_at: Instant
    updated_at: Instant
    closed_at: Instant | None
    outcome_reason: str | None
    reports_count: int
    notes_count: int
    photos_count: int
    assignments: list[Assignment]


class Incidents(Answer):
    """Incidents, newest first."""

    incidents: list[Incident]


class Event(Answer):
    """Something that happened, from the append-only log."""

    id: int
    kind: str
    at: Instant
    occurred_at: Instant
    actor: str
    incident_id: int | None
    assignment_id: int | None
    crew_id: int | None
    data: dict[str, Any]


class Events(Answer):
    """Events in the order in which they were committed."""

    events: list[Event]


class Workload(Answer):
    """What a crew has on its hands."""

    active: int
    queued: int
    today: int


class Candidate(Answer):
    """A crew judged for an incident."""

    crew_id: int
    crew_name: str
    verdict: Literal["recommended", "possible", "excluded"]
    reasons: list[str]
    distance_m: float | None = Field(description="in a straight line")
    way_length_m: float | None = Field(
        default=None, description="by road, of the best crews that could set out now; else null"
    )
    travel_time_s: float | None = Field(description="by road; null when no road leads there")
    free_in_s: float | None
    eta_at: Instant | None
    earliest_s: float | None = Field(description="from now; with an old fix or work in hand")
    latest_s: float | None = Field(description="an arrival is honestly a range")
    workload: Workload
    fix_age_s: float | None
    lon: float | None
    lat: float | None
    outside_radius: bool


class Candidates(Answer):
    """Every crew within the radius, soonest first."""

    computed_at: Instant
    radius_m: float
    incident_version: int
    candidates: list[Candidate]


class Crew(Answer):
    """The dispatchable unit."""

    id: int
    name: str
    station_id: int | None
    station_name: str | None
    skills: list[str]
    duty: Literal["off_duty", "on_duty", "on_break"]
    state: str
    lon: float | None
    lat: float | None
    fixed_at: Instant | None
    received_at: Instant | None
    fix_age_s: float | None
    accuracy_m: float | None
    speed_mps: float | None
    heading_deg: float | None
    battery_pct: float | None
    workload: Workload
    incident_id: int | None
    human: bool = Field(description="a person has this crew's page open")


class Crews(Answer):
    """All crews."""

    crews: list[Crew]


class Assignments(Answer):
    """A crew's assignments, each with its incident; live ones first, in their order."""

    assignments: list[Assignment]


class FieldProblem(Answer):
    """What is wrong with one named field."""

    field: str
    message: str


class PositionResult(Answer):
    """What became of one fix."""

    index: int
    status: Literal["used", "kept", "duplicate", "refused"]
    reason: str | None = None
    errors: list[FieldProblem] | None = None


class PositionResults(Answer):
    """What became of each fix, in the order sent."""

    results: list[PositionResult]


class Station(Answer):
    """A depot."""

    id: int
    name: str
    lon: float
    lat: float


class Stations(Answer):
    """All stations."""

    stations: list[Station]


class Problem(Answer):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    code: str = Field(description="stable name of the problem")
    detail: str
    errors: list[FieldProblem] | None = None
