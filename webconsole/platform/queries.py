"""Query strings and headers that several rooms read."""

from typing import Annotated

from pydantic import BaseModel
from pydantic import BeforeValidator
from pydantic import ConfigDict
from pydantic import Field
from pydantic import WithJsonSchema

from dispatch.core.errors import N_
from dispatch.core.field_errors import in_own_words
from dispatch.core.field_types import Instant
from dispatch.core.field_types import Key
from dispatch.roads.types import LonLat


class Query(BaseModel):
    """Base of all query strings."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)


def _point(text: object) -> LonLat:
    """Read ``lon,lat``."""
    try:
        lon, lat = (float(part) for part in str(text).split(","))
    except ValueError:
        raise in_own_words(N_("must be two numbers: lon,lat")) from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # noqa: PLR2004 — degrees of the globe
        raise in_own_words(N_("must be lon,lat in degrees; did you swap longitude and latitude?"))
    return lon, lat


Point = Annotated[
    LonLat,
    BeforeValidator(_point),
    WithJsonSchema({"type": "string", "maxLength": 100, "description": "lon,lat"}),
]


class RepeatHeaders(Query):
    """The name that a repeatable request goes by."""

    key: Annotated[
        Key | None,
        Field(
            alias="Idempotency-Key",
            description="A name for this request: repeated under it, it is done once",
        ),
    ] = None


class PeriodQuery(Query):
    """From when until when."""

    from_: Annotated[Instant | None, Field(alias="from")] = None
    to: Instant | None = None


class EndsQuery(Query):
    """Two points, each as ``lon,lat``."""

    from_: Annotated[Point, Field(alias="from")]
    to: Point


class GuidanceQuery(Query):
    """Whether to tell the way step by step."""

    guidance: Annotated[
        bool, Field(description="tell the way step by step too, in the reader's language")
    ] = False


class RouteQuery(EndsQuery, GuidanceQuery):
    """Two points, and whether to tell the way between them."""


class StreamQuery(Query):
    """Where to resume."""

    last_event_id: Annotated[
        int | None, Field(ge=0, description="as the header Last-Event-ID, which goes first")
    ] = None
