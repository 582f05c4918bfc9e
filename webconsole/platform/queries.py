"""Shapes of query strings."""

from typing import Annotated
from typing import Literal

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field

from dispatch.core.field_types import Instant
from webconsole.platform.requests import Finite
from webconsole.platform.requests import Id

IncidentState = Literal["open", "assigned", "on_scene", "resolved", "closed", "cancelled", "merged"]


class Query(BaseModel):
    """Base of all query strings."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class CandidateQuery(Query):
    """How far to look for crews."""

    radius_m: Annotated[
        Finite | None, Field(ge=100, le=100_000, description="metres; 5 000 when not given")
    ] = None


class IncidentQuery(Query):
    """Which incidents to list, newest first."""

    state: Annotated[
        str | None, Field(description="states to list, separated by commas", max_length=200)
    ] = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 500
    before_id: Annotated[Id | None, Field(description="list only older ones than this")] = None


class PeriodQuery(Query):
    """From when until when."""

    from_: Annotated[Instant | None, Field(alias="from")] = None
    to: Instant | None = None


class EndsQuery(Query):
    """Two points, each as ``lon,lat``."""

    from_: Annotated[str, Field(alias="from", max_length=100, description="lon,lat")]
    to: Annotated[str, Field(max_length=100, description="lon,lat")]


class GuidanceQuery(Query):
    """Whether to tell the way step by step."""

    guidance: Annotated[
        bool, Field(description="tell the way step by step too, in the reader's language")
    ] = False


class PreviewQuery(Query):
    """Whether to show other sensible ways, too."""

    alternatives: Annotated[bool, Field(description="show up to two other ways, too")] = False


class RouteQuery(EndsQuery, GuidanceQuery):
    """Two points, and whether to tell the way between them."""


class OrderQuery(Query):
    """Which of a crew's assignments to list."""

    live_only: Annotated[bool, Field(alias="live")] = True


class StreamQuery(Query):
    """Where to resume."""

    last_event_id: Annotated[
        int | None, Field(ge=0, description="as the header Last-Event-ID, which goes first")
    ] = None
