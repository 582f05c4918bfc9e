"""Shapes of query strings about offers."""

from typing import Annotated

from pydantic import Field

from dispatch.core.field_types import Id
from webconsole.platform.queries import Query

_DEFAULT, _MOST = 50, 200


class OfferQuery(Query):
    """Which offers to list."""

    incident_id: Id | None = None
    open_only: Annotated[bool, Field(alias="open", description="only what can be accepted")] = False
    limit: Annotated[int, Field(ge=1, le=_MOST)] = _DEFAULT
