"""Query strings of the history."""

from typing import Annotated

from pydantic import Field

from dispatch.core.field_types import Id
from dispatch.history.service import DEFAULT_PAGE
from dispatch.history.service import MOST_PER_PAGE
from dispatch.history.types import HistoryFilters
from webconsole.platform.queries import Query


class HistoryQuery(HistoryFilters, Query):
    """Which incidents, and which page of them."""

    before_id: Annotated[Id | None, Field(description="only older ones than this")] = None
    limit: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = DEFAULT_PAGE


class TableQuery(HistoryFilters, Query):
    """Which incidents; ``from`` is needed."""
