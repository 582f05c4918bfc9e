"""Query strings about shifts."""

from datetime import date
from typing import Annotated

from pydantic import Field

from dispatch.core.field_types import Id
from webconsole.platform.queries import Query


class ShiftsQuery(Query):
    """Which shifts to list."""

    first: Annotated[date | None, Field(description="this week's Monday if left out")] = None
    last: Annotated[date | None, Field(description="the sixth day after the first")] = None
    crew_id: Id | None = None
    cancelled: Annotated[bool, Field(description="those that do not take place, too")] = False


class GapsQuery(Query):
    """How far to look ahead."""

    days: Annotated[int, Field(ge=1, le=42)] = 14
