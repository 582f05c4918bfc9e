"""Query strings of the audit trail."""

from typing import Annotated

from pydantic import Field

from dispatch.audit.service import DEFAULT_PAGE
from dispatch.audit.service import MOST_PER_PAGE
from dispatch.audit.types import TrailFilters
from webconsole.platform.queries import Query


class TrailQuery(TrailFilters, Query):
    """Which entries, and which page of them."""

    before: Annotated[
        str | None, Field(max_length=100, description="the `next_before` of the page before")
    ] = None
    limit: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = DEFAULT_PAGE


class TrailTableQuery(TrailFilters, Query):
    """Which entries."""
