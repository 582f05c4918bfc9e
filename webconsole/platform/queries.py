"""Shapes of query strings."""

from typing import Annotated

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field

from dispatch.core.field_types import Instant


class Query(BaseModel):
    """Base of all query strings."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)


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


class RouteQuery(EndsQuery, GuidanceQuery):
    """Two points, and whether to tell the way between them."""


class ClosureQuery(Query):
    """Which closures to list."""

    active: Annotated[
        bool | None, Field(description="only those that hold at this moment, or that do not")
    ] = None


class StreamQuery(Query):
    """Where to resume."""

    last_event_id: Annotated[
        int | None, Field(ge=0, description="as the header Last-Event-ID, which goes first")
    ] = None
