"""Shapes of query strings about the record of an incident."""

from typing import Annotated

from pydantic import Field

from dispatch.core.limits import LARGEST_ID
from dispatch.core.limits import MOST_REPORTS
from webconsole.platform.queries import Query


class ReportsQuery(Query):
    """Which page of an incident's reports."""

    limit: Annotated[int, Field(ge=1, le=MOST_REPORTS)] = MOST_REPORTS
    after_id: Annotated[
        int, Field(ge=0, le=LARGEST_ID, description="list only what follows this one")
    ] = 0
