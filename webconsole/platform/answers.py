"""Shapes of what goes out, as the API's description shows them, and the way it is encoded.

The domain already answers in JSON-ready dictionaries; they are encoded as they are. These models
describe them, and the tests hold every real answer against its model.
"""

from functools import cache
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


@cache
def described(answer_type: type) -> type[BaseModel]:
    """Return the model by which a typed answer of dispatch stands in the API's description.

    Answers are typed dictionaries (``TypedDict``): mypy holds the code that makes them, the
    description is made from them, and at run time they are encoded as they are.
    """
    return create_model(shown_name(answer_type.__name__), __base__=RootModel[answer_type])  # type: ignore[valid-type]  # given at run time


def shown_name(name: str) -> str:
    """Return an answer's name in the API's description: an ``IncidentAnswer`` is an Incident."""
    return name.removesuffix("Answer")


class Answer(BaseModel):
    """Base of all answers; clients ignore members they do not know."""

    model_config = ConfigDict(extra="allow")


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


class FieldProblem(Answer):
    """What is wrong with one named field."""

    field: str
    message: str


class Closure(Answer):
    """A place that may not be driven, from–until."""

    id: int
    kind: Literal["area", "road"]
    geometry: dict[str, Any] = Field(
        description="GeoJSON: a Polygon, or the LineString of the road that is closed"
    )
    direction: Literal["both", "along", "against"]
    from_at: Instant
    until_at: Instant | None = Field(description="null: until it is lifted")
    reason: str
    state: Literal["planned", "active", "over"]
    version: int
    created_at: Instant
    created_by: str
    lifted_at: Instant | None
    lifted_by: str | None
    lift_reason: str | None


class Closures(Answer):
    """Closures: those that hold or will, then the latest that are over."""

    server_time: Instant
    closures: list[Closure]


class Ground(Answer):
    """The city in use."""

    name: str | None = None
    ground_id: int | None = None
    bounds: list[float] | None = Field(None, description="west, south, east, north")
    center: list[float] | None = Field(None, description="lon, lat")
    attribution: str | None = None


class Problem(Answer):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    code: str = Field(description="stable name of the problem")
    detail: str
    errors: list[FieldProblem] | None = None
