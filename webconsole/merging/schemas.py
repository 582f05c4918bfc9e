"""Shapes of query strings about duplicates."""

from typing import Annotated

from pydantic import Field

from dispatch.core.field_types import Address
from dispatch.core.field_types import Finite
from dispatch.core.field_types import Id
from dispatch.core.field_types import Lat
from dispatch.core.field_types import Lon
from dispatch.core.field_types import RequiredName
from dispatch.core.limits import DEFAULT_NEAR
from dispatch.core.limits import MOST_NEAR
from dispatch.core.limits import MOST_RADIUS_M
from webconsole.platform.queries import Query


class NearQuery(Query):
    """Where something is being reported, and what."""

    lon: Lon
    lat: Lat
    kind: Annotated[
        RequiredName | None,
        Field(description="code of an incident kind: only incidents of its utility are listed"),
    ] = None
    address: Annotated[Address | None, Field(description="where, in words")] = None
    radius_m: Annotated[
        Annotated[Finite, Field(ge=1, le=MOST_RADIUS_M)] | None,
        Field(
            description="metres, in a straight line; when not given 300, or 1000 along one main of "
            "the utility's records"
        ),
    ] = None
    limit: Annotated[int, Field(ge=1, le=MOST_NEAR)] = DEFAULT_NEAR


class PreviewMergeQuery(Query):
    """Into which incident."""

    into: Id
