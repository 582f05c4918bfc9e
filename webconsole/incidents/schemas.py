"""Shapes of query strings about incidents and their candidates."""

from typing import Annotated

from pydantic import Field

from dispatch.core.field_types import Id
from dispatch.core.field_types import RadiusM
from dispatch.core.limits import DEFAULT_PAGE
from dispatch.core.limits import MOST_PER_PAGE
from webconsole.platform.queries import Query


class IncidentQuery(Query):
    """Which incidents to list, newest first."""

    state: Annotated[
        str | None, Field(description="states to list, separated by commas", max_length=200)
    ] = None
    limit: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = DEFAULT_PAGE
    before_id: Annotated[Id | None, Field(description="list only older ones than this")] = None


class CandidateQuery(Query):
    """How far to look for crews."""

    radius_m: Annotated[
        RadiusM | None, Field(description="metres; NEARCREW_RADIUS_M when not given")
    ] = None


class PreviewQuery(Query):
    """Whether to show other sensible ways, too."""

    alternatives: Annotated[bool, Field(description="show up to two other ways, too")] = False
