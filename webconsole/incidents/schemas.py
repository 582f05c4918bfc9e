"""Shapes of query strings about incidents and their candidates."""

from typing import Annotated

from pydantic import Field

from dispatch.core.field_types import Finite
from dispatch.core.field_types import Id
from dispatch.core.field_types import Lat
from dispatch.core.field_types import Lon
from dispatch.core.field_types import RadiusM
from dispatch.core.field_types import RequiredName
from dispatch.core.limits import DEFAULT_NEAR
from dispatch.core.limits import DEFAULT_PAGE
from dispatch.core.limits import MOST_NEAR
from dispatch.core.limits import MOST_PER_PAGE
from dispatch.core.limits import MOST_RADIUS_M
from dispatch.core.limits import SAME_PLACE_M
from webconsole.platform.queries import Query


class IncidentQuery(Query):
    """Which incidents to list, newest first."""

    state: Annotated[
        str | None, Field(description="states to list, separated by commas", max_length=200)
    ] = None
    limit: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = DEFAULT_PAGE
    before_id: Annotated[Id | None, Field(description="list only older ones than this")] = None


class NearQuery(Query):
    """Where something is being reported, and what."""

    lon: Lon
    lat: Lat
    kind: Annotated[
        RequiredName | None,
        Field(description="code of an incident kind: only incidents of its utility are listed"),
    ] = None
    radius_m: Annotated[
        Finite, Field(ge=1, le=MOST_RADIUS_M, description="metres, in a straight line")
    ] = SAME_PLACE_M
    limit: Annotated[int, Field(ge=1, le=MOST_NEAR)] = DEFAULT_NEAR


class CandidateQuery(Query):
    """How far to look for crews."""

    radius_m: Annotated[
        RadiusM | None, Field(description="metres; NEARCREW_RADIUS_M when not given")
    ] = None


class PreviewQuery(Query):
    """Whether to show other sensible ways, too."""

    alternatives: Annotated[bool, Field(description="show up to two other ways, too")] = False
